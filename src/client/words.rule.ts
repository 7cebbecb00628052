// What a client's own words ask for, by a table of stems. No more than that: what the table does not say is not understood.

import { type AskedCommand, askedBy, type Meaning, pointsAsked, type Stems } from "./stems.rule.ts";

/** What stands around a question and changes nothing of it. */
const saidAround: Stems =
  "а и ну ок окей ой эй да же бы ли мне мое мои мой моя мою моей меня у на по о об от в с за до вас вам вы ваш ваша ваше ваши вашу это тут здесь там есть пожалуйста пожалуйсто плиз пж пжл пожалуста хочу хотел хотела можно надо нужно нужна нужен покажи покажите показать скажите скажи подскажите подскажи дайте дай пришлите скиньте напишите узнать посмотреть проверить увидеть как где какой какая какие сколько что сейчас уже пока спасибо привет здравствуйте добрый день вечер доброе утро моих дела все бот свою свой " +
  "please pls the a an my me mine i to is are on of for in at can could you your what where how want need would like show see send give get and hi hello hey there thanks now so im m s it";

/** Longer than that is a story, and a story is for people. */
const maxWords = 12;

interface Matcher {
  exact: ReadonlySet<string>;
  begins: readonly string[];
}

function matcherOf(stems: Stems): Matcher {
  const all = stems.split(" ");
  return {
    exact: new Set(all.filter((one) => !one.endsWith("*"))),
    begins: all.filter((one) => one.endsWith("*")).map((one) => one.slice(0, -1)),
  };
}

function matches({ exact, begins }: Matcher, word: string): boolean {
  return exact.has(word) || begins.some((start) => word.startsWith(start));
}

const rows = askedBy.map(({ means, said, none, alone }) => ({
  means,
  all: said.split(" + ").map(matcherOf),
  none: none === undefined ? null : matcherOf(none),
  alone: alone ?? false,
}));
const filler = matcherOf(saidAround);

/** The words of a message: small letters, ё as е, no marks and no pictures; a letter drawn out is two. */
function wordsOf(text: string): string[] {
  const plain = text.normalize("NFKC").toLowerCase().replaceAll("ё", "е");
  return (plain.match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => word.replace(/(\p{L})\1{2,}/gu, "$1$1"));
}

/** Pictures that say thanks without a word. */
const kind = /^[❤♥🙏👍🌹💐🥰😘😍👏💋🤗🫶💖💕😊☺]+$/u;
/** What a picture may bring with it: its colour, its form, spaces and marks. */
const beside = /\s|\p{P}|\u{FE0F}|\u{200D}|\p{Emoji_Modifier}/gu;

/** What a message means; null for what is not understood, and for whatever is longer than a question. */
export function meaningOf(text: string): Meaning | null {
  if (text.length < 100 && kind.test(text.replace(beside, ""))) return "thanks";
  const words = wordsOf(text);
  if (words.length === 0 || words.length > maxWords) return null;
  return rows.find((row) => isMeant(row, words))?.means ?? null;
}

function isMeant({ all, none, alone }: (typeof rows)[number], words: string[]): boolean {
  if (!all.every((one) => words.some((word) => matches(one, word)))) return false;
  if (none && words.some((word) => matches(none, word))) return false;
  return !alone || words.every((word) => matches(filler, word) || all.some((one) => matches(one, word)));
}

/** What a message is likely about: a word or two of it. In the order of what is asked most. */
const hintedBy: [AskedCommand, Stems][] = [
  ["balance", `${pointsAsked} сколько накоп* баланс* скидк* balance`],
  [
    "book",
    "запис* окош* мастер* стриж* маник* педик* окраш* бров* ресниц* массаж* услуг* стоит цен* прайс* завтра сегодня врем* book* appointment* price* haircut* stylist* today tomorrow",
  ],
  [
    "contacts",
    "телефон* адрес* звон* позвон* график* часы работаете администратор* директор* жалоб* возврат* верн* деньги парков* доехать phone address call* open hours refund money parking",
  ],
  ["help", "правил* услови* процент* начисля* программ* лояльност* акци* работает rules programme percent"],
  ["card", "карт* qr card*"],
  ["history", "истори* списал* списан* начислил* history"],
  ["why", "почему пропал* пришл* why missing"],
  ["mydata", "данны* удал* отпис* data delete"],
];
const hints = hintedBy.map(([command, stems]) => ({ command, matcher: matcherOf(stems) }));

/** The commands that a message may have been about, the likeliest first; what it says nothing of stands in the order of use. */
export function likelyFor(text: string): AskedCommand[] {
  const words = wordsOf(text);
  const hits = (one: Matcher) => words.filter((word) => matches(one, word)).length;
  return hints
    .map(({ command, matcher }) => ({ command, hits: hits(matcher) }))
    .sort((one, other) => other.hits - one.hits)
    .map(({ command }) => command);
}
