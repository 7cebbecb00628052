// What each message of the till shows and waits for. SQL only.

import { brokenRule, type Sql } from "../db/connect.ts";
import type { Account } from "../rules/account.ts";
import type { BotId, CardId, CompanyId, EntryId, RecordId, RecordOfBranch } from "../rules/ids.ts";
import type { Kopecks, Points } from "../rules/money.ts";
import { mayTap, type Step, stepsWhere, type TillAction } from "./steps.rule.ts";

/** Which screen: the bot, the account of the admin in whose chat with it it is, and their message that opened it. */
export interface ScreenKey {
  bot: BotId;
  account: Account;
  asked: number;
}

/**
 * What it shows. `sought` is a phone without a card or four digits; `typed` is the message that brought the sum; `to` is
 * a move's other card; `paid` is what was paid of the bill before.
 */
export interface Draft {
  step: Step;
  sought: string | null;
  card: CardId | null;
  to: CardId | null;
  bill: Kopecks | null;
  paid: Kopecks;
  action: TillAction | null;
  points: Points | null;
  reason: string | null;
  typed: number | null;
}

/**
 * A screen as stored. `message` is the bot's, null until the messenger has it; `row` is the ledger's; `seen` is the card's
 * last row in the ledger when the screen was last drawn with what was spent on its bill; `company` and `record` name the
 * record that it was opened from, if it was.
 */
export interface Screen extends ScreenKey, Draft {
  company: CompanyId | null;
  record: RecordId | null;
  message: number | null;
  rev: number;
  seen: EntryId;
  /** The record of whose visit in the journal the spend pays a part; null: of none. */
  names: RecordId | null;
  row: EntryId | null;
  doneAt: Date | null;
  confirmedBy: Account | null;
  undoneBy: Account | null;
  undoneAt: Date | null;
}

/** In a chat one screen at most is at one of these. */
const asking = stepsWhere((step) => step.asks === true);

/** The card where it is now: a screen that was read before a merge may have been stored after it. */
const now = (card: string) =>
  `coalesce((select merged_into from clients where clients.id = screens.${card}), ${card})`;

/** A spend that is off its bill in the journal again has been undone, by whoever asked for it; null: by the program. */
const offTheBill = `(select s from settlements s where step = 'done' and s.row_id = screens.row_id and s.state = 'returned')`;
const stepNow = `case when ${offTheBill} is null then step else 'undone' end`;
const columns = `bot, account, asked, company_id as company, record_id as record, message_id as message, rev, ${stepNow} as step, sought, ${now("client_id")} as card,
  ${now("to_client_id")} as "to", bill, paid, action, points, reason, typed, seen, names, row_id as "row", done_at as "doneAt",
  confirmed_by as "confirmedBy", coalesce(undone_by, (${offTheBill}).asked_back_by) as "undoneBy",
  coalesce(undone_at, (${offTheBill}).changed_at) as "undoneAt"`;
/** Its time is not over, and it has no more of it than a screen ever gets, unless the clock was put back since. */
function alive(sql: Sql, now: Date) {
  return sql`(expires_at > ${now} and expires_at <= ${now}::timestamptz
    + case when step in ('done', 'undone') then interval '31 days' else interval '3 hours' end)`;
}

/** The screen of this key, while its time is not over. */
function named(sql: Sql, { bot, account, asked }: ScreenKey, now: Date) {
  return sql`(bot, account, asked) = (${bot}, ${account}, ${asked}) and ${alive(sql, now)}`;
}

/** The screen while its time is not over, or null; and whether another screen of the chat waits to be told a sum. */
export async function findTapped(
  sql: Sql,
  key: ScreenKey,
  now: Date,
): Promise<(Screen & { askedElsewhere: boolean }) | null> {
  const [row] = await sql<(Screen & { askedElsewhere: boolean })[]>`
    select ${sql.unsafe(columns)}, exists (
      select from screens q
      where q.bot = screens.bot and q.account = screens.account and q.step = any(${asking}::text[])
        and q.asked <> screens.asked) as "askedElsewhere"
    from screens where ${named(sql, key, now)}`;
  return row ?? null;
}

/** What a screen of `/today` is of: a record, and the day (`YYYY-MM-DD`) on which an admin opened it. */
export interface ScreenRecord {
  company: CompanyId;
  record: RecordId;
  day: string;
}

