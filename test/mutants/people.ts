/** Faults in whose a card is: merges, what belongs to a person, links that nobody proved. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is sought is source text
import { mutantsIn } from "./mutant.ts";

export const people = [
  ...mutantsIn("cards/cards.store.ts", ["till/merged"], {
    "a merge is not written down":
      "set name = null[-, merged_into = ${to}, merged_at = greatest(clock_timestamp(),\n      (select max(awarded_at) from bonuslog where client_id = ${from}))-] where",
    "the till's screens stay on a card that has gone":
      "[-await sql`update screens set client_id = ${to} where client_id = ${from}`;-]",
  }),
  ...mutantsIn("till/screens.store.ts", ["till/merged"], {
    "a screen read before a merge shows the card that has gone":
      "`[-coalesce((select merged_into from clients where clients.id = screens.${card}), ${card})-]{+${card}+}`",
  }),
  ...mutantsIn("ledger/spends.store.ts", ["till/merged"], {
    "a bill paid before a merge is paid once more":
      "where b.client_id = [-any(array(select cards_of(${card})))-]{+${card}+} and b.kind = 'spend'",
  }),
  ...mutantsIn("till/refunds.store.ts", ["till/merged"], {
    "a refund goes to a card that has gone": "c.id = [-coalesce(w.merged_into, w.id)-]{+w.id+}",
  }),
  ...mutantsIn("owners/digests.store.ts", ["till/merged"], {
    "the digest names a card that has gone":
      "join clients w on w.id = b.client_id join clients c on c.id = [-coalesce(w.merged_into, w.id)-]{+w.id+}",
    "a visit is unpaid on a card that has gone":
      "select [-coalesce(w.merged_into, w.id) as -]{+b.+}client_id, s.day",
  }),
  ...mutantsIn("till/till.ts", ["till/merged"], {
    "an undo that was on its way while the card went is lost":
      "[-if (now !== null && now.card !== card) return takeBack(till, now, by, anew);-]",
  }),
  ...mutantsIn("sql/0018_merged_cards.sql", ["till/merged"], {
    "the ledger takes rows of a card that has gone":
      "where id = new.client_id and merged_into [-is not null-]{+= 0+})",
    "what a card had before it went is not its owner's":
      "select card[- union all select id from clients where merged_into = card-]",
    "a card that has gone comes back": "[-new.merged_into is null or -]exists (select",
    "a card goes and leaves its points": "where client_id = [-new.id-]{+0+}) <> 0 then",
  }),
  ...mutantsIn("cards/people.store.ts", ["cards/forget-person"], {
    "whom the desk has served under another number goes with the account":
      "and ([-c.last_account is not null-]{+true+} or not",
    "a card that was somebody's by a slip goes with them, served at the desk or not":
      "c.forgotten_at is null\n        [-and not ${somebodys}-]",
    "the number that the journal has now is not the person's":
      "select id from let_go[- union select id from journal-]",
    "whom the journal has moved is not forgotten": "      [-union select person from moved-]),",
    "who got a number takes along whoever had it before": "[-and e.until >= t.had_from-]",
    "whom the journal had under a number by a slip goes with it":
      "b.yclients_client_id = y.yclients_client_id and b.client_id = [-c.id-]{+0+}",
    "a card that nobody proved is shown": "[-l.id is not null-]{+true+} as proved",
    "whom the journal has under another number is named":
      "y.[-client_id not in (select id from theirs) or y.-]returned_at",
    "who was forgotten is named to whoever has the number next": " [-or y.returned_at is not null -]as",
    "another's client of the journal goes with the card":
      "where y.client_id = [-c.id\n            and y.yclients_client_id not in (select person from people)-]{+0+})",
    "a client who is with another account now goes too":
      'where [-not c.linked and (c.last_account is null or ${isTheirs("c.last_account")})-]{+true+}',
    "visits on cards that stay lead to the person":
      "[-or v.client_id = any(${others}::bigint[]) and v.yclients_client_id = any(${people}::bigint[])-])",
    "a card that stays goes by the name of who is forgotten":
      "update clients c set name = null\n    where c.id = any(${cards}::bigint[]){+ and false+}",
    "staff are named after they were forgotten":
      '[-await tx`delete from staff where ${theirs("account")}`;-]',
  }),
  ...mutantsIn("cards/forget.ts", ["cards/forget-person"], {
    "a forgotten number is not known again": "[-await forgetPhones(tx, phones.map(veil), now);-]",
  }),
  ...mutantsIn("cards/assign.ts", ["cards/forget-person"], {
    "a new client with a forgotten number is stored": "[-(goneBy && !before)-]{+false+}",
    "a forgotten number is given to a client who is known":
      "before?.card && [-(goneBy || samePhone(person, before))-]{+samePhone(person, before)+}",
  }),
  ...mutantsIn("cards/link.ts", ["cards/forget-person"], {
    "who links again stays unknown": "const returned = [-await recallPhone(tx, veil(phone))-]{+false+}",
  }),
  ...mutantsIn("visits/dry-run.ts", ["visits/dry-run"], {
    "a dry run awards whom the pass does not know": "[-row.forgotten && !row.linked-]{+false+}",
  }),
  ...mutantsIn("import/import.store.ts", ["import/import"], {
    "an imported account has its card unasked": "set [-claimed_by-]{+last_account+} = l.account",
  }),
  ...mutantsIn("cards/clients.store.ts", ["cards/claims"], {
    "who confirms another number goes on claiming a card":
      "where [-claimed_by = ${account} and id <> ${id}-]{+false+})",
  }),
  ...mutantsIn("cards/people.store.ts", ["cards/claims"], {
    "a claim outlives the person":
      '[-await tx`update clients set claimed_by = null where ${theirs("claimed_by")}`;-]',
  }),
  ...mutantsIn("sql/0028_claims.sql", ["cards/claims"], {
    "links of an earlier import stay": "where [-telegram_id is not null-]{+false+} and not exists",
    "a claim hides the history from the number's owner":
      "update clients c set last_telegram_id = null\nwhere [-last_telegram_id is not null-]{+false+}",
  }),
  ...mutantsIn("visits/plan.rule.ts", ["ledger/cards"], {
    "who comes back is paid for what was paid meanwhile":
      "[-seen.returned === true && known.forgotten-]{+known.forgotten && false+}",
    "another's record stays forgotten": "[-seen.returned === true && -]known.forgotten",
  }),
  ...mutantsIn("sql/0023_whose_cards.sql", ["cards/forget-person"], {
    "nobody keeps where the journal had a client before":
      "when ([-old.client_id <> new.client_id-]{+false+})",
  }),
  ...mutantsIn("sql/0018_merged_cards.sql", ["db/merged-cards"], {
    "points that came late stay on a card that has gone": "where m.left <[->-] 0 order",
  }),
  ...mutantsIn("cards/link.ts", ["client/card"], {
    "what comes by itself stays in the language of the day of linking":
      "[-if (card && language !== null && language !== card.language) await keepLanguage(db, account, language);-]",
  }),
  ...mutantsIn("demo/place.ts", ["demo/day"], {
    "the demo is everybody's in the network unasked":
      'return { host: [-"127.0.0.1"-]{+"0.0.0.0"+}, names: loopback, shared: false }',
    "what is served to a network is said to be this machine's alone": "shared: [-!here-]{+false+}",
  }),
];
