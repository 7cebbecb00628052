-- What the programme does by itself: points that end, and points that are given for no visit. All of it is off until it is set.

-- First of all locks, as every program that writes takes it: a page on its way would else wait for us, and we for it.
select pg_advisory_xact_lock(7305, 1);

alter table bonuslog
  drop constraint kind_is_known,
  drop constraint points_have_a_sign_by_kind,
  add constraint kind_is_known check (kind in ('award', 'correction', 'spend', 'credit', 'debit', 'undo', 'move', 'opening',
    'expiry', 'welcome', 'birthday', 'friend')),
  -- A gift that is taken back names the row that gave it; so does an ending that is.
  add constraint points_have_a_sign_by_kind check (case kind
    when 'award' then points > 0 when 'credit' then points > 0
    when 'spend' then points < 0 when 'debit' then points < 0
    when 'welcome' then (points > 0) = (corrects is null) when 'birthday' then (points > 0) = (corrects is null)
    when 'friend' then (points > 0) = (corrects is null)
    when 'expiry' then (points > 0) = (key ~ ':back:') else true end),
  add constraint the_programme_writes_its_own check (
    (kind in ('expiry', 'welcome', 'birthday', 'friend')) = (actor = 'programme')),
  add constraint what_ends_names_its_row check (kind <> 'expiry'
    or corrects is not null and key ~ '^expiry:[0-9]+[.][0-9]+(:back:[0-9]+)?$');

-- Points of a forgotten card still end, and a gift is still taken back from it; it is given none.
drop trigger bonuslog_of_somebody on bonuslog;
create trigger bonuslog_of_somebody before insert on bonuslog for each row
  when (new.kind in ('spend', 'credit', 'debit', 'undo', 'move')
    or new.kind in ('welcome', 'birthday', 'friend') and new.points > 0) execute function bonuslog_of_somebody();
