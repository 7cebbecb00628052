// The root that MAX's hosts hang on: that one and no other, for these hosts and no other.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MaxClient } from "../../../src/channels/max/client.ts";
import { readTrust, type Trust } from "../../../src/channels/max/trust.ts";
import { startMax } from "../../../src/standins/max/server.ts";
import { whereIs } from "../../helpers/installed.ts";

const folder = mkdtempSync(join(tmpdir(), "max-trust-"));
const file = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

function openssl(...args: string[]): void {
  const made = Bun.spawnSync([whereIs("openssl") ?? "openssl", ...args], { cwd: folder });
  if (!made.success) throw new Error(`openssl failed: ${made.stderr}`);
}

/** A root, one that it has signed, and a leaf of that for this machine; and a root of somebody else's. */
beforeAll(() => {
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  const authority = ["-addext", "basicConstraints=critical,CA:TRUE"];
  for (const name of ["root", "other"])
    openssl(
      ...["req", "-x509", ...key, "-days", "9", "-subj", `/CN=${name}`],
      ...authority,
      ...["-keyout", `${name}.key`, "-out", `${name}.crt`],
    );
  const sign = (name: string, by: string, more: string[]) => {
    openssl("req", ...key, "-subj", `/CN=${name}`, "-keyout", `${name}.key`, "-out", `${name}.csr`);
    writeFileSync(file(`${name}.ext`), more.join("\n"));
    openssl(
      ...["x509", "-req", "-in", `${name}.csr`, "-CA", `${by}.crt`, "-CAkey", `${by}.key`, "-days", "9"],
      ...["-set_serial", "7", "-extfile", `${name}.ext`, "-out", `${name}.crt`],
    );
  };
  sign("sub", "root", ["basicConstraints=critical,CA:TRUE"]);
  sign("leaf", "sub", ["subjectAltName=DNS:localhost,IP:127.0.0.1"]);
});

const read = (name: string) => readFileSync(file(name), "utf8");
const pinned = (domain = "localhost") => ({
  fingerprint: new X509Certificate(read("root.crt")).fingerprint256,
  domain,
});

async function asked(trust: Trust | null, chain: string[]): Promise<unknown> {
  const max = startMax({ token: "t" });
  try {
    const apiRoot = max.secure({ key: read("leaf.key"), cert: chain.map(read).join("") });
    const client = new MaxClient({ token: "t", apiRoot, trust });
    return await client.call("GET", "/me").then(
      () => "believed",
      (error) => error,
    );
  } finally {
    await max.stop();
  }
}

test("a host of the domain is believed by the root, and by nobody else's call", async () => {
  const trust = readTrust(file("root.crt"), pinned());
  expect(await asked(trust, ["leaf.crt", "sub.crt"])).toBe("believed");
  expect(await asked(null, ["leaf.crt", "sub.crt"])).toMatchObject({ status: null, mayHaveArrived: false });
  // Another domain's host does not come to be believed by it.
  expect(await asked(readTrust(file("root.crt"), pinned("max.ru")), ["leaf.crt", "sub.crt"])).toMatchObject({
    status: null,
    mayHaveArrived: false,
  });
});

test("a server that sends its leaf alone is believed when the file has what the root has signed", async () => {
  writeFileSync(file("both.pem"), read("root.crt") + read("sub.crt"));
  expect(await asked(readTrust(file("both.pem"), pinned()), ["leaf.crt"])).toBe("believed");
  expect(await asked(readTrust(file("root.crt"), pinned()), ["leaf.crt"])).toMatchObject({ status: null });
});

test("it covers the vendor's hosts over https, and no name that only looks alike", () => {
  const { covers } = readTrust(file("root.crt"), pinned("max.ru"));
  for (const url of ["https://platform-api2.max.ru/me", "https://max.ru"]) expect(covers(url)).toBe(true);
  for (const url of [
    "http://platform-api2.max.ru",
    "https://platform-api2.max.ru.example.com",
    "https://evilmax.ru",
    "https://iu.oneme.ru/upload",
    "https://max.ru@example.com",
  ])
    expect(covers(url)).toBe(false);
});

test("another root is refused in a sentence, and so is anybody's certificate beside it", () => {
  expect(() => readTrust(file("root.crt"))).toThrow(
    /MAX_CA: .*does not hold that root.*gosuslugi\.ru\/tls.*D2:6D:2D/,
  );
  writeFileSync(file("mixed.pem"), read("root.crt") + read("other.crt"));
  expect(() => readTrust(file("mixed.pem"), pinned())).toThrow(/has not signed/);
  writeFileSync(file("nothing.pem"), "hello");
  expect(() => readTrust(file("nothing.pem"), pinned())).toThrow(/cannot be read as a certificate/);
  expect(() => readTrust(file("missing.pem"), pinned())).toThrow(/cannot be read as a certificate/);
});

test("a file in the other form (DER) is read too, and the root's end is known", () => {
  openssl("x509", "-in", "root.crt", "-outform", "der", "-out", "root.der");
  const { ends } = readTrust(file("root.der"), pinned());
  expect(ends.getTime() - Date.now()).toBeWithin(8 * 86_400_000, 10 * 86_400_000);
});
