// The steps of a screen of the till, declared once: what may be tapped at each, and what a number that is written means.

/** What a button under a screen does. */
export type ScreenButton =
  | "open" // shows one of several cards
  | "make" // a card for a phone that has none
  | "go" // does what the screen says, for points; the record that it names is the visit that they pay a part of
  | "plain" // the same of no visit
  | "sum" // asks for another sum of points
  | "bill" // asks for the bill
  | "credit" // asks for points to add
  | "hist"
  | "why"
  | "qr" // shows the client how to open the bot, in a messenger where they have no account
  | "trust" // lets a card's new account see what came before it
  | "recent" // takes back a fresh change of this card, whoever made it
  | "back" // leaves a question or a preview
  | "undo" // within ten minutes
  | "give" // after them, as a new change
  | "anew"; // spends once more what the journal did not let

interface StepRule {
  /**
   * The buttons, row by row; one that has nothing to do at the moment is left out, and no other may be tapped. Where there
   * is `go`, the screen shows what was spent on its bill; what has `back` waits, and `/cancel` closes it.
   */
  buttons: ScreenButton[][];
  /** What a number means: a bill, or a sum of points for what the screen is about to do. */
  typed?: "bill" | "sum";
  /** It asks for that number; else only an edit of the message that brought it counts. A chat has one question at a time. */
  asks?: true;
  /** An owner is asked to agree to what it says. */
  asksOwner?: true;
}

export const tillSteps = {
  /** Several cards end with the digits. */
  choose: { buttons: [["open"]] },
  nobody: { buttons: [["make"]] },
  card: {
    buttons: [["go"], ["plain"], ["sum", "bill", "credit"], ["hist", "why"], ["qr"], ["trust"], ["recent"]],
    typed: "bill",
  },
  ask_bill: { buttons: [["back"]], typed: "bill", asks: true },
  ask_sum: { buttons: [["back"]], typed: "sum", asks: true },
  ask_credit: { buttons: [["back"]], typed: "sum", asks: true },
  confirm: { buttons: [["go", "back"], ["plain"], ["qr"]], typed: "sum" },
  /** The bill was spent on meanwhile: whether to do it once more. */
  again: { buttons: [["go", "back"], ["plain"]] },
  owner: { buttons: [["back"]], asksOwner: true },
  done: { buttons: [["undo", "give"], ["qr"]] },
  undone: { buttons: [["anew"]] },
  closed: { buttons: [] },
} satisfies Record<string, StepRule>;

export type Step = keyof typeof tillSteps;
export type TillAction = "spend" | "credit" | "debit" | "move";

/** What is declared of a step. */
export function ruleOf(step: Step): StepRule {
  return tillSteps[step];
}

/** Whether a button stands under screens of this step. */
export function mayTap(step: Step, button: string): button is ScreenButton {
  return ruleOf(step)
    .buttons.flat()
    .some((one) => one === button);
}

/** The steps of which this is true. */
export function stepsWhere(holds: (rule: StepRule) => boolean): Step[] {
  return (Object.keys(tillSteps) as Step[]).filter((step) => holds(ruleOf(step)));
}