/** A new screen, or null when this message, or a tap on this record, has opened one already. */
export async function addScreen(
  sql: Sql,
  key: ScreenKey,
  draft: Draft,
  until: Date,
  of: ScreenRecord | null = null,
): Promise<Screen | null> {
  const { step, sought, card, to, bill, paid, action, points, reason, typed } = draft;
  const [row] = await sql<Screen[]>`
    insert into screens (bot, account, asked, step, sought, client_id, to_client_id, bill, paid, action, points, reason,
      typed, seen, expires_at, company_id, record_id, record_day)
    values (${key.bot}, ${key.account}, ${key.asked}, ${step}, ${sought}, ${card}, ${to}, ${bill}, ${paid}, ${action}, ${points},
      ${reason}, ${typed}, ${lastRowOf(sql, card)}, ${until}, ${of?.company ?? null},
      ${of?.record ?? null}, ${of?.day ?? null})
    on conflict do nothing
    returning ${sql.unsafe(columns)}`;
  return row ?? null;
}

/** The screen while its time is not over, or null. */
export async function findScreen(sql: Sql, key: ScreenKey, now: Date): Promise<Screen | null> {
  const [row] = await sql<Screen[]>`
    select ${sql.unsafe(columns)} from screens where ${named(sql, key, now)}`;
  return row ?? null;
}

/**
 * The screen of a record in a chat, or null: one that spent on the card that the record is on, else one that has done
 * nothing yet. What was undone, or done on the card that the record was on before, is another's.
 */
export async function screenOfRecord(
  sql: Sql,
  { bot, account }: ChatKey,
  { company, record, day }: ScreenRecord,
  of: { card: CardId; now: Date },
): Promise<Screen | null> {
  const [row] = await sql<Screen[]>`
    select ${sql.unsafe(columns)} from screens
    where bot = ${bot} and account = ${account} and company_id = ${company} and record_id = ${record}
      and record_day = ${day} and ${alive(sql, of.now)}
      and case ${sql.unsafe(stepNow)} when 'undone' then false when 'done' then ${sql.unsafe(now("client_id"))} = ${of.card} else true end
    order by step = 'done' desc limit 1`;
  return row ?? null;
}

/** These records have become other cards': what is open about them with the card before is closed. */
export async function closeScreensOf(sql: Sql, records: RecordOfBranch[]): Promise<void> {
  if (records.length === 0) return;
  const [branches, numbers] = [records.map((one) => one.companyId), records.map((one) => one.recordId)];
  await sql`
    update screens s set step = 'closed', rev = rev + 1, touched_at = clock_timestamp()
    from visits v
    where (v.company_id, v.record_id) in (select * from unnest(${branches}::bigint[], ${numbers}::bigint[]))
      and s.record_id = v.record_id and s.company_id = v.company_id
      and s.client_id <> v.client_id and s.row_id is null and s.step <> 'closed'`;
}

/**
 * Stores a screen as it is to be from now on; null when it has been changed since it was read, or would ask while another
 * of the chat asks. Asking for a sum or for an owner shows nobody what was spent meanwhile, so `seen` stays.
 */
export async function saveScreen(sql: Sql, screen: Screen, until: Date): Promise<Screen | null> {
  try {
    return await updated(sql, screen, until);
  } catch (error) {
    if (brokenRule(error) === "one_question_a_chat") return null;
    throw error;
  }
}

async function updated(sql: Sql, screen: Screen, until: Date): Promise<Screen | null> {
  const [row] = await sql<Screen[]>`
    update screens
    set rev = rev + 1, step = ${screen.step}, sought = ${screen.sought}, client_id = ${screen.card},
      to_client_id = ${screen.to}, bill = ${screen.bill}, paid = ${screen.paid}, action = ${screen.action},
      points = ${screen.points}, reason = ${screen.reason}, typed = ${screen.typed}, names = ${screen.names}, row_id = ${screen.row},
      seen = case when ${mayTap(screen.step, "go")} or client_id is distinct from ${screen.card}::bigint
        then ${lastRowOf(sql, screen.card)} else seen end,
      done_at = ${screen.doneAt}, confirmed_by = ${screen.confirmedBy}, undone_by = ${screen.undoneBy},
      undone_at = ${screen.undoneAt}, touched_at = clock_timestamp(), expires_at = ${until}
    where bot = ${screen.bot} and account = ${screen.account} and asked = ${screen.asked} and rev = ${screen.rev}
    returning ${sql.unsafe(columns)}`;
  return row ?? null;
}

/** By rows and not by time: a row's time is its transaction's start, and it may have waited long for the lock. */
function lastRowOf(sql: Sql, card: CardId | null) {
  return sql`(select coalesce(max(id), 0) from bonuslog where bonuslog.client_id = ${card})`;
}

/** Which message shows the screen from now on; returns the one that showed it until then. */
export async function placeScreen(sql: Sql, key: ScreenKey, message: number): Promise<number | null> {
  const isIt = sql`bot = ${key.bot} and account = ${key.account} and asked = ${key.asked}`;
  const [before] = await sql<{ message: number | null }[]>`
    with before as (select message_id from screens where ${isIt} for update)
    update screens set message_id = ${message} from before where ${isIt} returning before.message_id as message`;
  return before?.message ?? null;
}

