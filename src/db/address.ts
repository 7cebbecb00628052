// The address of a database as hosts hand it out: every parameter of libpq is taken, translated, or refused by name.

import { readFileSync } from "node:fs";
import { messageOf } from "../errors.ts";
import { limits } from "./session.ts";

/** A folder of sockets begins with `/`. */
export interface Host {
  host: string;
  port: number;
}

export interface Address {
  hosts: Host[];
  user?: string;
  password?: string;
  database?: string;
  /** As postgres.js takes it. */
  ssl: false | "prefer" | "require" | object;
  sslnegotiation?: "direct";
  /** Seconds. */
  connectTimeout?: number;
  /** Off behind a PgBouncer in transaction mode. */
  prepare: boolean;
  /** Settings of the session that the address names itself. */
  settings: Record<string, string>;
}

/** Thrown inside, with a sentence that holds no password. */
class Wrong extends Error {}

/** The address, or in `wrong` a sentence: what of it cannot be used, and what to write instead. It repeats no value. */
export function readAddress(url: string): Address | { wrong: string } {
  try {
    return read(url);
  } catch (error) {
    if (error instanceof Wrong) return { wrong: `The database's address ${error.message}.` };
    throw error;
  }
}

/** Whether the address says that a PgBouncer in transaction mode is in between, and how many hosts it names. */
export function wayOf(url: string): { prepare: boolean; hosts: number } {
  const found = readAddress(url);
  return "wrong" in found
    ? { prepare: true, hosts: 1 }
    : { prepare: found.prepare, hosts: found.hosts.length };
}

type Params = Map<string, string>;

const flags = { no: /^(0|off|false|no|disable)?$/i, yes: /^(1|on|true|yes)$/i };

/** What changes nothing here, or not for the worse: what others call their pool and time-outs, and what TCP is told. */
const idle = new Set([
  ...["fallback_application_name", "keepalives", "keepalives_idle", "keepalives_interval"],
  ...["keepalives_count", "tcp_user_timeout", "sslcompression", "sslcertmode", "load_balance_hosts"],
  ...["channel_binding", "prepared_statement_cache_size", "statement_cache_size", "command_timeout"],
  ...["timeout", "server_settings", "connection_limit", "pool_timeout", "socket_timeout", "pool_size"],
]);

/** Settings that an operator may set for the program; each other one of the session is the program's own to say. */
const settable = new Set([
  ...Object.keys(limits),
  ...["application_name", "search_path", "synchronous_commit", "options"],
]);

const login = "write user and password in the address";
const remedies: Record<string, string> = {
  passfile: login,
  require_auth: "take it away, and say in pg_hba.conf how the role proves itself",
  gsslib: login,
  gssdelegation: login,
  krbsrvname: login,
  oauth_issuer: login,
  oauth_client_id: login,
  oauth_client_secret: login,
  oauth_scope: login,
  scram_client_key: login,
  scram_server_key: login,
  requirepeer: "take it away: a socket's folder is to be trusted",
  service: "write what the service's file says in the address",
  servicefile: "write what the service's file says in the address",
  sslcrl: "take it away, and name an authority of your own in sslrootcert",
  sslcrldir: "take it away, and name an authority of your own in sslrootcert",
  sslkeylogfile: "take it away",
  schema: "write search_path instead",
};

/** What may be said of these alone; the rest of their values asks for what is not here. */
const limited: Record<string, [only: RegExp, remedy: string]> = {
  replication: [flags.no, "take it away"],
  gssencmode: [/^(disable|prefer)$/, "take it away, and write sslmode=require"],
  client_encoding: [/^("?utf-?8"?|auto|unicode)$/i, "take it away: the program speaks UTF-8"],
  target_session_attrs: [
    /^(any|read-write|primary)$/,
    "take it away: of several hosts the one that takes writes is used",
  ],
  sslsni: [flags.yes, "take it away"],
  min_protocol_version: [/^(3\.0)?$/, "take it away"],
  max_protocol_version: [/^(3\.[02]|latest)?$/, "take it away"],
};

