// Rows of the ledger that no operation of the program explains: each kind is held to its own rule. SQL only.

import type { Sql } from "../db/connect.ts";
import type { CardId, EntryId } from "../rules/ids.ts";
import type { Points } from "../rules/money.ts";

/** A row that nothing explains; `why` ends a sentence that begins with "this <kind>". */
export interface OddRow {
  id: EntryId;
  card: CardId;
  kind: string;
  points: Points;
  actor: string;
  at: Date;
  why: string;
}

/** The same with whose card it is. */
export interface OddChange extends OddRow {
  phone: string | null;
  name: string | null;
}

/** Rows behind one row, up to another. */
export interface RowSpan {
  after: EntryId;
  last: EntryId;
}

const batch = 5_000;

/** What must be true, and what is said where it is not; both SQL, of the names that `oddRows` gives. */
type Rule = [holds: string, why: string];

/** The words of the first rule that does not hold; null when all do. What cannot be told (a null) does not hold. */
const broken = (...rules: Rule[]): string =>
  `case ${rules.map(([holds, why]) => `when (${holds}) is not true then ${why}`).join("\n ")} end`;

const author = `format('is by "%s", who writes no such rows', b.actor)`;
const imports = "b.actor ~ '^import:\\d+$'";
const lists = "b.actor ~ '^list:\\d+$'";
/** How authors name accounts: Telegram's by the number alone, another channel's with the channel. */
const who = "(\\d+|(?!telegram:)[a-z]{1,10}:[A-Za-z0-9_-]{1,20})";
const byHand: Rule = [`b.actor ~ '^admin:${who}(,owner:${who})?$'`, author];
/** The programme itself takes back a spend that does not pay of its visit in the journal. */
const byHandOrUnsettled: Rule = [
  `${byHand[0]} or b.actor = 'programme' and exists (select from settlements s where s.row_id = named.id and s.state = 'returned')`,
  author,
];
const bySync: Rule = ["b.actor = 'sync'", author];
const byProgramme: Rule = ["b.actor = 'programme'", author];
const keyed = (holds: string): Rule => [
  holds,
  `format('has the key "%s", which such rows do not have', b.key)`,
];
/** The screen that it was asked for on: bot, account and message. Earlier releases wrote less of it. */
const screen = "(till:\\d+:[a-z]{1,10}:[A-Za-z0-9_-]{1,20}:\\d+|op(:\\w+){1,3})";
const asked = keyed(`b.key ~ '^${screen}$'`);
const namesNone: Rule = ["b.corrects is null", "format('names row %s, and may name none', b.corrects)"];
const names: Rule[] = [
  ["b.corrects is not null", "'names no row'"],
  ["named.id is not null", "format('names row %s, which does not exist', b.corrects)"],
  ["named.id < b.id", "format('names row %s, which is not an earlier one', named.id)"],
];

/** The card that has all of this one now. */
const root = (card: string) => `(select coalesce(c.merged_into, c.id) from clients c where c.id = ${card})`;

const onItsCard: Rule = [
  `b.client_id = named.client_id or ${root("b.client_id")} = ${root("named.client_id")}`,
  "format('takes back row %s, which is on card %s', named.id, named.client_id)",
];

/** The same, or the card that the person has instead, where theirs has passed to another meanwhile. */
const onItsPersons: Rule = [
  `${onItsCard[0]} or exists (
    select from passed_cards p where p.client_id = named.client_id and p.at between named.awarded_at and b.awarded_at)`,
  onItsCard[1],
];

/** A row that takes back one of these kinds: minus its points, on its card or where that one went. */
const takesBack = (kinds: string[], where = onItsCard): Rule[] => [
  ...names,
  [
    `named.kind in (${kinds.map((kind) => `'${kind}'`).join(", ")})`,
    "format('names row %s, a %s, which it cannot take back', named.id, named.kind)",
  ],
  ["b.points = -named.points", "format('takes back row %s, whose points are %s', named.id, named.points)"],
  where,
];
/** Its key is what lets it happen once. */
const once = keyed("b.key = 'undo:' || b.corrects");

const withoutSide = (key: string) => `regexp_replace(${key}, ':(from|to)$', '')`;
/** Written in one statement: the row that gives, and the next one, which gets. */
const pair: Rule = [
  `other.kind = b.kind and other.points = -b.points and other.actor = b.actor and other.client_id <> b.client_id
    and b.key = ${withoutSide("b.key")} || case when b.gives then ':from' else ':to' end
    and other.key = ${withoutSide("b.key")} || case when b.gives then ':to' else ':from' end`,
  "'is not half of a pair that sums to zero'",
];
const giver = "case when b.gives then b.client_id else other.client_id end";
const taker = "case when b.gives then other.client_id else b.client_id end";

