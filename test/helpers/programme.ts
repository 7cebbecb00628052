// The rules of a programme with the default settings.
import type { SpendRules } from "../../src/rules/spending.ts";
import type { SettleSettings } from "../../src/settlements/settlements.ts";
import type { Programme } from "../../src/visits/programme.texts.ts";

export const spending: SpendRules = {
  ...{ spendMaxPercent: 100, spendStep: null, spendLeastBill: null, spendOn: "services,goods" },
  cardDailyActs: null,
};

/** No spend settles its visit. */
export const settlesNothing: SettleSettings = { settles: "off", settleCardType: null, paidBy: "payments" };

export const programme: Programme = {
  ...{ percent: 100, earnOn: "services,goods", earnWhen: "paid", paidBy: "payments" },
  quietHours: { from: 22 * 60, to: 9 * 60 },
  ...spending,
  ...{ pointsLive: null, welcomeLive: null, birthdayLive: null },
  welcomePoints: null,
  birthdayPoints: null,
  levels: null,
  quick: true,
};
