// What comes after the demo: what YCLIENTS must give, the commands that install it, and the page on a phone.

import { openDialog } from "./dialog.ts";
import { type Child, h } from "./dom.ts";
import { words } from "./language.ts";
import type { World } from "./protocol.ts";
import { installCommands } from "./words.ts";

/** What it takes. */
export function openInstall(): void {
  const t = words().install;
  openLong(
    t.title,
    h("h3", {}, t.needsTitle),
    h("ul", {}, ...t.needs.map((one) => h("li", {}, one))),
    h("h3", {}, t.commandsTitle),
    commands(t.commandsTitle, installCommands.join("\n")),
    h("p", {}, t.more),
  );
}

/** The page's address for a phone's camera, or how it gets one that a phone can open. */
export function openPhone({ open, command }: World): void {
  const t = words().phone;
  openLong(
    t.title,
    ...(open === null ? [h("p", {}, t.how), commands(t.title, command)] : [onPhone(open)]),
    h("p", { class: "warning" }, t.warning),
  );
}

function openLong(title: string, ...children: Child[]): void {
  const shut = h("button", { type: "button", class: "key main" }, words().close);
  shut.onclick = openDialog(
    { class: "ending", "aria-labelledby": "ending-title" },
    h("h2", { id: "ending-title" }, title),
    ...children,
    h("div", { class: "keys" }, shut),
  );
}

/** Commands as they are typed, a line each; read by whoever cannot see them, and reached by Tab to be scrolled. */
function commands(label: string, text: string): HTMLElement {
  return h("pre", { tabindex: 0, role: "group", "aria-label": label }, h("code", {}, text));
}

function onPhone(address: string): HTMLElement {
  const t = words().phone;
  const code = h("img", { src: "/qr.svg", alt: t.code(address), width: 168, height: 168 });
  return h("div", { class: "phone" }, code, h("p", {}, t.point, h("b", {}, address)));
}
