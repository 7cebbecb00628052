// The machine: whose turn it is on which core, and what a process has used of it, as Linux tells.

import { readdirSync, readFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";

/** The program under test has the first core to itself; the database, the stand-ins and the load share the second. */
const [ours, theirs] = [0, 1];
const pins = Bun.which("taskset") !== null && cpus().length > 1;

/** The command on the core of what is measured. */
export function onItsCore(command: string[]): string[] {
  return pins ? ["taskset", "-c", String(ours), ...command] : command;
}

/** This process, and all that it starts from now on, on the other core. */
export function makeRoom(): void {
  if (pins) Bun.spawnSync(["taskset", "-a", "-c", "-p", String(theirs), String(process.pid)]);
}

/** Milliseconds of processor time that all threads of a process have had. */
export function cpuMs(pid: number): number {
  const tasks = readdirSync(`/proc/${pid}/task`);
  const ns = tasks.map((task) => {
    try {
      return Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, "utf8").split(" ")[0]);
    } catch {
      return 0; // a thread that has just ended
    }
  });
  return ns.reduce((sum, one) => sum + one, 0) / 1e6;
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

/** What the figures were measured on, a line each. */
export function machine(postgres: string): string[] {
  const version = (command: string[]) => Bun.spawnSync(command).stdout.toString().trim();
  const node = Bun.which("node") ? `, Node ${version(["node", "--version"])}` : "";
  return [
    `${cpus().length} x ${cpus()[0]?.model ?? "unknown processor"}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${version(["uname", "-sr"])}`,
    `Bun ${Bun.version}${node}, PostgreSQL ${postgres}`,
    pins
      ? "The program has the first core to itself; PostgreSQL, the stand-ins and the load share the second."
      : "Nothing is pinned: there is no taskset here, or one core only.",
  ];
}
