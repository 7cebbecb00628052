// The transaction of a spend at the till, statement by statement as ledger/ledger.ts makes it, for pgbench.

/** The first of the chats whose screens it saves; one for each of its connections. */
export const firstScreen = 100_000;

export const spendScript = (cards: number) => `\\set card random(1, ${cards})
\\set bill random(2, 100000)
\\set chat ${firstScreen} + :client_id
begin;
select pg_advisory_xact_lock(7305, 1);
select from bonuslog b
where b.client_id = :card and b.kind = 'spend' and b.paid = :bill and b.id > 1000000000 and b.key <> 'op:1:1:1'
  and not exists (select from bonuslog u where u.key = 'undo:' || b.id) limit 1;
insert into bonuslog (client_id, kind, points, paid, actor, key)
values (:card, 'spend', -1, :bill, 'admin:901', 'pgbench:' || gen_random_uuid())
on conflict (key) do nothing returning id
\\gset
with records as (
  select record_id, company_id from visits where client_id = :card and day = current_date and not deleted),
the_one as (select * from records where (select count(*) from records) = 1)
insert into spends (id, company_id, record_id, day, bill)
select :id, (select company_id from the_one), (select record_id from the_one), current_date, :bill;
update screens set rev = rev + 1, step = 'done', client_id = :card, bill = :bill, action = 'spend', points = 1,
  row_id = :id, done_at = now(), touched_at = clock_timestamp(), expires_at = now() + interval '1 day'
where bot = 1 and account = 'telegram:' || :chat and asked = 1 returning rev;
insert into notices (client_id, about, company_id, due_at)
select client_id, 'till', null, now() from accounts where client_id = :card and blocked_at is null
on conflict (client_id, about) do update set due_at = excluded.due_at, attempts = 0, error = null;
select coalesce(sum(points), 0) from bonuslog where client_id = :card;
commit;
`;
