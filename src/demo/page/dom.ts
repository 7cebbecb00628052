// Makes and keeps nodes. Text becomes text nodes and never markup, so whatever people type stays text.

export type Child = Node | string | null | false | undefined;
export type Props = Record<string, string | number | boolean | null | undefined | ((event: never) => void)>;

/** An element with attributes, `on…` listeners and children. `null`, `false` and what is undefined is left out. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") made.addEventListener(name.slice(2), value as EventListener);
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(
    ...children.filter(
      (child): child is Node | string => child !== null && child !== false && child !== undefined,
    ),
  );
  return made;
}

/** A drawing of one stroke in a square of 24. */
export function icon(path: string): SVGElement {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(space, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(space, "path");
  line.setAttribute("d", path);
  drawing.append(line);
  return drawing;
}

/** One child of a kept list: `key` says which it is, `sum` everything that it shows. */
interface Item {
  key: string;
  sum: string;
  make: () => HTMLElement;
}

const sums = new WeakMap<Element, string>();

/**
 * Makes the children of `list` those of `items`, touching only what has changed; a child that is new gets the class `new`.
 * Focus and what is being typed stay where they were (by `data-keep`).
 */
export function keep(list: Element, items: Item[], { first = false } = {}): void {
  const had = new Map([...list.children].map((child) => [(child as HTMLElement).dataset.key, child]));
  let place: Element | null = list.firstElementChild;
  for (const { key, sum, make } of items) {
    const old = had.get(key);
    had.delete(key);
    if (old && sums.get(old) === sum) {
      if (old === place) place = place.nextElementSibling;
      else list.insertBefore(old, place);
      continue;
    }
    const made = make();
    made.dataset.key = key;
    sums.set(made, sum);
    if (!old && !first) made.classList.add("new");
    if (old) {
      if (old === place) place = place.nextElementSibling;
      replace(old, made);
      if (made.nextElementSibling !== place) list.insertBefore(made, place);
    } else list.insertBefore(made, place);
  }
  for (const gone of had.values()) gone.remove();
}

/** Puts a node in the place of another; focus, and what is being typed, go on in it. */
function replace(old: Element, made: HTMLElement): void {
  const at = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  const focused = at && old.contains(at) ? at.dataset.keep : undefined;
  const typed = [...old.querySelectorAll<HTMLInputElement>("input[data-keep]")];
  old.replaceWith(made);
  for (const { dataset, value } of typed) {
    const field = made.querySelector<HTMLInputElement>(`input[data-keep="${dataset.keep}"]`);
    if (field) field.value = value;
  }
  if (focused) made.querySelector<HTMLElement>(`[data-keep="${focused}"]`)?.focus();
}
