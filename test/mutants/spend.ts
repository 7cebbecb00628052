/** Faults at the till: spending, limits, a second person's word, taking back, refunds. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is sought is source text
import { mutantsIn } from "./mutant.ts";

export const spend = [
  ...mutantsIn("till/limits.ts", ["till/guards"], {
    "an owner confirms herself": "owner !== [-admin-]{+0+}",
    "the sum that needs a second person is off by one": "points <[-=-] rules.secondAdminAbove",
    "a preview tells the whole limit as what is left": "limit[- - handled-])",
  }),
  ...mutantsIn("till/typed.ts", ["till/guards"], {
    "a credit is typed beyond the admin's day":
      "day !== null[- && sum.points > day.left-]{+ && sum.points < 0+}",
  }),
  ...mutantsIn("till/till.ts", ["till/guards"], {
    "a screen that changed under the finger is done":
      "[-if (!(await saveScreen(tx, done, untilOf(till, true)))) throw new Moved()-]{+await saveScreen(tx, done, untilOf(till, true))+};",
    "the limit of the day is not held": "[-limit === null ? undefined : { limit, timeZone }-]{+undefined+}",
    "the second person's name is lost": "actor: authorOf(screen.account[-, owner-])",
  }),
  ...mutantsIn("till/till.ts", ["till/till"], {
    "nobody has to agree": "if (owners.length > [-0-]{+99+}) return",
    "the same bill is spent twice": "[-throw new Repeated()-]{+return+};",
    "a spend's bill is not kept":
      'if ([-action === "spend" && bill !== null-]{+bill === 0+})\n    await putSpend',
  }),
  ...mutantsIn("till/till.ts", ["till/move"], {
    "two taps are two spends": "const key = [-keyOf(screen)-]{+`${keyOf(screen)}:${screen.rev}`+};",
    "an undo comes ten minutes late": "till.now.getTime() >= doneAt.getTime() + {+2 * +}undoMs",
    "undo and give back are two rows": "key: `[-undo-]{+back+}:${row}`, also",
    "a move is taken back the same way it went": "card[-: to, to: card-]{+, to+}",
  }),
  ...mutantsIn("till/till.ts", ["till/till-chat"], {
    "an undo's last moment is over too early": "till.now.getTime() >= doneAt.getTime() + undoMs{+ / 2+}",
    "taking back a debit takes again": 'kind: [-action === "credit" ? "debit" : "credit-]{+"debit+}"',
  }),
  ...mutantsIn("till/till.ts", ["till/edges"], {
    "a screen that is no question is refused by an owner":
      "[-if (!ruleOf(screen.step).asksOwner) return null;-]",
    "an owner's word does for a screen that asked nobody":
      'mayTap(screen.step, "go") : [-ruleOf(screen.step).asksOwner-]{+true+}',
  }),
  ...mutantsIn("till/till.ts", ["chat/two-bots"], {
    "what another bot did with a message of this number is taken for done":
      "return `till:${bot{+ - bot+}}:${account}:${asked}`;",
  }),
  ...mutantsIn("till/screens.store.ts", ["chat/two-bots"], {
    "a sum lands on the question of another bot":
      "where bot [-= ${bot}-]{+>= 0 and ${bot}::bigint > 0+} and account = ${account} and step = any(${steps}",
    "an earlier release's question breaks on the chat's newer one":
      "[-case when ${givesWay} then 'closed' else step end, rev = rev + ${givesWay}::int-]{+step+}",
    "any button takes over a screen of an earlier release":
      "else [-message_id = ${tap.message}::bigint-]{+true+} end",
    "an owner's old button agrees to whatever the screen asks now": "then [-rev = ${tap.rev}-]{+true+} else",
  }),
  ...mutantsIn("till/entry.chat.ts", ["till/one-client"], {
    "a sum typed after the next client was opened is for the one before":
      '[-if (opened.kind !== "answered" && opened.kind !== "acted") await leaveQuestion(desk, turn, key.asked);-]',
    "a client who could not be shown leaves the one before asked":
      "await[- leaveQuestion(desk, turn);\n  await-]",
    "a refused sum says of nobody":
      "[-await aboutCard(desk, card, wordsOfTyped(desk, typed))-]{+wordsOfTyped(desk, typed)+}",
  }),
  ...mutantsIn("till/taps.chat.ts", ["till/one-client"], {
    "a tap on another client's screen leaves the one before asked":
      "if ([-screen.askedElsewhere-]{+tap.rev < 0+} && screen.rev",
  }),
  ...mutantsIn("till/steps.rule.ts", ["till/forged"], {
    "any button may be tapped at any step": 'some((one) => one [-=== button-]{+!== ""+})',
  }),
  ...mutantsIn("till/today.chat.ts", ["till/one-client"], {
    "a record of today leaves the client before asked": "[-await leaveQuestion(desk, turn, screen.asked);-]",
  }),
  ...mutantsIn("till/screen.chat.ts", ["till/one-client"], {
    "what is closed is written over the screen that was tapped":
      "await [-showIn-]{+showHere+}(desk, turn, screen).catch",
  }),
  ...mutantsIn("till/till.store.ts", ["till/one-client"], {
    "a booking is the last visit": "max(v.day) filter (where v.starts_at <= ${now}{+ + interval '90 days'+})",
    "a no-show is the last visit": "not v.deleted[- and v.attendance <> -1-])",
    "a deleted visit is the last one": "and [-not v.deleted and -]v.attendance",
  }),
  ...mutantsIn("sql/0026_one_question_a_chat.sql", ["till/one-client"], {
    "two screens of a chat ask at once": "create [-unique -]index",
  }),
  ...mutantsIn("till/screens.store.ts", ["till/today"], {
    "what was undone of a record cannot be done anew": "} when '[-undone' then false when '-]done'",
  }),
  ...mutantsIn("sql/0027_screens_of_a_record.sql", ["till/today"], {
    "taps at once open two screens of a record": "create [-unique -]index",
  }),
  ...mutantsIn("till/today.store.ts", ["till/today"], {
    "the morning's records keep out the evening's":
      "[-abs(extract(epoch from v.starts_at - ${of.now}::timestamptz))-]{+v.starts_at+}, v.record_id",
  }),
  ...mutantsIn("cards/people.store.ts", ["till/forgotten"], {
    "a search keeps the name of who was forgotten": "(${about}[- or sought ~ '^[^0-9]+$'-])",
  }),
  ...mutantsIn("till/today.rule.ts", ["till/today"], {
    "what is paid stands among what is to be paid": "records.filter((one) => [-!one.paidFull-]{+true+})",
    "two people of one card are one client of the day": '`${record.card} [-${record.name ?? ""}-]`',
    "the list opens at the day's beginning": "at.getTime() >= [-now.getTime() - hourMs-]{+0+}",
  }),
  ...mutantsIn("till/till.store.ts", ["till/names"], {
    "whoever comes today stands among all others of the name":
      "c.id in (select id from here) [-desc-]{+asc+}",
    "a client of the journal is not found by the own name":
      "[-union select client_id from yclients_clients where name_words(name) @@ ${begins(sql, sought.name)}-]",
  }),
  ...mutantsIn("till/today.chat.ts", ["till/today"], {
    "a word behind /today is passed over": 'if ([-day === null && words.trim() !== "-]{+words === "-+}")',
  }),
  ...mutantsIn("chat/asks.texts.ts", ["owners/owners"], {
    "a word behind /export is passed over": "[-|| days.includes(null)-]",
    "yesterday is since yesterday": '[-isDayWord(words[0] ?? "") ? from : to-]{+false ? from : to+}',
  }),
  ...mutantsIn("chat/gates.ts", ["chat/wordless"], {
    "words behind a command that takes none are passed over": "if ([-!takesNone-]{+turn+}) return false;",
  }),
  ...mutantsIn("client/card.chat.ts", ["client/card"], {
    "an album that comes between another's pictures makes both new": "this.#begun.size > [-maxAlbums-]{+1+}",
    "a picture whose answer Telegram refused is never answered": "return [-first === message-]{+false+};",
  }),
  ...mutantsIn("client/history.store.ts", ["client/why"], {
    "points that were given back are said to pay a part":
      "where u.corrects = s.id{+ and u.kind = 'undo'+}) and not settles_its_visit(s.id)) as spent",
  }),
  ...mutantsIn("client/history.store.ts", ["till/one-client"], {
    "bookings keep the visits out of why at the till":
      "([-v.starts_at <= ${now}-]{+${now} is not null+} or v.decision not in",
  }),
  ...mutantsIn("till/till.rule.ts", ["till/till.rule"], {
    "a phone with a digit too few is a client where no bill stands behind it": "digits <= 12 [-&& !wrong -]?",
  }),
  ...mutantsIn("channels/telegram/messenger.ts", ["channels/telegram/updates"], {
    "what one bot's Telegram was told is taken for told to another": " ${botIdOf(api.token){+ > 0+}}`",
  }),
  ...mutantsIn("till/screen.chat.ts", ["chat/two-bots"], {
    "a message of another bot's number is changed":
      "screen.[-bot === channel.bot ? screen.message : null-]{+message+}",
  }),
  ...mutantsIn("till/refunds.store.ts", ["till/refunds"], {
    "an owner is left with the button of a bot that is gone": "or o.bot [-<>-]{+=+} ${bot} and v.decided_at",
    "a new bot offers all that was ever refunded":
      "o.bot <> ${bot}[- and v.decided_at > now() - interval '30 days'-])",
    "a visit that is still awaited is offered as refunded":
      "v.decision in ('not_paid', 'nothing_paid')[- and exists (select from bonuslog a where a.key = v.award_key)-]",
    "what was undone at the till is offered again":
      "[-not exists (select from bonuslog u where u.key = 'undo:' || b.id)-]{+true+}",
    "a visit that fell through before the spend is offered": "([-v.decided_at > b.awarded_at-]{+true+} or",
  }),
  ...mutantsIn("till/view.ts", ["till/move"], {
    "the undo button stays for an hour": "undoMs = [-10-]{+60+} * 60_000",
  }),
  ...mutantsIn("till/screens.ts", ["till/move"], {
    "a debit is offered beyond the balance":
      "const held = [-Math.min(wanted ?? balance, balance)-]{+wanted ?? balance+};",
    "a move is offered beyond the admin's day": "[-Math.min(held, day?.left ?? held)-]{+held+}",
  }),
  ...mutantsIn("till/screens.ts", ["till/sums"], {
    "a debit is not held against the balance": 'bounded = [-card !== null && action !== "credit"-]{+false+};',
  }),
  ...mutantsIn("ledger/ledger.ts", ["till/guards"], {
    "the limit of the day is passed by the last change": "if (handled {+- points +}> limit)",
    "the limit of the day is reached too early": "if (handled >{+=+} limit)",
  }),
  ...mutantsIn("ledger/ledger.ts", ["till/edges"], {
    "a second person's change is not in the admin's limit": 'actor[-.split(",")[0] ?? actor-]',
  }),
  ...mutantsIn("ledger/spends.store.ts", ["till/move"], {
    "the limit of the day leaves moves out": "b.kind in ('spend', 'credit', 'debit'[-, 'move'-])",
    "the limit of the day counts a move twice": "[-and (b.kind <> 'move' or b.points < 0)-]",
    "the limit of the day counts what was taken back":
      "[-and not exists (select from bonuslog u where u.key in ('undo:' || b.id, 'undo:' || b.id || ':from'))-]",
  }),
  ...mutantsIn("ledger/spends.store.ts", ["till/today"], {
    "which of several records was paid is forgotten":
      "where case when [-${recordId}::bigint is null-]{+true+} then",
    "a spend of yesterday's record is of today's only one":
      "else [-(company_id, record_id) = (${companyId}::bigint, ${recordId}::bigint)-]{+true+} end)",
  }),
  ...mutantsIn("ledger/spends.store.ts", ["till/guards"], {
    "what is given and what is taken make up for each other": "[-sum(abs-]{+abs(sum+}(b.points))",
    "the limit of the day is everybody's together": "[-split_part(b.actor, ',', 1) = ${actor} and-]",
  }),
  ...mutantsIn("ledger/spends.store.ts", ["till/edges"], {
    "the limit's day begins at midnight in London":
      "date_trunc('day', now() at time zone [-${timeZone}) at time zone ${timeZone}-]{+'UTC') at time zone 'UTC'+}",
    "a spend is tied to a deleted record": "day = ${spend.day}[- and not deleted-]",
    "a spend is tied to the first of two records":
      "then [-(select count(*) from records) = 1-]{+record_id = (select min(record_id) from records)+}",
  }),
  ...mutantsIn("ledger/spends.store.ts", ["till/till"], {
    "a spend of the bill that was taken back stands in the way":
      "where [-u.key = 'undo:' || b.id-]{+false+}) limit 1",
    "another bill's spend stands in the way": "[-b.paid = ${bill} and-]",
  }),
  ...mutantsIn("till/screens.store.ts", ["till/edges"], {
    "an older button of a screen still works": "[-and rev = ${screen.rev}-]\n",
  }),
  ...mutantsIn("till/screens.store.ts", ["till/sums"], {
    "a screen never ends":
      "(bot, account, asked) = (${bot}, ${account}, ${asked})[- and ${alive(sql, now)}-]",
  }),
  ...mutantsIn("till/approval.chat.ts", ["till/forged"], {
    "an admin agrees with herself by a forged tap": 'turn.account === [-screen.account-]{+""+}) return',
    "an owner's old button agrees to a new sum": "[-screen.rev !== rev || -]!ruleOf",
  }),
  ...mutantsIn("till/till.chat.ts", ["till/clients"], {
    "the till is open to clients": "[- || !isStaff(desk.shop, account)-]) return false;",
  }),
  ...mutantsIn("till/till.chat.ts", ["till/guards"], {
    "an admin answers for an owner": "owners && ![-isOwner-]{+isStaff+}(",
  }),
  ...mutantsIn("chat/staff.ts", ["owners/owners"], {
    "an admin passes for an owner":
      'return [-ownerIds.includes(account)-]{+account !== "" && ownerIds !== null+}',
  }),
  ...mutantsIn("till/refunds.ts", ["till/refunds"], {
    "points of a refund come back once for each owner":
      "key: `[-undo:${spend}-]{+refund:${spend}:${owner}+}`",
    "points come back though the visit is paid again":
      "[-if (!(await stillRefunded(tx, spend))) throw new PaidAgain();-]",
    "an owner who could not be reached is not tried again": 'if (sent[-.kind === "sent"-]) await',
    "every owner is told again each minute": "[-if (offer.told.includes(owner)) continue;-]",
    "the till does not learn that an owner gave the points back":
      "[-await closeScreen(tx, till, spend, owner);-]",
    "a spend on a refunded visit is taken again": 'kind: "[-credit-]{+debit+}"',
  }),
  ...mutantsIn("sql/0010_till_as_one.sql", ["till/forgotten"], {
    "the database takes rows by hand on a forgotten card": "and [-forgotten_at is not null-]{+false+})\n",
  }),
  ...mutantsIn("jobs/trouble.ts", ["db/in-each-others-way"], {
    "a dead-lock is taken for a fault of ours": "[-|40P01-]",
    "a serialisation failure is taken for a fault of ours": "[-|40001-]",
  }),
  ...mutantsIn("till/screens.ts", ["ledger/crowd"], {
    "a card is made beside the ledger's lock":
      "[-underLock(db, (tx) => madeCardOfPhone(tx, phone))-]{+madeCardOfPhone(db, phone)+}",
  }),
];
