/** A certificate for 127.0.0.1 that nobody signed, for servers that tests start. */
import { join } from "node:path";
import { whereIs } from "./installed.ts";

/** Writes `server.crt` and `server.key` into the folder; with a name, they prove that name, and this machine's address. */
export function selfSigned(folder: string, name?: string): void {
  const files = ["-keyout", join(folder, "server.key"), "-out", join(folder, "server.crt")];
  const proves = name === undefined ? [] : ["-addext", `subjectAltName=DNS:${name},IP:127.0.0.1`];
  const made = Bun.spawnSync([
    ...[whereIs("openssl") ?? "openssl", "req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt"],
    ...["ec_paramgen_curve:P-256", "-days", "2", "-subj", `/CN=${name ?? "localhost"}`, ...proves, ...files],
  ]);
  if (!made.success) throw new Error(`openssl failed: ${made.stderr}`);
}
