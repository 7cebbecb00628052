// The bot's answers to taps: a toast that goes by itself, or an alert that is closed.

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
  const close = () => {
    dialog.close();
    dialog.remove();
  };
  const ok = h("button", { type: "button", class: "key main", onclick: close }, words().ok);
  const dialog = h(
    "dialog",
    { "aria-label": text, oncancel: () => dialog.remove() },
    h("p", {}, text),
    h("div", { class: "keys" }, ok),
  );
  document.body.append(dialog);
  dialog.showModal();
}
