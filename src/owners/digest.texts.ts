// The evening message to owners, in Russian. What is handed in is escaped here.

import type { OddChange } from "../ledger/verify.ts";
import type { Account, ChannelName } from "../rules/account.ts";
import { staffIn } from "../rules/author.ts";
import { lastDigits } from "../rules/phone.ts";
import type { Seal } from "../rules/seal.ts";
import { wallTime } from "../rules/time.ts";
import { bold, escaped } from "../texts/html.ts";
import { kindWords } from "../texts/kinds.ts";
import { inMessages } from "../texts/long.ts";
import { messengersAnd, messengersOr } from "../texts/messenger.ts";
import { clientWords, staffWords } from "../texts/person.ts";
import { reasonWords } from "../texts/reasons.ts";
import { capital, ruWords as w } from "../texts/words.ts";
import type { HandChange, ListChange, UnpaidVisit } from "./digests.store.ts";
import type { Compared, Figures, Owed } from "./figures.ts";
import { earnedLines, owedLine, paidIn } from "./owners.texts.ts";
import type { StaffChange } from "./rights.store.ts";
import { staffNews } from "./rights.texts.ts";

/** All that is told. Changes are in their order; `names` are of those who work here. */
interface Digest {
  day: string;
  timeZone: string;
  /** Rows of the ledger that the program does not write so: whoever wrote them had the database's address. */
  odd: Pick<OddChange, "id" | "kind" | "points" | "phone" | "name">[];
  changes: HandChange[];
  /** Balances from another programme, brought in by who runs the server. */
  lists: ListChange[];
  /** Who was taken on and let go. */
  staff: StaffChange[];
  unpaid: UnpaidVisit[];
  names: ReadonlyMap<Account, string>;
  owners: readonly Account[];
  /** The messengers that a client may have the card in. */
  spoken: readonly ChannelName[];
  /** From when on the journal has been read; null while it is being read. */
  since: string | null;
  /** What the day earned, beside the same day of the week before. */
  earned: Compared;
  owed: Owed;
  seal: Seal;
  /** The day's number that clients' statements lead to; null where there is none. */
  root?: string | null;
}

/** Of each list at most so many lines; the rest is counted. */
const maxLines = 80;

/** The message, or several where the day was long; a day on which nobody changed anything by hand is one sentence. */
export function digestTexts(digest: Digest): string[] {
  const { odd, changes, lists, staff, unpaid, seal, root = null } = digest;
  const quiet = odd.length + changes.length + lists.length + staff.length + unpaid.length === 0;
  return inMessages([
    ...(quiet ? quietDay(digest) : busyDay(digest)),
    `\nПечать: <code>${seal.rows}:${seal.hash}</code>`,
    ...(root === null ? [] : [`Число дня для проверки выписок: <code>${root}</code>`]),
  ]);
}

function quietDay({ day, since, earned: { now, before } }: Digest): string[] {
  const given = now.given === 0 ? "" : `, начислено ${w.points(now.given)}`;
  const ended = now.expired === 0 ? "" : `, сгорело ${w.points(now.expired)}`;
  const visits = since === null ? beingRead : paidVisits(now, before);
  return [`<b>${w.day(day, null)}</b>: ${visits}${given}${ended}, вручную баллы не меняли.`];
}

/** Nothing is no number while nobody knows it. */
const beingRead = "журнал YCLIENTS ещё читается";

function paidVisits(now: Figures, before: Figures | null): string {
  const past =
    before === null || paidIn(now) + paidIn(before) === 0 ? "" : ` (неделю назад ${w.count(paidIn(before))})`;
  return `${paidIn(now) === 0 ? "оплаченных визитов не было" : `оплаченных визитов ${w.count(paidIn(now))}`}${past}`;
}

function busyDay(digest: Digest): string[] {
  const { day, odd, changes, lists, staff, unpaid, since, earned, owed } = digest;
  const isMarked = (change: HandChange) => marksOf(change, digest).length > 0;
  const [marked, plain] = [changes.filter(isMarked), changes.filter((change) => !isMarked(change))];
  const line = (change: HandChange) => changeLine(change, digest);
  return [
    `<b>Итоги дня, ${w.day(day, null)}</b>${earned.before === null ? "" : ", в скобках — неделю назад"}`,
    ...(since === null ? [`${capital(beingRead)}.`] : []),
    ...earnedLines(earned),
    owedLine(owed),
    ...section("⚠️ Программа таких строк не пишет", odd, oddLine),
    ...(odd.length === 0
      ? []
      : [
          "Их мог добавить тот, у кого есть доступ к базе. Попросите того, кто настраивал бота, запустить loyalty-bot verify.\n",
        ]),
    ...(odd.length === 0 ? [""] : []),
    changes.length === 0
      ? "Вручную баллы не меняли."
      : `Изменений вручную: ${bold(w.count(changes.length))}.`,
    ...section("Проверьте", marked, line),
    ...section(marked.length > 0 ? "Остальные" : "Список", plain, line),
    ...section("Остатки из прежней программы, загружены списком на сервере", lists, (one) =>
      listLine(one, digest),
    ),
    ...section("Кто работает с ботом", staff, (one) => staffLine(one, digest)),
    ...section("Баллы списаны, а визит оплачен не полностью", unpaid, (visit) => unpaidLine(visit, digest)),
    ...(unpaid.length === 0
      ? []
      : ["Похоже, цену визита в YCLIENTS не уменьшили. Исправьте её, и баллы за визит придут сами."]),
  ];
}

