// What an owner may choose of the programme, all of it off by default.

import type { Level } from "../rules/levels.rule.ts";
import type { Life } from "../rules/life.ts";
import type { Kopecks, Points } from "../rules/money.ts";

/** As the settings of these names say. */
export interface Chosen {
  levels: Level[] | null;
  levelsOver: number | null;
  pointsLive: Life | null;
  welcomePoints: Points | null;
  welcomeLive: Life | null;
  birthdayPoints: Points | null;
  birthdayLive: Life | null;
  friendPoints: { inviter: Points; friend: Points } | null;
  friendAfterDays: number;
  friendLeastBill: Kopecks | null;
  friendAMonth: number;
  friendAYear: number;
  spendMaxPercent: number;
  spendStep: Points | null;
  spendLeastBill: Kopecks | null;
  spendOn: "services,goods" | "services";
  cardDailyActs: number | null;
}

const parts = ["levels", "pointsLive", "welcomePoints", "birthdayPoints", "friendPoints"] as const;

/** Whether anything is on that changes by itself, or is given for no visit. */
export function isChosen(of: Partial<Chosen>): boolean {
  return parts.some((part) => of[part] !== null && of[part] !== undefined);
}
