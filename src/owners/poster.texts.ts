// The words on the poster, for clients in both languages; and what an owner is told of it.

import { escaped } from "../texts/html.ts";
import { inLanguage } from "../texts/language.ts";
import { enWords, NBSP, ruWords } from "../texts/words.ts";
import { type Programme, programmeEn, programmeRu } from "../visits/programme.texts.ts";

const soft = (text: string) => text.trim().replace(/\.$/, "");

const ru = {
  how: ({ earnOn, paidBy }: Programme): string =>
    earnOn === "services" || paidBy === "prices" ? "за услуги обратно баллами" : "обратно баллами",
  worth: (of: Programme) =>
    [`1${NBSP}балл = 1${NBSP}₽ на кассе`, soft(programmeRu.most(of))].filter(Boolean).join(". "),
  scan: () => "Наведите камеру телефона: откроется ваша карта",
};

const en: typeof ru = {
  how: ({ earnOn, paidBy }) =>
    earnOn === "services" || paidBy === "prices" ? "back in points for services" : "back in points",
  worth: (of) =>
    [`1${NBSP}point = 1${NBSP}₽ at the till`, soft(programmeEn.most(of))].filter(Boolean).join(". "),
  scan: () => "Point your phone's camera here: your card opens",
};

/** What stands on the poster, as the settings have it; `link` opens the bot. */
export function posterContent(language: string | null, title: string, link: string, of: Programme) {
  const t = inLanguage(language, ru, en);
  return {
    title,
    gift: inLanguage(language, ruWords, enWords).percent(of.percent),
    how: t.how(of),
    worth: t.worth(of),
    scan: t.scan(),
    link,
    address: link.replace(/^https?:\/\//, ""),
  };
}

/** What an owner is told. */
export const posterTexts = {
  begun: () => "Рисую плакат, пришлю сюда: А5 и А4, для печати.",
  already: () => "Плакат уже рисуется, пришлю сюда.",
  caption: (paper: "A5" | "A4", language: string) => {
    if (paper === "A5") return "А5: на стойку или к зеркалу.";
    const english =
      language === "en" ? "" : " Для гостей, которые читают по-английски: <code>/poster en</code>";
    return `А4: на дверь или на стену. Печатайте в цвете, без подгонки размера.${english}`;
  },
  noSuchLanguage: (written: string) =>
    `Плакат бывает по-русски и по-английски, а «${escaped([...written].slice(0, 60).join(""))}» не понял: /poster или <code>/poster en</code>`,
};
