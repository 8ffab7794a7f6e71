-- packed.event_number: the number by which the ledger keeps an event.
--
-- Grain:    one number per event.
-- Read by:  the steps and views of the ledger.
-- Nulls:    a word that is no event.

create or replace macro packed.event_number(event) as

case event::varchar
    when 'loaded' then 1
    when 'adopted' then 2
    when 'retracted' then 3
    when 'closed' then 4
end;
