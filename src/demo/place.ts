// Where the demo's page is served: to this machine alone, or, when that was asked for, to a network and its phones.

import { isIP } from "node:net";
import { networkInterfaces } from "node:os";
import { OperatorError } from "../errors.ts";

/** `host` is what is listened on; `names` is what a page's address may say for it; `shared` when others can open it. */
export interface PagePlace {
  host: string;
  names: string[];
  shared: boolean;
}

const loopback = ["127.0.0.1", "localhost"];

/** This machine's addresses in its networks: those of the fourth version first, for they are the shorter ones to type. */
export function networkAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ internal, address }) => !internal && !/^(169\.254|fe80)/i.test(address))
    .sort((one, other) => one.family.localeCompare(other.family))
    .map(({ address }) => address);
}

/** Reads `--host`; an `OperatorError` when it is no address of this machine. Without it nobody else can open the page. */
export function placeOf(host: string | undefined, own = networkAddresses()): PagePlace {
  if (host === undefined) return { host: "127.0.0.1", names: loopback, shared: false };
  const wanted = host.trim().replace(/^\[(.*)\]$/, "$1");
  const any = wanted === "0.0.0.0" || wanted === "::";
  if (any) return { host: wanted, names: [...own, ...loopback].map(inAddress), shared: own.length > 0 };
  const here = wanted === "127.0.0.1" || wanted === "::1";
  if (isIP(wanted) !== 0 && (here || own.includes(wanted)))
    return {
      host: wanted,
      names: here ? [inAddress(wanted), "localhost"] : [inAddress(wanted)],
      shared: !here,
    };
  const offer =
    own.length === 0 ? "it is in no network now" : `it has ${own.join(", ")}, and 0.0.0.0 is all of them`;
  throw new OperatorError(`--host takes an address of this machine (${offer}): "${host}" is none.`);
}

/** As it stands in `http://…`. */
export function inAddress(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host;
}
