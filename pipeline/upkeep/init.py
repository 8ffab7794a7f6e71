"""Write what a new transfer begins with, and never over what is there."""

import json
import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import polars as pl

from pipeline.compare.rules.links import MANUAL_COLUMNS
from pipeline.config.sections import Server
from pipeline.dhis2.access.connections import find_connection
from pipeline.dhis2.http.client import connect
from pipeline.files.deployment import Deployment
from pipeline.files.whole import write_bytes
from pipeline.tables import DATA_ELEMENT_COLUMNS, ORG_UNIT_COLUMNS
from pipeline.text.errors import UsageError
from pipeline.upkeep.hints import ask_for_hints, reporting_level
from pipeline.upkeep.rules.suggest.data_sets import choose_data_sets
from pipeline.upkeep.rules.suggest.groups import choose_groups
from pipeline.upkeep.rules.suggest.mapping import SUGGESTED_COLUMNS, Doubt, suggest_mapping
from pipeline.upkeep.rules.suggest.twins import suggest_twins

SCHEMA = "transfer.schema.json"
NO_MANUAL = pl.DataFrame(schema=dict.fromkeys(MANUAL_COLUMNS, pl.String))
NO_MAPPING = pl.DataFrame(schema=dict.fromkeys(DATA_ELEMENT_COLUMNS, pl.String))


def write_transfer(
    deployment: Deployment,
    name: str,
    *,
    choices: Mapping[str, object] | None = None,
    mapping: pl.DataFrame = NO_MAPPING,
    manual: pl.DataFrame = NO_MANUAL,
) -> Path:
    """Write the mapping tables, the schema and at last transfer.toml; give the folder.

    `choices` take the place of the template's values, by their keys.
    Raises `UsageError` when the transfer exists.
    """
    _insist_on_new(deployment, name)
    mappings = deployment.mappings(name)
    write_bytes(mappings / "data_elements.csv", mapping.write_csv().encode())
    write_bytes(mappings / "manual.csv", manual.write_csv().encode())
    write_bytes(mappings / "org_units.csv", ",".join(ORG_UNIT_COLUMNS).encode() + b"\n")
    folder = deployment.transfer_folder(name)
    write_bytes(folder / SCHEMA, _template(SCHEMA).encode())
    filled = _template("transfer.template.toml")
    for key, value in (choices or {}).items():
        filled = _with(filled, key, value)
    write_bytes(deployment.configuration(name), filled.encode())
    return folder


def _template(name: str) -> str:
    return files("schemas").joinpath(name).read_text(encoding="utf-8")


def _with(template: str, key: str, value: object) -> str:
    """The template with a value in the line of a key, which then counts."""
    line = f"{key} = {json.dumps(value)}"
    return re.sub(rf"^(# )?{key} = \S+", lambda _found: line, template, count=1, flags=re.MULTILINE)


class Suggested(NamedTuple):
    """What a person must settle, and how many rows were written of the mapping and of twins.

    `names`: what the indicators are called.
    """

    doubts: list[Doubt]
    rows: int
    twins: int
    names: dict[str, str]


def suggest(
    deployment: Deployment,
    name: str,
    environment: Mapping[str, str],
    choices: Mapping[str, object],
) -> Suggested:
    """Fill a new transfer from its servers.

    It asks the indicators that say where they belong, for the data sets of the commonest type of
    period, and compares them with the data set whose elements have the same names.
    """
    _insist_on_new(deployment, name)
    server = Server()
    with (
        connect(find_connection("source", server, environment)) as source,
        connect(find_connection("target", server, environment)) as target,
    ):
        hints = ask_for_hints(source, target)
        home = choose_data_sets(suggest_mapping(hints.indicators, hints.forms), hints.data_sets)
        level = reporting_level(target, home.data_sets)
    twins = suggest_twins(home.rows, hints.data_sets, home.data_sets, hints.default_combo)
    named = choose_groups(home.rows["program_indicator"], hints.groups)
    found = {
        "program_indicator_groups": named.groups,
        "program_indicators": named.indicators,
        "data_sets": home.data_sets,
        "type": home.period_type,
        "level": level,
        "data_set": twins.data_set,
    }
    write_transfer(
        deployment,
        name,
        choices={key: value for key, value in found.items() if value} | dict(choices),
        mapping=home.rows.select(SUGGESTED_COLUMNS),
        manual=twins.rows,
    )
    names = {one["id"]: str(one.get("name") or one["id"]) for one in hints.indicators}
    return Suggested(home.doubts, home.rows.height, twins.rows.height, names)


def _insist_on_new(deployment: Deployment, name: str) -> None:
    there = [deployment.configuration(name), *deployment.mappings(name).glob("data_elements.*")]
    for path in there:
        if path.exists():
            raise UsageError(
                f"the transfer {name} exists already",
                where=str(path),
                remedy="edit what is there, or choose another name",
            )
