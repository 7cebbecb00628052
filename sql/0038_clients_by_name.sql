-- Clients are found by the beginning of any word of a name, and a day's changes by hand with moves among them.

-- The words of a name in small letters without accents (ё as е, й as и), whatever the database's locale makes of letters.
create function name_words(name text) returns tsvector language plpgsql immutable strict parallel safe as $body$
declare
  words text := translate(
    regexp_replace(normalize(left(name, 200), nfd), '[' || chr(768) || '-' || chr(879) || ']+', '', 'g'),
    'ABCDEFGHIJKLMNOPQRSTUVWXYZАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ-.',
    'abcdefghijklmnopqrstuvwxyzабвгдежзиклмнопрстуфхцчшщъыьэюя  ');
begin
  -- Few names have anything else, and a long table takes its time: an index of a million names is made in a fifth of it.
  if words ~ '[^ 0-9a-zа-я]' then
    words := translate(words,
      'ÆÐØÞĐĦĲĿŁŊŒΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩЂЄЅІЈЉЊЋЏҐҒҔҖҘҚҜҞҠҢҤҦҨҪҬҮҰҲҴҶҸҺҼҾӀӃӅӇӉӋӍӔӘӠӨӶԱԲԳԴԵԶԷԸԹԺԻԼԽԾԿՀՁՂՃՄՅՆՇՈՉՊՋՌՍՎՏՐՑՒՓՔՕՖ' || $$!"#%&()*+,/:;<=>?@[\]^_`{|}~«»“”„‘’‐‑‒–—―…·•№'$$ || chr(36),
      'æðøþđħĳŀłŋœαβγδεζηθικλμνξοπρστυφχψωђєѕіјљњћџґғҕҗҙқҝҟҡңҥҧҩҫҭүұҳҵҷҹһҽҿӏӄӆӈӊӌӎӕәӡөӷաբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆ' || repeat(' ', 47));
  end if;
  return array_to_tsvector(array_remove(string_to_array(words, ' '), ''));
end
$body$;

create index clients_by_name on clients using gin (name_words(name));
create index yclients_clients_by_name on yclients_clients using gin (name_words(name));

-- What is left of an admin's day counts moves too.
drop index bonuslog_by_hand;
create index bonuslog_by_hand on bonuslog (awarded_at) where kind in ('spend', 'credit', 'debit', 'move');
