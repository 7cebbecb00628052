// Whom the calls to MAX trust: its hosts hang on a root that no store has, which is believed for these hosts and no other.

import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { rootCertificates } from "node:tls";
import { messageOf, OperatorError } from "../../errors.ts";

/** SHA-256 of the Russian Trusted Root CA, valid until 27 February 2032 (published on gosuslugi.ru/tls). */
const russianRoot =
  "D2:6D:2D:02:31:B7:C3:9F:92:CC:73:85:12:BA:54:10:35:19:E4:40:5D:68:B5:BD:70:3E:97:88:CA:8E:CF:31";

/** One root, and the hosts that are believed because of it. */
export interface Trust {
  /** For the TLS of calls there: the roots that everybody knows, and that one. */
  readonly tls: { ca: string[] };
  /** When the root ends. */
  readonly ends: Date;
  /** Whether it is asked about this address. */
  covers(url: string): boolean;
}

/** Which root it must be, and of whose hosts it is believed. */
interface Pinned {
  fingerprint: string;
  domain: string;
}

/**
 * Reads the file of the root, in which those that the root has signed may stand too. An `OperatorError` where the file cannot
 * be read, or holds another root or anybody else's certificate.
 */
export function readTrust(
  file: string,
  { fingerprint, domain }: Pinned = { fingerprint: russianRoot, domain: "max.ru" },
): Trust {
  const refuse = (why: string) =>
    new OperatorError(
      `MAX_CA: ${file} ${why}. Download the Russian Trusted Root CA from gosuslugi.ru/tls; its SHA-256 is ${fingerprint}.`,
    );
  let all: X509Certificate[];
  try {
    all = certificatesOf(readFileSync(file));
  } catch (error) {
    throw refuse(`cannot be read as a certificate (${messageOf(error)})`);
  }
  const root = all.find((one) => one.fingerprint256 === fingerprint);
  if (root === undefined) throw refuse("does not hold that root");
  const strange = all.some((one) => !(one.checkIssued(root) && one.verify(root.publicKey)));
  if (strange) throw refuse("holds a certificate that this root has not signed");
  return {
    // Made once: the list is read anew for each call otherwise.
    tls: { ca: [...rootCertificates, ...all.map((one) => one.toString())] },
    ends: new Date(root.validTo),
    covers: (url) => hangsOnRoot(url, domain),
  };
}

/** Whether an address is one of MAX's own, which that root is for. */
export function hangsOnRoot(url: string, domain = "max.ru"): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" && (hostname === domain || hostname.endsWith(`.${domain}`));
}

function certificatesOf(bytes: Buffer): X509Certificate[] {
  const blocks = bytes.toString("latin1").match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  return (blocks ?? [bytes]).map((one) => new X509Certificate(one));
}
