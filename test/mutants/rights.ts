/** Faults in who may do what: links, owners, those let go. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is sought is source text
import { mutantsIn } from "./mutant.ts";

export const rights = [
  ...mutantsIn("chat/staff.ts", ["owners/rights"], {
    "who was let go may work on where the list is a second old":
      "return [-may && !anew ? this.now() : people-]{+people+};",
    "who was taken on is a client for another second": "changed(): void {\n    [-this.#kept = null;-]",
    "the database changes whom the settings name":
      "posts.filter([-({ account }) => !isStaff(settings, account)-]{+() => true+});",
  }),
  ...mutantsIn("chat/staff.store.ts", ["owners/rights"], {
    "once an admin, always an admin":
      "where role is not null[- and not exists (select from staff_changes l where l.account = c.account and l.id > c.id)-]\n",
  }),
  ...mutantsIn("owners/rights.ts", ["owners/rights"], {
    "two open a link at once, and both are in":
      "return inTransaction(db, async (tx): Promise<Opening> => {\n    [-await lockStaff(tx);-]",
    "two owners let each other go at once, and nobody is left":
      'Promise<Outcome | "no_owner"> {\n  return inTransaction(db, async (tx) => {\n    [-await lockStaff(tx);-]',
    "a restart leaves the link before it alive":
      '[-await dropLinks(tx, "first");-]{+await dropLinks(tx, { by: "" });+}',
    "a first link is printed beside an owner": "[-if (isAnyHere(ownerIds, spoken)) return null;-]",
    "the first link lives a day": "now.getTime() + [-hourMs-]{+linkMs+});",
    "the first link makes a second owner": "link.by === null ? [-!isAnyHere(ownerIds, spoken)-]{+true+} :",
    "a link outlives its owner's rights": ": [-ownerIds.includes(link.by)-]{+true+});\n    if (!stands)",
    "a link changes whom the settings name": '[-if (isStaff(settings, account)) return { kind: "fixed" };-]',
    "an owner uses up a link of another":
      '[-if (hasAsMuch(posts, account, link.role)) return { kind: "already" };-]',
    "who opened a link is let go and comes back by it":
      '{ kind: [-isStaff(people, account) ? "joined" : "none"-]{+"joined"+} };',
    "an admin takes people on": "return [-isOwner-]{+isStaff+}(staffWith(settings, posts), by) ?",
    "the last owner goes": '[-if (ownerIds.every((owner) => owner === account)) return "last_owner";-]',
    "links of an owner who was let go wait for their return": "[-await dropLinks(tx, { by: account });-]",
    "who could not be told is not told again": "if ([-!later-]{+true+}) await changeTold",
  }),
  ...mutantsIn("owners/rights.store.ts", ["owners/rights"], {
    "a link never dies": "sql`[-expires_at > ${now} and -]made_at <=",
    "whoever joins hears all that was before":
      "and c.id > [-coalesce((select max(id) from staff_changes o where o.account = owner), 0)-]{+0+}",
    "owners are told again and again":
      "[-and not exists (select from staff_told t where t.change = c.id and t.owner = owner.owner)-]",
    "what was done by one's own hand is news":
      "from added where [-made_by is not null and link is null-]{+false+}`",
  }),
  ...mutantsIn("owners/rights.chat.ts", ["owners/rights"], {
    "the list is open to admins": "if (![-isOwner-]{+isStaff+}(desk.shop, turn.account)) return false;",
  }),
  ...mutantsIn("owners/owners.chat.ts", ["owners/rights"], {
    "an export goes to who was let go while it was made":
      "if ([-!isOwner(await staff.now(), turn.account)-]{+false+})\n      return",
  }),
  ...mutantsIn("owners/rights-list.chat.ts", ["owners/rights"], {
    "nobody sees who keeps rights that the settings take away":
      "[-all.find((post) => post.account === account)?.role ?? -]null;",
  }),
  ...mutantsIn("owners/recruit.chat.ts", ["owners/rights"], {
    "a later contact is taken on by an older button":
      "about === null || [-about.role !== word || about.account !== of-]{+about.account === null+}",
  }),
  ...mutantsIn("owners/rights.chat.ts", ["owners/rights"], {
    "screens of who is let go stay open":
      "const open = [-await closeAllOf(db, account, desk.now())-]{+await Promise.all([] as { bot: number; message: number }[])+};",
    "who is let go keeps the menu":
      "[-await takeOwnMenu(channel, account)-]{+await Promise.resolve()+}.catch",
  }),
  ...mutantsIn("sql/0036_staff_by_link.sql", ["owners/rights"], {
    "who worked here is changed afterwards": "before [-update or -]delete on staff_changes",
  }),
];
