// A question or an alert above the page: Escape takes it away, and the focus goes back to where it came from.

import { type Child, h, type Props } from "./dom.ts";

/** Shows it at once; returns what closes it. */
export function openDialog(props: Props, ...children: Child[]): () => void {
  // Removed once it is closed, not while: a browser hands the focus back in between.
  const dialog = h("dialog", { ...props, onclose: () => dialog.remove() }, ...children);
  document.body.append(dialog);
  dialog.showModal();
  return () => dialog.close();
}
