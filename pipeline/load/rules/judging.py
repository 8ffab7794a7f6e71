"""What became of each planned cell: believed only from what was read back."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import polars as pl

from pipeline.cells.key import KEY
from pipeline.cells.numbers import number_of, same_number
from pipeline.cells.packing import same_cell
from pipeline.load.rules.complaints import ImportConflict, blame

OUTCOMES = ("loaded", "unchanged", "held", "refused", "drifted")
TOLD = {**dict.fromkeys(KEY, pl.String), "outcome": pl.String, "reason": pl.String}
NOT_WRITTEN = (
    "the server said yes, but the cell does not hold what was sent; the next plan tries again"
)
DRIFTED = "somebody changed this cell after the plan was made; the next plan judges it anew"
TOGETHER = "refused together with other cells, and the server does not say whose fault it is"
LEFT_THE_DATA_SET = (
    "the org unit does not report this data set any more; assign it again in Maintenance, or make "
    "a new plan"
)
ALREADY = "the cell already held this number when its turn came"
WRITTEN = "written, and read back"

Ending = Literal["answered", "denied", "too_large", "busy", "lost"]


class Reply(NamedTuple):
    """How one request ended, what was complained about, and the server's words (None: a yes).

    `denied`: the account or the address is refused, whatever the rows; `busy`: nothing was
    taken this time; `lost`: nobody knows whether it was taken.
    """

    ended: Ending
    complaints: Sequence[ImportConflict] = ()
    said: str | None = None


class Verdict(NamedTuple):
    """What became of the rows of one request.

    `told` have their outcome and reason. `again` may go out again; `together` were refused as
    one, and only smaller requests can tell why. Both keep the server's words in `said`.
    """

    told: pl.DataFrame
    again: pl.DataFrame
    together: pl.DataFrame


def drift(rows: pl.DataFrame, current: pl.DataFrame) -> pl.DataFrame:
    """Compare the target just before writing with what the plan saw.

    Adds `now` (the text that stands, null: no row) and `state`: as_planned, done (the cell
    already holds what would be sent), drifted. `comment` becomes the one that stands now.
    """
    on = same_cell(rows, current)
    joined = rows.drop("comment").join(
        current.select(*on, "comment", now="value"),
        on=on,
        how="left",
        validate="1:1",
        maintain_order="left",
    )
    as_planned = _same_text(joined, "now", "current_value")
    return joined.with_columns(
        state=pl.when(as_planned)
        .then(pl.lit("as_planned"))
        .when(_holds_what_was_meant(joined, "now"))
        .then(pl.lit("done"))
        .otherwise(pl.lit("drifted"))
    )


def without_a_request(seen: pl.DataFrame) -> pl.DataFrame:
    """Tell of the rows that drifted, or hold already what would be sent."""
    done = pl.col("state") == "done"
    return seen.filter(pl.col("state") != "as_planned").select(
        *_names(seen),
        outcome=pl.when(done).then(pl.lit("unchanged")).otherwise(pl.lit("drifted")),
        reason=pl.when(done).then(pl.lit(ALREADY)).otherwise(pl.lit(DRIFTED)),
    )


def without_a_form(rows: pl.DataFrame, assigned: pl.DataFrame) -> pl.DataFrame:
    """Tell of the rows whose org unit no longer reports their data set, which `assigned` lists.

    One generation of servers would take them all the same, the other refuses them.
    """
    left = rows.join(assigned, on=["data_set", "org_unit"], how="anti", maintain_order="left")
    return left.select(*_names(left), outcome=pl.lit("refused"), reason=pl.lit(LEFT_THE_DATA_SET))


def read_back(rows: pl.DataFrame, current: pl.DataFrame, by: str | None = None) -> pl.DataFrame:
    """Tell of each row sent whether the target now holds what was meant: adds `arrived`.

    `by`: only what this user stored counts; another may have typed the same number.
    """
    on = same_cell(rows, current)
    joined = rows.join(
        current.select(*on, after="value", author="stored_by"),
        on=on,
        how="left",
        validate="1:1",
        maintain_order="left",
    )
    ours = pl.lit(value=True) if by is None else pl.col("author").fill_null(by) == by
    arrived = pl.lit(_holds_what_was_meant(joined, "after")) & (pl.col("delete") | ours)
    return joined.with_columns(arrived=arrived).drop("after", "author")


def judge(rows: pl.DataFrame, current: pl.DataFrame, reply: Reply) -> Verdict:
    """Say what became of the rows of a request: the target tells what, the reply tells why."""
    if read_back(rows, current)["arrived"].all():
        nothing = rows.clear().with_columns(said=pl.lit(None, pl.String))
        return Verdict(loaded(rows), nothing, nothing)
    seen = drift(blame(rows, reply.complaints), current)
    seen = seen.with_columns(
        arrived=_holds_what_was_meant(seen, "now"), said=pl.lit(reply.said, pl.String)
    )
    some = seen.select((pl.col("arrived") | pl.col("sentence").is_not_null()).any()).item()
    fate = _fate(reply, is_alone=rows.height == 1, is_whole_refusal=not some)
    judged = seen.with_columns(
        fate=pl.when("arrived")
        .then(pl.lit("loaded"))
        .when(pl.col("state") != "as_planned")
        .then(pl.lit("drifted"))
        .when(pl.col("sentence").is_not_null())
        .then(pl.lit("refused"))
        .when("again")
        .then(pl.lit("again"))
        .otherwise(pl.lit(fate)),
    )
    rest = [*rows.columns, *({"said"} - {*rows.columns})]
    return Verdict(
        _told(judged.filter(pl.col("fate").is_in(OUTCOMES))),
        judged.filter(pl.col("fate") == "again").select(rest),
        judged.filter(pl.col("fate") == "together").select(rest),
    )


def _fate(reply: Reply, *, is_alone: bool, is_whole_refusal: bool) -> str:
    """Tell what becomes of rows that did not arrive and that nobody complains about."""
    if reply.ended in {"busy", "lost"} or (reply.ended == "too_large" and not is_alone):
        return "again"
    is_judged = is_alone or reply.ended == "denied" or not is_whole_refusal
    return "refused" if is_judged else "together"


def _told(judged: pl.DataFrame) -> pl.DataFrame:
    refused = pl.coalesce("sentence", "said", pl.lit(NOT_WRITTEN))
    return judged.select(
        *_names(judged),
        outcome="fate",
        reason=pl.when(pl.col("fate") == "loaded")
        .then(pl.lit(WRITTEN))
        .when(pl.col("fate") == "drifted")
        .then(pl.lit(DRIFTED))
        .otherwise(refused),
    )


def loaded(arrived: pl.DataFrame) -> pl.DataFrame:
    """Tell of rows that were read back as they were meant."""
    return arrived.select(*_names(arrived), outcome=pl.lit("loaded"), reason=pl.lit(WRITTEN))


def given_up(rows: pl.DataFrame) -> pl.DataFrame:
    """Tell of rows that were refused to the last, and nobody knows more."""
    said = pl.col("said").fill_null(NOT_WRITTEN)
    reason = pl.concat_str(pl.lit(f"{TOGETHER}: "), said) if rows.height > 1 else said
    return rows.select(*_names(rows), outcome=pl.lit("refused"), reason=reason)


def _names(rows: pl.DataFrame) -> list[str]:
    """Name the columns that tell cells apart, and their number where it is known."""
    return [name for name in (*KEY, "cell") if name in rows.columns]


def _holds_what_was_meant(cells: pl.DataFrame, column: str) -> pl.Series:
    return cells.select(
        pl.when("delete")
        .then(pl.col(column).is_null())
        .otherwise(_same_text(cells, column, "send"))
    ).to_series()


def _same_text(cells: pl.DataFrame, left: str, right: str) -> pl.Series:
    """Tell of each row whether two texts are the same, or write the same number."""
    same = cells[left].eq_missing(cells[right])
    if same.all():
        return same
    apart = cells.filter(~same).select(left=number_of(pl.col(left)), right=number_of(pl.col(right)))
    numbers = apart.select(same_number(pl.col("left"), pl.col("right")).fill_null(value=False))
    return same.scatter((~same).arg_true(), numbers.to_series())
