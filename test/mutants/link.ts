/** Faults in linking and leaving: whose contact, whose card, who is told, what stays. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is sought is source text
import { mutantsIn } from "./mutant.ts";

export const link = [
  ...mutantsIn("channels/telegram/update.ts", ["cards/link"], {
    "somebody else's contact links their card":
      "const own = contact.user_id [-=== from.id-]{+!== undefined+};",
    "a contact without an account links its card":
      "const own = [-contact.user_id-]{+(contact.user_id ?? from.id)+} === from.id;",
    "a forwarded contact proves a number": '...["[-forward_origin", "forward_from-]{+forward_from+}",',
    "a contact forwarded in the older words proves a number":
      '"[-forward_from", "forward_from_chat-]{+forward_from_chat+}"',
    "a contact that a bot has sent proves a number": '[-"via_bot", -]',
  }),
  ...mutantsIn("channels/telegram/update.ts", ["channels/telegram/update"], {
    "what is said in a group is answered": '[-written.chat.type !== "private" || -]',
    "a bot is answered": "[- || written.from.is_bot-])",
    "a button of a group does what it says": '[-under?.chat.type === "private" && -]',
    "another bot's command is done": "if (to [-!== undefined-]{+=== null+} && to",
  }),
  ...mutantsIn("client/start.chat.ts", ["cards/link"], {
    "a linked card is moved without telling the account before":
      "  await [-tellOthers(desk, turn, done);\n  await turn-]{+turn+}.say(",
  }),
  ...mutantsIn("client/start.chat.ts", ["cards/second-phone"], {
    "a second phone's card is taken without telling the account before":
      "  await [-tellOthers(desk, turn, done);\n  const left-]{+Promise.resolve();\n  const left+} = done.left",
    "no means yes": 'answer [-=== "yes-]{+!== "+}"',
    "a block is not heard": "[-await blockAccount(desk.db, turn.account, desk.now())-]{+return true+};",
  }),
  ...mutantsIn("cards/link.ts", ["cards/link-races"], {
    "a card is linked without consent":
      '[-if (!(await hasConsent(tx, proof.account, proof.version))) return { kind: "no_consent" };-]',
  }),
  ...mutantsIn("cards/link.ts", ["cards/second-phone"], {
    "an account with a card takes a second one unasked":
      "if (mine && mine.phone [-!== proof.phone-]{+=== null+})",
    "an old yes robs the account that has proved the phone since":
      '[-if ((holder?.account ?? null) !== asked.holder) return { kind: "closed" };-]',
    "an older question's button answers a newer one": "[-asked?.question !== answer.question ||-]",
    "a question can be answered twice":
      "    [-await forgetDialog(tx, account, SECOND_PHONE);\n    -]const holder",
    "a debt is moved to the new card": "if (balance [-<-]{+==+}= 0) return 0;",
    "a question lasts a month": "const DAY = {+30 * +}86_400_000;",
    "a no behind a yes says that nothing was moved": "[-if (asked?.question !== question) return false;-]",
    "a doubled contact asks two questions": "[-same ? pending.question : -]randomUUID()",
  }),
  ...mutantsIn("cards/link.ts", ["cards/link"], {
    "linking again swallows what came since":
      "[-if (holder.blockedAt !== null) await unblockAccount(tx, account)-]{+await markAllNotified(tx, card)+};",
    "what waited is said by linking and again by the sender":
      "if (others[0] === undefined || together.opened) [-await markAllNotified(tx, card)-]{+void 0+};",
  }),
  ...mutantsIn("cards/consent.ts", ["cards/link"], {
    "a contact that comes past the consent counts":
      "[-if (!(await screenStands(tx, account, version, now))) return false;-]",
    "a screen that was put off is consent":
      "[-await rememberDialog(db, account, CONSENT, { putOff: true }, screenEnd(now));-]",
    "consent to other words counts": ".version [-=== version-]{+!== undefined+}",
    "a screen of a month ago is consent": "const SCREEN_DAYS = [-30-]{+300+};",
  }),
  ...mutantsIn("ledger/outbox.store.ts", ["cards/link"], {
    "a card is linked once more as if all that it holds had been told":
      "filter (where [-not is_telegram_notified-]{+false+} and",
  }),
  ...mutantsIn("sql/0061_history_by_account.sql", ["client/history"], {
    "who takes a number over sees the history of before": "else [-clock_timestamp()-]{+null+} end\n  into",
  }),
  ...mutantsIn("cards/clients.store.ts", ["cards/second-phone"], {
    "a card that is unlinked stays the account's":
      "delete from accounts a where {+false and +}account = ${account}\n",
    "the second 403 counts as the first": "where account = ${account} and blocked_at is [-null-]{+not null+}",
  }),
  ...mutantsIn("cards/forget.ts", ["channels/second-channel"], {
    "who lets go of a card that another account still has takes the news from it":
      "[-if (!held) -]await markAllNotified(tx, card);",
  }),
  ...mutantsIn("cards/forget.ts", ["cards/link-races"], {
    "an old button unlinks another card": "if ([-mine?.id !== card-]{+!mine+}) return null;",
  }),
  ...mutantsIn("cards/forget.ts", ["cards/forget"], {
    "who is forgotten keeps their traces in visits":
      "[-await forgetVisits(tx, { cards, people: numbers, others: allCards });-]",
    "a question about a forgotten phone stays": "[-await forgetQuestions(tx, phone);-]",
  }),
  ...mutantsIn("client/mydata.chat.ts", ["cards/forget"], {
    "a second tap names who is forgotten again":
      "await forgetMessages(desk.db, [[-turn.account, -]...others]);",
    "who hears that they are forgotten is named again":
      "await forgetMessages(desk.db, [turn.account[-, ...others-]]);",
  }),
  ...mutantsIn("cards/forget.ts", ["till/forgotten"], {
    "the next pass brings a forgotten person back": "[-await forgetClients(tx, numbers, now);-]",
    "what was agreed to outlives the person":
      "[-await forgetChats(tx, [account, ...beside.map((one) => one.account)]);-]",
    "a card left for another is forgotten though it may be somebody else's by now":
      "others[-.filter((one) => !one.kept)-]",
    "a card left for another keeps its person": "[-...others.filter((one) => !one.kept)-]",
    "the till's screens keep who was forgotten": "[-await forgetScreens(tx, id, phone);-]",
  }),
  ...mutantsIn("cards/people.store.ts", ["till/forgotten"], {
    "a forgotten card keeps its phone": "update clients set [-phone = null, -]name = null, code",
    "a forgotten client keeps a name": "set client_id = null, [-name = null, -]forgotten_at",
  }),
  ...mutantsIn("cards/people.store.ts", ["cards/forget"], {
    "what waits to be read again of a forgotten person waits on":
      "delete from look_again l using [-visits-]{+(select * from visits where false)+} v\n",
    "a visit keeps YCLIENTS's number of a forgotten person":
      "set [-yclients_client_id = null, -]visit_id = null,",
  }),
];
