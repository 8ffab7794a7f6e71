-- packed.event_of: the event that a number of the ledger stands for.
--
-- Grain:    one word per number.
-- Read by:  the steps and views of the ledger.
-- Nulls:    a number that is no event.

create or replace macro packed.event_of(number) as

case number
    when 1 then 'loaded'
    when 2 then 'adopted'
    when 3 then 'retracted'
    when 4 then 'closed'
end;
