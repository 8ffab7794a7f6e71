"""Which org unit of the target stands for one of the source; the only place that decides this."""

from collections.abc import Sequence
from typing import Literal

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.transform.rules import reasons
from schemas.mapping import MERGE, OrgUnitMapping

Unlisted = Literal["same", "reject"]


def with_target_org_unit(
    org_units: pl.DataFrame, listed: DataFrame[OrgUnitMapping], unlisted: Unlisted
) -> pl.DataFrame:
    """`org_units` (org_unit: ids of the source) with the `target_org_unit` of each, in order.

    `listed` is mappings/org_units. One that is not listed there keeps its id (`unlisted` = "same")
    or goes nowhere ("reject"): null.
    """
    placed = org_units.join(
        listed.select(org_unit="source_org_unit", target_org_unit="target_org_unit"),
        on="org_unit",
        how="left",
        validate="m:1",
        maintain_order="left",
    )
    if unlisted == "reject":
        return placed
    return placed.with_columns(pl.coalesce("target_org_unit", "org_unit").alias("target_org_unit"))


def judged_org_units(
    org_units: Sequence[str],
    listed: DataFrame[OrgUnitMapping],
    unlisted: Unlisted,
    known: pl.Series,
) -> pl.DataFrame:
    """Where the counts of each org unit go: org_unit, target_org_unit, rule_id.

    `known` has the ids of the target's org units. `rule_id` says why one goes nowhere; its
    `target_org_unit` is then null, but where several go that are not to be merged: what stands
    there is not known.
    """
    placed = with_target_org_unit(_as_frame(org_units), listed, unlisted)
    is_known = pl.col("target_org_unit").is_in(known.implode())
    apart = not_merged(placed, listed)
    return placed.with_columns(
        rule_id=pl.when(pl.col("target_org_unit").is_null())
        .then(pl.lit(reasons.UNMAPPED_ORG_UNIT.rule_id))
        .when(~is_known)
        .then(pl.lit(reasons.NO_SUCH_ORG_UNIT.rule_id))
        .when(pl.col("target_org_unit").is_in(apart["target_org_unit"].implode()))
        .then(pl.lit(reasons.NOT_MERGED.rule_id)),
        target_org_unit=pl.when(is_known).then(pl.col("target_org_unit")),
    )


def not_merged(placed: pl.DataFrame, listed: DataFrame[OrgUnitMapping]) -> pl.DataFrame:
    """The org units that share a target and are not all to be merged: as `placed`, in its order.

    `placed`: org_unit, target_org_unit. One of those that share may stand without the word: the
    others are merged into it.
    """
    merged = listed.filter(pl.col("rule") == MERGE)["source_org_unit"]
    plain = ~pl.col("org_unit").is_in(merged.implode())
    return placed.filter(
        pl.col("target_org_unit").is_not_null(), plain.sum().over("target_org_unit") > 1
    )


def partners_of(
    chosen: Sequence[str],
    org_units: Sequence[str],
    listed: DataFrame[OrgUnitMapping],
    unlisted: Unlisted,
) -> list[str]:
    """Those of `org_units` that are chosen or share a target with one that is, in their order.

    A cell of a target has no number of its own without all that go there.
    """
    reached = set(target_org_units(chosen, listed, unlisted))
    placed = with_target_org_unit(_as_frame(org_units), listed, unlisted)
    wanted = pl.col("org_unit").is_in(list(chosen)) | pl.col("target_org_unit").is_in(list(reached))
    return placed.filter(wanted)["org_unit"].to_list()


def target_org_units(
    org_units: Sequence[str], listed: DataFrame[OrgUnitMapping], unlisted: Unlisted
) -> list[str]:
    """The org units of the target that stand for those asked, each in its place."""
    placed = with_target_org_unit(_as_frame(org_units), listed, unlisted)
    return placed["target_org_unit"].drop_nulls().to_list()


def _as_frame(org_units: Sequence[str]) -> pl.DataFrame:
    return pl.DataFrame({"org_unit": [*org_units]}, schema={"org_unit": pl.String})
