-- What was decided by settings, or by a client's card, that have changed since is decided anew.

alter table companies
  add column read_terms integer references terms;       -- what its visits were decided by; null: they are read once more

-- Where visits were left out that the programme's start does not leave out, all are read once more.
update companies c set read_terms = (select max(id) from terms)
where c.read_from is not null and not exists (
  select from visits v where v.company_id = c.company_id and v.decision = 'before_start' and v.day >= c.read_from);

-- Until its first row a record is on its client's card.
update visits v set client_id = y.client_id
from yclients_clients y
where y.yclients_client_id = v.yclients_client_id and y.client_id <> v.client_id
  and not exists (select from bonuslog a where a.record_id = v.record_id);
