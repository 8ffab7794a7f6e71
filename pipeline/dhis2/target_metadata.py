"""Read from a server what its data sets take, from whom and until when."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from pipeline.dhis2.http.client import Client
from pipeline.dhis2.objects import find_some, frame_of, id_of, members, read_some
from pipeline.dhis2.source_metadata import Combos, read_combos, read_org_units
from pipeline.text.errors import UsageError
from schemas import metadata as shapes
from schemas.metadata import Json, TargetMetadata

_OPTION = "id,startDate,endDate,organisationUnits[id]"
_ELEMENT = (
    "id,code,name,valueType,aggregationType,zeroIsSignificant,categoryCombo[id],optionSet[id]"
)
_DATA_SET = (
    "id,code,name,periodType,expiryDays,openFuturePeriods,openPeriodsAfterCoEndDate,"
    "categoryCombo[id],workflow[id],access[data],dataInputPeriods[period[id],openingDate,closingDate],"
    "dataSetElements[dataElement[id],categoryCombo[id]],organisationUnits[id]"
)


def read_target(client: Client, data_sets: Sequence[str]) -> TargetMetadata:
    """Read what the target's data sets take, from whom and until when.

    Raises `UsageError` that names the data sets this account cannot see.
    """
    # one data set a request: its org units alone may be tens of thousands
    sets = [read_some(client, "dataSets", _DATA_SET, [one])[0] for one in data_sets]
    combos = read_combos(client)
    elements = _elements(client, sets)
    own_combos = dict(elements.select("id", "category_combo").rows())
    return TargetMetadata(
        data_elements=elements,
        data_sets=frame_of(
            shapes.DataSets, (_data_set(one, combos.default) for one in sets), "data sets"
        ),
        data_set_elements=frame_of(
            shapes.DataSetElements, _data_set_elements(sets, own_combos), "data set elements"
        ),
        data_set_org_units=_assigned(sets),
        input_periods=frame_of(
            shapes.InputPeriods,
            (
                {
                    "data_set": one["id"],
                    "period": id_of(part, "period"),
                    "opening_date": part.get("openingDate"),
                    "closing_date": part.get("closingDate"),
                }
                for one in sets
                for part in members(one, "dataInputPeriods")
            ),
            "input periods",
        ),
        category_option_combos=combos.option_combos,
        category_options=_attribute_options(client, sets, combos),
        org_units=read_org_units(client),
        default_option_combo=combos.default_option_combo,
    )


def read_assigned(client: Client, data_sets: Sequence[str]) -> pl.DataFrame:
    """Read which org units report data sets: data_set, org_unit.

    A data set that is gone, or no longer for this account to see, has none.
    """
    fields = "id,organisationUnits[id]"
    found = [find_some(client, "dataSets", fields, [one]) for one in data_sets]
    return _assigned([one for some in found for one in some.values()])


def _assigned(sets: Iterable[Json]) -> pl.DataFrame:
    pairs = (
        {"data_set": one["id"], "org_unit": unit["id"]}
        for one in sets
        for unit in members(one, "organisationUnits")
    )
    return frame_of(shapes.DataSetOrgUnits, pairs, "org units of data sets")


def _attribute_options(client: Client, sets: Iterable[Json], combos: Combos) -> pl.DataFrame:
    """Read when and where the options by which data sets are split up as a whole are valid."""
    used = {id_of(one, "categoryCombo") for one in sets} - {None, combos.default}
    wanted = sorted(
        {
            option
            for combo in used
            for category in combos.categories.get(str(combo), ())
            for option in combos.options[category]
        }
    )
    rows = (
        {
            "id": key,
            "start_date": one.get("startDate"),
            "end_date": one.get("endDate"),
            "org_units": sorted(unit["id"] for unit in members(one, "organisationUnits")),
        }
        for key, one in find_some(client, "categoryOptions", _OPTION, wanted).items()
    )
    return frame_of(shapes.CategoryOptions, rows, "category options")


def _elements(client: Client, sets: Iterable[Json]) -> pl.DataFrame:
    """Read the elements of data sets; one that the account may not see is left out of the forms."""
    wanted = dict.fromkeys(
        str(id_of(part, "dataElement")) for one in sets for part in members(one, "dataSetElements")
    )
    rows = (
        {
            "id": one["id"],
            "code": one.get("code"),
            "name": one.get("name"),
            "value_type": one.get("valueType"),
            "aggregation_type": one.get("aggregationType"),
            "zero_is_significant": bool(one.get("zeroIsSignificant")),
            "category_combo": id_of(one, "categoryCombo"),
            "option_set": id_of(one, "optionSet"),
        }
        for one in find_some(client, "dataElements", _ELEMENT, list(wanted)).values()
    )
    return frame_of(shapes.DataElements, rows, "data elements")


def _data_set_elements(
    sets: Iterable[Json], own_combos: dict[str, str]
) -> Iterator[dict[str, object]]:
    """Each element of a data set with its combo there: the data set's own choice, or its."""
    for one in sets:
        for part in members(one, "dataSetElements"):
            element = str(id_of(part, "dataElement"))
            if element in own_combos:
                combo = id_of(part, "categoryCombo") or own_combos[element]
                yield {"data_set": one["id"], "data_element": element, "category_combo": combo}


def _data_set(one: Json, default_combo: str) -> dict[str, object]:
    return {
        "id": one["id"],
        "code": one.get("code"),
        "name": one.get("name"),
        "period_type": one.get("periodType"),
        "expiry_days": one.get("expiryDays") or 0,
        "open_future_periods": one.get("openFuturePeriods") or 0,
        "open_periods_after_end": one.get("openPeriodsAfterCoEndDate") or 0,
        "category_combo": id_of(one, "categoryCombo") or default_combo,
        "workflow": id_of(one, "workflow"),
        "can_write": ((one.get("access") or {}).get("data") or {}).get("write"),
    }


@dataclass(frozen=True)
class ComparedDataSet:
    """A data set whose values tracker is compared with: its id, name and data elements' ids."""

    id: str
    name: str
    elements: frozenset[str]


def read_compared(target: Client, data_set: str, period_type: str) -> ComparedDataSet:
    """Read a data set's name and elements; raises a letter when it cannot be compared with."""
    fields = "id,name,periodType,dataSetElements[dataElement[id]]"
    form = read_some(target, "dataSets", fields, [data_set])[0]
    if form.get("periodType") != period_type:
        raise UsageError(
            f"data set {data_set} is {form.get('periodType')}, and this transfer's periods are "
            f"{period_type}",
            where="[compare] in transfer.toml",
            remedy="compare with a data set of the same type of period",
        )
    elements = frozenset(part["dataElement"]["id"] for part in members(form, "dataSetElements"))
    return ComparedDataSet(form["id"], form.get("name") or form["id"], elements)
