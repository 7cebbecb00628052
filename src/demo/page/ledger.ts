// The ledger as it grows, each row with its reason, and the proof and the balances beside it.

import { h, keep } from "./dom.ts";
import { currentLanguage, moment, money, mood, ofSalon, points, signed, words } from "./language.ts";
import type { Part } from "./part.ts";
import type { Ledger, Row, Shows, Visit } from "./protocol.ts";

export function createLedger(place: HTMLElement): Part {
  const proof = h("div", { class: "proof", role: "status" });
  const cards = h("ul", { class: "cards" });
  const list = h("ol", { class: "rows" });
  const owed = h("pre", { tabindex: 0 });
  const owedTitle = h("summary", {});
  const owing = h("details", { class: "owed printed" }, owedTitle, owed);
  const empty = h("p", { class: "empty" });
  let drawn = false;

  return {
    speak() {
      const t = words();
      place.setAttribute("aria-labelledby", "ledger-title");
      empty.textContent = t.noRows;
      owedTitle.textContent = t.owedTitle;
      cards.setAttribute("aria-label", t.balances);
      place.replaceChildren(
        h(
          "div",
          { class: "panel-head" },
          h("h2", { id: "ledger-title" }, t.ledger),
          h("p", {}, t.ledgerNote),
        ),
        proof,
        cards,
        owing,
        h("div", { class: "scroll", tabindex: 0, role: "log", "aria-label": t.ledgerRows }, empty, list),
      );
    },
    draw({ ledger, journal, world }: Shows) {
      drawProof(proof, ledger);
      // It is of the month: on the first day nothing has an end yet.
      owing.hidden = world.passed === 0;
      const text = ledger.owed[currentLanguage()];
      if (owed.textContent !== text) owed.textContent = text;
      empty.hidden = ledger.rows.length > 0;
      const visits = new Map(journal.map((visit) => [visit.id, visit]));
      const first = !drawn;
      keep(cards, ledger.cards.map(cardItem), { first });
      const newest = ledger.rows.toReversed();
      keep(
        list,
        newest.map((row) => {
          const visit = row.record === null ? undefined : visits.get(row.record);
          const sum = JSON.stringify([row, visit?.title, mood()]);
          return { key: String(row.id), sum, make: () => rowNode(row, visit) };
        }),
        { first },
      );
      drawn ||= ledger.rows.length > 0;
    },
  };
}

/** Written only when it changed, so that a screen reader says it once. */
function drawProof(place: HTMLElement, { proof }: Ledger): void {
  const t = words();
  const well = proof.faults.length === 0;
  const text = well ? t.proved : t.notProved(proof.faults.length);
  const detail = `${t.rowsCount(proof.rows)} · ${t.owed(points(proof.owed))}`;
  const sum = JSON.stringify([text, detail, proof]);
  if (place.dataset.sum === sum) return;
  place.dataset.sum = sum;
  place.className = well ? "proof well" : "proof ill";
  place.replaceChildren(
    h("span", { class: "seal", "aria-hidden": "true" }, well ? "✓" : "!"),
    h("div", {}, h("b", {}, text), h("p", {}, detail), ...proof.faults.map((fault) => h("p", {}, fault))),
    h("code", { title: t.sealTitle }, proof.hash.slice(0, 8)),
  );
}

function cardItem({ name, phone, balance, linked, channels }: Ledger["cards"][number]) {
  const t = words();
  const where = channels.length > 1 ? t.max.both : channels[0] === "max" ? t.max.alone : t.linked;
  return {
    key: phone || name,
    sum: JSON.stringify([name, phone, balance, linked, where]),
    make: () =>
      h(
        "li",
        { class: linked ? "linked" : "" },
        h("span", {}, ofSalon(name || "…"), h("small", {}, linked ? where : `…${phone.slice(-4)}`)),
        h("b", { class: balance < 0 ? "minus" : "" }, points(balance)),
      ),
  };
}

function rowNode(row: Row, visit: Visit | undefined): HTMLElement {
  const t = words();
  const about = visit ? `${ofSalon(row.card)} · ${ofSalon(visit.title)}` : ofSalon(row.card);
  const told = row.told ? t.told : row.linked ? t.untold : t.keptFor;
  return h(
    "li",
    { class: row.points < 0 ? "row less" : "row" },
    h("b", { class: "points" }, signed(row.points)),
    h(
      "div",
      {},
      h("p", { class: "about" }, about, h("span", { class: "number" }, `№ ${row.id}`)),
      h("p", { class: "reason" }, reasonOf(row)),
      h(
        "p",
        { class: "foot" },
        `${moment(row.at)} · ${t.after(points(row.after))}`,
        h("span", { class: row.told ? "told" : "waits" }, told),
      ),
    ),
  );
}

/** Why a row is there, in a sentence. */
function reasonOf({ kind, paid, reason, corrects, points: size, byHand }: Row): string {
  const t = words();
  // The demo's percents are whole: what rounding took off the points does not show.
  if (kind === "award") return t.kinds.award(money(paid ?? 0), Math.round((size / (paid || 1)) * 100));
  if (kind === "correction") {
    const why = t.causes[reason ?? ""] ?? t.counted(paid === null ? null : money(paid));
    return `${why} ${t.corrects(corrects ?? 0)}`;
  }
  if (kind === "spend") return t.kinds.spend(paid === null ? null : money(paid), money((paid ?? 0) + size));
  if (kind === "undo") return t.kinds.undo(corrects ?? 0);
  if (kind === "expiry") return t.kinds.expiry(corrects ?? 0, size > 0);
  const named = t.kinds[kind as Exclude<keyof typeof t.kinds, "award" | "spend" | "undo" | "expiry">] ?? kind;
  return `${named}${reason ? `: ${reason}` : ""}${byHand && !reason ? ` ${t.noReason}` : ""}`;
}