function section<T>(title: string, all: T[], line: (one: T) => string): string[] {
  if (all.length === 0) return [];
  const more = all.length > maxLines ? [`и ещё ${w.count(all.length - maxLines)}`] : [];
  return [`\n<b>${title}</b>`, ...all.slice(0, maxLines).map(line), ...more];
}

/** `18:30`, or `11 марта 18:30` of another day than the message's. */
function moment(at: Date, timeZone: string, day: string): string {
  const wall = wallTime(at, timeZone);
  const date = wall.startsWith(day) ? "" : `${w.day(wall.slice(0, 10), Number(day.slice(0, 4)))} `;
  return `${date}${wall.slice(11, 16)}`;
}

function changeLine(change: HandChange, digest: Digest): string {
  const { day, timeZone, names, owners } = digest;
  const bill = change.kind === "spend" && change.bill !== null ? `, счёт ${w.money(change.bill)}` : "";
  const reason = change.reason ? `, «${escaped(reasonWords(change.reason, "ru"))}»` : "";
  const marks = marksOf(change, digest);
  const warning = marks.length > 0 ? `\n  ⚠️ ${marks.join(", ")}` : "";
  return `${moment(change.at, timeZone, day)} ${author(change.actor, names, owners)}: ${what(change)}, ${clientWords(change)}${otherCard(change)}${bill}${reason}${warning}`;
}

function oddLine(row: Digest["odd"][number]): string {
  return `Строка ${w.count(row.id)}: ${kindWords(row.kind)} ${bold(w.signed(row.points))}, ${clientWords(row)}`;
}

/** What the client did alone is no matter of the till. */
function marksOf(change: HandChange, { spoken }: Pick<Digest, "spoken">): string[] {
  const { actor, ofStaff, linked, noVisit, kind } = change;
  if (staffIn(actor).length === 0) return [];
  return [
    ...(ofStaff ? ["карта сотрудника"] : []),
    // Who lost points and cannot see it is what matters; so do points given to nobody.
    ...(linked
      ? []
      : [kind === "move" ? `не у всех есть ${messengersOr(spoken)}` : `клиент без ${messengersAnd(spoken)}`]),
    ...(noVisit ? ["в этот день визита нет"] : []),
  ];
}

function what({ kind, points, undone }: HandChange): string {
  const sum = bold(w.amount(Math.abs(points)));
  if (kind === "spend") return `списано ${sum}`;
  if (kind === "credit") return undone === null ? `начислено ${sum}` : `возвращено ${sum}`;
  if (kind === "debit") return `снято ${sum}`;
  if (kind === "move") return `${undone === null ? "перенесено" : "перенесено обратно"} ${sum}`;
  const words: Record<string, string> = { spend: "списание", credit: "начисление", debit: "снятие" };
  return `отменено ${words[undone ?? ""] ?? "изменение"} ${sum}`;
}

/** Where a move's points went. */
function otherCard({ kind, to }: HandChange): string {
  if (kind !== "move") return "";
  return ` → ${to === null ? "другая карта" : `…${lastDigits(to)}`}`;
}

function author(actor: string, names: ReadonlyMap<Account, string>, owners: readonly Account[]): string {
  return staffWords(actor, names, owners) || (actor === "programme" ? "бот" : "клиент");
}

function listLine({ list, takesBack, cards, points, at }: ListChange, { day, timeZone }: Digest): string {
  const which = takesBack === null ? `список № ${list}` : `снят список № ${takesBack}`;
  return `${moment(at, timeZone, day)} ${which}: ${bold(w.change(points))}, карт: ${w.count(cards)}`;
}

function staffLine(change: StaffChange, { day, timeZone, names }: Digest): string {
  return `${moment(change.at, timeZone, day)} ${staffNews(change, names)}`;
}

function unpaidLine(visit: UnpaidVisit, { day, timeZone }: Digest): string {
  const at = moment(visit.startsAt, visit.timeZone ?? timeZone, day);
  const paid = visit.paid === null ? "оплата неизвестна" : `оплачено ${w.money(visit.paid)}`;
  return `${at} ${clientWords(visit)}: цена ${w.money(visit.price)}, ${paid}, баллами ${w.amount(visit.spent)}`;
}
