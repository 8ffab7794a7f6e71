-- find_known_target: the system that holds what is ours, for a target that the ledger never met.
--
-- Binds:    target's system id.
-- Frames:   none.
--
-- No row: the ledger met this target, or nothing is ours anywhere. Of several systems it is the
-- one that was loaded last.

select target_system_id
from packed.ledger
where not exists (from packed.ledger_events as met where met.target_system_id = ?)
group by target_system_id
order by max(loaded_at) desc, target_system_id
limit 1;