function read(url: string): Address {
  const parts = /^postgres(?:ql)?(?:\+\w+)?:\/\/([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?(#.*)?$/is.exec(
    url.trim(),
  );
  const [, authority = "", path = "", query = "", fragment] = parts ?? [];
  const encoded = "has a sign such as / ? # in its password: write it percent-encoded, %2F %3F %23";
  if (!parts || fragment !== undefined) throw new Wrong(encoded);
  if (!authority.includes("@") && /@/.test(path)) throw new Wrong(encoded);
  const params = paramsOf(query);
  const at = authority.lastIndexOf("@");
  const [user = "", password] = at < 0 ? [] : authority.slice(0, at).split(/:(.*)/s);
  const named = (given: string, parameter: string) => params.get(parameter) || decoded(given) || undefined;
  const [who, secret] = [named(user, "user"), named(password ?? "", "password")];
  const database = named(path, "dbname");
  const settings = settingsOf(params);
  const timeout = params.get("connect_timeout");
  if (timeout !== undefined && !/^\d{1,5}$/.test(timeout))
    throw new Wrong("has connect_timeout without a number of seconds: write one, or take it away");
  const prepare =
    !flags.no.test(params.get("prepare") ?? "true") && !flags.yes.test(params.get("pgbouncer") ?? "");
  return {
    hosts: hostsOf(authority.slice(at + 1), params),
    ...(who !== undefined && { user: who }),
    ...(secret !== undefined && { password: secret }),
    ...(database !== undefined && { database }),
    ...tlsOf(params),
    // For libpq 0 is for ever.
    ...(timeout !== undefined && { connectTimeout: Number(timeout) || 3_600 }),
    ...{ prepare, settings },
  };
}

/** The parameters, each by its name in small letters; those that are refused are named. */
function paramsOf(query: string): Params {
  const params: Params = new Map();
  for (const pair of query.split("&").filter(Boolean)) {
    const [key = "", value = ""] = pair.split(/=(.*)/s);
    const name = decoded(key).toLowerCase();
    const text = decoded(value);
    const remedy = remedies[name];
    if (remedy !== undefined) throw new Wrong(`has ${name}, which is not here: ${remedy}`);
    const limit = limited[name];
    if (limit && !limit[0].test(text))
      throw new Wrong(`has ${name} with a value that is not here: ${limit[1]}`);
    if (!limit && !idle.has(name) && !settable.has(name) && !known.has(name)) {
      const shown = /^\w{1,60}$/.test(name) ? `the parameter ${name}` : "a parameter";
      throw new Wrong(`has ${shown} that the program does not know, or sets by itself: take it away`);
    }
    params.set(name, text);
  }
  return params;
}

const known = new Set([
  ...["host", "hostaddr", "port", "dbname", "user", "password", "connect_timeout", "prepare", "pgbouncer"],
  ...["ssl", "sslmode", "requiressl", "sslnegotiation", "sslcert", "sslkey", "sslpassword", "sslrootcert"],
  ...["ssl_min_protocol_version", "ssl_max_protocol_version"],
]);

/** What is not encoded well is taken as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function hostsOf(authority: string, params: Params): Host[] {
  const list = (name: string) => (params.get(name) ?? "").split(",").filter(Boolean);
  const written = authority.split(",").map((text) => {
    const [, six, four = "", port = ""] = /^(?:\[([^\]]*)\]|([^:]*))(?::(.*))?$/s.exec(text) ?? [];
    return { host: decoded(six ?? four), port };
  });
  if (written.some(({ port }) => !/^\d{0,5}$/.test(port)))
    throw new Wrong("has a port that is no number: write host:port, an address of IPv6 as [::1]:5432");
  // As libpq: what a parameter says counts, an address before the name.
  const named = list("hostaddr").length > 0 ? list("hostaddr") : list("host");
  const ports = list("port");
  const hosts = named.length > 0 ? named : written.map(({ host }) => host);
  return hosts.map((host, place) => {
    const port = ports[place] ?? ports[0] ?? written[place]?.port ?? "";
    return { host: host || "localhost", port: Number(port || 5432) };
  });
}

function settingsOf(params: Params): Record<string, string> {
  return Object.fromEntries([...params].filter(([name]) => settable.has(name)));
}

const modes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];
const versions = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];

/** TLS as libpq means it: `require` encrypts and asks for no proof, unless an authority is named. */
function tlsOf(params: Params): Pick<Address, "ssl" | "sslnegotiation"> {
  const given = params.get("sslmode") || modeOf(params.get("ssl") ?? params.get("requiressl"));
  const root = params.get("sslrootcert");
  const mode = given || (root === "system" ? "verify-full" : root ? "prefer" : "disable");
  if (!modes.includes(mode)) throw new Wrong(`has an unknown sslmode: write one of ${modes.join(", ")}`);
  if (root === "system" && mode !== "verify-full")
    throw new Wrong("has sslrootcert=system, which proves nothing so: write sslmode=verify-full with it");
  if (mode === "disable") return { ssl: false };
  const negotiation = params.get("sslnegotiation") ?? "postgres";
  if (!/^(postgres|direct)$/.test(negotiation))
    throw new Wrong("has an unknown sslnegotiation: write postgres or direct");
  const options = {
    ...file(params, "sslcert", "cert"),
    ...file(params, "sslkey", "key"),
    ...(root && root !== "system" && file(params, "sslrootcert", "ca")),
    ...(params.has("sslpassword") && { passphrase: params.get("sslpassword") }),
    ...version(params, "ssl_min_protocol_version", "minVersion"),
    ...version(params, "ssl_max_protocol_version", "maxVersion"),
  };
  const proved = mode === "verify-full" || mode === "verify-ca" || (root !== undefined && mode === "require");
  const plain = Object.keys(options).length === 0;
  const ssl = proved
    ? {
        ...options,
        rejectUnauthorized: true,
        ...(mode !== "verify-full" && { checkServerIdentity: () => undefined }),
      }
    : plain || mode !== "require"
      ? mode === "require"
        ? "require"
        : "prefer"
      : { ...options, rejectUnauthorized: false };
  return { ssl, ...(negotiation === "direct" && { sslnegotiation: "direct" }) };
}

/** `ssl=true` of other drivers. */
function modeOf(ssl: string | undefined): string | undefined {
  if (ssl === undefined) return undefined;
  if (flags.yes.test(ssl)) return "require";
  return flags.no.test(ssl) ? "disable" : ssl;
}

function file(params: Params, name: string, option: string): Record<string, string> {
  const path = params.get(name);
  if (!path) return {};
  try {
    return { [option]: readFileSync(path, "utf8") };
  } catch (error) {
    const code = String(Object(error).code ?? messageOf(error));
    throw new Wrong(`names a file in ${name} that cannot be read (${code}): write the path of one that can`);
  }
}

function version(params: Params, name: string, option: string): Record<string, string> {
  const wanted = params.get(name);
  if (!wanted) return {};
  const found = versions.find((one) => one.toLowerCase() === wanted.toLowerCase());
  if (!found) throw new Wrong(`has an unknown ${name}: write one of ${versions.join(", ")}`);
  return { [option]: found };
}
