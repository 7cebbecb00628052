// What the till may do with points, and which rules let no more: the rules of spending, written a second time, by themselves.

/** The rules as the settings of a moment have them. Points and sums in hundredths; null is a rule that is off. */
export interface TillRules {
  /** Whole percents of a bill. */
  share: number;
  step: number;
  leastBill: number | null;
  servicesAlone: boolean;
  actsADay: number | null;
  adminsDay: number | null;
  askAbove: number | null;
}

/** The rules that these settings make; what is not set is as it is where nobody has chosen anything. */
export function rulesOf(setting: (name: string) => string): TillRules {
  const hundredths = (name: string) =>
    setting(name) === "off" ? null : Math.round(Number(setting(name)) * 100);
  return {
    share: Number(setting("SPEND_MAX_PERCENT")),
    step: hundredths("SPEND_STEP") ?? 100,
    leastBill: hundredths("SPEND_LEAST_BILL"),
    servicesAlone: setting("SPEND_ON") === "services",
    actsADay: setting("CARD_DAILY_ACTS") === "off" ? null : Number(setting("CARD_DAILY_ACTS")),
    adminsDay: hundredths("ADMIN_DAILY_LIMIT"),
    askAbove: hundredths("SECOND_ADMIN_ABOVE"),
  };
}

/** What an admin asks for; `sum` is a spend's bill, of which `paid` was paid before, else the points. */
export interface Asked {
  kind: "spend" | "credit" | "debit" | "move";
  sum: number;
  paid?: number;
}

/** What is so at the till at a moment. */
export interface AtTill {
  /** What the card holds that may be spent. */
  held: number;
  /** How often it was spent from today, and what its owner's services of today cost that are not paid yet. */
  acts: number;
  services: number;
  /** What the admin has given, taken and spent today. */
  handled: number;
}

/** A rule that bounds what may be done. */
export type Rule = "card" | "rouble" | "share" | "services" | "least" | "acts" | "day";

/** How many points each rule lets be taken or given. Spends come in whole steps, and leave a rouble to be paid. */
export function letBy(rules: TillRules, asked: Asked, at: AtTill): Record<Rule, number> {
  const spend = asked.kind === "spend";
  const steps = (points: number) =>
    Math.max(0, spend ? points - (((points % rules.step) + rules.step) % rules.step) : points);
  const { sum, paid = 0 } = asked;
  const ofServices = at.services + paid;
  const payable = rules.servicesAlone ? Math.min(sum, ofServices) : sum;
  const any = Number.POSITIVE_INFINITY;
  return {
    card: asked.kind === "credit" ? any : steps(at.held),
    rouble: spend ? steps(sum - paid - 100) : sum,
    share: spend ? steps(Math.floor((payable * rules.share) / 100)) : any,
    services: spend && rules.servicesAlone ? steps(at.services - 100) : any,
    least: spend && rules.leastBill !== null && sum < rules.leastBill ? 0 : any,
    acts: spend && rules.actsADay !== null && at.acts >= rules.actsADay ? 0 : any,
    day: rules.adminsDay === null ? any : steps(rules.adminsDay - at.handled),
  };
}

/** How many points that is with all of them together. */
export const granted = (rules: TillRules, asked: Asked, at: AtTill) =>
  Math.min(...Object.values(letBy(rules, asked, at)));

/** A record: what its services cost, as far as that is not paid: nothing of one that is deleted, a no-show, or paid in full. */
export interface Services {
  record: string;
  live: boolean;
  paidFull: boolean;
  price: number;
  /** Null where the journal does not say. */
  paid: number | null;
  /** When the journal last changed the record. */
  changed: number;
}

/** A spend of the day that stands, and the record that it is about, where it is known which. */
export interface Spent {
  points: number;
  at: number;
  record: string | null;
}

/** What points may pay of them. What was spent counts as paid until the record changes, or any where it is not known which. */
export function servicesToPay(records: readonly Services[], spent: readonly Spent[]): number {
  const open = records.map(({ live, paidFull, price, paid }) =>
    live && !paidFull ? Math.max(0, price - (paid ?? 0)) : 0,
  );
  const counts = ({ record, at }: Spent) => {
    const about = records.filter((one) => record === null || one.record === record);
    return about.length > 0 && about.every(({ changed }) => at > changed);
  };
  const off = spent.filter(counts).reduce((sum, { points }) => sum + points, 0);
  return Math.max(0, open.reduce((sum, one) => sum + one, 0) - off);
}
