"""Everything a run's rows are looked up in, read once: its extract, the target, the mapping."""

from dataclasses import dataclass

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.dictionaries import Dictionaries, extend
from pipeline.cells.key import FORM_CELL
from pipeline.run.metadata import TargetFrames
from pipeline.run.records import Extract, read_record
from pipeline.run.work import Work
from pipeline.tables import read_mapping
from pipeline.transform.rules.defaults import with_default_combos
from pipeline.transform.rules.lookups import Lookups, make_lookups
from pipeline.transform.rules.org_units import judged_org_units
from pipeline.transform.rules.unknown import unknown_form_cells
from schemas.frames import trusted
from schemas.mapping import DataElementMapping, MappingTables


@dataclass(frozen=True)
class TransformContext:
    """What the rows of one run mean.

    `target_org_units`: org_unit, those of the target that the run asked for. `unknown_form_cells`:
    form_cell, those that a count fills which could not be asked. `dictionaries` name every cell
    that the run can fill. `not_added`: form cells of elements that are no sum over org units.
    """

    extract: Extract
    tables: MappingTables
    dictionaries: Dictionaries
    lookups: Lookups
    target_org_units: pl.DataFrame
    unknown_form_cells: pl.DataFrame
    value_types: pl.DataFrame
    not_added: pl.Series


def read_transform_context(work: Work) -> TransformContext:
    """Read the run's extract and metadata, the mapping and the store's dictionaries."""
    extract = read_record(work.run, Extract)
    target = TargetFrames.read(work.run)
    tables = read_mapping(work.deployment.mappings(work.name))
    mapping = trusted(with_default_combos(tables.data_elements, target), DataElementMapping)
    org_units = judged_org_units(
        extract.org_units,
        tables.org_units,
        work.settings.mapping.unlisted_org_units,
        target.org_units["id"],
    )
    reached = org_units.select(org_unit="target_org_unit").drop_nulls().unique().sort("org_unit")
    keys = _keys(mapping, reached, extract.periods)
    dictionaries = extend(work.store.dictionaries(), keys)
    lookups = make_lookups(
        mapping,
        org_units,
        extract.periods,
        dictionaries,
        known_elements=target.data_elements["id"],
        known_combos=target.category_option_combos["id"],
        unknown_indicators=extract.unknown_indicators,
    )
    return TransformContext(
        extract,
        tables,
        dictionaries,
        lookups,
        reached,
        unknown_form_cells(lookups, extract.unknown_indicators),
        _value_types(dictionaries, target),
        _not_added(dictionaries, target),
    )


def _keys(
    mapping: DataFrame[DataElementMapping], org_units: pl.DataFrame, periods: list[str]
) -> pl.DataFrame:
    """Every form cell, period and org unit once, each in rows of its own; all else is null."""
    parts = (
        mapping.select(FORM_CELL).unique().sort(FORM_CELL),
        pl.DataFrame({"period": sorted(periods)}, schema={"period": pl.String}),
        org_units,
    )
    return pl.concat(parts, how="diagonal")


def _value_types(dictionaries: Dictionaries, target: TargetFrames) -> pl.DataFrame:
    """The value type of each form cell (form_cell), null where the target lacks the element."""
    return dictionaries.form_cells.join(
        target.data_elements.select(data_element="id", value_type="value_type"),
        on="data_element",
        how="left",
        validate="m:1",
    ).select("value_type", form_cell="id")


def _not_added(dictionaries: Dictionaries, target: TargetFrames) -> pl.Series:
    """The form cells of data elements whose numbers of two org units make no sum.

    (docs/dhis2.md, Org units)
    """
    kinds = target.data_elements.filter(
        pl.col("aggregation_type").str.ends_with("AVERAGE_ORG_UNIT")
        | pl.col("aggregation_type").is_in(["AVERAGE", "MIN", "MAX", "STDDEV", "VARIANCE"])
    )
    return dictionaries.form_cells.filter(pl.col("data_element").is_in(kinds["id"].implode()))["id"]
