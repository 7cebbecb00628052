-- A link of the earlier program is a claim until its account has proved the number here: that program never compared a
-- contact with who sent it.

select pg_advisory_xact_lock(7305, 1);

alter table clients
  add column claimed_by bigint,                         -- the account that the earlier program had for it; it sees nothing of the card
  add constraint one_claim_an_account unique (claimed_by),
  add constraint a_linked_card_is_not_claimed check (claimed_by is null or telegram_id is null),
  add constraint forgotten_and_merged_cards_are_not_claimed check (
    claimed_by is null or (forgotten_at is null and merged_into is null));

-- Whoever linked a card here has agreed to it here: the others came with an import.
delete from notices n using clients c
where c.id = n.client_id and c.telegram_id is not null
  and not exists (select from consents k where k.telegram_id = c.telegram_id);
update clients c
set claimed_by = telegram_id, telegram_id = null, linked_at = null, blocked_at = null, language = null, code = null
where telegram_id is not null and not exists (select from consents k where k.telegram_id = c.telegram_id);
-- Nor did such a one have the card before: whoever proves the number has its history.
update clients c set last_telegram_id = null
where last_telegram_id is not null and telegram_id is null
  and not exists (select from consents k where k.telegram_id = c.last_telegram_id);
