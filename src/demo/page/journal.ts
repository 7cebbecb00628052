// The journal: a day of visits, and what a front desk does with each.

import { ask } from "./ask.ts";
import { h, keep } from "./dom.ts";
import { key } from "./key.ts";
import { day, money, ofSalon, signed, words } from "./language.ts";
import type { Part } from "./part.ts";
import { createTrialPaper, pointsOf } from "./points.ts";
import type { Ledger, Shows, Visit } from "./protocol.ts";
import { type Sum, sumForm } from "./sum-form.ts";
import { isRead } from "./waits.ts";

const clients = ["anna", "pyotr", "maria", "ilya"] as const;

export function createJournal(place: HTMLElement): Part {
  let shows: Shows | null = null;
  let open: number | null = null;
  let form: Sum | null = null;
  let drawn = false;
  /** A visit was added here: it is opened once it is there. */
  let added = false;
  let known = 0;
  /** What points pay of each visit: one that has just become more or less is opened, so that it is seen. */
  const points = new Map<number, number>();
  const list = h("ul", { class: "visits" });
  const trial = createTrialPaper();

  function choose(visit: number, next: Sum | null): void {
    open = open === visit && next === null && form === null ? null : visit;
    const closed = next === null && form;
    form = next;
    draw();
    // Back to what asked for the sum.
    if (closed) list.querySelector<HTMLElement>(`[data-keep="${words().actions[closed]}"]`)?.focus();
    if (next) list.querySelector<HTMLInputElement>(".sum input")?.select();
  }

  function draw(): void {
    if (!shows) return;
    const { journal, ledger } = shows;
    open ??= drawn ? null : (journal.find((visit) => visit.today && visit.client === "Анна")?.id ?? null);
    const newest = Math.max(...journal.map((visit) => visit.id));
    const came = added && newest > known;
    if (came) [open, form, added] = [newest, null, false];
    known = newest;
    const settled =
      drawn && !form ? journal.find((visit) => visit.points !== (points.get(visit.id) ?? 0)) : undefined;
    for (const visit of journal) points.set(visit.id, visit.points);
    if (settled) open = settled.id;
    keep(
      list,
      journal.map((visit) => {
        const isOpen = visit.id === open;
        const sum = JSON.stringify([visit, isOpen, isOpen && form, words().title]);
        return { key: String(visit.id), sum, make: () => row(visit, isOpen) };
      }),
      { first: !drawn },
    );
    drawn = true;
    const shown = journal.find((visit) => visit.id === open);
    if (shown) drawDecision(shown, ledger);
    if (came || settled) list.querySelector(`[data-key="${open}"]`)?.scrollIntoView({ block: "nearest" });
  }

  /** Written in its place: a key that is being pressed just when the bot has read the visit stays where it is. */
  function drawDecision(visit: Visit, ledger: Ledger): void {
    const t = words();
    const decision = isRead(visit, ledger) ? ledger.read[visit.id]?.decision : undefined;
    const made = decision === undefined ? 0 : madeBy(visit, ledger);
    const word =
      made === 0 ? (decision === undefined ? t.unread : (t.decisions[decision] ?? decision)) : null;
    list.querySelector(".decision")?.replaceChildren(`${t.onCard}: `, word ?? h("b", {}, signed(made)));
  }

  function row(visit: Visit, isOpen: boolean): HTMLElement {
    const when = visit.today ? visit.at.slice(11) : day(visit.at);
    const head = h(
      "button",
      {
        type: "button",
        class: "visit",
        "aria-expanded": String(isOpen),
        "data-keep": "head",
        onclick: () => choose(visit.id, null),
      },
      h("time", { datetime: visit.at }, when),
      " ",
      // The spaces are for who hears it: a name that ends where the next word begins is one word.
      h(
        "span",
        { class: "who" },
        h("span", {}, ofSalon(visit.client)),
        " ",
        h("small", {}, ofSalon(visit.title)),
      ),
      " ",
      h(
        "span",
        { class: "price" },
        h("span", {}, money(visit.price + visit.points)),
        " ",
        h("small", { class: tone(visit) }, stateOf(visit)),
      ),
    );
    const body =
      isOpen &&
      h(
        "div",
        { class: "actions" },
        pointsOf(visit),
        actions(visit),
        form && sumForm(visit, form, () => choose(visit.id, null)),
        h("p", { class: "decision" }),
      );
    return h("li", { class: visit.deleted ? "deleted" : "" }, head, body);
  }

  function actions(visit: Visit): HTMLElement {
    const t = words().actions;
    const action = (name: "arrive" | "pay" | "prepay" | "noShow" | "remove" | "restore") => () =>
      void ask({ do: name, visit: visit.id });
    const sum = (name: Sum) => () => choose(visit.id, name);
    if (visit.deleted) return h("div", { class: "keys" }, key(t.restore, action("restore"), { main: true }));
    const settled = visit.paid >= visit.price;
    return h(
      "div",
      { class: "keys" },
      key(t.pay, action("pay"), { main: true, off: settled }),
      key(t.arrive, action("arrive"), { off: visit.attendance === 1 }),
      key(t.payInPart, sum("payInPart"), { off: settled }),
      key(t.editPrice, sum("editPrice")),
      key(t.refund, sum("refund"), { off: visit.paid <= 0 }),
      key(t.prepay, action("prepay"), { off: settled }),
      key(t.noShow, action("noShow"), { off: visit.attendance === -1 }),
      key(t.remove, action("remove")),
    );
  }

  return {
    speak() {
      const t = words();
      place.setAttribute("aria-labelledby", "journal-title");
      trial.speak();
      place.replaceChildren(
        h(
          "div",
          { class: "panel-head" },
          h("h2", { id: "journal-title" }, t.journal),
          h("p", {}, t.journalNote),
        ),
        trial.paper,
        h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": t.visits }, list),
        addForm(() => {
          added = true;
        }),
      );
    },
    draw(now) {
      shows = now;
      trial.draw(now);
      draw();
    },
  };
}