const rules: Record<string, string> = {
  award: broken(
    [`b.actor = 'sync' or ${imports} and b.id < (select over from imported)`, author],
    keyed(
      "b.key = 'visit:' || b.record_id or b.key ~ '^visit:\\d+@\\d+$' and starts_with(b.key, 'visit:' || b.record_id || '@')",
    ),
    namesNone,
    ["b.points > 0", "'adds nothing'"],
  ),
  correction: broken(
    ...names,
    ["named.kind = 'award'", "format('names row %s, a %s and not an award', named.id, named.kind)"],
    bySync,
    keyed("starts_with(b.key, named.key || ':') and substr(b.key, char_length(named.key) + 2) ~ '^\\d+$'"),
  ),
  spend: broken(
    namesNone,
    byHand,
    asked,
    ["b.points < 0 and -b.points <= b.paid", "'takes more than its bill, or nothing'"],
    ["s.bill = b.paid", "format('has no bill of %s in spends', b.paid)"],
  ),
  undo: broken(...takesBack(["spend", "credit", "debit"]), byHandOrUnsettled, once),
  credit: `case when b.corrects is null then ${broken(byHand, asked, ["b.points > 0", "'adds nothing'"])}
    else ${broken(...takesBack(["spend", "debit"]), byHand, once)} end`,
  debit: `case when b.corrects is null then ${broken(byHand, asked, ["b.points < 0", "'takes nothing'"])}
    else ${broken(...takesBack(["credit"]), byHand, once)} end`,
  // Taken back, a move goes the other way: its second row first.
  move: `coalesce(${broken(
    pair,
    [`${byHand[0]} or b.actor = 'client:' || ${giver} and b.key ~ '^move:[0-9a-f-]{36}:'`, author],
    keyed(`case when b.corrects is not null then
        b.key = 'undo:' || case when b.gives then other.corrects else b.corrects end || case when b.gives then ':from' else ':to' end
      else b.key ~ '^(${screen}|move:\\d+:\\d+(:undo)?|move:[0-9a-f-]{36}):' end`),
  )}, case when b.corrects is not null then ${broken(...takesBack(["move"]))} end)`,
  opening: `case when ${imports} then ${broken(
    namesNone,
    ["b.id < (select over from imported)", "'comes after the import was over'"],
    keyed(`b.key ~ '^opening:\\d+:\\d+:\\d+$'
      and starts_with(b.key, 'opening:' || substr(b.actor, 8) || ':' || b.client_id || ':')`),
  )} when ${lists} then ${broken(namesNone, keyed("b.key = b.actor || ':' || b.client_id"), [
    `exists (select from imported_lists l where b.actor = 'list:' || l.id
        and b.id > l.after_row and b.id <= l.after_row + l.cards and (b.points > 0) = (l.takes_back is null))`,
    "'is of no list that was imported'",
  ])} else ${broken(namesNone, pair, bySync, [
    `regexp_replace(b.key, '(:late)?:(from|to)$', '') = 'opening:' || ${giver}
        and ${root(giver)} <> ${giver} and ${root(giver)} = ${root(taker)}`,
    `format('is of no merge: card %s did not go into card %s', ${giver}, ${taker})`,
  ])} end`,
};

/** A gift is given once by its key, and taken back once by a row that names it. */
const gift = (kind: string, key: string, ...more: Rule[]) =>
  `case when b.corrects is null then ${broken(byProgramme, ["b.points > 0", "'adds nothing'"], keyed(`b.key ~ ${key}`), ...more)}
    else ${broken(...takesBack([kind], kind === "friend" ? onItsPersons : onItsCard), byProgramme, keyed("b.key = named.key || ':back'"))} end`;
rules.welcome = gift("welcome", "('^welcome:' || b.client_id || '$')");
rules.birthday = gift("birthday", "('^birthday:' || b.client_id || ':\\d{4}$')");
rules.friend = gift("friend", "'^friend:\\d{1,18}:(inviter|friend)$'", [
  `exists (select from friends f where f.friend = split_part(b.key, ':', 2)::bigint and f.state in ('given', 'back')
    and b.points = case split_part(b.key, ':', 3) when 'friend' then f.friend_points else f.inviter_points end)`,
  "'is of no invitation that promised so much'",
]);
/** What ends is of a lot that an earlier row made; what is taken back of that, of an ending. */
rules.expiry = broken(
  ...names,
  byProgramme,
  [
    "case when b.points < 0 then named.points > 0 else named.kind = 'expiry' and b.points <= -named.points end",
    "format('names row %s, of which this cannot be', named.id)",
  ],
  onItsCard,
  keyed(`case when b.points < 0 then b.key ~ ('^expiry:' || b.corrects || '[.]\\d+$')
    else starts_with(b.key, named.key || ':back:') and substr(b.key, char_length(named.key) + 7) ~ '^\\d+$' end`),
);

const ofKind = (kind: string) => `when '${kind}' then ${rules[kind]}`;
const others = Object.keys(rules).filter((kind) => kind !== "award");

/**
 * The rows of a span that no operation explains, in order, each by the first rule of its kind (`rules`) that it breaks; also
 * rows of no card or no moment, and of a card that had gone into another. Awards, which most rows are, are held to what
 * stands in the row alone.
 */
