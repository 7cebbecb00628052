-- A card's balance, and the place and running sum of each of its rows, from the index alone: a page of the history reads
-- its ten rows, not all that the card has, which a large ledger holds far apart.

create index bonuslog_by_card on bonuslog (client_id, id) include (points, awarded_at);
drop index bonuslog_balance;
