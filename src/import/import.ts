// Takes over the earlier Python program: its clients, its awards, and balances equal to a hundredth. Tells nobody.

import { addCards, cardsByPhone, drawCardIds, peopleOnCards, putPeople } from "../cards/assign.ts";
import { type Db, inHalves, inTransaction, type Tx } from "../db/connect.ts";
import { OperatorError } from "../errors.ts";
import { type Entry, lockLedger, postSilently } from "../ledger/ledger.ts";
import { accountOf } from "../rules/account.ts";
import type { CompanyId } from "../rules/ids.ts";
import type { Points } from "../rules/money.ts";
import { Awards, type TakenAward } from "./awards.ts";
import { cardsOf, type ImportedCard, type Say } from "./cards.ts";
import {
  addImportedAwards,
  analyze,
  claimCards,
  claimedAmong,
  startProgramme,
  sumsOfCards,
  takeTime,
  workSoFar,
} from "./import.store.ts";
import type { OldBranch, OldProgram } from "./python.store.ts";
import { type Takeover, takeoverOf } from "./takeover.ts";

export { type OldProgram, readOldProgram, serverAndDatabase } from "./python.store.ts";

/** Where it goes. `db` is null for a rehearsal without a database to look at. */
export interface Import {
  db: Db | null;
  companyIds: readonly CompanyId[];
  now: Date;
  say: Say;
}

/** One statement's worth of cards. */
const chunk = 5_000;

/** What an import would bring. Reads and decides as the import does; writes nothing anywhere. */
export async function rehearseImport(
  old: OldProgram,
  { db, companyIds, now, say }: Import,
): Promise<Takeover> {
  const branch = branchOf(await old.branches(), companyIds, say);
  if (db) await refuseWorked(db, branch.companyId);
  const cards = await cardsOf(old.clients(), say);
  const awards = new Awards(cards, say);
  for await (const some of old.awards()) awards.take(some);
  const openings = cards.cards.flatMap((card) =>
    openingOf(card, { points: card.awarded, openings: 0 }, branch.companyId),
  );
  const claims = cards.cards.filter((card) => card.telegramId !== null).length;
  return takeoverOf({ branch, cards, awards, openings, claims, now });
}

/**
 * Brings everything over in one transaction, under the ledger's lock. Again it adds what has come since, which may be
 * nothing. Throws an `OperatorError`, with nothing written, when this database has been at work for itself already.
 */
export async function importProgram(
  old: OldProgram,
  { companyIds, now, say, ...to }: Import & { db: Db },
): Promise<Takeover> {
  const branch = branchOf(await old.branches(), companyIds, say);
  const cards = await cardsOf(old.clients(), say);
  const takeover = await inTransaction(to.db, async (tx) => {
    await takeTime(tx);
    await lockLedger(tx);
    await refuseWorked(tx, branch.companyId);
    const claims = await writeCards(tx, cards.cards);
    const awards = new Awards(cards, say);
    for await (const some of old.awards()) {
      const write = (inner: Tx, taken: TakenAward[]) => writeAwards(inner, taken, branch.companyId);
      await writeOrName(tx, awards.take(some), write, ({ recordId }) => `bonuslog, record ${recordId}`);
    }
    const openings = await writeOpenings(tx, cards.cards, branch.companyId);
    const made = takeoverOf({ branch, cards, awards, openings, claims, now });
    await startProgramme(tx, branch.companyId, made.start);
    return made;
  });
  await analyze(to.db);
  return takeover;
}

/** The earlier program knew one branch; where its database names several, the one it read last. */
function branchOf(branches: OldBranch[], companyIds: readonly CompanyId[], say: Say): OldBranch {
  const [first, ...rest] = branches;
  const branch = first ?? { companyId: companyIds[0] ?? 0, lastChecked: null };
  if (!first) say(`syncstate: it names no branch: taken for ${branch.companyId}`);
  for (const { companyId } of rest) say(`syncstate branch ${companyId}: not the last one read: left out`);
  if (companyIds.includes(branch.companyId)) return branch;
  throw new OperatorError(`The earlier program served branch ${branch.companyId}, which COMPANY_ID does not name. Nothing was \
imported. Add it to COMPANY_ID, or check --from.`);
}

async function refuseWorked(sql: Db | Tx, companyId: CompanyId): Promise<void> {
  const { rows, begun, forgotten } = await workSoFar(sql, actorOf(companyId));
  if (rows === 0 && !begun && !forgotten) return;
  const what =
    rows > 0
      ? `has ${rows} rows in its ledger that this import did not make`
      : begun
        ? "has read the journal already"
        : "has forgotten people who asked for it, and would have them back";
  throw new OperatorError(`DATABASE_URL ${what}: an import comes before the first serve or sync. Nothing was imported. Give \
DATABASE_URL an empty database.`);
}

function actorOf(companyId: CompanyId): string {
  return `import:${companyId}`;
}

