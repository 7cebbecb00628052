-- The same rule in two steps: a counted repetition took PostgreSQL 30 of the 70 microseconds that a row takes.

alter table bonuslog
  drop constraint key_and_actor_are_one_word,
  add constraint key_and_actor_are_one_word check (
    key ~ '^\S+$' and char_length(key) <= 200 and actor ~ '^\S+$' and char_length(actor) <= 64
  );
