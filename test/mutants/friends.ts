/** Faults in invitations: who is new, what makes the gifts due, for how many friends, and when they are taken back. */
import { mutantsIn } from "./mutant.ts";

export const friends = [
  ...mutantsIn("friends/friend.rule.ts", ["friends/friend.rule"], {
    "a session that nobody has marked is none": "one.attendance !== [--1-]{+0+} && one.startsAt",
    "a cancelled session is a visit": "(one) => [-!one.deleted && -]one.attendance",
    "any sum is enough": "paid > 0 && paid >= [-(of.leastBill ?? 0)-]{+0+}",
    "a visit that nobody paid for counts": "[-paid > 0 && -]paid >= (of",
    "a gift is due at once": "visit.startsAt.getTime() + [-afterDays * dayMs-]{+0+}",
    "a mended bill takes the gift": "now.getTime() >= goneSince.getTime() + [-dayMs-]{+0+}",
    "the year has no limit": 'given.aYear >= limits.aYear ? [-"year"-]{+null+} : null',
  }),
  ...mutantsIn("friends/friends.ts", ["friends/friends"], {
    "somebody invites themselves by a card let go":
      "if (friend === inviter[- || (await areOnes(db, friend, inviter))-]) return",
    "whoever turns out to have been here is new": "if ([-await wasHereBefore(tx, friend)-]{+false+}) return",
    "an inviter over the limit is given points all the same":
      '...gift("inviter", [-inviterWhy === null ? tie.inviterCard : null-]{+tie.inviterCard+}, tie.inviterPoints)',
    "one invites oneself": "if ([-friend === inviter || -](await areOnes(db, friend, inviter))",
  }),
  ...mutantsIn("friends/friends.store.ts", ["friends/friends"], {
    "a visit of which a record is unpaid makes the gift":
      "having bool_or(v.attendance = 1)[- and bool_and(v.paid_full)-]",
  }),
  ...mutantsIn("client/friend.chat.ts", ["friends/friend.chat"], {
    "a link counts from the day on which the number is proved":
      'at: [-typeof at === "number" ? new Date(at) : now()-]{+now()+}',
    "the last link to be opened stays": "if ([-(await openedLink(desk, turn)) === null-]{+true+}) {",
  }),
  ...mutantsIn("friends/newcomer.ts", ["friends/friends"], {
    "one branch is asked for all":
      "for (const company of friends.companyIds[-)-]{+.slice(0, 1))+}\n    if (await isKnownIn",
    "who works here is invited": 'if ([-phones.has(phone)-]{+false+}) return "friend_works_here";',
    "phones that cannot be seen are nobody's": "if ([-phones === false-]{+false+}) throw",
  }),
  ...mutantsIn("friends/friends.ts", ["friends/friend.chat"], {
    "who works here is promised a gift": "if ([-await isOneOf(db, friend, staff)-]{+false+}) return",
    "whom a colleague invites is promised a gift":
      "if ([-await isOneOf(db, inviter, staff)-]{+false+}) return",
  }),
  ...mutantsIn("sql/0050_ties_of_persons.sql", ["friends/passed"], {
    "who has the inviter's old number is given the gift":
      "p.client_id = way.id and [-p.at > way.since-]{+false+}",
  }),
  ...mutantsIn("sql/0061_history_by_account.sql", ["friends/passed"], {
    "nobody knows where the owner before went": "[-card_of_person(old.left_for, old.left_at)-]{+null+},",
  }),
  ...mutantsIn("sql/0054_the_same_person.sql", ["friends/passed"], {
    "a number's next owner whom an admin shows its history has the invitations of before":
      "at = old.history_from[- and heir is null-]",
  }),
  ...mutantsIn("friends/friends.store.ts", ["friends/passed"], {
    "what a stranger pays on the friend's old number makes the gift":
      "(w.passed is null or [-v.starts_at < w.passed-]{+true+})",
    "what the owner before paid on the friend's number of now makes the gift":
      "(w.came is null or [-v.starts_at >= w.came-]{+true+})",
    "what is taken back is taken from who has the number since":
      "then [-card_of_person(b.client_id, b.awarded_at)-]{+null+} end",
    "a limit begins anew with each number": "array([-select cards_before(-]{+select unnest(+}",
    "a limit begins anew by a card let go":
      'tiesOf(tx, "inviter", [inviter[-, ...letGo.map(({ id }) => id)-]])',
    "a gift is looked at for ever": 'looked.state === [-"given"-]{+"none"+} ?',
    "a person is invited once a number": '[-"friend"-]{+"inviter"+}, [tie.friend])}',
  }),
  ...mutantsIn("jobs/apart.ts", ["friends/passed", "gifts/birthday", "levels/review", "ledger/ends"], {
    "one that fails stops all": "[-signal.aborted-]{+true+} || databaseIsAway",
  }),
  ...mutantsIn("sql/0061_history_by_account.sql", ["friends/friend.chat", "cards/together"], {
    "the link of an owner before invites for the next":
      "delete from friend_links where client_id = new.id and [-made_at < new.history_from-]{+false+};",
  }),
  ...mutantsIn("cards/people.store.ts", ["friends/friend.chat"], {
    "the link of who was forgotten invites": `delete from friend_links where client_id = [-\${card}-]{+0+}`,
  }),
];
