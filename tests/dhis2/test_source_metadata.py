"""Of a source's indicators is known how each is asked, of its org units where each lies."""

import pytest

from pipeline.config.sections import Source
from pipeline.dhis2.source_metadata import read_combos, read_org_units, read_source
from pipeline.text.errors import UsageError
from schemas.metadata import Json, SourceMetadata
from tests.dhis2.shelf import Shelf, combos, org_unit

PLAIN, BY_SEX = "piPlain0001", "piBySex0001"


def indicator(key: str = PLAIN, **more: object) -> Json:
    usual = {"id": key, "name": key, "decimals": 0, "aggregationType": "COUNT"}
    return usual | {"program": {"id": "prFever0001", "name": "Fever"}} | more


def by_sex(**more: object) -> Json:
    usual = {
        "categoryMappingIds": ["cmSex000001"],
        "categoryCombo": {"id": "ccSex000001"},
        "attributeCombo": {"id": "ccDefault01"},
    }
    return indicator(BY_SEX, **usual | more)


def shelf(*indicators: Json, **more: list[Json]) -> Shelf:
    return Shelf(
        **{
            "categoryCombos": combos(),
            "programIndicators": [*indicators],
            "organisationUnits": [org_unit("ouVillage01")],
            **more,
        }
    )


def read(server: Shelf, *ids: str, groups: tuple[str, ...] = (), **more: object) -> SourceMetadata:
    source = Source.model_validate({"program_indicators": ids, **more})
    with server.door() as client:
        return read_source(client, source, groups)


def test_an_indicator_that_splits_its_events_is_asked_with_its_categories() -> None:
    whose = read(shelf(indicator(), by_sex()), PLAIN, BY_SEX).program_indicators

    told = whose.select("id", "categories", "options", "program", "program_name").rows()
    assert told == [
        (BY_SEX, ["caSex000001"], 2, "prFever0001", "Fever"),
        (PLAIN, [], 1, "prFever0001", "Fever"),
    ]


def test_an_indicator_with_a_combo_but_no_mapping_is_a_plain_one() -> None:
    (told,) = read(shelf(by_sex(categoryMappingIds=[])), BY_SEX).program_indicators.rows(named=True)

    assert (told["categories"], told["options"]) == ([], 1)


def test_categories_of_both_combos_are_asked_and_their_options_multiply() -> None:
    both = by_sex(attributeCombo={"id": "ccPartners1"})

    (told,) = read(shelf(both), BY_SEX).program_indicators.rows(named=True)

    assert (told["categories"], told["options"]) == (["caSex000001", "caPartners1"], 2)


def test_a_combo_that_the_account_may_not_see_is_told_with_its_indicator() -> None:
    hidden = by_sex(categoryCombo={"id": "ccHidden001"})

    with pytest.raises(UsageError, match=f"category combo ccHidden001, by which .* {BY_SEX} is"):
        read(shelf(hidden), BY_SEX)


@pytest.mark.parametrize(
    ("decimals", "aggregation", "expression", "may"),
    [
        (0, "AVERAGE", "1 / 3", False),
        (2, "COUNT", "1 / 3", False),
        (2, "SUM", "#{a}", True),
        (None, "SUM", "#{a}", False),
        (None, "SUM", "#{a} / 2", True),
        (None, "AVERAGE", "#{a}", True),
    ],
)
def test_decimals_are_foreseen_by_what_an_indicator_counts(
    decimals: int | None, aggregation: str, expression: str, *, may: bool
) -> None:
    one = indicator(decimals=decimals, aggregationType=aggregation, expression=expression)

    assert read(shelf(one), PLAIN).program_indicators["may_give_decimals"].to_list() == [may]


def test_groups_are_opened_and_an_indicator_named_twice_is_asked_once() -> None:
    group = {"id": "pgFever0001", "programIndicators": [{"id": PLAIN}, {"id": BY_SEX}]}
    units = {"id": "ogUrban0001", "organisationUnits": [{"id": "ouVillage01"}]}
    server = shelf(
        *(indicator(), by_sex()), programIndicatorGroups=[group], organisationUnitGroups=[units]
    )

    told = read(server, PLAIN, program_indicator_groups=("pgFever0001",), groups=("ogUrban0001",))

    assert told.program_indicators["id"].to_list() == [BY_SEX, PLAIN]
    assert told.groups == {"ogUrban0001": frozenset({"ouVillage01"})}


@pytest.mark.parametrize(
    ("ids", "more", "groups", "what"),
    [
        (("piNobody001",), {}, (), "programIndicators with id piNobody001"),
        ((), {"program_indicator_groups": ("pgNobody001",)}, (), "programIndicatorGroups with id"),
        ((PLAIN,), {}, ("ogNobody001",), "organisationUnitGroups with id ogNobody001"),
    ],
)
def test_what_the_server_does_not_show_is_named(
    ids: tuple[str, ...], more: dict[str, object], groups: tuple[str, ...], what: str
) -> None:
    with pytest.raises(UsageError, match=f"the server shows no {what}"):
        read(shelf(indicator()), *ids, groups=groups, **more)


def test_option_combos_lie_below_their_combo_with_sorted_options() -> None:
    told = combos()
    told[1]["categoryOptionCombos"][0]["categoryOptions"] = [{"id": "z"}, {"id": "a"}]
    with Shelf(categoryCombos=told).door() as client:
        found = read_combos(client)

    assert (found.default, found.default_option_combo) == ("ccDefault01", "cocDefault1")
    assert found.categories["ccSex000001"] == ["caSex000001"]
    (boys,) = found.option_combos.filter(id="cocBoys0001").rows(named=True)
    assert (boys["category_combo"], boys["category_options"]) == ("ccSex000001", ["a", "z"])


def test_the_default_combo_is_the_one_that_says_so_or_is_called_so() -> None:
    told = combos()
    told[0] |= {"name": "par défaut", "isDefault": True}
    with Shelf(categoryCombos=told).door() as client:
        assert read_combos(client).default == "ccDefault01"
    with Shelf(categoryCombos=told[1:]).door() as client:
        found = read_combos(client)
    assert (found.default, found.default_option_combo) == ("", "")


def test_an_org_unit_without_a_level_has_that_of_its_path() -> None:
    units = [
        org_unit("ouClinic00a", "/ouVillage01"),
        org_unit("ouVillage01") | {"level": 1, "closedDate": "2026-09-30T00:00:00.000"},
    ]
    with Shelf(organisationUnits=units).door() as client:
        told = read_org_units(client)

    assert told.select("id", "level").rows() == [("ouClinic00a", 2), ("ouVillage01", 1)]
    assert [str(day) for day in told["closed_date"]] == ["None", "2026-09-30"]
