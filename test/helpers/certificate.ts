/** A certificate for 127.0.0.1 that nobody signed, for servers that tests start. */
import { join } from "node:path";
import { whereIs } from "./installed.ts";

/** Writes `server.crt` and `server.key` into the folder. */
export function selfSigned(folder: string): void {
  const files = ["-keyout", join(folder, "server.key"), "-out", join(folder, "server.crt")];
  const made = Bun.spawnSync([
    ...[whereIs("openssl") ?? "openssl", "req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt"],
    ...["ec_paramgen_curve:P-256", "-days", "2", "-subj", "/CN=localhost", ...files],
  ]);
  if (!made.success) throw new Error(`openssl failed: ${made.stderr}`);
}
