// Posts many bodies to all webhooks of the whole program and lists every broken promise: no detail, no row, no leak.

import { linkTo } from "../helpers/accounts.ts";
import { ADMIN, CODES, type Door, OWNER, VICTIM_NAME, VICTIMS } from "./door.ts";
import { realEvent } from "./events.ts";
import { realMaxUpdate, vouchedByMax } from "./max-updates.ts";
import { asBytes, MARK, mutated } from "./mutate.ts";
import { random } from "./random.ts";
import { type Known, realUpdate, type Sender } from "./updates.ts";

/** What was posted, by kind, and what went wrong: a fault names the body's number, and `FC_SEED` brings it back. */
export interface Fuzzed {
  bodies: number;
  byKind: Record<string, number>;
  byStatus: Record<string, number>;
  /** Updates that were taken off the wire, and not as Telegram sends them. */
  refused: number;
  faults: string[];
}

/** As many updates as the flood gate lets a chat have. */
const bodiesAPerson = 15;
const atOnce = 24;
const firstPerson = 1_000_000;

/** The person of a body. Every second one has linked the own phone before. */
function senderOf(n: number): Sender & { linked: boolean } {
  const at = Math.floor(n / bodiesAPerson);
  return { id: firstPerson + at, phone: `+7900${1_000_000 + at}`, linked: at % 2 === 0 };
}

/**
 * `staff`: the senders are an admin and an owner, else people who may change no points. A body that is no update at all
 * counts as `broken`, one for the wrong secret as `wrong_secret`, YCLIENTS's as `event`.
 */
