-- runs: what went into each run, and how far it came.
--
-- Grain:    one row per run that committed a snapshot.
-- Read by:  analysts; whoever asks whether last night went well.
-- Nulls:    planned_at and loaded_at until then; the periods of a run that kept no value.

create or replace view runs as

select *
from packed.runs;
