// The machine: whose turn it is on which core, and what a process has used of it, as Linux tells.

import { readFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { commitOf, sourceLine } from "../tools/source.ts";
import type { Stage } from "./stage.ts";

/** The program under test has the first core to itself; the database, the stand-ins and the load share the second. */
const [ours, theirs] = [0, 1];
const pins = Bun.which("taskset") !== null && cpus().length > 1;

/** The command on the core of what is measured. */
export function onItsCore(command: string[]): string[] {
  return pins ? ["taskset", "-c", String(ours), ...command] : command;
}

const children = new Set<Bun.Subprocess>();

/** Keeps what was started, so that a run which is broken off leaves none of it behind. */
export function noted<Child extends Bun.Subprocess>(child: Child): Child {
  children.add(child);
  void child.exited.finally(() => children.delete(child));
  return child;
}

/** Ends all that was started and noted, at once. */
export async function endAll(): Promise<void> {
  const left = [...children];
  for (const child of left) child.kill("SIGKILL");
  await Promise.all(left.map((child) => child.exited));
}

/** This process, and all that it starts from now on, on the other core. */
export function makeRoom(): void {
  if (pins) Bun.spawnSync(["taskset", "-a", "-c", "-p", String(theirs), String(process.pid)]);
}

/** A step of the processor time that Linux tells (its USER_HZ is 100 on every machine that Bun runs on). */
export const tickMs = 10;

/** The server that a process belongs to has both cores while the work lasts: what it does is what is measured. */
export async function onBothCores<T>(backend: number, work: () => Promise<T>): Promise<T> {
  const [, server] = /PPid:\s+(\d+)/.exec(readFileSync(`/proc/${backend}/status`, "utf8")) ?? [];
  const pin = (cores: string) => pins && Bun.spawnSync(["taskset", "-c", "-p", cores, server ?? ""]);
  pin(`${ours},${theirs}`);
  try {
    return await work();
  } finally {
    pin(String(theirs));
  }
}

/** Milliseconds of processor time that a process has had, with those of threads that have ended. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The second field is a name, which may hold anything; after it the twelfth and thirteenth are utime and stime.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}

/** Resident memory in MB, now or at the most so far; 0 when the process is gone. */
export function memoryMb(pid: number, what: "VmRSS" | "VmHWM" = "VmRSS"): number {
  try {
    const [, kilobytes] =
      new RegExp(`${what}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return (Number(kilobytes ?? 0) * 1024) / 1e6;
  } catch {
    return 0;
  }
}

const version = (command: string[]) => Bun.spawnSync(command).stdout.toString().trim();

/** Such as `Node v20.19.2`. */
export const nodeName = Bun.which("node") ? `Node ${version(["node", "--version"])}` : "Node (not here)";

/** Of the last minute. */
export const loadAverage = () => loadavg()[0] ?? 0;
/** The most with which a run should begin. */
export const quiet = 0.5;

/** What the figures were measured on, a line each; `source` is the digest of what was measured. */
export function machine({ postgres, ownServer }: Stage, loadBefore: number, source: string): string[] {
  return [
    `${cpus().length} x ${cpus()[0]?.model ?? "unknown processor"}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${version(["uname", "-sr"])}`,
    `Commit ${commitOf()}; Bun ${Bun.version}, ${nodeName}, ${postgres}`,
    sourceLine(source),
    cores(ownServer),
    `Load average ${loadBefore.toFixed(2)} at the start, ${loadAverage().toFixed(2)} at the end, which is the run's own.`,
    ...(loadBefore > quiet ? [`**${busy(loadBefore)}**`] : []),
  ];
}

/** Said at the start too, and in the results of a run that went on all the same. */
export const busy = (load: number) =>
  `The load average was ${load.toFixed(2)} before the run, above ${quiet}: something else has a share of the machine, or had in the last minute. Figures will be too low: wait, and begin again.`;

function cores(ownServer: boolean): string {
  if (!pins) return "Nothing is pinned: there is no taskset here, or one core only.";
  return ownServer
    ? "The program has the first core to itself; PostgreSQL, the stand-ins and the load share the second. For verify alone PostgreSQL has both."
    : "The program runs on the first core, the stand-ins and the load on the second. Where PostgreSQL runs is not known: DATABASE_URL was given.";
}
