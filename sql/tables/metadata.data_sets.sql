-- metadata.data_sets: the data sets of the target, as they were at publication.
--
-- Grain:    one row per data set.
-- Read by:  the views that name data sets.
-- Nulls:    what the target does not tell; expiry_days of a form that never closes.

create table if not exists metadata.data_sets (
    id varchar not null,
    code varchar,
    name varchar,
    period_type varchar,
    expiry_days double,
    open_future_periods integer,
    category_combo varchar
);
