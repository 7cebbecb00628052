// What the journal shows of points that pay a bill: the bill, the card they go by, and what the owner's trial has printed.

import { h } from "./dom.ts";
import { money, signed, words } from "./language.ts";
import type { PointsCard, Shows, Visit, World } from "./protocol.ts";

/** Under a visit that is open; nothing while its client has no such card. */
export function pointsOf(visit: Visit): DocumentFragment {
  const shown = document.createDocumentFragment();
  if (visit.points > 0) shown.append(billOf(visit));
  if (visit.card) shown.append(cardOf(visit.card));
  return shown;
}

function billOf({ price, points }: Visit): HTMLElement {
  const t = words().settling.bill;
  const line = (name: string, sum: string) => [h("dt", {}, name), h("dd", {}, sum)];
  return h(
    "dl",
    { class: "bill" },
    ...line(t.bill, money(price + points)),
    ...line(t.points, `−${money(points)}`),
    ...line(t.money, money(price)),
  );
}

/** How many of its moves are shown: those of two spends and of what was taken back of them. */
const mostMoves = 6;

function cardOf({ balance, moves }: PointsCard): HTMLElement {
  const t = words().settling.card;
  return h(
    "div",
    { class: "points-card" },
    h("p", { class: "card-head" }, h("span", {}, t.title), h("span", {}, money(balance))),
    h(
      "ol",
      { class: "moves", "aria-label": t.moves },
      ...moves
        .slice(-mostMoves)
        .map(({ move, kopecks }) =>
          h(
            "li",
            {},
            h("span", {}, t[move]),
            h(
              "span",
              {},
              move === "back" ? money(0) : `${signed(move === "put" ? kopecks : -kopecks)}\u00a0₽`,
            ),
          ),
        ),
    ),
  );
}

/** What `settle try` has printed so far, as it would on the operator's terminal; hidden until it is run. */
export function createTrialPaper() {
  const title = h("summary", {});
  const text = h("pre", { tabindex: 0 });
  const paper = h("details", { class: "printed trial", open: true, hidden: true }, title, text);
  let state: World["trial"]["state"] = "none";
  let settles = false;

  const speak = () => {
    title.textContent = words().settling.trial[state];
  };
  return {
    paper,
    speak,
    draw({ world }: Shows): void {
      const { trial } = world;
      paper.hidden = trial.text === "";
      // Switched on, it has said what it had to, and visits need the room.
      if (world.settles && !settles) paper.open = false;
      settles = world.settles;
      if (state !== trial.state) {
        state = trial.state;
        speak();
      }
      if (text.textContent === trial.text) return;
      text.lang = trial.language;
      text.textContent = trial.text;
      text.scrollTop = text.scrollHeight;
    },
  };
}
