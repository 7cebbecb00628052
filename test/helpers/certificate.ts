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

/** PEMs of a chain that only its own root vouches for, as a state's authority has one: root, then the middle, then `localhost`. */
export type CertificateChain = { root: string; middle: string; leaf: string; key: string };

/** Makes such a chain in the folder. */
export async function chainOfItsOwn(folder: string): Promise<CertificateChain> {
  const at = (name: string) => join(folder, name);
  const made = (name: string, subject: string, signer: string[], extensions: string) => {
    const config = at(`${name}.cnf`);
    const run = Bun.spawnSync([
      ...["sh", "-c", 'printf "%b" "$2" > "$3" && shift 3 && exec "$@"', "sh", "", extensions, config],
      ...[whereIs("openssl") ?? "openssl", "req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt"],
      ...["ec_paramgen_curve:P-256", "-days", "2", "-config", config, "-extensions", "e", "-subj", subject],
      ...[...signer, "-keyout", at(`${name}.key`), "-out", at(`${name}.pem`)],
    ]);
    if (!run.success) throw new Error(`openssl failed: ${run.stderr}`);
    return Bun.file(at(`${name}.pem`)).text();
  };
  const signedBy = (name: string) => ["-CA", at(`${name}.pem`), "-CAkey", at(`${name}.key`)];
  const head = "[req]\\ndistinguished_name=d\\n[d]\\n[e]\\n";
  const authority = `${head}basicConstraints=critical,CA:TRUE\\nkeyUsage=keyCertSign\\n`;
  const root = await made("root", "/CN=Own Root CA", [], authority);
  const middle = await made("middle", "/CN=Own Sub CA", signedBy("root"), authority);
  const leaf = await made(
    "leaf",
    "/CN=localhost",
    signedBy("middle"),
    `${head}subjectAltName=DNS:localhost\\n`,
  );
  return { root, middle, leaf, key: await Bun.file(at("leaf.key")).text() };
}
