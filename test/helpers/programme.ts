// The rules of a programme with the default settings.
import type { Programme } from "../../src/visits/programme.texts.ts";

export const programme: Programme = {
  ...{ percent: 100, earnOn: "services,goods", earnWhen: "paid", paidBy: "payments" },
  quietHours: { from: 22 * 60, to: 9 * 60 },
  spendMaxPercent: 100,
  ...{ pointsLive: null, welcomeLive: null, birthdayLive: null },
  quick: true,
};
