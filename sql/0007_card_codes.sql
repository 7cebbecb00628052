-- What a card's picture says to the till, and from when on its owner sees its history.

alter table clients
  add column code text,                                 -- in the QR code; made anew when the card goes to another account
  add column last_telegram_id bigint,                   -- who had the card last: the same account coming back sees it all
  add column history_from timestamptz,                  -- null: all of it; else what came before was somebody else's
  add constraint one_card_a_code unique (code),
  add constraint code_fits_a_link check (code ~ '^[A-Za-z0-9_-]{16,62}$'),
  add constraint only_a_linked_card_has_a_code check (code is null or telegram_id is not null);
update clients set last_telegram_id = telegram_id where telegram_id is not null;
create index clients_of_the_last_account on clients (last_telegram_id) where last_telegram_id is not null;
