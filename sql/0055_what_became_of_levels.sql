-- What came of a warning, or of a level by hand, is looked for by what it names: without an index all that was ever written of
-- levels was read for it, at every page of the journal for a card with a level by hand, and every ten minutes for warnings.

-- First of all locks, as every program that writes takes it: a page on its way would else wait for us, and we for it.
select pg_advisory_xact_lock(7305, 1);
create index level_changes_that_name on level_changes (names) where names is not null;
