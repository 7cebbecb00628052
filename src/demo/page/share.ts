// Telegram's own question before a number is shared.

import { h } from "./dom.ts";
import { words } from "./language.ts";

/** Asks, and calls `share` when the person agrees. */
export function confirmContact(phone: string, share: () => void): void {
  const t = words();
  const close = () => {
    dialog.close();
    dialog.remove();
  };
  const yes = h("button", { type: "button", class: "key main" }, t.share);
  yes.onclick = () => {
    close();
    share();
  };
  const no = h("button", { type: "button", class: "key", onclick: close }, t.cancel);
  const dialog = h(
    "dialog",
    { "aria-labelledby": "share-title", oncancel: () => dialog.remove() },
    h("h2", { id: "share-title" }, t.shareTitle),
    h("p", {}, t.shareNote(phone)),
    h("div", { class: "keys" }, no, yes),
  );
  document.body.append(dialog);
  dialog.showModal();
  yes.focus();
}
