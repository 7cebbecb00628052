// Several hosts in DATABASE_URL: which of them is the primary, asked anew for each connection.
//
// postgres.js 3.4.9 cannot be left to it. It takes a standby of PostgreSQL 14 or newer for `read-write`, since it looks at
// default_transaction_read_only alone, and while no host is a primary it dials all of them without a pause, some 150 times
// a second, and lets every query wait for ever (measured; src/connection.js, `tryNext`, `error` and `reconnect`).

import { connect as dial, type Socket } from "node:net";
import { Duplex } from "node:stream";
import postgres from "postgres";
import { OperatorError } from "../errors.ts";
import type { Address, Host } from "./address.ts";

/** Seconds for a host to say what it is: one that went down without a word holds nobody up longer. */
const patience = 5;

/**
 * Options for postgres.js that make each new connection go to the host that is the primary then; none where the address
 * names one host. Without a primary, connecting fails at once with what the hosts answered, as it does with one host.
 * A connection that hears nothing for `silenceMs` is dropped, so that a host that vanished is not waited for.
 */
export function followPrimary(address: Address, silenceMs: number): object {
  const { hosts } = address;
  if (!hosts[1]) return {};
  let asking: Promise<Host> | null = null; // a pool that opens many connections asks once
  const socket = async (): Promise<Socket | Duplex> => {
    try {
      asking ??= findPrimary(address, hosts).finally(() => {
        asking = null;
      });
      const { host, port } = await asking;
      const socket = host.startsWith("/") ? dial(socketOf({ host, port })) : dial(port, host);
      // postgres.js reads the name for TLS from the socket.
      return dropWhenSilent(Object.assign(socket, { host, port }), silenceMs);
    } catch (error) {
      return broken(error as Error);
    }
  };
  // One host, so that postgres.js goes to no other of itself. A role may be lost between the question and the connection.
  return { host: [hosts[0]?.host], port: [hosts[0]?.port], target_session_attrs: "primary", socket };
}

/** An address as postgres.js takes it. Nothing is left to its own reading, nor to the environment. */
export function optionsOf(address: Address): { host: string[]; port: number[] } {
  const { hosts, user, password, database, ssl, sslnegotiation } = address;
  const [first] = hosts;
  return {
    host: hosts.map((one) => one.host),
    port: hosts.map((one) => one.port),
    ...(first?.host.startsWith("/") && { path: socketOf(first) }),
    ...{ ssl, target_session_attrs: hosts.length > 1 ? "primary" : undefined },
    ...(user !== undefined && { user }),
    ...(password !== undefined && { pass: password }),
    ...(database !== undefined && { database }),
    ...(sslnegotiation !== undefined && { sslnegotiation }),
  };
}

/** A server's socket in its folder. */
function socketOf({ host, port }: Host): string {
  return `${host}/.s.PGSQL.${port}`;
}

async function findPrimary(address: Address, hosts: Host[]): Promise<Host> {
  try {
    return await Promise.any(hosts.map((host) => mustBePrimary(address, host)));
  } catch (failure) {
    const { errors } = failure as AggregateError;
    // What PostgreSQL said (a wrong password, say) tells more than a host that is down.
    const said = (kind: typeof postgres.PostgresError | typeof OperatorError) =>
      errors.find((one) => one instanceof kind);
    throw said(postgres.PostgresError) ?? said(OperatorError) ?? errors[0];
  }
}

async function mustBePrimary(address: Address, { host, port }: Host): Promise<Host> {
  const sql = postgres({
    ...optionsOf({ ...address, hosts: [{ host, port }] }),
    ...{ max: 1, connect_timeout: patience, fetch_types: false, prepare: false },
    connection: { application_name: "loyalty-bot looks for the primary" },
  } as object);
  try {
    const [row] = await sql<{ standby: boolean }[]>`select pg_is_in_recovery() as standby`;
    if (row?.standby === false) return { host, port };
    throw new OperatorError(
      "None of the hosts in DATABASE_URL is a primary: the ones that answer are standbys.",
    );
  } finally {
    void sql.end({ timeout: 0 });
  }
}

/**
 * TCP alone takes some 15 minutes to find out that a machine is gone, and its queries would wait for as long. What was
 * heard is counted on the socket itself: postgres.js takes all listeners off it, and under TLS Bun does not count what is
 * sent.
 */
function dropWhenSilent(socket: Socket, silenceMs: number): Socket {
  let [heard, since] = [0, performance.now()];
  const watch = setInterval(() => {
    if (socket.destroyed) return clearInterval(watch);
    if (socket.bytesRead !== heard) [heard, since] = [socket.bytesRead, performance.now()];
    else if (performance.now() - since > silenceMs) socket.destroy();
  }, silenceMs / 10);
  watch.unref();
  return socket;
}

/** A connection whose first word fails. postgres.js never recovers a connection whose `socket` throws. */
export function broken(error: Error): Duplex {
  return new Duplex({ read() {}, write: (_chunk, _encoding, done) => done(error) });
}
