-- record_changes: the change log has what this run found changed.
--
-- Binds:    run id.
-- Frames:   asked_values (cell, value), unknown_cells (cell), and the image's three axes,
--           image_periods, image_form_cells and image_org_units (id).
--
-- Only inside the image does silence mean that a number vanished; an unknown cell stays.

insert into packed.snapshot_changes

select
    ? as run_id,
    cell,
    known.value as old_value,
    asked.value as new_value
from packed.snapshot_values as known
full join asked_values as asked using (cell)
anti join unknown_cells using (cell)
where
    known.value is distinct from asked.value
    and (
        asked.value is not null
        or (
            packed.period_of(cell) in (select id from image_periods)
            and packed.form_cell_of(cell) in (select id from image_form_cells)
            and packed.org_unit_of(cell) in (select id from image_org_units)
        )
    )
order by cell;
