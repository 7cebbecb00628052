// Telegram's own question before a number is shared.

import { openDialog } from "./dialog.ts";
import { h } from "./dom.ts";
import { words } from "./language.ts";

/** Asks, and calls `share` when the person agrees. */
export function confirmContact(phone: string, share: () => void): void {
  const t = words();
  const yes = h("button", { type: "button", class: "key main" }, t.share);
  const no = h("button", { type: "button", class: "key" }, t.cancel);
  const close = openDialog(
    { "aria-labelledby": "share-title" },
    h("h2", { id: "share-title" }, t.shareTitle),
    h("p", {}, t.shareNote(phone)),
    h("div", { class: "keys" }, no, yes),
  );
  no.onclick = close;
  yes.onclick = () => {
    close();
    share();
  };
  yes.focus();
}
