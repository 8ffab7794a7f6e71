"""Write what a new transfer begins with, and never over what is there."""

import json
import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from pipeline.dhis2.client import Client, connect
from pipeline.dhis2.connections import find_connection
from pipeline.dhis2.metadata import Combos, read_combos, read_indicators
from pipeline.errors import UsageError
from pipeline.runs import Deployment, write_bytes
from pipeline.sections import Server, Source
from pipeline.tables import DATA_ELEMENT_COLUMNS, ORG_UNIT_COLUMNS
from pipeline.transform.suggest import COLUMNS, Doubt, Forms, Suggestion, suggest_mapping

SCHEMA = "transfer.schema.json"


def write_transfer(
    deployment: Deployment, name: str, *, choices: Mapping[str, object] | None = None
) -> Path:
    """Write transfer.toml, its schema and empty mapping tables; give the folder.

    `choices` take the place of the template's values, by their keys.
    Raises `UsageError` when the transfer exists.
    """
    folder = deployment.transfer_folder(name)
    if deployment.configuration(name).exists():
        raise UsageError(
            f"the transfer {name} exists already",
            where=str(folder),
            remedy="edit its transfer.toml, or choose another name",
        )
    template = files("schemas").joinpath("transfer.template.toml").read_text(encoding="utf-8")
    schema = files("schemas").joinpath(SCHEMA).read_text(encoding="utf-8")
    filled = template
    for key, value in (choices or {}).items():
        filled = re.sub(
            rf"^(# )?{key} = \S+",
            f"{key} = {json.dumps(value)}",
            filled,
            count=1,
            flags=re.MULTILINE,
        )
    write_bytes(deployment.configuration(name), filled.encode())
    write_bytes(folder / SCHEMA, schema.encode())
    write_bytes(
        deployment.mappings(name) / "data_elements.csv",
        ",".join(DATA_ELEMENT_COLUMNS).encode() + b"\n",
    )
    write_bytes(
        deployment.mappings(name) / "org_units.csv", ",".join(ORG_UNIT_COLUMNS).encode() + b"\n"
    )
    return folder


def suggest(
    deployment: Deployment,
    name: str,
    environment: Mapping[str, str],
    choices: Mapping[str, object],
) -> tuple[list[Doubt], int]:
    """Fill a new transfer from its servers: all indicator groups, the data sets they point to.

    Gives the doubts a person must settle, and how many mapping rows were written.
    """
    server = Server()
    with connect(find_connection("source", server, environment)) as source:
        groups = [
            one["id"]
            for one in source.get_json(
                "programIndicatorGroups", [("fields", "id,name"), ("paging", "false")]
            )["programIndicatorGroups"]
        ]
        indicators = read_indicators(
            source, Source(program_indicator_groups=tuple(groups)), suggestive=True
        )
        splits = read_combos(source)
        with connect(find_connection("target", server, environment)) as target:
            forms = _forms(target, splits)
            suggestion = suggest_mapping(indicators, forms)
            data_sets = _data_sets(target, suggestion)
            level = max(
                one["level"]
                for one in target.get_json(
                    "organisationUnitLevels", [("fields", "level"), ("paging", "false")]
                )["organisationUnitLevels"]
            )
    write_transfer(
        deployment,
        name,
        choices={
            "program_indicator_groups": groups,
            "data_sets": data_sets,
            "level": level,
            **choices,
        },
    )
    table = suggestion.rows.select(COLUMNS).write_csv()
    write_bytes(deployment.mappings(name) / "data_elements.csv", table.encode())
    return suggestion.doubts, suggestion.rows.height


def _forms(target: Client, splits: Combos) -> Forms:
    elements = target.get_json(
        "dataElements",
        [("fields", "id,code"), ("filter", "domainType:eq:AGGREGATE"), ("paging", "false")],
    )["dataElements"]
    combos = read_combos(target)
    columns = ("id", "category_combo", "category_options")
    return Forms(
        elements=_by_id_and_code(elements),
        combos=_by_id_and_code(combos.option_combos.select("id", "code").to_dicts()),
        combo_of_options={
            (combo, tuple(options)): option_combo
            for option_combo, combo, options in combos.option_combos.select(columns).rows()
        },
        categories=splits.categories,
        options=splits.options,
        default_combo=splits.default,
    )


def _by_id_and_code(objects: list[dict[str, str]]) -> dict[str, str]:
    by_code = {one["code"]: one["id"] for one in objects if one.get("code")}
    return by_code | {one["id"]: one["id"] for one in objects}


def _data_sets(target: Client, suggestion: Suggestion) -> list[str]:
    """Find the data sets that the suggested elements belong to."""
    wanted = set(suggestion.rows["data_element"])
    told = target.get_json(
        "dataSets", [("fields", "id,dataSetElements[dataElement[id]]"), ("paging", "false")]
    )["dataSets"]
    return sorted(
        one["id"]
        for one in told
        if wanted & {part["dataElement"]["id"] for part in one["dataSetElements"]}
    )
