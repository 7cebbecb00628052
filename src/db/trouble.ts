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
  if (code === "NO_TLS") {
    const remedy = `switch ssl on in postgresql.conf, or write sslmode=disable in ${where} where the network is your own`;
    return { says: "PostgreSQL speaks no TLS, which the address asks for", remedy };
  }
  if (/^(CERT_|ERR_TLS_CERT|SELF_SIGNED|DEPTH_ZERO_SELF|UNABLE_TO_(GET|VERIFY))/.test(code)) {
    const remedy = `name the authority's file in sslrootcert of ${where}, and the host as its certificate does`;
    return { says: `The certificate of PostgreSQL is not trusted (${code})`, remedy };
  }
  if (code === "28P01" || code === "28000" || code === "3D000") {
    const remedy = "check the user, the password and the database's name";
    return { says: `The database refuses ${where} (${messageOf(error)})`, remedy };
  }
  if (code === "08P01" && /unsupported startup parameter/.test(messageOf(error))) {
    const remedy = `add ?prepare=false to ${where}`;
    return { says: `PgBouncer refuses the connection (${messageOf(error)})`, remedy };
  }
  if (code === "42704" && /idle_session_timeout/.test(messageOf(error)))
    return { says: "PostgreSQL is too old", remedy: "upgrade the server to PostgreSQL 14 or newer" };
  if (code === "53300") {
    const remedy =
      "raise max_connections, or put PgBouncer in front; each replica of this program takes up to 8";
    return { says: "PostgreSQL has no connection left", remedy };
  }
  return null;
}
