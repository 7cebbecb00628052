// What is checked of PostgreSQL, of what stands between it and us, and of what we keep in it.

import { byOwnNames, type Db, inTransaction } from "../db/connect.ts";
import type { Facts, RightsFacts, ServerFacts } from "../db/facts.ts";
import { messageOf } from "../errors.ts";
import { clockPutBack, type PutBack } from "../jobs/trouble.ts";
import { brokenTail } from "../ledger/verify.ts";
import { overdue } from "../notices/notify.ts";
import { type Check, type CheckLine, clockLine, lineOf, span } from "./check.ts";

interface DatabaseParts {
  open: () => Db;
  facts: (db: Db) => Promise<Facts>;
  /** What `DATABASE_URL` says: how many hosts, and `prepare`. */
  hosts: number;
  prepare: boolean;
}

/** So many of the ledger's last rows are recomputed; `verify` does them all. */
const tail = 1_000;
/** Notices go out every few seconds: one that waits longer than this is stuck. Seconds. */
const stuck = 900;

/** The check of the database; throws, and so says one thing, when it cannot be reached. */
export function checkDatabase(parts: DatabaseParts): Check {
  return {
    about: "database",
    ask: async () => {
      const db = parts.open();
      try {
        const { server, pending, rights } = await parts.facts(db);
        return [
          ...serverLines(server, parts),
          clockLine("database", server.now, server.ours),
          migrationsLine(pending),
          ...(rights ? rightsLines(rights) : []),
          ...(rights && rights.missing.length === 0 ? [putBackLine(await clockPutBack(db))] : []),
          ...(rights && rights.missing.length === 0 ? await contentsLines(db, server.now) : []),
        ];
      } finally {
        await db.end({ timeout: 5 });
      }
    },
  };
}

/** What was written while the clock was ahead lies in the future. */
function putBackLine(back: PutBack | null): CheckLine {
  const about = "clock, lately";
  if (back === null) return { state: "ok", about, says: "was not put back" };
  const says = `the database's was put back by ${span(back.seconds)}, found at ${back.at.toISOString().slice(0, 16)}Z: what was written before bears a wrong time`;
  const remedy = "see that it is right now and kept so on every server: timedatectl set-ntp true";
  return { state: "warn", about, says, remedy };
}

function serverLines(server: ServerFacts, { hosts, prepare }: DatabaseParts): CheckLine[] {
  return [
    lineOf("database", standbyFault(server), "answers, and takes writes"),
    lineOf(
      "PostgreSQL",
      server.version >= 140_000
        ? null
        : {
            says: `${server.versionName} is too old`,
            remedy: "upgrade the server to PostgreSQL 14 or newer",
          },
      server.versionName,
    ),
    poolerLine(server, prepare),
    ...sessionLines(server, prepare),
    ...(hosts > 1
      ? [{ state: "ok", about: "hosts", says: `${hosts}; the one that takes writes is used` } as const]
      : []),
    replicationLine(server),
  ];
}

function standbyFault({ standby }: ServerFacts) {
  if (!standby) return null;
  return {
    says: "this server is a standby and refuses writes",
    remedy: "name the primary in DATABASE_URL, or all servers with commas",
  };
}

/** PgBouncer: prepared statements of the protocol do not outlive a transaction before 1.21; ours then wait for ever. */
function poolerLine({ pooler }: ServerFacts, prepare: boolean): CheckLine {
  const about = "pooler";
  if (pooler === "none") return { state: "ok", about, says: "none in between" };
  if (pooler === "session") return { state: "ok", about, says: "PgBouncer, by session" };
  if (!prepare) return { state: "ok", about, says: "PgBouncer, by transaction, prepare is off" };
  return {
    state: "FAIL",
    about,
    says: "PgBouncer pools by transaction, where prepared statements get lost and the program would hang",
    remedy: "add ?prepare=false to DATABASE_URL",
  };
}

/** What the program sets for itself, and what only the server's owner can. */
function sessionLines(server: ServerFacts, prepare: boolean): CheckLine[] {
  const { unlike, boundless, encoding, replicationRole, careless } = server;
  const how = prepare ? "" : "set in each transaction";
  const perTransaction = "add ?prepare=false to DATABASE_URL, so that each transaction is set up by itself";
  const limits =
    "alter role … reset transaction_timeout; behind PgBouncer add ?prepare=false to DATABASE_URL, or alter role … set lock_timeout = '10s', … set idle_in_transaction_session_timeout = '5s'";
  const [says, remedy] = [boundless.join(", "), limits];
  return [
    lineOf(
      "encoding",
      encoding === "UTF8"
        ? null
        : {
            says: `the database is ${encoding}: names and texts do not fit in`,
            remedy: "restore it into one made with: create database … encoding 'UTF8' template template0",
          },
      encoding,
    ),
    lineOf(
      "session",
      unlike.length === 0 ? null : { says: unlike.join(", "), remedy: perTransaction },
      how || "set up by the program, whatever the defaults are",
    ),
    boundless.length === 0
      ? { state: "ok", about: "limits", says: how || "set up by the program" }
      : { state: "warn", about: "limits", says: `${says}: one stuck program could stop the till`, remedy },
    lineOf(
      "triggers",
      replicationRole === "origin"
        ? null
        : {
            says: `session_replication_role is ${replicationRole}: the ledger's guards do not work`,
            remedy:
              "as a superuser: alter role … reset session_replication_role, and the same for the database",
          },
      "they work",
    ),
    ...(careless.length === 0
      ? []
      : [
          {
            ...({ state: "info", about: "durability", remedy: "set them on" } as const),
            says: `${careless.join(", ")} off: a power cut may ruin the database`,
          },
        ]),
  ];
}

