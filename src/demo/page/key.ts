// A key of the page: a button of the journal and of the tour.

import { h } from "./dom.ts";

interface Look {
  main?: boolean;
  off?: boolean;
  /** What it is known by when it is drawn anew: its label, if nothing else. */
  keep?: string;
  /** A drawing before the label. */
  sign?: SVGElement | undefined;
}

/** One that is `off` does nothing and keeps the focus: whoever pressed it goes on from there, with a keyboard too. */
export function key(
  label: string,
  act: () => void,
  { main = false, off = false, keep = label, sign }: Look = {},
) {
  return h(
    "button",
    {
      ...{ type: "button", class: main ? "key main" : "key", "data-keep": keep },
      ...{ "aria-disabled": off ? "true" : null, onclick: off ? null : act },
    },
    sign,
    label,
  );
}
