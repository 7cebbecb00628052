-- Phones with their plus in the wrong place, and names that are not one line: as they are read from now on.

-- First of all locks, as every program that writes takes it.
select pg_advisory_xact_lock(7305, 1);

-- `+8 900 …` was kept digit by digit, so nobody could link the card. No country begins with these: the number is Russian.
update clients c set phone = '+7' || substr(c.phone, 3)
where c.phone ~ '^\+8([379][0-9]|8[145789])[0-9]{8}$'
  and not exists (select from clients o where o.phone = '+7' || substr(c.phone, 3));

-- The right number has a card already. This one has no phone until the journal says it again, and then goes into that one
-- with all it has; whoever had linked it links that one. A card that no client of the journal has would never go: it stays.
update clients c
set phone = null, telegram_id = null, linked_at = null, blocked_at = null, language = null, code = null,
  last_telegram_id = null, history_from = null, history_opened_by = null, history_opened_at = null,
  left_for = null, left_at = null
where c.phone ~ '^\+8([379][0-9]|8[145789])[0-9]{8}$'
  and exists (select from clients o where o.phone = '+7' || substr(c.phone, 3))
  and exists (select from yclients_clients y where y.client_id = c.id);

-- In another encoding these classes would be halves of letters.
do $$
declare
  t text;
begin
  if current_setting('server_encoding') = 'UTF8' then
    foreach t in array array['clients', 'yclients_clients', 'staff'] loop
      execute format($sql$
        update %I set name = btrim(left(btrim(regexp_replace(regexp_replace(name,
            '[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]', '', 'g'),
          '[\s\u0001-\u001f\u007f-\u00a0\u115f\u1160\u2000-\u200a\u2028\u2029\u202f\u205f\u2800\u3000\u3164\uffa0]+', ' ', 'g'
          )), 100))
        where name ~ '[\u0001-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0]'
          or name ~ '^\s|\s$' or char_length(name) > 100 $sql$, t);
    end loop;
  end if;
end
$$;
update clients set name = null where name !~ '[^[:space:]]';
update yclients_clients set name = null where name !~ '[^[:space:]]';
update staff set name = telegram_id::text where name !~ '[^[:space:]]';

alter table clients
  add constraint name_is_one_line_of_something check (name ~ '[^[:space:]]' and name !~ '[\x01-\x1f\x7f]');
alter table yclients_clients
  add constraint name_is_one_line_of_something check (name ~ '[^[:space:]]' and name !~ '[\x01-\x1f\x7f]');
alter table staff
  add constraint name_is_one_line_of_something check (name ~ '[^[:space:]]' and name !~ '[\x01-\x1f\x7f]');
