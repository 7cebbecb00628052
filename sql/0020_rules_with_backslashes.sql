-- Rules with backslashes, stored again where they have none: with standard_conforming_strings off an earlier migration lost
-- them, and no phone, key or actor fitted any more. Migrations say themselves now how their strings are read.

do $$
declare
  rule record;
begin
  for rule in
    select conrelid::regclass as owner, conname as name, sound
    from (values
      ('phone_is_e164', $r$phone ~ '^\+[1-9][0-9]{7,14}$'$r$),
      ('reason_has_no_phone', $r$reason !~ '(\d[\s()+-]*){7}' and reason !~ '(\d[\s().+-]*){10}'$r$),
      ('key_and_actor_are_one_word',
        $r$key ~ '^\S+$' and char_length(key) <= 200 and actor ~ '^\S+$' and char_length(actor) <= 64$r$)) as rules (name, sound)
    join pg_constraint on conname = name and conrelid in ('clients'::regclass, 'bonuslog'::regclass)
    where strpos(pg_get_constraintdef(oid), '\') = 0
  loop
    execute format('alter table %s drop constraint %I, add constraint %I check (%s)',
      rule.owner, rule.name, rule.name, rule.sound);
  end loop;
end
$$;