export function oddRows(sql: Sql, { after, last }: RowSpan): AsyncIterable<OddRow[]> {
  return sql<OddRow[]>`
    with imported as (
      select coalesce((select id from bonuslog where actor !~ '^import:\\d+$' order by id limit 1), 9223372036854775807) as over),
    rows as (
      select *, coalesce(key ~ ':from$', false) as gives from bonuslog
      where kind is distinct from 'award' and id > ${after} and id <= ${last}),
    found as (
      select b.id, ${sql.unsafe(rules.award ?? "")} as why
      from bonuslog b where kind = 'award' and id > ${after} and id <= ${last}
      union all
      select b.id, case when b.kind is distinct from 'spend' and s.id is not null then 'has a bill in spends and is no spend'
        else case b.kind ${sql.unsafe(others.map(ofKind).join("\n"))}
        else 'is of a kind that the program does not write' end end
      from rows b
      -- One by one, and for few: to join them would read the whole ledger twice more.
      left join lateral (select * from bonuslog n where n.id = b.corrects offset 0) as named on true
      left join lateral (
        select * from bonuslog n where b.kind in ('move', 'opening') and n.id = b.id + case when b.gives then 1 else -1 end
        offset 0) as other on true
      left join spends s on s.id = b.id
      union all
      select b.id, 'is of no card or no moment' from bonuslog b
      where id > ${after} and id <= ${last} and (client_id is null or (isfinite(awarded_at)) is not true)
      union all
      select b.id, format('is on a card that had gone into card %s', c.merged_into)
      from clients c join bonuslog b on b.client_id = c.id and b.awarded_at > c.merged_at
      where c.merged_into is not null and b.id > ${after} and b.id <= ${last}
        -- Before the ledger refused them some came, and a migration took them on.
        and not exists (select from bonuslog l where l.key = 'opening:' || c.id || ':late:from' and l.id >= b.id)
    )
    select b.id, coalesce(b.client_id, 0) as card, coalesce(b.kind, '') as kind, coalesce(b.points, 0) as points,
      coalesce(b.actor, '') as actor, b.awarded_at as at, first.why
    from (select distinct on (id) id, why from found where why is not null order by id) as first
    join bonuslog b on b.id = first.id order by b.id`.cursor(batch);
}

/**
 * The odd rows of a span, with whose cards they are on, and those that are of days long before the digest that the span
 * begins behind: a digest leaves out what is of days long past, and nobody would hear of them.
 */
export async function oddChanges(sql: Sql, span: RowSpan): Promise<OddChange[]> {
  const rows = await sql<OddRow[]>`
    select b.id, b.client_id as card, b.kind, b.points, coalesce(b.actor, '') as actor, b.awarded_at as at,
      'is of days long past' as why
    from digests d join bonuslog b on b.id > ${span.after} and b.id <= ${span.last}
      and b.awarded_at < d.sent_at - interval '1 day' and b.actor !~ '^import:\\d+$'
    where d.day = (select max(day) from digests where last_row = ${span.after})
      and d.sent_at < d.day + interval '3 days' -- else the database's clock was wrong then
    order by b.id`;
  for await (const some of oddRows(sql, span)) rows.push(...some);
  const cards = await sql<{ id: CardId; phone: string | null; name: string | null }[]>`
    select id, phone, name from clients where id = any(${rows.map((row) => row.card)}::bigint[])`;
  const people = new Map(cards.map(({ id, phone, name }) => [id, { phone, name }]));
  const whole = rows.map((row) => ({ phone: null, name: null, ...people.get(row.card), ...row }));
  return [...new Map(whole.map((row) => [row.id, row])).values()].sort((one, other) => one.id - other.id);
}

/** A list of balances whose rows in the ledger are not what it says: so many, and what they sum to. */
export interface UnevenList {
  list: number;
  cards: number;
  points: Points;
  rows: number;
  sum: Points;
}

/** The lists whose rows are more or fewer than they say, or sum to something else. */
export function unevenLists(sql: Sql): Promise<UnevenList[]> {
  return sql<UnevenList[]>`
    select l.id as list, l.cards, l.points, f.rows, f.sum
    from imported_lists l cross join lateral (
      select count(*) as rows, coalesce(sum(b.points), 0) as sum from bonuslog b
      where b.id > l.after_row and b.id <= l.after_row + l.cards and b.actor = 'list:' || l.id) f
    where f.rows <> l.cards or f.sum <> l.points order by l.id`;
}

/** Cards that have gone into another and still hold points, which nobody can reach. */
export function strandedPoints(sql: Sql): Promise<{ card: CardId; into: CardId; points: Points }[]> {
  return sql<{ card: CardId; into: CardId; points: Points }[]>`
    select c.id as card, c.merged_into as into, sum(b.points) as points
    from clients c join bonuslog b on b.client_id = c.id where c.merged_into is not null
    group by c.id having sum(b.points) <> 0 order by c.id`;
}
