"""What a configuration means today: which indicators, periods and org units a run asks for."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.hierarchy import is_at_or_below
from pipeline.cells.periods import Period, last_periods, parse_period, periods_between
from pipeline.config.sections import OrgUnits, Periods, Transfer
from pipeline.extract.rules.questions import IndicatorBatch, Question, plan_questions
from pipeline.extract.rules.selectors import OrgUnitSelector, listed_by_level, name_org_units
from pipeline.text.errors import UsageError
from pipeline.transform.rules.org_units import with_target_org_unit
from schemas.mapping import MappingTables, OrgUnitMapping
from schemas.metadata import SourceMetadata, TargetMetadata
from schemas.server import SystemInfo


@dataclass(frozen=True)
class Scope:
    """What is asked: indicators with the categories they are asked with, periods, org units.

    `org_units`: id, level, and path where `known` (id, path, level), all org units of the server,
    is given too: many of them can then be named by their ancestors. `totals`: the indicators that
    are asked with their categories and without, because a mapping has a use for both.
    """

    asked: list[IndicatorBatch]
    periods: list[str]
    org_units: pl.DataFrame
    known: pl.DataFrame | None = None
    totals: tuple[str, ...] = ()

    @property
    def by_level(self) -> list[OrgUnitSelector]:
        """The org units of each level; no request may mix two.

        See docs/dhis2.md, Analytics leave things out.
        """
        if self.known is None:
            return listed_by_level(self.org_units)
        groups = self.org_units.sort("level", "id").partition_by("level", maintain_order=True)
        return [name_org_units(group, self.known) for group in groups]

    def questions(
        self, row_limit: int, filters: tuple[str, ...], at_least: int = 1
    ) -> list[Question]:
        """The questions that ask for all of it, at least one; raises `UsageError` for none.

        `at_least`: as in `plan_questions`.
        """
        asked = [*self.asked, *([IndicatorBatch(self.totals, (), 1)] if self.totals else [])]
        questions = plan_questions(
            asked,
            self.periods,
            self.by_level,
            row_limit=row_limit,
            filters=filters,
            at_least=at_least,
        )
        if not questions:
            raise UsageError(
                "there is nothing to ask: no indicator, no period or no org unit is left",
                where="transfer.toml",
                remedy="check [source], [periods] and [org_units]",
            )
        return questions

    @property
    def categories(self) -> dict[str, list[str]]:
        """The categories that each indicator is asked with, by its id."""
        return {
            indicator: list(group.categories)
            for group in self.asked
            for indicator in group.program_indicators
        }

    @property
    def split_up(self) -> list[str]:
        """The indicators that are asked with categories."""
        return [indicator for indicator, categories in self.categories.items() if categories]

    @property
    def indicators(self) -> list[str]:
        """The indicators, in the order they are asked."""
        return list(self.categories)

    def of_one(self, indicator: str) -> "Scope":
        """The part of a scope that is about one indicator."""
        group = next(group for group in self.asked if indicator in group.program_indicators)
        alone = IndicatorBatch((indicator,), group.categories, group.options)
        return Scope([alone], self.periods, self.org_units, self.known)


def choose_scope(
    settings: Transfer,
    tables: MappingTables,
    metadata: SourceMetadata,
    forms: TargetMetadata,
    info: SystemInfo,
) -> Scope:
    """What the configuration means today, by the source's own clock.

    Raises `UsageError` when no org unit is left.
    """
    org_units = _org_units(settings.org_units, tables.org_units, metadata, forms)
    if org_units.is_empty():
        raise UsageError(
            "no org unit of the source is in the scope of this transfer",
            where="[org_units] in transfer.toml",
            remedy="check level, groups and within, and that the target's data sets are assigned",
        )
    known = metadata.org_units.select("id", "path", "level")
    asked = _batches(tables, metadata)
    return Scope(
        asked,
        choose_periods(settings.periods, info),
        org_units,
        known,
        _totals_too(tables, asked),
    )


def choose_periods(periods: Periods, info: SystemInfo) -> list[str]:
    """The ids of the periods to ask for, each once."""
    return list(dict.fromkeys(period.id for period in resolve_periods(periods, info)))


def resolve_periods(periods: Periods, info: SystemInfo) -> list[Period]:
    """The periods a configuration asks for; `info` has the server's day."""
    if periods.last is not None:
        return last_periods(
            periods.type, periods.last, info.now.date(), include_current=periods.include_current
        )
    if periods.explicit:
        chosen = [parse_period(text) for text in periods.explicit]
    else:
        chosen = periods_between(parse_period(periods.first), parse_period(periods.until))
    others = [period.id for period in chosen if period.type != periods.type]
    if others:
        raise UsageError(
            f"{others[0]} is no {periods.type} period",
            where="[periods] in transfer.toml",
            remedy="give periods of one type, and name that type",
        )
    return chosen


