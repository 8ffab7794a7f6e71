"""What waits goes out by data set, period and site, and gets its words when its turn comes."""

import polars as pl

from pipeline.cells.dictionaries import empty_dictionaries, extend
from pipeline.cells.key import KEY
from pipeline.cells.packing import with_cell
from pipeline.load.rules.waiting import Waiting, cells_to_write, next_chunk
from schemas.frames import trusted
from schemas.load import LoadPlan
from schemas.plan import NewValues
from tests.support.frames import frame
from tests.support.models import completed

PLAN = frame("""
    data_set | period | org_unit | action  | value | sent | stands | wish
    ds_one   | 202601 | ou_a     | create  | 5     | -    | -      | -
    ds_one   | 202601 | ou_b     | create  | 2.50  | -    | -      | -
    ds_one   | 202601 | ou_c     | hold    | 1     | -    | -      | -
    ds_one   | 202602 | ou_a     | update  | 7     | 7    | 6      | seen
    ds_one   | 202603 | ou_a     | create  | 1     | -    | -      | -
    ds_one   | 202603 | ou_b     | create  | 1     | -    | -      | -
    ds_one   | 202603 | ou_c     | retract | -     | 4    | 4      | -
    ds_two   | 202601 | ou_a     | create  | 1     | -    | -      | -
    ds_two   | 202601 | ou_b     | hold    | 1     | -    | -      | -
""").with_columns(
    data_element="data_set",
    category_option_combo=pl.lit("coc"),
    attribute_option_combo=pl.lit("aoc"),
)
KNOWN = extend(empty_dictionaries(), PLAN.select(KEY))


def waits(*, seed: int = 7) -> Waiting:
    """Creates are new values here, all else was decided about."""
    cells = with_cell(PLAN.sample(fraction=1, shuffle=True, seed=seed), KNOWN).with_columns(
        tracker_value=pl.col("value").cast(pl.Float64),
        send="sent",
        current_value="stands",
        comment="wish",
        delete=pl.col("action") == "retract",
        closes_ledger=pl.lit(value=False),
    )
    is_new = pl.col("action") == "create"
    new = cells.filter(is_new).select(
        "cell", pl.col("data_set").cast(pl.Categorical), value="tracker_value"
    )
    return cells_to_write(
        trusted(completed(cells.filter(~is_new), LoadPlan), LoadPlan), trusted(new, NewValues)
    )


def chunks(most_rows: int) -> list[list[str]]:
    waiting, told = waits(), []
    while waiting.height:
        chunk = next_chunk(waiting, len(told) + 1, most_rows, KNOWN)
        assert (chunk.number, chunk.data_set) == (len(told) + 1, chunk.rows["data_set"][0])
        told.append([f"{row['period']} {row['org_unit']}" for row in chunk.rows.to_dicts()])
        waiting = waiting.after(chunk)
    return told


def test_small_periods_share_a_chunk_and_no_data_set_does() -> None:
    assert chunks(99) == [
        ["202601 ou_a", "202601 ou_b", "202602 ou_a", "202603 ou_a", "202603 ou_b", "202603 ou_c"],
        ["202601 ou_a"],
    ]


def test_a_period_is_whole_in_its_chunk_unless_it_is_too_large_for_one() -> None:
    assert chunks(4)[:2] == [
        ["202601 ou_a", "202601 ou_b", "202602 ou_a"],
        ["202603 ou_a", "202603 ou_b", "202603 ou_c"],
    ]
    assert chunks(2) == [
        ["202601 ou_a", "202601 ou_b"],
        ["202602 ou_a"],
        ["202603 ou_a", "202603 ou_b"],
        ["202603 ou_c"],
        ["202601 ou_a"],
    ]


def test_a_chunk_knows_whether_all_of_its_periods_is_in_it() -> None:
    assert next_chunk(waits(), 1, 4, KNOWN).has_whole_periods

    long = waits()._replace(cells=waits().cells.slice(3))
    assert not next_chunk(long, 1, 2, KNOWN).has_whole_periods


def test_a_new_value_is_sent_as_tracker_has_it_and_any_other_as_it_was_decided() -> None:
    rows = next_chunk(waits(), 1, 99, KNOWN).rows

    told = rows.select("period", "org_unit", "send", "delete", "current_value", "comment").rows()
    assert told == [
        ("202601", "ou_a", "5", False, None, None),
        ("202601", "ou_b", "2.5", False, None, None),
        ("202602", "ou_a", "7", False, "6", "seen"),
        ("202603", "ou_a", "1", False, None, None),
        ("202603", "ou_b", "1", False, None, None),
        ("202603", "ou_c", "4", True, "4", None),
    ]


def test_the_order_is_that_of_the_cells_however_the_plan_lies() -> None:
    assert all(waits(seed=seed).cells.equals(waits().cells) for seed in range(1, 4))


def test_what_is_done_with_waits_no_more() -> None:
    waiting = waits()
    left = waiting.without(waiting.cells["cell"].head(2))

    assert left.cells.equals(waiting.cells.slice(2))
