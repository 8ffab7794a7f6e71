"""Put tracker, target and ledger side by side: one row per cell that any of them knows."""

from collections.abc import Sequence

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.bits import org_unit_number, period_number
from pipeline.cells.dictionaries import Dictionaries
from pipeline.cells.joining import with_columns_of
from pipeline.cells.key import FORM_CELL, KEY
from pipeline.plan.rules.holds.form_cells import place_form_cells
from pipeline.plan.rules.holds.precedence import first_hold
from pipeline.plan.rules.holds.twins import with_twin_holds
from pipeline.plan.rules.reasons import ELEMENT_NOT_IN_DATA_SET
from schemas.metadata import TargetMetadata
from schemas.plan import PlanCells

# DHIS2 keeps a zero of an element with these aggregation types whatever zeroIsSignificant says.
_AVERAGES = ("AVERAGE", "AVERAGE_SUM_ORG_UNIT")


def keeps_zeros() -> pl.Expr:
    """Whether a zero of a data element means something: zero_is_significant or an average."""
    return pl.col("zero_is_significant") | pl.col("aggregation_type").is_in(_AVERAGES)


def form_cells_to_plan(
    mapping: pl.DataFrame, unknown: Sequence[str], ours: pl.DataFrame, target: TargetMetadata
) -> pl.DataFrame:
    """The form cells of the mapping, and of what is ours without it, with their place.

    `mapping`: FORM_CELL, data_set, program_indicator; `unknown`: the indicators that could not be
    asked; `ours`: FORM_CELL. Gives FORM_CELL, data_set, form_hold, form_unknown, mapped,
    zero_is_significant (null: the target does not know the element).
    """
    mapped = mapping.group_by(FORM_CELL, maintain_order=True).agg(
        pl.col("data_set").max(),
        form_unknown=pl.col("program_indicator").is_in(list(unknown)).any(),
        mapped=pl.lit(value=True),
    )
    left = ours.join(mapped, on=FORM_CELL, how="anti", maintain_order="left").with_columns(
        data_set=pl.lit(""), form_unknown=False, mapped=False
    )
    both = pl.concat([mapped, left])
    placed = with_twin_holds(
        place_form_cells(
            both.select(*FORM_CELL, "data_set"),
            target.data_sets,
            target.data_set_elements,
            target.category_option_combos,
        ),
        target.category_option_combos,
    )
    significant = target.data_elements.select(data_element="id", zero_is_significant=keeps_zeros())
    return placed.join(
        both.select(*FORM_CELL, "form_unknown", "mapped"),
        on=FORM_CELL,
        how="left",
        validate="1:1",
        maintain_order="left",
    ).join(significant, on="data_element", how="left", validate="m:1", maintain_order="left")


def in_window(
    ledger: pl.DataFrame,
    dictionaries: Dictionaries,
    periods: Sequence[str],
    org_units: Sequence[str] | None = None,
) -> pl.DataFrame:
    """The ledger cells of the window's `periods`; the others are dormant: cell, value.

    A run that is about some `org_units` only leaves those of all others dormant, too.
    """
    asked = dictionaries.periods.filter(pl.col("period").is_in(list(periods)))["id"]
    kept = ledger.filter(period_number(pl.col("cell")).is_in(asked.implode()))
    if org_units is not None:
        sites = dictionaries.org_units.filter(pl.col("org_unit").is_in(list(org_units)))["id"]
        kept = kept.filter(org_unit_number(pl.col("cell")).is_in(sites.implode()))
    return kept.select("cell", "value")


def side_by_side(values: pl.DataFrame, current: pl.DataFrame, ledger: pl.DataFrame) -> pl.DataFrame:
    """Every cell with its three numbers: cell, tracker_value, current_value, ledger_value.

    `values` and `ledger`: cell, value. `current`: cell, value (text), stored_by, last_updated,
    comment.
    """
    return (
        values.select("cell", tracker_value="value")
        .join(
            current.select("cell", "stored_by", "last_updated", "comment", current_value="value"),
            on="cell",
            how="full",
            coalesce=True,
            validate="1:1",
        )
        .join(
            ledger.select("cell", ledger_value="value"),
            on="cell",
            how="full",
            coalesce=True,
            validate="1:1",
        )
        .sort("cell")
    )


