/** Faults in the salon's own rules of spending: steps, least bill, services alone, so often a day. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is sought is source text
import { mutantsIn } from "./mutant.ts";

export const spending = [
  ...mutantsIn("rules/spending.ts", ["rules/spending"], {
    "SPEND_MAX_PERCENT is not held": 'bound: "share", points: pointsFor([-share-]{+bill+})',
    "points may pay more than the card holds": '"balance", points: [-balance-]{+bill+} - locked }',
    "a bill of just the least sum is refused": "bill <{+=+} rules.spendLeastBill",
    "the last act of the day is refused": "actsLeft <= [-0-]{+1+})",
    "points are spent beyond the step": "points - (points % [-step-]{+100+})",
    "goods are paid with points where services alone may be":
      "services === null ? bill : [-Math.min(bill, services + paid)-]{+bill+}",
    "the share is of goods too": "BigInt([-payable-]{+bill+}) * BigInt",
    "services are paid whole, with no rouble left": "pointsFor(payable - paid[- - 100-])",
    "what was paid before is paid once more": "pointsFor(payable[- - paid-] - 100)",
    "a bill is offered more than is left of the admin's day":
      '[-[{ bound: "day" as const, points: left }]-]{+[]+}',
    "of two that bound alike the last is told": "one.points <{+=+} least.points",
  }),
  ...mutantsIn("visits/programme.texts.ts", ["till/spending"], {
    "by levels everybody is promised the same percent": "[-first && last-]{+null+}\n    ?",
  }),
  ...mutantsIn("till/limits.ts", ["till/spending"], {
    "a screen offers more acts than the day has":
      "[-acts - (await spendsToday(db, of.card, timeZone))-]{+acts+}",
    "goods are not told from services": 'services: spendOn [-===-]{+!==+} "services" ?',
  }),
  ...mutantsIn("till/till.store.ts", ["till/spending"], {
    "services that are paid already may be paid with points":
      "attendance <> -1[- and not paid_full-]\n          then",
    "services may be paid with points again and again":
      "b.awarded_at > [-(select max(changed_at) from theirs t-]{+(select 'infinity'::timestamptz from theirs t+}",
    "services may be paid again with what was spent on no visit in particular":
      "(select max(changed_at) from theirs t\n            where [-s.record_id is null-]{+false+} or (t.company",
    "another visit that changes makes services payable that points have paid":
      "where s.record_id is null or [-(t.company_id, t.record_id) = (s.company_id, s.record_id)-]{+true+})",
    "services of a no-show may be paid with points": "not deleted [-and attendance <> -1 -]and not paid_full",
    "a record of another day pays nothing on its own screen":
      "(day = ${of.today}[- or (company_id, record_id) = (${of.company ?? null}::bigint, ${of.record ?? null}::bigint)-])",
  }),
  ...mutantsIn("till/till.ts", ["till/spending"], {
    "beside a gift that waits nothing can be spent":
      "await [-mostByRules-]{+mostFor+}(till, { ...screen, bill, balance: points }",
    "an old screen passes the rules of spending": "may.points < points ? [-may-]{+null+} : null",
    "the rules of spending are not held under the lock":
      "await ruleBroken({ ...till, db: tx }, screen);\n      if ([-most !== null-]{+false+})",
  }),
  ...mutantsIn("till/taps.chat.ts", ["till/spending"], {
    "a tap that comes twice is not told what the first has done":
      'case "changed":\n      return [-stale(tapped, before)-]{+tillWords.changed()+};',
  }),
  ...mutantsIn("ledger/spends.store.ts", ["till/spending"], {
    "an act that was taken back counts":
      "timeZone)}\n      and [-not exists (select from bonuslog u where u.key = 'undo:' || b.id)-]{+true+}`;\n  return row?.count",
    "yesterday's acts count today":
      "(select cards_of(${card})))\n      [-and b.awarded_at >= ${dayBegan(sql, timeZone)}-]\n      and not",
  }),
];
