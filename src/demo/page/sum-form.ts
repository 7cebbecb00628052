// Asks for a sum: to pay in part, to edit a price, to give money back.

import { ask } from "./ask.ts";
import { h } from "./dom.ts";
import { words } from "./language.ts";
import type { Visit } from "./protocol.ts";

export type Sum = "payInPart" | "editPrice" | "refund";

/** The form for a visit; `close` is called when it is over. */
export function sumForm(visit: Visit, name: Sum, close: () => void): HTMLElement {
  const t = words();
  const left = Math.max(0, visit.price - visit.paid);
  const suggested = { payInPart: left / 2, editPrice: visit.price + visit.points, refund: visit.paid }[name];
  const field = h("input", {
    type: "number",
    min: 0,
    max: 999_999,
    step: "0.01",
    required: true,
    value: Math.round(suggested) / 100,
    "aria-label": t.sums[name],
    "data-keep": "sum",
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void ask({ do: name, visit: visit.id, kopecks: Math.round(Number(field.value) * 100) });
    close();
  };
  const onkeydown = (event: KeyboardEvent) => {
    if (event.key === "Escape") close();
  };
  return h(
    "form",
    { class: "sum", onsubmit: submit, onkeydown },
    h("span", { "aria-hidden": "true" }, t.sums[name]),
    field,
    h("button", { class: "key main", "data-keep": "sum-ok" }, t.ok),
  );
}
