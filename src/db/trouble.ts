// Why a database cannot be used, in words that say what to do.

import { messageOf } from "../errors.ts";

const away = /^(ECONNREFUSED|ENOTFOUND|CONNECT_TIMEOUT|EAI_AGAIN|ECONNRESET|CONNECTION_CLOSED)$/;

/** `where` is the setting that holds the address. What is wrong and what to do about it; null when the error does not come from connecting. */
export function databaseTrouble(
  error: unknown,
  where = "DATABASE_URL",
): { says: string; remedy: string } | null {
  const code = String(Object(error).code ?? "");
  if (away.test(code)) {
    const remedy = `check the host and the port in ${where}, and that PostgreSQL runs`;
    return { says: `The database cannot be reached (${code})`, remedy };
  }
  if (code === "28P01" || code === "28000" || code === "3D000") {
    const remedy = "check the user, the password and the database's name";
    return { says: `The database refuses ${where} (${messageOf(error)})`, remedy };
  }
  if (code === "08P01" && /unsupported startup parameter/.test(messageOf(error))) {
    const remedy = `add ?prepare=false to ${where}`;
    return { says: `PgBouncer refuses the connection (${messageOf(error)})`, remedy };
  }
  if (code === "53300") {
    const remedy =
      "raise max_connections, or put PgBouncer in front; each replica of this program takes up to 8";
    return { says: "PostgreSQL has no connection left", remedy };
  }
  return null;
}
