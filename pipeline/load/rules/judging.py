"""What became of each planned cell: believed only from what was read back."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.key import KEY
from pipeline.cells.numbers import number_of, same_number
from pipeline.load.rules.complaints import ImportConflict, blame
from schemas.frames import columns, trusted
from schemas.load import ChunkRows, NumberedIntents, NumberedOutcomes
from schemas.values import PackedCurrentValues
from schemas.vocabulary import OUTCOMES

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
_ROWS, _INTENTS = columns(ChunkRows), columns(NumberedIntents)

Ending = Literal["answered", "denied", "too_large", "busy", "lost"]


class Reply(NamedTuple):
    """How one request ended, what was complained about, and the server's words (None: a yes).

    `denied`: the account or the address is refused, whatever the rows; `busy`: nothing was
    taken this time; `lost`: nobody knows whether it was taken.
    """

    ended: Ending
    complaints: Sequence[ImportConflict] = ()
    said: str | None = None


class Drift(NamedTuple):
    """Rows that still stand as the plan saw them (`ready`), and the outcomes of all others."""

    ready: DataFrame[ChunkRows]
    outcomes: DataFrame[NumberedOutcomes]


class Verdict(NamedTuple):
    """What became of the rows of one request.

    `outcomes` are those of the rows that are done with. `again` may go out again; `together`
    were refused as one, and only smaller requests can tell why. Both keep the server's words in
    `said`.
    """

    outcomes: DataFrame[NumberedOutcomes]
    again: DataFrame[ChunkRows]
    together: DataFrame[ChunkRows]


def drift(rows: DataFrame[ChunkRows], current: DataFrame[PackedCurrentValues]) -> Drift:
    """What may be written of some rows, when the target is compared with what the plan saw.

    The others drifted, or hold already what would be sent. `comment` of those that are ready is
    the one that stands now.
    """
    seen = _beside_current(rows, current)
    others = seen.filter(pl.col("state") != "as_planned")
    done = pl.col("state") == "done"
    return Drift(
        trusted(seen.filter(pl.col("state") == "as_planned").select(_ROWS), ChunkRows),
        _outcomes(
            others,
            outcome=pl.when(done).then(pl.lit("unchanged")).otherwise(pl.lit("drifted")),
            reason=pl.when(done).then(pl.lit(ALREADY)).otherwise(pl.lit(DRIFTED)),
        ),
    )


def _beside_current(rows: pl.DataFrame, current: DataFrame[PackedCurrentValues]) -> pl.DataFrame:
    """Rows with the text that stands in their cell (`now`, null: no row), its comment and `state`.

    `state`: as_planned, done (the cell already holds what would be sent) or drifted.
    """
    joined = rows.drop("comment").join(
        current.select("cell", "comment", now="value"),
        on="cell",
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


def without_a_form(
    rows: DataFrame[ChunkRows], assigned: pl.DataFrame
) -> DataFrame[NumberedOutcomes]:
    """The outcomes of rows whose org unit no longer reports their data set (not in `assigned`).

    `assigned` has data_set, org_unit. One generation of servers would take these rows all the
    same, the other refuses them (docs/dhis2.md, Imports of 2.43).
    """
    left = rows.join(assigned, on=["data_set", "org_unit"], how="anti", maintain_order="left")
    return _outcomes(left, outcome=pl.lit("refused"), reason=pl.lit(LEFT_THE_DATA_SET))


def arrived(
    rows: DataFrame[NumberedIntents],
    current: DataFrame[PackedCurrentValues],
    by: str | None = None,
) -> pl.Series:
    """Whether the target now holds what was meant, for each row in turn.

    `by`: only what this user stored counts; another may have typed the same number.
    """
    joined = rows.join(
        current.select("cell", after="value", author="stored_by"),
        on="cell",
        how="left",
        validate="1:1",
        maintain_order="left",
    )
    ours = pl.lit(value=True) if by is None else pl.col("author").fill_null(by) == by
    is_there = pl.lit(_holds_what_was_meant(joined, "after")) & (pl.col("delete") | ours)
    return joined.select(arrived=is_there).to_series()


def judge(
    rows: DataFrame[ChunkRows], current: DataFrame[PackedCurrentValues], reply: Reply
) -> Verdict:
    """What became of the rows of a request: the target tells what, the reply tells why."""
    if arrived(as_intents(rows), current).all():
        nothing = trusted(rows.clear(), ChunkRows)
        return Verdict(loaded(rows), nothing, nothing)
    seen = _beside_current(blame(rows, reply.complaints), current)
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
    return Verdict(
        _judged_outcomes(judged.filter(pl.col("fate").is_in(OUTCOMES))),
        trusted(judged.filter(pl.col("fate") == "again").select(_ROWS), ChunkRows),
        trusted(judged.filter(pl.col("fate") == "together").select(_ROWS), ChunkRows),
    )


def _fate(reply: Reply, *, is_alone: bool, is_whole_refusal: bool) -> str:
    """What becomes of rows that did not arrive and that nobody complains about."""
    if reply.ended in {"busy", "lost"} or (reply.ended == "too_large" and not is_alone):
        return "again"
    is_judged = is_alone or reply.ended == "denied" or not is_whole_refusal
    return "refused" if is_judged else "together"


def _judged_outcomes(judged: pl.DataFrame) -> DataFrame[NumberedOutcomes]:
    refused = pl.coalesce("sentence", "said", pl.lit(NOT_WRITTEN))
    return _outcomes(
        judged,
        outcome=pl.col("fate"),
        reason=pl.when(pl.col("fate") == "loaded")
        .then(pl.lit(WRITTEN))
        .when(pl.col("fate") == "drifted")
        .then(pl.lit(DRIFTED))
        .otherwise(refused),
    )


def loaded(rows: pl.DataFrame) -> DataFrame[NumberedOutcomes]:
    """The outcomes of rows that were read back as they were meant."""
    return _outcomes(rows, outcome=pl.lit("loaded"), reason=pl.lit(WRITTEN))


def given_up(rows: DataFrame[ChunkRows]) -> DataFrame[NumberedOutcomes]:
    """The outcomes of rows that were refused to the last, and nobody knows more."""
    said = pl.col("said").fill_null(NOT_WRITTEN)
    reason = pl.concat_str(pl.lit(f"{TOGETHER}: "), said) if rows.height > 1 else said
    return _outcomes(rows, outcome=pl.lit("refused"), reason=reason)


def as_intents(rows: DataFrame[ChunkRows]) -> DataFrame[NumberedIntents]:
    """The columns of chunk rows that say what was meant."""
    return trusted(rows.select(_INTENTS), NumberedIntents)


def _outcomes(
    rows: pl.DataFrame, *, outcome: pl.Expr, reason: pl.Expr
) -> DataFrame[NumberedOutcomes]:
    outcomes = rows.select(*KEY, outcome=outcome, reason=reason, cell="cell")
    return trusted(outcomes, NumberedOutcomes)


def _holds_what_was_meant(cells: pl.DataFrame, column: str) -> pl.Series:
    return cells.select(
        pl.when("delete")
        .then(pl.col(column).is_null())
        .otherwise(_same_text(cells, column, "send"))
    ).to_series()


def _same_text(cells: pl.DataFrame, left: str, right: str) -> pl.Series:
    """Whether two texts are the same, or write the same number, for each row in turn."""
    same = cells[left].eq_missing(cells[right])
    if same.all():
        return same
    apart = cells.filter(~same).select(left=number_of(pl.col(left)), right=number_of(pl.col(right)))
    numbers = apart.select(same_number(pl.col("left"), pl.col("right")).fill_null(value=False))
    return same.scatter((~same).arg_true(), numbers.to_series())