function replicationLine({ standbys, synchronous, standby }: ServerFacts): CheckLine {
  const about = "replication";
  if (standby) return { state: "info", about, says: "not asked of a standby" };
  const count = `${standbys} standby${standbys === 1 ? "" : "s"}`;
  if (standbys === 0 && !synchronous) {
    return { state: "info", about, says: "none: what a dead disk takes is what the last backup lacks" };
  }
  if (standbys === 0) {
    const says = "synchronous, and no standby is connected: every write waits for one";
    return { state: "FAIL", about, says, remedy: "start the standby, or empty synchronous_standby_names" };
  }
  if (synchronous) return { state: "ok", about, says: `synchronous, ${count}` };
  const says = `${count}, not synchronous: a failover may lose the last acknowledged points`;
  return { state: "warn", about, says, remedy: "set synchronous_standby_names and synchronous_commit = on" };
}

function migrationsLine(pending: Facts["pending"]): CheckLine {
  const about = "migrations";
  if (!Array.isArray(pending)) {
    // What is wrong is its first sentence, and what to do the rest.
    const [says = "", ...rest] = messageOf(pending.error)
      .replace(/\.$/, "")
      .split(/\. (?=[A-Z])/);
    return {
      state: "FAIL",
      about,
      says,
      remedy: rest.join(". ") || "run loyalty-bot migrate, which says more",
    };
  }
  if (pending.length === 0) return { state: "ok", about, says: "all applied" };
  return { state: "info", about, says: `${pending.length} pending: serve and migrate apply them` };
}

function rightsLines(rights: RightsFacts): CheckLine[] {
  const { missing } = rights;
  return [
    lineOf(
      "privileges",
      missing.length === 0 ? null : { says: `the role lacks ${missing.join(", ")}`, remedy: grants },
      "the role may do what the program does",
    ),
    roleLine(rights),
    guardsLine(rights),
  ];
}

/** So many differences are told; `verify` names all. */
const maxChanges = 5;

function guardsLine({ changed }: RightsFacts): CheckLine {
  const about = "ledger guards";
  if (changed === null) return { state: "info", about, says: "looked at once all migrations are applied" };
  const told = changed.slice(0, maxChanges).join(" ").replace(/\.$/, "");
  const more = changed.length > maxChanges ? `; and ${changed.length - maxChanges} more` : "";
  const remedy =
    "put it back (alter table … enable trigger all for a trigger that is off; the rest as sql/schema.txt has it), find out who changed it, and run loyalty-bot verify with a seal of the owners' chat";
  return lineOf(
    about,
    changed.length === 0 ? null : { says: `${told}${more}`, remedy, detail: `${changed.length}` },
    "tables, constraints, triggers and functions are as the migrations made them",
    "guards",
  );
}

const grants = "run loyalty-bot migrate with the owner of the tables in MIGRATE_DATABASE_URL";

function roleLine({ owner, spare }: RightsFacts): CheckLine {
  const about = "role";
  if (owner) {
    const says =
      "owns the tables, so it could switch the ledger's guards off: see MIGRATE_DATABASE_URL for a lesser one";
    return { state: "info", about, says };
  }
  if (spare.length > 0) {
    const remedy = `${grants}; what everybody or another role has, take from them`;
    return {
      state: "warn",
      about,
      says: `a lesser one, which may do more than it needs: ${spare.join(", ")}`,
      remedy,
    };
  }
  return { state: "ok", about, says: "a lesser one: it can neither change nor remove rows of the ledger" };
}

async function contentsLines(db: Db, now: Date): Promise<CheckLine[]> {
  const broken = await inTransaction(db, async (tx) => {
    await byOwnNames(tx);
    return brokenTail(tx, tail);
  });
  const { count, since } = await overdue(db);
  const waits = since === null ? 0 : Math.max(0, Math.round((now.getTime() - since.getTime()) / 1000));
  return [
    lineOf(
      "ledger",
      broken === 0
        ? null
        : {
            says: `${broken} of its last rows do not follow from the row before`,
            remedy: "run loyalty-bot verify",
          },
      `its last rows chain; loyalty-bot verify proves all of them`,
    ),
    lineOf(
      "outbox",
      waits < stuck
        ? null
        : {
            says: `${count} messages are due, the oldest for ${span(waits)}`,
            remedy: "see that serve runs and what its log says of notify_new_bonuses",
            detail: String(count),
          },
      count === 0 ? "nothing is due" : `${count} due, the oldest for ${span(waits)}`,
      "outbox",
    ),
  ];
}