def in_scope(
    cells: pl.DataFrame, form_cells: pl.DataFrame, org_units: Sequence[str]
) -> pl.DataFrame:
    """Mark what lies in the image, and forget what is neither in it nor ours.

    `cells` has the key columns; `form_cells`: the form cells of the mapping (mapped) and of what
    is ours without it, with form_unknown, data_set, form_hold, zero_is_significant.
    Adds these and in_image.
    """
    placed = cells.join(
        form_cells,
        on=FORM_CELL,
        how="left",
        validate="m:1",
        maintain_order="left",
    ).with_columns(
        in_image=pl.col("mapped").fill_null(value=False)
        & pl.col("org_unit").is_in(list(org_units)),
        form_unknown=pl.col("form_unknown").fill_null(value=False),
        zero_is_significant=pl.col("zero_is_significant").fill_null(value=True),
    )
    return placed.filter(pl.col("in_image") | pl.col("ledger_value").is_not_null()).drop("mapped")


def with_openings(
    cells: pl.DataFrame,
    lock_exceptions: pl.DataFrame,
    date_holds: pl.DataFrame,
    place_holds: pl.DataFrame,
) -> pl.DataFrame:
    """Add lock_exception (true: somebody opened this locked form) and option_hold.

    `lock_exceptions`: data_set, period, org_unit. `date_holds`, `place_holds`: as
    `holds.options` gives them.
    """
    opened = lock_exceptions.unique().with_columns(lock_exception=pl.lit(value=True))
    for names, frame in (
        (("data_set", "period", "org_unit"), opened),
        (("data_set", "attribute_option_combo", "period"), date_holds),
        (("attribute_option_combo", "org_unit"), place_holds),
    ):
        cells = with_columns_of(cells, frame, names)
    return cells.with_columns(
        pl.col("lock_exception").fill_null(value=False),
        option_hold=pl.coalesce("date_hold", "place_hold"),
    ).drop("date_hold", "place_hold")


def with_holds(
    cells: pl.DataFrame,
    assignments: pl.DataFrame,
    org_units: pl.DataFrame,
    periods: pl.DataFrame,
    period_holds: pl.DataFrame,
) -> pl.DataFrame:
    """Add hold_reason (why a cell may not be written, null when it may) and unread.

    `cells` come from `with_openings`; one outside the account's org units, or in no data set that
    was read, is unread. `assignments`: data_set, org_unit. `org_units`: as `judge_org_units`
    gives them. `periods`: period, start, end. `period_holds`: data_set, period, period_hold,
    unlocked_hold.
    """
    assigned = assignments.unique().with_columns(assigned=pl.lit(value=True))
    return (
        cells.join(
            assigned,
            on=["data_set", "org_unit"],
            how="left",
            validate="m:1",
            maintain_order="left",
        )
        .join(org_units, on="org_unit", how="left", validate="m:1", maintain_order="left")
        .join(periods, on="period", how="left", validate="m:1", maintain_order="left")
        .join(
            period_holds,
            on=["data_set", "period"],
            how="left",
            validate="m:1",
            maintain_order="left",
        )
        .with_columns(
            hold_reason=first_hold(
                pl.col("assigned").fill_null(value=False), pl.col("start"), pl.col("end")
            ),
            unread=pl.col("data_set").is_null()
            | (pl.col("form_hold") == ELEMENT_NOT_IN_DATA_SET).fill_null(value=False)
            | pl.col("path_hold").is_not_null()
            | pl.col("path_known").is_null(),
        )
        .drop(
            "assigned",
            "start",
            "end",
            "period_hold",
            "unlocked_hold",
            "lock_exception",
            "option_hold",
            "path_hold",
            "path_known",
            "form_hold",
            "opening_date",
            "closed_date",
        )
    )


def with_doubt(cells: pl.DataFrame, doubtful: pl.DataFrame) -> pl.DataFrame:
    """Turn form_unknown into unknown: also a cell of which a row was rejected (`doubtful`: KEY)."""
    rejected = doubtful.with_columns(rejected=pl.lit(value=True))
    return (
        with_columns_of(cells, rejected, KEY)
        .with_columns(unknown=pl.col("form_unknown") | pl.col("rejected").fill_null(value=False))
        .drop("form_unknown", "rejected")
    )


def silent_cells(cells: DataFrame[PlanCells]) -> pl.DataFrame:
    """The cells of ours for which tracker's silence decides something: the key."""
    decided_by_silence = pl.col("tracker_value").is_null() & pl.col("ledger_value").is_not_null()
    return cells.filter(decided_by_silence & pl.col("in_image") & ~pl.col("unknown")).select(KEY)
