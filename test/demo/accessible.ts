// Holds the page to axe-core's rules, in any theme and at any width.
import axe from "axe-core";
import type { Page } from "./chromium.ts";

/** What axe finds, a line each: the rule and the elements that break it. */
export async function violations(page: Page): Promise<string[]> {
  // What moves is half-transparent for a moment: colours are measured when all stands still.
  await page.emulateMedia({ reducedMotion: "reduce" });
  // What was under way already, such as a theme's colours, comes to its end.
  await page.evaluate(
    "Promise.allSettled(document.getAnimations().filter((one) => one instanceof CSSTransition).map((one) => one.finished))",
  );
  if (!(await page.evaluate("'axe' in globalThis"))) await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Found[] }> } };
    type Found = { id: string; nodes: { html: string; failureSummary: string }[] };
    return (await axe.run()).violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map((one) => `${one.html} ${one.failureSummary}`).join(" | ")}`,
    );
  });
  return found;
}