/** What finds screens of an earlier release, which did not write down whose they are; `bot` is whose they are now. */
interface OldTap extends ScreenKey {
  rev: number;
  /** The message under which it was tapped, where that is the screen's own; else the state must be the screen's. */
  message: number | null;
}

/**
 * Makes a screen of an earlier release this bot's, whose button proves it: the message that carries the button is this
 * bot's own. Nothing happens where it is another's, or is over. A question is closed where the chat has a newer one.
 */
export async function adoptScreen(sql: Sql, { bot, ...tap }: OldTap): Promise<void> {
  const givesWay = sql`(s.step = any(${asking}::text[]) and exists (
    select from screens q
    where q.bot = ${bot} and q.account = s.account and q.step = any(${asking}::text[])))`;
  await sql`
    update screens s
    set bot = ${bot}, step = case when ${givesWay} then 'closed' else step end, rev = rev + ${givesWay}::int
    where bot = 0 and account = ${tap.account} and asked = ${tap.asked}
      and case when ${tap.message}::bigint is null then rev = ${tap.rev} else message_id = ${tap.message}::bigint end
      and not exists (
        select from screens o where o.bot = ${bot} and o.account = s.account and o.asked = s.asked)`;
}

/** Closes the question of a chat, but for that of the screen `but`. Returns what was closed. */
export function closeQuestions(sql: Sql, { bot, account }: ChatKey, but: number | null): Promise<Screen[]> {
  return sql<Screen[]>`
    update screens set rev = rev + 1, step = 'closed', touched_at = clock_timestamp()
    where bot = ${bot} and account = ${account} and step = any(${asking}::text[])
      and asked is distinct from ${but}::bigint
    returning ${sql.unsafe(columns)}`;
}

/**
 * Closes all that an account has open, with whichever bot: it works here no more. What still has buttons, of what is done
 * too: each message with its bot.
 */
export async function closeAllOf(
  sql: Sql,
  account: Account,
  now: Date,
): Promise<{ bot: BotId; message: number }[]> {
  await sql`
    update screens set rev = rev + 1, step = 'closed', touched_at = clock_timestamp()
    where account = ${account} and row_id is null and step <> 'closed'`;
  return sql<{ bot: BotId; message: number }[]>`
    select bot, message_id as message from screens
    where account = ${account} and message_id is not null and ${alive(sql, now)}
    order by touched_at desc limit 20`;
}

/** The chat of an admin with a bot. */
type ChatKey = Pick<ScreenKey, "bot" | "account">;

/** The screens of a chat at these steps, the last touched first. */
export function screensAt(sql: Sql, { bot, account }: ChatKey, steps: Step[], now: Date): Promise<Screen[]> {
  return sql<Screen[]>`
    select ${sql.unsafe(columns)} from screens
    where bot = ${bot} and account = ${account} and step = any(${steps}::text[]) and ${alive(sql, now)}
    order by touched_at desc limit 10`;
}

/** The screen whose sum came with this message, or null. */
export async function screenOfTyped(sql: Sql, of: ChatKey, typed: number, now: Date): Promise<Screen | null> {
  const [row] = await sql<Screen[]>`
    select ${sql.unsafe(columns)} from screens
    where bot = ${of.bot} and account = ${of.account} and typed = ${typed} and ${alive(sql, now)}`;
  return row ?? null;
}

/** The screen that made this row, with whoever's chat it is in; or null. */
export async function screenOfRow(sql: Sql, row: EntryId): Promise<Screen | null> {
  const [screen] = await sql<Screen[]>`
    select ${sql.unsafe(columns)} from screens where row_id = ${row}`;
  return screen ?? null;
}

/** The last change made on a card's screens since then that still stands, or null; a move is of both its cards. */
export async function lastDone(sql: Sql, card: CardId, since: Date): Promise<Screen | null> {
  const [row] = await sql<Screen[]>`
    select ${sql.unsafe(columns)} from screens
    where (client_id = ${card} or to_client_id = ${card}) and row_id is not null and done_at > ${since} and ${sql.unsafe(stepNow)} = 'done'
    order by done_at desc, row_id desc limit 1`;
  return row ?? null;
}

/** What of a card waits for an owner, in the order in which it was asked; a move waits on both its cards. */
export function waitingOnCard(sql: Sql, card: CardId, now: Date): Promise<Screen[]> {
  return sql<Screen[]>`
    select ${sql.unsafe(columns)} from screens
    where (client_id = ${card} or to_client_id = ${card}) and step = 'owner' and ${alive(sql, now)}
    order by touched_at`;
}

/** Drops the screens whose time is over. */
export async function dropOldScreens(sql: Sql, now: Date): Promise<void> {
  await sql`delete from screens where not ${alive(sql, now)}`;
}