def _batches(tables: MappingTables, metadata: SourceMetadata) -> list[IndicatorBatch]:
    """The indicators in batches, those together that are asked with the same categories.

    A disaggregated indicator is asked with its categories when the mapping names options of it,
    and for its total alone when the mapping names none.
    """
    by_option = set(
        tables.data_elements.filter(pl.col("category_options") != "")["program_indicator"]
    )
    mapped = set(tables.data_elements["program_indicator"])
    groups: dict[tuple[tuple[str, ...], int], list[str]] = {}
    for indicator in metadata.program_indicators.iter_rows(named=True):
        by_options = indicator["id"] in by_option or indicator["id"] not in mapped
        categories = tuple(indicator["categories"]) if by_options else ()
        options = indicator["options"] if categories else 1
        groups.setdefault((categories, options), []).append(indicator["id"])
    return [
        IndicatorBatch(tuple(indicators), categories, options)
        for (categories, options), indicators in sorted(groups.items())
    ]


def _totals_too(tables: MappingTables, asked: list[IndicatorBatch]) -> tuple[str, ...]:
    """Those asked with categories for which the mapping also has a row without options."""
    mapped = tables.data_elements.filter(pl.col("category_options") == "")["program_indicator"]
    split_up = {one for batch in asked if batch.categories for one in batch.program_indicators}
    return tuple(sorted(split_up & set(mapped)))


def _org_units(
    wanted: OrgUnits,
    listed: DataFrame[OrgUnitMapping],
    metadata: SourceMetadata,
    forms: TargetMetadata,
) -> pl.DataFrame:
    chosen = metadata.org_units
    if wanted.level is not None:
        chosen = chosen.filter(pl.col("level") == wanted.level)
    if wanted.groups:
        members = frozenset().union(*(metadata.groups[group] for group in wanted.groups))
        chosen = chosen.filter(pl.col("id").is_in(sorted(members)))
    if wanted.within:
        _insist_on_known(wanted.within, metadata.org_units["id"])
        chosen = chosen.filter(is_at_or_below(wanted.within))
    if wanted.assigned_only:
        # One that is not listed is asked all the same: its rows become rejects, with a reason.
        placed = with_target_org_unit(chosen.rename({"id": "org_unit"}), listed, "same")
        assigned = forms.data_set_org_units.select(target_org_unit="org_unit").unique()
        chosen = placed.join(
            assigned, on="target_org_unit", how="semi", maintain_order="left"
        ).rename({"org_unit": "id"})
    return chosen.select("id", "path", "level").sort("id")


def _insist_on_known(ids: Sequence[str], known: pl.Series) -> None:
    """Refuse ids that the source does not show: all below them would be left out without a word."""
    unknown = [one for one in ids if one not in set(known)]
    if unknown:
        raise UsageError(
            f"the source shows no org unit with id {', '.join(unknown[:10])}",
            where="[org_units] within in transfer.toml",
            remedy="check the ids, and that the account may see these org units",
        )
