// Tells a database that is away for now from a fault of our own.

export { clockPutBack, lookAtClock, type PutBack } from "./clock.store.ts";

// Connection lost (08), no connections left (53), shut down or starting (57P), out of time or in each other's way, and
// a server that has just become a read-only replica.
const codes = /^(08|53|57P|57014|55P03|40001|40P01|25006)/;
const connection =
  /^(CONNECT_TIMEOUT|CONNECTION_\w+|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|ERR_SOCKET_CLOSED)$/;

/** Whether the database is away, so that doing the same a little later is right. Only for errors of a flow. */
export function databaseIsAway(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return false;
  return connection.test(error.code) || (error.name === "PostgresError" && codes.test(error.code));
}
