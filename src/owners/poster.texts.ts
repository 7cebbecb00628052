// The words on the poster, for clients in both languages; and what an owner is told of it.

import { escaped } from "../texts/html.ts";
import { inLanguage } from "../texts/language.ts";
import { NBSP } from "../texts/words.ts";
import { type Programme, programmeEn, programmeRu, rateWords } from "../visits/programme.texts.ts";

/** One line: the only rule of spending beside it, or where to read several. */
function worthOf(worth: string, rules: string, where: string): string {
  const said = rules.split(/\.(?= |$)/).flatMap((one) => one.trim() || []);
  if (said.length > 1) return `${worth}, ${where}`;
  return [worth, ...said].join(". ");
}

const ru = {
  how: ({ earnOn, paidBy }: Programme): string =>
    earnOn === "services" || paidBy === "prices" ? "за услуги обратно баллами" : "обратно баллами",
  worth: (of: Programme) =>
    worthOf(`1${NBSP}балл = 1${NBSP}₽ на кассе`, programmeRu.most(of), "условия — в боте"),
  scan: () => "Наведите камеру телефона: откроется ваша карта",
};

const en: typeof ru = {
  how: ({ earnOn, paidBy }) =>
    earnOn === "services" || paidBy === "prices" ? "back in points for services" : "back in points",
  worth: (of) =>
    worthOf(`1${NBSP}point = 1${NBSP}₽ at the till`, programmeEn.most(of), "the bot tells the rules"),
  scan: () => "Point your phone's camera here: your card opens",
};

/** What stands on the poster, as the settings have it; `link` opens the bot. */
export function posterContent(language: string | null, title: string, link: string, of: Programme) {
  const t = inLanguage(language, ru, en);
  return {
    title,
    gift: rateWords(language, of),
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