/** Cards that are there by phone or YCLIENTS client are taken; how many of them are claimed. */
async function writeCards(tx: Tx, cards: ImportedCard[]): Promise<number> {
  let claims = 0;
  for (let at = 0; at < cards.length; at += chunk) {
    const some = cards.slice(at, at + chunk);
    await writeOrName(
      tx,
      some,
      writeSome,
      ({ rows }) => `clients ${rows.length === 1 ? "row" : "rows"} ${rows.join(", ")}`,
    );
    claims += await claimedAmong(
      tx,
      some.map((card) => card.id),
    );
  }
  if (new Set(cards.map((card) => card.id)).size === cards.length) return claims;
  throw new OperatorError(
    "Two cards of an earlier import have become one since. Give DATABASE_URL an empty database.",
  );
}

async function writeSome(tx: Tx, some: ImportedCard[]): Promise<void> {
  await findCards(tx, some);
  const fresh = some.filter((card) => card.id === 0);
  const ids = await drawCardIds(tx, fresh.length);
  for (const [place, card] of fresh.entries()) card.id = ids[place] ?? 0;
  if (fresh.length > 0) await addCards(tx, fresh);
  await putPeople(
    tx,
    some.flatMap(({ people, id, name }) =>
      people.map((person) => ({ yclientsClientId: person, card: id, name })),
    ),
  );
  await claimCards(
    tx,
    some.flatMap(({ id, telegramId }) =>
      telegramId === null ? [] : [{ card: id, account: accountOf("telegram", telegramId) }],
    ),
  );
}

async function findCards(tx: Tx, cards: ImportedCard[]): Promise<void> {
  const byPhone = new Map(
    (
      await cardsByPhone(
        tx,
        cards.flatMap((card) => card.phone ?? []),
      )
    ).map((row) => [row.phone, row.card]),
  );
  const phoneless = cards.filter((card) => card.phone === null);
  const people = await peopleOnCards(
    tx,
    phoneless.flatMap((card) => card.people),
  );
  const byPerson = new Map(people.map((row) => [row.yclientsClientId, row.card]));
  for (const card of cards) {
    const found = card.phone === null ? byPerson.get(card.people[0] ?? 0) : byPhone.get(card.phone);
    card.id = found ?? 0;
  }
}

async function writeAwards(tx: Tx, awards: TakenAward[], companyId: CompanyId): Promise<void> {
  const rows = awards.map((award) => ({ ...award, card: award.card?.id ?? null }));
  const fresh = await addImportedAwards(tx, companyId, rows);
  await postSilently(
    tx,
    rows.flatMap(({ recordId, card, points, awardedAt }): Entry[] =>
      points === 0 || card === null || !fresh.has(recordId)
        ? []
        : [
            {
              ...{ card, kind: "award", recordId, points, awardedAt, reason: "imported" },
              ...{ actor: actorOf(companyId), key: `visit:${recordId}` },
            },
          ],
    ),
  );
}

/** The rows that bring each card to what it held, by what is on it now. */
async function writeOpenings(tx: Tx, cards: ImportedCard[], companyId: CompanyId): Promise<Entry[]> {
  const openings: Entry[] = [];
  for (let at = 0; at < cards.length; at += chunk) {
    const some = cards.slice(at, at + chunk);
    const held = await sumsOfCards(
      tx,
      some.map((card) => card.id),
    );
    const byCard = new Map(held.map((row) => [row.card, row]));
    const made = some.flatMap((card) =>
      openingOf(card, byCard.get(card.id) ?? { points: 0, openings: 0 }, companyId),
    );
    await postSilently(tx, made);
    openings.push(...made);
  }
  return openings;
}

/** The earlier program kept no history of what admins added and took: one row makes the sum right. */
function openingOf(
  { id, rows, points }: ImportedCard,
  held: { points: Points; openings: number },
  companyId: CompanyId,
): Entry[] {
  const rest = points - held.points;
  if (rest === 0) return [];
  if (Math.abs(rest) >= 1_000_000_000_000)
    throw new OperatorError(
      `clients rows ${rows.join(", ")}: together they hold more points than a card can. Nothing was written.`,
    );
  return [
    {
      ...{ card: id, kind: "opening", points: rest, actor: actorOf(companyId) },
      key: `opening:${companyId}:${id}:${held.openings + 1}`,
    },
  ];
}

/** Writes these rows, or throws an `OperatorError` that names the one that the database refuses; nothing of them is written then. */
function writeOrName<T>(
  tx: Tx,
  rows: T[],
  write: (tx: Tx, rows: T[]) => Promise<unknown>,
  nameOf: (row: T) => string,
): Promise<void> {
  const work = (some: T[]) => tx.savepoint((inner) => write(inner, some));
  return inHalves(rows, work, (row, rule) => {
    throw new OperatorError(`${nameOf(row)}: the database refuses it: ${rule}. Nothing was imported.`);
  });
}
