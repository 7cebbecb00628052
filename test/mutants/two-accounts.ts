/** Faults in telling a card that has an account in each of two messengers: to whom it goes, by which other one, and never to both. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is sought is source text
import { mutantsIn } from "./mutant.ts";

export const twoAccounts = [
  ...mutantsIn("sql/0060_two_accounts_of_a_card.sql", ["notices/one-account"], {
    "a notice goes to the account that was used first": "a.used_at[- desc-], a.account limit 1",
    "a messenger that is away keeps the notices of a card that has another":
      "b.account is null, [-a.channel = any(away), -]a.used_at",
    "what may have arrived goes to whichever was used last": "order by [-b.account is null, -]a.channel",
    "the database lets two accounts be told of the same rows":
      "(new.rows is null or [-b.rows && new.rows-]{+false+})",
    "the database lets two accounts be told of the same warning":
      "([-new.rows is null or -]b.rows && new.rows)",
    "the database lets an account be told of a card that it does not have":
      "where a.account = new.account[- and a.client_id = new.client_id and a.blocked_at is null-]) then",
    "what was begun for an account is another's for itself": "card and [-account <> reader-]{+true+} and",
    "what was begun may become another account's":
      "from (old.client_id, old.about, old.subject, [-old.account-]{+new.account+})",
  }),
  ...mutantsIn("sql/0060_two_accounts_of_a_card.sql", ["notices/news"], {
    "a messenger that may tell nothing unasked does":
      "a.blocked_at is null[- and a.channel = any(told_unasked)-]\n  order",
  }),
  ...mutantsIn("notices/begun.store.ts", ["notices/one-account"], {
    "what else was left to an account is another's once a part is told":
      "${key} and [-not exists (${untold})-]{+true+}`;",
  }),
  ...mutantsIn("sql/0061_history_by_account.sql", ["cards/together"], {
    "who leaves a card keeps a picture that opens it": "and (tg_op [-= 'INSERT'-]{+<> 'NONE'+} or",
  }),
  ...mutantsIn("sql/0061_history_by_account.sql", ["db/accounts"], {
    "who takes another card keeps a picture of the first":
      "[-(new.account, new.client_id)-]{+(new.account, old.client_id)+} is not",
  }),
  ...mutantsIn("notices/telling.ts", ["notices/one-account"], {
    "what may have arrived is told to the other account":
      "[-await letGoBegun(db, of, account)-]{+await takeBackBegun(db, of, account, before)+};",
    "what nobody was reached with stays with the account":
      'if (sent.kind === "failed"[- && sent.mayHaveArrived-])',
    "nothing is kept before the message goes": "[-await keepBegun(tx, of, to.account, telling.rows, 0);-]",
    "a message is begun in a messenger that is away": "if (since [-!== null-]{+=== undefined+}) {",
    "a moment's absence is enough for the other messenger": "since.getTime() < [-awayMs-]{+0+})",
    "a program that has just begun waits five minutes anew": "if ([-!what.isLate && -]now()",
    "rows that may have been read by who has left are told again":
      "[-if (isOfRows(what.of)) await endRowsOfGone(outlets.db, what.of.card);-]",
    "what may have been read by who is gone is told to another account":
      'if (!byRows && to.elsewhere === [-"lost"-]{+null+}) {',
  }),
  ...mutantsIn("notices/presence.ts", ["notices/one-account"], {
    "a messenger that was away for a moment keeps its messages for a minute":
      "Math.min(mostMs, [-Math.max(5_000, Number(now) - since.getTime())-]{+mostMs+})",
  }),
  ...mutantsIn("notices/notify.ts", ["notices/one-account"], {
    "who has blocked one messenger waits for the other":
      'if ([-came.kind === "blocked" || -]came.kind === "nobody")',
  }),
  ...mutantsIn("notices/notices.store.ts", ["notices/one-account"], {
    "rows that another account may have read are told again":
      "and ${kind} and not ${sql.unsafe(notSettledYet)}[- and not ${begunForOthers(sql, account)}-]\n",
    "a notice of which nothing is left to tell here is due for ever":
      'and not (${rows === [-"not begun"-]{+"all"+}} and exists',
  }),
  ...mutantsIn("cards/clients.store.ts", ["notices/one-account"], {
    "a balance promises word of what nobody will write of":
      "not b.is_telegram_notified[- and not is_anothers_to_hear(c.id, b.id, a.account)-]), 0) as waiting",
  }),
  ...mutantsIn("cards/codes.store.ts", ["notices/one-account"], {
    "a card's picture promises word of what nobody will write of":
      "not b.is_telegram_notified[- and not is_anothers_to_hear(c.id, b.id, a.account)-]), 0) as waiting",
  }),
  ...mutantsIn("ledger/outbox.store.ts", ["notices/one-account"], {
    "who comes back is told what the other account is being told":
      "and not ${sql.unsafe(notSettledYet)}[- and not ${begunForOthers(sql, account)}-]`;",
    "who comes back takes away what the other account is being told":
      "where client_id = ${card} and [-not exists (-]{+(true or exists (+}\n      select from bonuslog b where b.client_id = n.client_id",
  }),
  ...mutantsIn("notices/notices.store.ts", ["notices/news"], {
    "what waits for its person is late":
      "(${sql.unsafe(due)} or n.late_since <= now())[- and not n.until_asked-]",
    "what waited is late at once when it may be told":
      "due_at = case when n.until_asked then [-now()-]{+n.due_at+} else n.due_at end",
    "a contact says what another messenger tells at once":
      "and ([-not ${tellable(tx, tells)}-]{+true+} or n.late_since",
    "a contact says nothing while the other messenger is away":
      "(not ${tellable(tx, tells)} or [-n.late_since <= now() -]{+n.late_since <= now() - interval '1 year' +}- ${awayMs}",
  }),
  ...mutantsIn("notices/begun.store.ts", ["notices/news"], {
    "two turns at once say the same news":
      "where [-b.held_until not between now() and now() + interval '1 minute' or ${heldMs}::float8 = 0-]{+true+}`;",
    "news that were held by a clock that was put back are said by nobody":
      "where b.held_until [-not between now() and now() + interval '1 minute'-]{+<= now()+} or",
  }),
  ...mutantsIn("notices/news.ts", ["notices/news"], {
    "news are said again at each contact":
      "[-for (const { of } of begun) await keepSaid(db, of, account, telling);-]{+void begun;+}",
    "news that were not read are lost":
      "[-await keepUnsaid(db, of, { account, before }, sent)-]{+await keepSaid(db, of, account, null)+};",
  }),
  ...mutantsIn("client/news.chat.ts", ["client/news"], {
    "nobody knows where a person was last":
      "const away = several[- && (await keepUse(desk.db, turn.account))-];",
    "who counts as gone stays so, however much they write":
      "if ([-away && -]{+(false as boolean) && away && +}kind",
    "an account that unblocks the bot counts as used": 'kind === "left"[- || kind === "returned"-]',
    "the answer's failure keeps the news for a minute":
      "[-if (error instanceof NotSent) await found.untold(error.outcome, place > 0);-]{+void NotSent;+}",
    "what was read of the news in part is told elsewhere": "error.outcome, [-place > 0-]{+false+}",
    "who lost a card hears it again and again": "[-await forgetMovedAway(desk.db, turn.account);-]",
  }),
  ...mutantsIn("client/together.chat.ts", ["cards/together"], {
    "who lost a card is told so unasked":
      "if ([-!desk.tells.includes(channelOf(previous.account))-]{+false as boolean+})\n    return keepMovedAway",
  }),
  ...mutantsIn("friends/friends.store.ts", ["cards/together"], {
    "somebody invites themselves by a card let go in one of two messengers":
      "[-\n    union select account from earlier_accounts where client_id = ${card}-]`;",
  }),
  ...mutantsIn("cards/link.ts", ["channels/second-channel"], {
    "what came before is told to an account that was not there":
      "else [-await leaveUntoldTo(tx, card, others[0])-]{+void leaveUntoldTo+};",
  }),
  ...mutantsIn("friends/refusals.store.ts", ["friends/refusals"], {
    "what became of an invitation is told to who has the number since":
      "a.channel = any(${[...tells]}::text[])[- and ${seesTie(sql)}-]`;",
    "what became of an invitation is news to who has the number since":
      "where [-${seesTie(sql)}-]{+true+} and (not exists",
  }),
  ...mutantsIn("notices/level-notices.store.ts", ["notices/level-notices"], {
    "a level of before is told to who has the number since":
      "(a.history_from is null or [-a.history_from <= l.at-]{+true+} or",
    "terms to come are told to nobody who has the card since": "[- or l.kind = 'terms'-])\"",
    "terms that were given up wait for ever": "and ([-${sql.unsafe(followed)}-]{+false+}\n",
    "what was begun of a level outlives it": "b.about = 'level' and b.subject = o.id[--]{+ and false+}`",
  }),
  ...mutantsIn("notices/level-notices.ts", ["notices/level-notices"], {
    "a change that cannot be begun stops all others":
      "if ([-notify.signal.aborted || databaseIsAway(error)-]{+true+}) throw error;",
  }),
];
