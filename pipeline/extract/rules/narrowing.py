"""A run about some sites and periods only, as somebody asked: the rest of the transfer waits."""

from dataclasses import dataclass, replace

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.hierarchy import is_at_or_below
from pipeline.config.sections import Periods
from pipeline.extract.rules.scope import Scope, choose_periods
from pipeline.text.errors import UsageError
from pipeline.transform.rules.org_units import Unlisted, partners_of
from schemas.mapping import OrgUnitMapping
from schemas.server import SystemInfo


@dataclass(frozen=True)
class Only:
    """What a run is limited to, as it was asked; nothing means no limit.

    An org unit stands for all that lies below it, as the source has them.
    """

    org_units: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()


WHOLE_SCOPE = Only()


def narrowed(scope: Scope, only: Only, periods: Periods, info: SystemInfo) -> Scope:
    """Limit a scope; the periods may lie outside the usual window, the org units may not.

    Raises `UsageError` for an org unit with nothing of the transfer at or below it, and for what
    is no period of the transfer's type.
    """
    chosen = scope.org_units
    if only.org_units:
        outside = [
            unit for unit in only.org_units if chosen.filter(is_at_or_below([unit])).is_empty()
        ]
        if outside:
            raise UsageError(
                f"no org unit of this transfer is {outside[0]!r:.40}, or lies below it",
                where="--org-unit",
                remedy="give the id of an org unit of the source, from the scope of [org_units]",
            )
        chosen = chosen.filter(is_at_or_below(only.org_units))
    if not only.periods:
        return replace(scope, org_units=chosen)
    explicit = Periods(type=periods.type, explicit=only.periods)
    return replace(scope, org_units=chosen, periods=choose_periods(explicit, info))


def with_partners(
    scope: Scope, whole: Scope, listed: DataFrame[OrgUnitMapping], unlisted: Unlisted
) -> Scope:
    """A narrowed scope with the org units that go to the same place as one of its own."""
    chosen, known = scope.org_units["id"].to_list(), whole.org_units["id"].to_list()
    wanted = partners_of(chosen, known, listed, unlisted)
    return replace(scope, org_units=whole.org_units.filter(pl.col("id").is_in(wanted)))