/** What a visit's rows sum to, hundredths. */
function madeBy(visit: Visit, { rows }: Ledger): number {
  return rows.filter((row) => row.record === visit.id).reduce((sum, row) => sum + row.points, 0);
}

function stateOf(visit: Visit): string {
  const t = words().states;
  if (visit.deleted) return t.deleted;
  if (visit.attendance === -1) return visit.paid > 0 ? t.noShowPaid : t.noShow;
  const came = visit.attendance === 1 ? `${t.came}, ` : "";
  if (visit.paid > visit.price) return `${came}${t.overpaid}`;
  if (visit.paidFull) return `${came}${visit.prepaid ? t.prepaid : t.paid}`;
  if (visit.points > 0 && visit.paid === 0) return `${came}${t.left(money(visit.price))}`;
  return `${came}${visit.paid > 0 ? t.partly : t.unpaid}`;
}

function tone(visit: Visit): string {
  if (visit.deleted || visit.attendance === -1) return "bad";
  return visit.paidFull ? "good" : "";
}

/** A new visit of today, for one of the salon's clients. `add` is called when it is asked for. */
function addForm(add: () => void): HTMLElement {
  const t = words();
  const who = h(
    "select",
    { "aria-label": t.client, name: "client" },
    ...clients.map((one) => h("option", { value: one }, t.clients[one])),
  );
  const title = h("input", {
    "aria-label": t.service,
    name: "title",
    value: t.newService,
    maxlength: 60,
    required: true,
  });
  const price = h("input", {
    "aria-label": t.price,
    name: "price",
    type: "number",
    min: 1,
    max: 999_999,
    step: "0.01",
    value: 1500,
    required: true,
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const kopecks = Math.round(Number(price.value) * 100);
    add();
    void ask({ do: "book", client: who.value, title: title.value, kopecks });
  };
  return h(
    "form",
    { class: "add", "aria-label": t.addVisit, onsubmit: submit },
    who,
    title,
    price,
    h("button", { class: "key main", "aria-label": t.add }, "+"),
  );
}
