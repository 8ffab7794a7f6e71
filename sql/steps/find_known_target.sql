-- find_known_target: the system that holds what is ours, for a target that the ledger never met.
--
-- Binds:    target's system id.
-- Frames:   none.
--
-- No row: the ledger met this target, or nothing is ours anywhere. Of several systems it is the
-- one that was loaded last.

select targets.system_id as target_system_id
from packed.ledger as entry
inner join packed.targets as targets on entry.target = targets.id
where not exists (
    from packed.ledger_events as met
    where met.target = packed.target_number(?)
)
group by targets.system_id
order by max(entry.loaded_at) desc, targets.system_id
limit 1;
