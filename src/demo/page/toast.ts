// The bot's answers to taps: a toast that goes by itself, or an alert that is closed.

import { openDialog } from "./dialog.ts";
import { h } from "./dom.ts";
import { words } from "./language.ts";

const shownMs = 5_000;

export function toast(text: string, alert: boolean): void {
  if (alert) {
    askToClose(text);
    return;
  }
  const made = h("div", { class: "toast" }, text);
  document.getElementById("toasts")?.append(made);
  setTimeout(() => made.remove(), shownMs);
}

function askToClose(text: string): void {
  const ok = h("button", { type: "button", class: "key main" }, words().ok);
  ok.onclick = openDialog({ "aria-label": text }, h("p", {}, text), h("div", { class: "keys" }, ok));
}
