// The messenger's own question before a number is shared.

import { ask } from "./ask.ts";
import { openDialog } from "./dialog.ts";
import { h } from "./dom.ts";
import { words } from "./language.ts";
import type { Who } from "./protocol.ts";

/** Asks, and shares it when the person agrees. */
export function confirmContact(who: Who, phone: string): void {
  const t = words();
  const yes = h("button", { type: "button", class: "key main" }, t.share);
  const no = h("button", { type: "button", class: "key" }, t.cancel);
  const close = openDialog(
    { "aria-labelledby": "share-title" },
    h("h2", { id: "share-title" }, t.shareTitle),
    h("p", {}, (who === "max" ? t.max.shareNote : t.shareNote)(phone)),
    h("div", { class: "keys" }, no, yes),
  );
  no.onclick = close;
  yes.onclick = () => {
    close();
    void ask({ do: "contact", who });
  };
  yes.focus();
}
