-- One kind of screen for every change by hand, moves too; what a screen has seen; cards that were forgotten or left.

alter table clients
  add column forgotten_at timestamptz,                  -- emptied by /forget: nobody's, for ever
  add column left_for bigint references clients,        -- the card that its owner took instead by proving a second phone
  add column left_at timestamptz,
  add column history_opened_by bigint,                  -- the admin who let a new account see what came before it
  add column history_opened_at timestamptz;

-- Nothing led to such a card any more; from now on it says so itself.
update clients c set forgotten_at = now(), last_telegram_id = null
where phone is null and name is null and telegram_id is null
  and not exists (select from yclients_clients y where y.client_id = c.id);

update clients c set left_for = m.to_card, left_at = m.at
from (
  select distinct on (f.client_id) f.client_id as card, t.client_id as to_card, f.awarded_at as at
  from bonuslog f join bonuslog t on t.key = regexp_replace(f.key, ':from$', ':to') and t.id <> f.id
  where f.kind = 'move' and f.points < 0 and f.actor = 'client:' || f.client_id
  order by f.client_id, f.id desc) m
where c.id = m.card and c.telegram_id is null and c.forgotten_at is null
  and c.last_telegram_id = (select o.telegram_id from clients o where o.id = m.to_card);

alter table clients
  add constraint forgotten_cards_hold_nothing check (forgotten_at is null or (
    phone is null and name is null and telegram_id is null and last_telegram_id is null and code is null)),
  add constraint left_for_another_at_some_time check ((left_for is null) = (left_at is null)),
  add constraint only_a_card_without_an_account_is_left check (left_for is null or telegram_id is null),
  add constraint opened_by_somebody_at_some_time check ((history_opened_by is null) = (history_opened_at is null));
create index clients_left on clients (left_for) where left_for is not null;

-- The visits of a forgotten card are still corrected; what people do by hand is not.
create function bonuslog_of_somebody() returns trigger language plpgsql as $$
begin
  if exists (select from clients where id = new.client_id and forgotten_at is not null)
     -- already done: let the key's own conflict say so
     and not exists (select from bonuslog where key = new.key) then
    raise exception 'the owner of this card has asked to be forgotten'
      using errcode = 'check_violation', constraint = 'forgotten_cards_change_by_visits_alone', table = 'bonuslog';
  end if;
  return new;
end
$$;
-- By its name behind the chain, which takes the lock: forgetting waits for it too.
create trigger bonuslog_of_somebody before insert on bonuslog for each row
  when (new.kind in ('spend', 'credit', 'debit', 'undo', 'move')) execute function bonuslog_of_somebody();

alter table screens
  add column to_client_id bigint references clients,    -- a move's other card
  add column seen bigint not null default 0,            -- the card's last row in the ledger when this was drawn
  drop constraint step_is_known,
  drop constraint action_is_known,
  add constraint step_is_known check (step in ('choose', 'nobody', 'card', 'ask_bill', 'ask_sum', 'ask_credit',
    'confirm', 'again', 'owner', 'done', 'undone', 'closed')),
  add constraint action_is_known check (action in ('spend', 'credit', 'debit', 'move')),
  add constraint moves_name_both_cards check ((action is not distinct from 'move') = (to_client_id is not null));
create index screens_moved on screens (to_client_id, done_at) where to_client_id is not null;
update screens s set seen = coalesce((
  select max(b.id) from bonuslog b where b.client_id = s.client_id and b.awarded_at <= s.touched_at), 0);

-- Moves had a dialogue of their own. What was done stays on a screen, so that it can still be taken back.
insert into screens (chat_id, asked, message_id, rev, step, client_id, to_client_id, action, points, row_id, done_at,
  undone_by, expires_at)
select d.telegram_id, (substr(d.about, 6))::bigint, nullif((d.state ->> 'shown')::bigint, 0), (d.state ->> 'rev')::integer,
  d.state ->> 'step', (d.state ->> 'from')::bigint, (d.state ->> 'to')::bigint, 'move',
  (d.state ->> 'points')::numeric / 100, b.id, b.awarded_at,
  case when d.state ->> 'step' = 'undone' then d.telegram_id end, d.expires_at
from dialogs d join bonuslog b on b.key = 'move:' || d.telegram_id || ':' || substr(d.about, 6) || ':from'
where d.about ~ '^move:\d+$' and d.state ->> 'step' in ('done', 'undone')
on conflict (chat_id, asked) do nothing;
delete from dialogs where about ~ '^move:\d+$';
create index dialogs_by_end on dialogs (expires_at);
