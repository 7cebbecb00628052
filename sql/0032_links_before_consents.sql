-- Who came with an import and agreed here only later, with another number perhaps, has not proved the card they had: a link
-- that was proved here comes after its consent. A minute for two clocks.

select pg_advisory_xact_lock(7305, 1);

with unproved as (
  select c.id from clients c
  where c.telegram_id is not null and exists (select from bonuslog where actor like 'import:%')
    and not exists (
      select from consents k where k.telegram_id = c.telegram_id and k.agreed_at <= c.linked_at + interval '1 minute')),
silent as (delete from notices where client_id in (select id from unproved))
update clients
set claimed_by = telegram_id, telegram_id = null, linked_at = null, blocked_at = null, language = null, code = null,
  last_telegram_id = null
where id in (select id from unproved);

-- Of an imported card that its account let go before moments were kept nobody knows whether it was proved: it is nobody's, and
-- who proves the number sees what comes from now on. An admin can open the rest.
update clients c
set last_telegram_id = null, left_for = null, left_at = null, history_from = clock_timestamp()
where c.telegram_id is null and c.last_telegram_id is not null and c.had_from is null
  and (exists (select from bonuslog b where b.client_id = c.id and b.actor like 'import:%')
    or exists (select from imported_awards i where i.client_id = c.id));
