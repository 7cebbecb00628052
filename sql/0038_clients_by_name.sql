-- Clients are found by the beginning of any word of a name, and a day's changes by hand with moves among them.

-- The words of a name in small letters without accents (ё as е, й as и), whatever the database's locale makes of letters.
create function name_words(name text) returns tsvector language sql immutable strict parallel safe as $body$
  select array_to_tsvector(array_remove(string_to_array(translate(
    regexp_replace(normalize(left(name, 200), nfd), '[' || chr(768) || '-' || chr(879) || ']+', '', 'g'),
    'ABCDEFGHIJKLMNOPQRSTUVWXYZÆÐØÞĐĦĲĿŁŊŒΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩЂЄЅІЈЉЊЋЏАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯҐҒҔҖҘҚҜҞҠҢҤҦҨҪҬҮҰҲҴҶҸҺҼҾӀӃӅӇӉӋӍӔӘӠӨӶԱԲԳԴԵԶԷԸԹԺԻԼԽԾԿՀՁՂՃՄՅՆՇՈՉՊՋՌՍՎՏՐՑՒՓՔՕՖ' || $$!"#%&()*+,-./:;<=>?@[\]^_`{|}~«»“”„‘’‐‑‒–—―…·•№'$$ || chr(36),
    'abcdefghijklmnopqrstuvwxyzæðøþđħĳŀłŋœαβγδεζηθικλμνξοπρστυφχψωђєѕіјљњћџабвгдежзиклмнопрстуфхцчшщъыьэюяґғҕҗҙқҝҟҡңҥҧҩҫҭүұҳҵҷҹһҽҿӏӄӆӈӊӌӎӕәӡөӷաբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆ' || repeat(' ', 49)), ' '), ''))
$body$;

create index clients_by_name on clients using gin (name_words(name));
create index yclients_clients_by_name on yclients_clients using gin (name_words(name));

-- What is left of an admin's day counts moves too.
drop index bonuslog_by_hand;
create index bonuslog_by_hand on bonuslog (awarded_at) where kind in ('spend', 'credit', 'debit', 'move');
