"""By which filters a program indicator puts its events into options, as one hash for each."""

import hashlib
import json
from collections.abc import Iterable

from pipeline.dhis2.http.client import Client
from pipeline.dhis2.objects import find_some, id_of, members
from schemas.metadata import Json

_FIELDS = "id,categoryMappings[id,categoryId,optionMappings[optionId,filter]]"


def read_option_filters(client: Client, indicators: Iterable[Json]) -> dict[str, str]:
    """Read the option filters of indicators (id, program, categoryMappingIds): a hash by id.

    Indicators that split nothing up have none. A program that the account may not see tells none
    of its filters; their hash then changes when the account may.
    """
    split_up = [one for one in indicators if one.get("categoryMappingIds")]
    programs = sorted({str(id_of(one, "program")) for one in split_up})
    found = find_some(client, "programs", _FIELDS, programs)
    mappings = {
        mapping["id"]: _text(mapping)
        for program in found.values()
        for mapping in members(program, "categoryMappings")
    }
    return {
        one["id"]: hashlib.sha256(
            "\n".join(mappings.get(key, key) for key in sorted(one["categoryMappingIds"])).encode()
        ).hexdigest()
        for one in split_up
    }


def _text(mapping: Json) -> str:
    """What a mapping means: its category, and the filter of each option, in the order of ids."""
    filters = sorted(
        (str(one.get("optionId")), str(one.get("filter")))
        for one in members(mapping, "optionMappings")
    )
    return json.dumps([mapping.get("categoryId"), filters])
