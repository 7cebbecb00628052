// The paper part.
import type { Line } from "./row.ts";
export function paper(_lines: Line[]): string {
  return "";
}
