/** Faults in telling clients: what is flagged and when, quiet hours, settling, blocks, waits. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is sought is source text
import { mutantsIn } from "./mutant.ts";

export const notify = [
  ...mutantsIn("notices/notify.ts", ["notices/troubles"], {
    "429 is waited for by one card alone": '"wait" ? [-Math.min(came.ms, longestPauseMs)-]{+0+} : 0;',
    "a wait is forgotten for a message that went meanwhile":
      "pause.ms = [-Math.max(pause.ms, askedMs)-]{+askedMs+};",
    "one chat's long wait is everybody's": '"wait" ? [-Math.min(came.ms, longestPauseMs)-]{+came.ms+} : 0;',
    "a wait so long that it counts as a wrong clock's":
      '"wait" ? [-Math.min(came.ms, longestWaitMs)-]{+came.ms+} :',
    "a failed message is lost":
      "await [-postponeNotice(notify.db, notice, againInMs, { error: why })-]{+finishNotice(notify.db, notice)+};",
    "a failed message is tried at the same pace for ever": "backOff([-notice.attempts + -]1,",
    "quiet hours hold for nobody": "if (quietMs [->-]{+<+} 0) {",
    "a stop in the middle of a batch sends the rest": "pause.ms > 0[- || notify.signal.aborted-] };",
    "two programs tell at once":
      'return withLease(notify.db, [-"notify_new_bonuses"-]{+`notify_new_bonuses${Math.random()}`+},',
    "429 does not wait what Telegram asks": '"wait" ? [-Math.min(came.ms, longestWaitMs)-]{+0+} :',
    "quiet hours hold for the till": 'notice[-.about !== "till" && notice.timeZone-] !== null',
  }),
  ...mutantsIn("notices/telling.ts", ["notices/troubles"], {
    "messages wait for no turn": "[-else if (!what.over()) await outlets.turn(signal, channel);-]",
    "rows are flagged before the message is sent":
      "{+await keepSaid(db, of, to.account, telling);\n  +}const sent = await send(",
    "a message that failed is flagged":
      '  [-await keepUnsaid(db, of, { account, before }, sent);-]{+await keepSaid(db, of, account, telling);+}\n  if (sent.kind === "blocked")',
    "403 does not mark the card": '[-if (sent.kind === "blocked") await blockAccount(db, account, now());-]',
  }),
  ...mutantsIn("notices/notify.ts", ["notices/notify"], {
    "a correction that adds is told as a new award": "points > 0[- && (first.notifiedPoints ?? 0) === 0-]",
    "a burst that sums to zero is told": "} else [-if (points !== 0) -]{",
    "the last of two records of a checkout is all that is told": "award.points [-+-]= points;",
    "the rows of one record are told one by one": "`[-record ${row.award}-]{+row ${row.id}+}`",
    "visits of two days are told as one":
      "`${last.[-companyId} ${last.visitId ?? last.recordId} ${last.day-]{+visitId === null ? 0 : 0+}}",
    "a message says the first state of a burst": "const last = [-rest.at(-1) ?? -]first;",
    "a price of nothing is told as a refund": '[-shownCause(last.reason, last.paidBy)-]{+last.reason+} ?? ""',
  }),
  ...mutantsIn("notices/notice.texts.ts", ["notices/notify"], {
    "all that the card holds is promised, whatever a bill may be paid with":
      "promised ? [-mostPoints(notification, { bill, balance }).points-]{+balance - (balance % 100)+} : 0",
    "a discount is promised of services that nobody has chosen yet":
      'waiting === 0[- && spendOn !== "services"-];',
    "an award is promised as worth something while more is still to be told":
      "thanksFor(changes) !== null[- && waiting === 0-] && spendOn",
  }),
  ...mutantsIn("client/words.chat.ts", ["chat/staff"], {
    "the words of those who work here are answered as a client's":
      "incoming.edited[- || isStaff(desk.shop, turn.account)-]) return false",
  }),
  ...mutantsIn("client/words.chat.ts", ["client/words"], {
    "an edited message is answered": 'incoming.kind !== "text" [-|| incoming.edited -]||',
    "a stranger is offered what needs a card": "if ([-!linked && -]{+linked && +}ofCards",
  }),
  ...mutantsIn("client/words.rule.ts", ["client/words.rule"], {
    "what means something else is taken for it":
      "if (none && [-words.some((word) => matches(none, word))-]{+false+})",
    "a story is taken for a question": "words.length === 0[- || words.length > maxWords-]",
    "what may stand alone only is found anywhere": "return [-!alone || -]{+true || +}words.every",
  }),
  ...mutantsIn("client/history.store.ts", ["client/details"], {
    "whoever has a number now reads what was told of it before":
      "b.awarded_at [->= h.since-]{+is not null+} and b.id between",
  }),
  ...mutantsIn("notices/notices.store.ts", ["notices/notify"], {
    "a row that comes while its card is told is forgotten":
      "[- and n.attempts = ${notice.attempts}\n      and not-]{+\n      and (true or+} exists (",
    "the till's rows are told with the visits'": "not b.is_telegram_notified\n      and [-${kind} and -]not",
    "what was told of another card is taken for told of this":
      "and r.[-client_id = b.client_id and r.-]is_telegram_notified",
    "what a balance has in it and is still to be told is not named":
      "and ([-not ${kind} or -]${sql.unsafe(notSettledYet)})), 0) as waiting",
  }),
  ...mutantsIn("ledger/outbox.store.ts", ["notices/notify"], {
    "a card nobody linked is told": "[-and ${tx.unsafe(reachable)}-]\n    on conflict",
    "all of a card's rows are flagged, not those that were told":
      "where [-id = any(${ids}::bigint[])-]{+client_id = any(select client_id from bonuslog where id = any(${ids}::bigint[]))+} and not is_telegram_notified\n",
  }),
  ...mutantsIn("visits/programme.texts.ts", ["texts/texts"], {
    "quiet hours that are off are promised":
      'if (quiet === null[- || quiet.from === quiet.to) return null-]{+) return { from: "22:00", to: "9:00", morning: true }+};',
    "quiet hours that end at two at night are said to end in the morning":
      "morning: quiet.to [->= 300 && quiet.to -]<= 720",
    "points are promised at the payment where the visit must be held":
      'return earnWhen === [-"arrived"-]{+("held" as string)+}\n      ? `Баллы',
  }),
  ...mutantsIn("client/why.texts.ts", ["texts/texts"], {
    "a visit is said to earn when it is paid, though it must be held":
      '[-of.earnWhen === "arrived" ? t.arrived : -]{}',
  }),
  ...mutantsIn("cards/clients.store.ts", ["client/card"], {
    "a balance is said as if all of it had been told":
      "where b.client_id = c.id and [-not b.is_telegram_notified-]{+false+} and",
  }),
  ...mutantsIn("cards/codes.store.ts", ["client/picture"], {
    "a card is shown as if all that it holds had been told":
      "where b.client_id = c.id and [-not b.is_telegram_notified-]{+false+} and",
  }),
  ...mutantsIn("client/history.ts", ["client/history"], {
    "a price of nothing stands in the history as a refund":
      "[-shownCause(row.reason, paidBy)-]{+row.reason+}",
  }),
  ...mutantsIn("visits/visit.rule.ts", ["client/history"], {
    "a refund is told as a price of nothing": 'reason === "nothing_paid"[- && paidBy === "prices"-]',
  }),
  ...mutantsIn("sql/0060_two_accounts_of_a_card.sql", ["notices/hands"], {
    "a card that has nobody any more, or whose account has blocked the bot, is told":
      "where a.client_id = card[- and a.blocked_at is null-] and a.channel",
  }),
  ...mutantsIn("ledger/outbox.store.ts", ["notices/hands"], {
    "what the account before was told counts as told to the one that has the card":
      "[-\n      and client_id = (select client_id from accounts where account = ${account})-]",
  }),
  ...mutantsIn("notices/notices.store.ts", ["notices/troubles"], {
    "a blocked chat is written to":
      "where ${sql.unsafe(due)} and [-${tellable(sql, tells)}-]{+c.telegram_id is not null+}\n        and coalesce",
    "a notice is told before it is due":
      "where [-${sql.unsafe(due)}-]{+n.attempts < 3+} and ${tellable(sql, tells)}\n        and coalesce",
    "a quiet wait counts as a try": "attempts = attempts[- - ${error === null ? 1 : 0}-]",
    "a message that is tried ever more rarely is never late":
      "least(n.due_at, [-n.late_since, now-]{+now+}())",
    "each failure counts as the first": "then [-coalesce(late_since, now())-]{+now()+} end",
    "a night counts as late": 'case when ${why !== [-"quiet"-]{+null+}}',
    "what was late stays so though it was told": "count [-===-]{+<+} 0",
  }),
  ...mutantsIn("ledger/outbox.store.ts", ["notices/troubles"], {
    "a change within the settling time does not start it again":
      "set [-due_at = excluded.due_at, -]company_id",
  }),
  ...mutantsIn("owners/digests.store.ts", ["owners/digest"], {
    "an owner who could not be reached reads only of the day on which they are":
      "[-exists (select from digest_readers r where r.day = d.day and r.owner = ${owner} and r.told_at is not null)-]{+true+}",
    "an owner who is not there is asked every minute":
      "[-(r.told_at is not null or r.due_at between now() and now() + interval '1 hour')-]{+r.told_at is not null+}",
    "an owner is told every minute":
      "[-(r.told_at is not null or r.due_at between now() and now() + interval '1 hour')-]{+r.due_at > now()+}",
    "after the upgrade owners read of six days again":
      "[-or d.day < coalesce((select min(r.day) from digest_readers r), ${day})-])",
  }),
  ...mutantsIn("owners/digest.ts", ["owners/digest"], {
    "who reads later reads of other rows": "last: [-sealed.rows-]{+sealed.rows + 99+}, from, timeZone",
  }),
  ...mutantsIn("alarms/alarms.store.ts", ["alarms/alarms"], {
    "trouble that was over while it was told leaves an owner to believe in it":
      "[-values (${about}, ${detail}, now(), ${[...reached]}::text[])-]{+select ${about}, ${detail}, now(), ${[...reached]}::text[] where false+}",
    "the end of trouble that has come back goes for the trouble":
      "and [-one <> all(${[...reached]}::text[])-]{+(${over} or one <> all(${[...reached]}::text[]))+}",
    "trouble of what the settings name no more goes on":
      "update alarms set over_at = [-now(), due_at = now()-]{+over_at+} where over_at is null and ${gone}",
  }),
  ...mutantsIn("alarms/alarms.ts", ["alarms/alarms"], {
    "two programs tell owners at once":
      'withLease(db, [-"owners_alarms"-]{+`owners_alarms${Math.random()}`+},',
    "trouble is told as it was when the round began":
      'const alarm = [-await untoldAlarm(db, about, owners)-]{+(await untoldAlarm(db, about, owners)) ?? { about, detail: "", over: false, told: [] }+};',
    "of a branch that is read no more it is said that it is read again":
      "gone: [-isGone(about, named)-]{+false+}",
  }),
  ...mutantsIn("visits/recheck.store.ts", ["alarms/alarms"], {
    "records of a branch that is read no more are trouble for ever":
      "where tries >= 3 and company_id [-= any(${[...companyIds]}::bigint[])-]{+<> all(${[...companyIds]}::bigint[]) or tries >= 3+}",
  }),
  ...mutantsIn("rules/time.ts", ["notices/troubles"], {
    "quiet hours are inverted": "if ([-!-]inside) return 0;",
    "quiet hours over midnight are none": "now >= quiet.from [-||-]{+&&+} now < quiet.to",
  }),
  ...mutantsIn("rules/time.ts", ["rules/time"], {
    "the first minute after the quiet hours is quiet": "now >= quiet.from && now <{+=+} quiet.to :",
  }),
  ...mutantsIn("channels/arrival.rule.ts", ["channels/telegram/client"], {
    "what nobody was there to take may have arrived": "/^([-ECONNREFUSED|-]ENOTFOUND|",
    "what was cut off has certainly not arrived":
      'return [-!(typeof code === "string" && before.test(code))-]{+false+};',
    "a gateway's answer says that nothing was sent": "return [-status >= 500-]{+false+};",
  }),
  ...mutantsIn("channels/telegram/polling.ts", ["channels/telegram/polling"], {
    "an offset never goes back, though Telegram has numbered anew":
      "Math.max([-...ids(batch)-]{+offset - 1, ...ids(batch)+}) + 1;",
    "what a stop left is confirmed":
      "[-left.length > 0 ? Math.min(...ids(left)) : -]Math.max(...ids(batch)) + 1",
    "a wait of a day is waited for": "[-Math.min(askedWait(asked), first * 100)-]{+askedWait(asked)+}",
    "a number below zero becomes the offset": "[-Number(update.update_id) >= 0-]{+true+}",
  }),
  ...mutantsIn("channels/telegram/pace.ts", ["channels/telegram/pace"], {
    "messages follow each other closer than Telegram takes them": "const gapMs = [-35-]{+30+};",
    "an answer takes no place": '[-if ("chat_id" in payload) this.#taken();-]',
    "many answers put off a telling for as long as they were": ", [-now + secondMs-]{+Infinity+});",
    "answers without end keep tellings from ever going": "[-Math.min(this.#nextAt, latest)-]{+this.#nextAt+}",
    "a stop waits for its turn": "while ([-!signal.aborted-]{+true+})",
  }),
  ...mutantsIn("chat/dispatch.ts", ["app/tell-soon"], {
    "what is done at the till waits for the timetable": '[-if (kind === "tap") onTap();-]',
  }),
  ...mutantsIn("notices/notices.store.ts", ["app/tell-soon"], {
    "visits are told with what is done at the till, before they may be":
      "[-coalesce(n.about = ${about}, true)-]{+true+}",
  }),
  ...mutantsIn("channels/telegram/telegram.ts", ["chat/retry"], {
    "answers do not count in the pace": "[-if (pace) api.config.use(pace.answers);-]",
  }),
  ...mutantsIn("chat/turn.ts", ["chat/retry"], {
    "whose tapped message is gone is told sorry of what was done":
      '    [-if (failed?.kind === "failed" && !failed.passes && !failed.mayHaveArrived) return this.say(html, buttons);-]',
  }),
  ...mutantsIn("chat/dispatch.ts", ["chat/flood"], {
    "a tap behind a word that was said in the chat waits in vain":
      '[-kind === "tap" ? "tap" : -]"message", desk.now()',
  }),
  ...mutantsIn("chat/gates.ts", ["chat/flood"], {
    "each tap of a flood costs an answer": "[-seen.told = [...seen.told, kind];-]",
  }),
  ...mutantsIn("channels/telegram/client.ts", ["channels/telegram/client"], {
    "what limits a call's time outlives the call":
      'redirect: "error"{+, signal: AbortSignal.timeout(20_000)+} });',
    "a word that Telegram repeats is kept": '[-own.has(word.toLowerCase()) ? word : "…"-]{+word+}',
    "what Telegram repeats reaches the log": "return response[-.ok ? response : await refusal(response)-];",
  }),
  ...mutantsIn("cli/commands.ts", ["binary/proxy"], {
    "health asks a proxy for the program":
      "const [-status = await statusOf(here, port)-]{+{ status } = await fetch(`http://${here}:${port}/readyz`)+};",
  }),
  ...mutantsIn("main.ts", ["binary/proxy"], {
    "a proxy is asked for what listens on this machine": "[-askThisMachineDirectly();\n  -]process",
    "what NO_PROXY names is asked through the proxy": '[[-NO_PROXY, no_proxy, -]"localhost"',
  }),
  ...mutantsIn("log.ts", ["log"], {
    "names in a service's refusal are kept": '\\p{Lu}[\\p{L}-]*/gu, "[-<name>-]{+$&+}"',
    "what the runtime warns about stands between the lines": '[-from.removeAllListeners("warning");-]',
    "what others quote is kept": '«[^»]*»|“[^”]*”/g, "[-<quoted>-]{+$&+}"',
  }),
  ...mutantsIn("channels/telegram/telegram.ts", ["channels/telegram/client"], {
    "a chat that is gone is tried for ever": "code === 403[- || (code === 400 && nobody)-]",
  }),
  ...mutantsIn("channels/telegram/telegram.ts", ["notices/troubles"], {
    "403 is a failure like any other": "[-code === 403 || -](code === 400",
    "Telegram's seconds are taken for milliseconds":
      "ms: [-askedWait(parameters.retry_after)-]{+parameters.retry_after ?? 1+}",
  }),
  ...mutantsIn("till/refunds.ts", ["cards/other-hands"], {
    "an offer is made once, and told to all owners as it was then":
      "if (offer === null) [-return-]{+throw new Error()+};\n    if (offer.told",
  }),
  ...mutantsIn("client/picture.chat.ts", ["cards/other-hands"], {
    "a card is sent to whoever asked, whosever it is by then":
      "[-if (!(await isShown(desk.db, turn.account, card))) return show(desk, turn, picture);-]",
  }),
  ...mutantsIn("client/mydata.chat.ts", ["cards/other-hands"], {
    "the file of all that is stored goes to an account that has lost the card":
      "[-if (still?.id !== data.card?.id) return turn.say(t.stale());-]",
  }),
  ...mutantsIn("client/together.chat.ts", ["cards/other-hands"], {
    "an account that has its card back is told that it is gone":
      "[-if ((await holdingOf(desk.db, previous.account))?.phone === phone) return;-]",
  }),
  ...mutantsIn("till/approval.chat.ts", ["cards/other-hands"], {
    "what an admin asked who is none any more is done by an owner's yes":
      "if ([-!isStaff(desk.shop, screen.account)-]{+screen.asked === 0+}) {",
  }),
  ...mutantsIn("till/screen.chat.ts", ["cards/other-hands"], {
    "a screen is shown to an admin who is none any more":
      "[-isStaff(shop, screen.account)-]{+shop+} ? channels",
  }),
  ...mutantsIn("cards/absence.ts", ["cards/second-phone"], {
    "who comes back is told the same again by the sender":
      "[-await markSumsNotified(tx, card.id, account);-]",
    "who comes back stays blocked":
      "    await [-unblockAccount(tx, account);\n    await -]markSumsNotified(tx, card.id, account);",
  }),
];
