// What must hold at the end of every simulated world, whatever happened in it. Numbers are those of the invariants in
// research/features.md, d2; `verify` proves I1, I2, I4 and I9, and I3 once more by the program's own rule.

import { connect } from "../../src/db/connect.ts";
import { verify } from "../../src/flows/verify.ts";
import { due } from "./model.ts";
import { ROUND_FAILED } from "./program.ts";
import { balancesAddUp, rowsWereTapped, saidIsDone } from "./till.ts";
import type { World } from "./world.ts";

const UNHANDLED = "an update could not be handled";

/** What must hold, in words, and who looks. */
export const invariants = {
  "the ledger proves itself from first row to last": ledgerProvesItself,
  "each record's rows sum to the rule of its last state, on its client's card": recordsSum,
  "a row by hand is what an admin asked for and tapped, once": rowsWereTapped,
  "what an admin was told of the till is in the ledger, and the other way round": saidIsDone,
  "a card holds what its visits are due and what admins were told": balancesAddUp,
  "every row names who made it and has a key of its own": rowsExplained,
  "nothing waits untold for a client who can be told": nothingUntold,
  "nobody is shown another's name or phone": nobodySeesAnother,
  "no client is told of a credit twice but where a telling was cut short": toldOnce,
  "no update and no round fails but where the database was away": failuresExplained,
  "no log line holds a phone, a name or a token": discreetLog,
};

type Check = (world: World) => Promise<string[]>;

/** Every fault found, as a sentence. */
export async function faultsOf(world: World): Promise<string[]> {
  const found: string[] = [];
  for (const [name, check] of Object.entries<Check>(invariants)) {
    world.count(`checked: ${name}`);
    found.push(...(await check(world)).map((fault) => `${name}: ${fault}`));
  }
  return found;
}

async function ledgerProvesItself(world: World): Promise<string[]> {
  const db = connect(world.database.url, { max: 1 });
  try {
    return (await verify(db)).faults;
  } finally {
    await db.end();
  }
}

/** Of a person who was forgotten the rows stay and the rule stops: those records are left to `verify`. */
async function recordsSum(world: World): Promise<string[]> {
  const rows = await world.database.sql<{ record: string; phone: string | null; sum: string }[]>`
    select a.record_id as record, c.phone, sum(b.points) * 100 as sum
    from bonuslog a join bonuslog b on b.id = a.id or (b.corrects = a.id and b.kind = 'correction')
      join clients c on c.id = b.client_id
    where a.kind = 'award' group by 1, 2 having sum(b.points) <> 0`;
  const gone = new Set(world.guests.filter((guest) => guest.forgotten).map((guest) => guest.inJournal.id));
  const held = new Map(rows.map((row) => [`${row.record} ${row.phone}`, Number(row.sum)]));
  const wrong: string[] = [];
  for (const id of world.records) {
    const record = world.journal.record(id);
    if (world.owners.get(id)?.some((owner) => gone.has(owner))) continue;
    const key = `${id} ${record.client?.phone || null}`;
    const others = [...held].filter(([name]) => name.startsWith(`${id} `) && name !== key);
    const sum = held.get(key) ?? 0;
    if (sum !== due(record)) wrong.push(`record ${id} holds ${sum} and is due ${due(record)}`);
    if (others.length > 0) wrong.push(`record ${id} has points on another's card`);
  }
  return wrong;
}

async function rowsExplained(world: World): Promise<string[]> {
  const rows = await world.database.sql<{ id: string }[]>`
    select id from bonuslog where key is null or actor is null or kind is null or awarded_at is null
    union all select min(id) from bonuslog group by key having count(*) > 1`;
  return rows.map((row) => `row ${row.id}`);
}

async function nothingUntold(world: World): Promise<string[]> {
  const rows = await world.database.sql<{ id: string }[]>`
    select b.id from bonuslog b join clients c on c.id = b.client_id
    where not b.is_telegram_notified and c.telegram_id is not null and c.blocked_at is null`;
  return rows.map((row) => `row ${row.id}`);
}

/** Credits alone say which row they are: no two are of one sum. A program that dies between Telegram's yes and the flag says it again. */
async function toldOnce(world: World): Promise<string[]> {
  return world.guests.flatMap(({ person }) => {
    const texts = person.chat.messages.filter((one) => one.from === "bot").map((one) => one.text);
    const sums = texts.flatMap((text) =>
      [...text.matchAll(/(?:начислил вам|вам начислили) ([\d,\u00a0]+)/g)].map((found) => found[1]),
    );
    const times = Map.groupBy(sums, (sum) => sum);
    return [...times]
      .filter(([, all]) => all.length > 1 + world.cutShort)
      .map(([sum, all]) => `${sum} was told ${all.length} times, ${world.cutShort} tellings were cut short`);
  });
}

const databaseAway = /ECONN|EPIPE|CONNECT_TIMEOUT|CONNECTION_|too many clients|terminating connection/;

/** What nobody waited for is a fault of its own (main.ts). */
async function failuresExplained(world: World): Promise<string[]> {
  const failures = world.log.filter((line) => line.includes(UNHANDLED) || line.includes(ROUND_FAILED));
  return failures.filter((line) => line.includes(UNHANDLED) || !databaseAway.test(line));
}

async function nobodySeesAnother(world: World): Promise<string[]> {
  return world.guests.flatMap(({ person, inJournal }) => {
    const others = world.guests.map((guest) => guest.inJournal).filter((other) => other !== inJournal);
    const said = person.chat.messages.filter((one) => one.from === "bot").map((one) => one.text);
    return others
      .filter((other) => said.some((text) => showsPerson(text, other)))
      .map((other) => `${inJournal.name} was shown ${other.name}`);
  });
}

const showsPerson = (text: string, { name, phone }: { name: string; phone: string }) =>
  text.includes(name) || (phone !== "" && text.includes(phone.slice(-4)));

async function discreetLog(world: World): Promise<string[]> {
  const secrets = world.guests.flatMap(({ inJournal: { name, phone } }) => [name, ...(phone ? [phone] : [])]);
  const words = [...secrets, "AAEsimulated"];
  return words.filter((word) => world.log.some((line) => line.includes(word)));
}
