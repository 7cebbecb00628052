/** Faults in one card of several messengers: who sees what was before, who is asked, who goes, and whose points stay. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is sought is source text
import { mutantsIn } from "./mutant.ts";

export const together = [
  ...mutantsIn("sql/0061_history_by_account.sql", ["cards/together"], {
    "who links a card that another has sees what was before":
      "coalesce(c.last_account, mine) [-= mine-]{+is not null+} then",
    "who leaves together with the card's last account comes back as a stranger":
      "e.account = mine and e.same_person[-)-]{+ and false)+} then",
    "strangers who left together come back as one person": "e.account = mine[- and e.same_person-]) then",
    "who left a card that others had since comes back to what was before":
      "  [-update earlier_accounts set same_person = false where client_id = new.client_id and same_person;-]",
  }),
  ...mutantsIn("sql/0061_history_by_account.sql", ["cards/together"], {
    "a card begins anew though one of its accounts sees all":
      "case when [-bool_and-]{+bool_or+}(history_from is not null) then min",
    "who never saw the past of a card comes to it by unlinking everybody":
      "history_from = case when a.account is null then c.history_from else [-a.since-]{+null+} end,",
    "any account sees any card": "    '[-infinity')\n$$-]{+-infinity')\n$$+};",
  }),
  ...mutantsIn("cards/together.ts", ["cards/together"], {
    "a button of one card is taken for one of another":
      'if (mine[-?.id !== of.card-]{+ === null+}) return { kind: "gone" };',
    "a link opens another number's card to whoever has it":
      "if (mine === null || [-mine.id !== theirs?.id-]{+theirs === null+}) return {",
    "a link opens the past twice": "[-await dropCarryCode(tx, carried.hash);-]",
    "no opens the past": "if ([-yes-]{+true+}) await seeAs",
    "an older question whether it is they is answered for a newer one":
      "if (asked[-?.question !== question-]{+ === null+} || (asked.refused",
    "whether it is they can be answered twice":
      "    [-await forgetDialog(tx, account, SAME);\n    const mine-]{+const mine+} =",
    "a no is answered twice": "question[- || (asked.refused && !yes)-]) return",
    "a mistaken no stays":
      "    [-else await rememberQuestion(tx, account, { ...asked, told: true, refused: true }, now);-]",
    "the first account puts off the later one": "if ([-!other?.earlier-]{+!other+}) return",
    "an account is put off a month after the link":
      'return [-other.inTime-]{+(true as boolean)+} ? { kind: "may"',
    "the button of a card that is not here speaks of the other messenger":
      'return { kind: [-"gone"-]{+"closed"+} };',
    "whoever says yes keeps the past open to who puts them off": "    [-await seeFromLink(tx, of.account);-]",
    "an old yes of who was put off counts once they are back":
      "await unlinkAccount(tx, found.other.account);\n    [-await forgetDialog(tx, found.other.account, SAME);-]",
    "a link of another number's card is taken without a word": "strayed: [-theirs !== null-]{+false+}",
    "who has come in the place of whoever was asked about is let see all":
      "find((one) => [-one.account === asked.account-]{+true+});",
    "whoever blocked the bot is waited for": "filter((one) => !one.same[- && !one.blocked-])",
    "a question that did not get through is never asked":
      "untold = pending?.account === account && [-!pending.told-]{+false+}",
    "a question is asked at each contact anew": "pending?.account === account[- && !pending.told-] ?",
    "consent of the link's maker is that of any number":
      "if (given === null[- || (await cardOfAccount(tx, given.maker))?.phone !== phone-]) return false;",
    "the link itself is kept":
      'const hashOf = (parameter: string) => [-createHash("sha256").update(parameter).digest("hex")-]{+Buffer.from(parameter.padEnd(32).slice(0, 32)).toString("hex")+};',
    "a link lives for a week": "const DAY = {+7 * +}86_400_000;",
    "all accounts of a card are one person's":
      "beside[-.filter((one) => one.same)-].map((one) => one.account)]",
  }),
  ...mutantsIn("cards/clients.store.ts", ["cards/together"], {
    "one who sees less closes the past to another":
      "[-and a.history_from > coalesce(o.history_from, '-infinity') -]returning",
    "only here is everywhere":
      "where a.account = ${account} and o.client_id = a.client_id[- and o.account <> a.account-]`;",
  }),
  ...mutantsIn("cards/link.ts", ["cards/together"], {
    "what waited where the card was carried from waits on there":
      "if (others[0] === undefined[- || together.opened-]) await",
    "the points of a card that another account has go with the one that leaves":
      "const moved = [-shared\n      ? 0\n      : -]await movePurse",
    "a yes moves points that it was not asked about":
      'if ([-beside.join(" ") !== asked.beside || -]there.join',
    "points go onto a card that another account has by now":
      'asked.beside[- || there.join(" ") !== asked.there-]) return',
    "how many visits made the points is told to who may not see them":
      "return [-(await seesAll(tx, account))-]{+true+} ? held",
  }),
  ...mutantsIn("client/together.chat.ts", ["cards/together"], {
    "a client is sent to where no bot answers":
      "asks[-.filter(({ account }) => channels.of(account) !== null)-];",
    "who may not be told unasked is asked at once":
      "asks[-.filter(({ account }) => desk.tells.includes(channelOf(account)))-]) {",
    "what waits to be asked is asked at every turn":
      "  [-await askedIfSame(desk.db, asked, { now, told: true });-]",
    "who may not be told unasked is told that they are forgotten":
      "if (one.blocked[- || !desk.tells.includes(channelOf(one.account))-]) continue;",
  }),
  ...mutantsIn("client/news.chat.ts", ["cards/together"], {
    "what waits to be asked is never asked": "[-if (!tells) await askWaiting(desk, turn);-]",
    "who lost a card while nothing was told unasked never hears it":
      "if ([-(several || !tells)-]{+!tells+} && (await",
  }),
  ...mutantsIn("cards/forget.ts", ["cards/together"], {
    "everywhere is only here": "if ([-everywhere-]{+false+}) await unlinkBeside",
    "strangers let a card go as one person":
      "beside[-.filter((one) => one.same)-].map((one) => one.account);\n    if",
    "what the other account agreed to outlives the person":
      "[account[-, ...beside.map((one) => one.account)-]]",
  }),
  ...mutantsIn("client/history.ts", ["cards/together"], {
    "a stranger reads the number of the card's other account":
      "externalId: [-one.same ? externalIdOf(one.account) : null-]{+externalIdOf(one.account)+},",
  }),
  ...mutantsIn("cards/stored.store.ts", ["cards/together"], {
    "the second account reads the name of before": "case when [-a.history_from is null-]{+true+} then c.name",
  }),
  ...mutantsIn("gifts/birthdays.store.ts", ["cards/together"], {
    "a stranger on the same card reads the birthday that was said":
      "a.account = ${account}[- and o.history_from is not distinct from a.history_from-]))",
    "the second account reads the journal's birthday": "[-and a.history_from is null -]and",
  }),
  ...mutantsIn("friends/friends.store.ts", ["cards/together"], {
    "the second account reads who was invited before":
      "from c.history_from or [-a.history_from <= f.kept_at-]{+true+})",
  }),
  ...mutantsIn("client/start.chat.ts", ["cards/together"], {
    "nobody is asked whether it is they": "[-await askIfSame(desk, turn, done);-]",
  }),
  ...mutantsIn("client/consent.chat.ts", ["cards/together"], {
    "the consent names the messenger that it is given in alone":
      "...[-channels.spoken-]{+channels.spoken.slice(-1)+}.map(messengerName)",
  }),
];