export async function fuzz(
  door: Door,
  { from = 0, bodies, seed, staff = false }: { from?: number; bodies: number; seed: number; staff?: boolean },
): Promise<Fuzzed> {
  const done: Fuzzed = { bodies: 0, byKind: {}, byStatus: {}, refused: 0, faults: [] };
  const known = await whatIsKnown(door);
  const chunk = bodiesAPerson * 40;
  for (let start = from; start < from + bodies; start += chunk) {
    const end = Math.min(start + chunk, from + bodies);
    if (!staff) await arrive(door, start, end);
    const sent = new Map<number, string>();
    let next = start;
    const worker = async () => {
      while (next < end) {
        const n = next++;
        await one(door, known, n, seed, staff, done, sent);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    readLog(door, sent, done);
    readCalls(door, known, staff, done);
    for (let n = start; n < end; n += bodiesAPerson) {
      const { id } = senderOf(n);
      for (const messenger of [door.telegram, door.max]) messenger.chat(id)?.messages.splice(0);
    }
  }
  return done;
}

async function whatIsKnown({ sql }: Door): Promise<Known & { taken: string[] }> {
  const cards = await sql`select id from clients where phone in ${sql([...VICTIMS])} order by id`;
  const [first = 1, ...more] = cards.map(({ id }) => Number(id));
  return { phones: VICTIMS, codes: CODES, cards: [first, ...more], staff: [ADMIN, OWNER], taken: [] };
}

/** Who has a sender's number in MAX is somebody else, with a phone of their own. */
const inMax = (sender: Sender): Sender => ({ ...sender, phone: sender.phone.replace("+7900", "+7901") });

/** The people of these bodies, in both messengers and, some of them, with a card. */
async function arrive({ sql, knows }: Door, start: number, end: number): Promise<void> {
  for (let n = start; n < end; n += bodiesAPerson) {
    const sender = senderOf(n);
    knows(sender.id);
    if (!sender.linked) continue;
    await linkTo(sql, sender.id, sender.phone);
    await sql`
      with card as (insert into clients (phone) values (${inMax(sender).phone}) on conflict do nothing returning id)
      insert into accounts (channel, external_id, client_id) select 'max', ${String(sender.id)}, id from card`;
  }
}

/**
 * Telegram vouches for a contact that carries its sender's id: where a change has made one of a victim's number by
 * chance, it is the sender's own again.
 */
function vouched<T extends object>(update: T, { phone }: Sender): T {
  const { contact, from, forward_origin, via_bot } = Object(Object(update).message);
  if (
    contact?.user_id === from?.id &&
    !forward_origin &&
    !via_bot &&
    typeof contact?.phone_number === "string"
  )
    contact.phone_number = phone;
  return update;
}

async function one(
  door: Door,
  known: Known,
  n: number,
  seed: number,
  staff: boolean,
  done: Fuzzed,
  sent: Map<number, string>,
): Promise<void> {
  const r = random(seed + n * 7919);
  const sender = staff ? { ...senderOf(n), id: r.pick(known.staff) } : senderOf(n);
  const isEvent = !staff && r.chance(0.15);
  const isMax = !isEvent && r.chance(0.5);
  const made = isEvent
    ? { kind: "event", update: realEvent(r, n, door.branch, door.records) }
    : isMax
      ? realMaxUpdate(r, n, inMax(sender), known)
      : realUpdate(r, n, sender, known);
  const changed = mutated(made.update, r);
  const { bytes, broken } = asBytes(
    isMax ? vouchedByMax(changed, inMax(sender)) : vouched(changed, sender),
    r,
  );
  const wrong = r.chance(0.03) ? r.pick(["", "x", MARK, "x".repeat(2_000)]) : undefined;
  const kind =
    wrong !== undefined ? "wrong_secret" : broken ? `broken_${isEvent ? "event" : "update"}` : made.kind;
  sent.set(n, new TextDecoder().decode(bytes.slice(0, 4_000)));
  const answer = await (isEvent ? door.event : isMax ? door.maxUpdate : door.update)(bytes, wrong).catch(
    (error) => ({
      status: 0,
      body: String(error),
    }),
  );
  done.bodies += 1;
  done.byKind[kind] = (done.byKind[kind] ?? 0) + 1;
  done.byStatus[answer.status] = (done.byStatus[answer.status] ?? 0) + 1;
  const fault = (what: string) => done.faults.push(`body ${n} (${kind}): ${what}: ${sent.get(n)}`);
  const refused = isEvent ? 404 : 401;
  const allowed = wrong !== undefined ? [refused, 413] : isEvent ? [200, 400, 413] : [200, 400, 413];
  if (!allowed.includes(answer.status)) fault(`answered ${answer.status}`);
  if (answer.body === "") return;
  if (answer.status !== 200 || isEvent || isMax) return void fault(`answered ${answer.body.slice(0, 200)}`);
  const call = JSON.parse(answer.body) as Record<string, unknown>;
  const carried = await door.carryOut(call);
  if (!carried.ok && !expected.test(carried.description ?? ""))
    fault(`Telegram refused its call: ${carried.description}`);
}

/** What messengers say of a chat that is not there, of a message that was made up, and of a tap that was. */
const expected =
  /chat not found|message to edit not found|message can't be edited|query is too old|not modified|blocked by|edit\.message\.not\.found/;

/** No input, phone, secret or place in a line, and no failure that a body alone brought about. */
function readLog({ lines }: Door, sent: Map<number, string>, done: Fuzzed): void {
  for (const line of lines.splice(0)) {
    const about = JSON.parse(line) as { update_id?: unknown; level: string; err?: { message?: string } };
    const body = sent.get(Number(about.update_id)) ?? "";
    if (/not as (Telegram|MAX) sends them/.test(line)) done.refused += 1;
    // Numbers are ids: a phone that was put where an id belongs is one.
    const words = line.replace(/([:[,])\d+(?=[,\]}])/g, "$1");
    const leak = /zqx7|\+?7(900|901|999)\d{7}|hook-words|AAEcheck|Жертва|postgres:\/\//.exec(words);
    if (leak) done.faults.push(`the log holds "${leak[0]}": ${line.slice(0, 600)} BODY ${body}`);
    if (about.level === "error" && !expected.test(about.err?.message ?? ""))
      done.faults.push(`the log holds a failure: ${line.slice(0, 900)} BODY ${body}`);
  }
}

/** What is known of those whose cards are to be left alone. */
const aVictims = () => new RegExp(`${VICTIM_NAME}|777[,.]77|…998[123]\\b|${CODES[0]?.slice(0, 10)}`);

/** Callback data in the bot's calls is kept for others to replay; nothing about a victim goes to who is not staff. */
function readCalls(
  { telegram, max }: Door,
  known: Known & { taken: string[] },
  staff: boolean,
  { faults }: Fuzzed,
): void {
  for (const { route, body, person } of max.calls.splice(0)) {
    const words = JSON.stringify(body) ?? "";
    for (const [, data] of words.matchAll(/"payload":"([^"]+)"/g)) if (data) known.taken.push(data);
    const leak = aVictims().exec(words);
    if (!staff && leak && ![ADMIN, OWNER].includes(person ?? 0))
      faults.push(`${route} told ${person} in MAX of "${leak[0]}": ${words.slice(0, 600)}`);
  }
  for (const { method, payload } of telegram.calls.splice(0)) {
    const words = JSON.stringify({ ...payload, photo: undefined, document: undefined });
    const chat = Number(payload.chat_id);
    for (const [, data] of words.matchAll(/"callback_data":"([^"]+)"/g)) if (data) known.taken.push(data);
    const leak = aVictims().exec(words);
    if (!staff && leak && ![ADMIN, OWNER, 600, 601, 602].includes(chat))
      faults.push(`${method} told ${chat} of "${leak[0]}": ${words.slice(0, 600)}`);
  }
  known.taken.splice(0, known.taken.length - 500);
}
