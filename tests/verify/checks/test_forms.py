"""The forms of the target take what is mapped, or the check says what they do not take."""

from pathlib import Path

import pytest

from tests.support.checking import checked, ids, one
from tests.support.deployments import Post
from tests.support.village import CLINICS, DATA_SET, DEFAULT, WHATS, village

GENERATIONS = pytest.mark.parametrize("generation", ["2.42", "2.43"])


def remap(post: Post, **changes: tuple[str, str, str, str]) -> None:
    """Map the village anew: what is named gets another element, combos and data set."""
    columns = (
        *("program_indicator", "category_options", "data_element"),
        *("category_option_combo", "attribute_option_combo", "data_set"),
    )
    rows = [
        (what.indicator, what.options, *changes.get(name, (what.element, what.combo, "", "")))
        for name, what in WHATS.items()
    ]
    post.map(rows, columns)


@GENERATIONS
def test_cells_without_a_place_are_errors_with_the_reason(generation: str, tmp_path: Path) -> None:
    with village(tmp_path, generation) as post:
        remap(
            post,
            cases=("deElsewhere", DEFAULT, "", ""),
            enrolled=("deEnrolled1", "cocBoys0001", "", ""),
            boys=("deBySex0001", "cocBoys0001", "cocGirls001", ""),
        )
        findings = checked(post)

    assert ids(findings, "error") == {
        "element-not-in-data-set",
        "combo-not-in-element",
        "attribute-combo-not-in-data-set",
    }
    assert one(findings, "combo-not-in-element").where == "deEnrolled1 Boys (cocBoys0001)"


def test_a_data_set_that_may_not_be_written_is_an_error(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        post.world.metadata["dataSets"][0]["access"] = {"data": {"write": False}}
        findings = checked(post)

    assert ids(findings, "error") == {"no-write-access"}


def test_another_period_type_is_an_error(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        post.world.metadata["dataSets"][0]["periodType"] = "Quarterly"
        findings = checked(post)

    assert one(findings, "period-type").where == "Monthly report (dsMonthly01): Quarterly"


def test_periods_of_another_type_are_told_once(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        post.configure(periods={"explicit": ["202608", "2026Q3"]})
        findings = checked(post)

    assert "2026Q3 is no Monthly period" in one(findings, "scope").what
    assert ids(findings, "error") == {"scope"}


def test_an_element_that_takes_no_number_is_an_error(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        post.world.metadata["dataElements"][0]["valueType"] = "TEXT"
        findings = checked(post)

    assert one(findings, "no-numbers").where == "deCases0001 TEXT"


def test_elements_whose_zeros_cannot_be_stored_are_named_before_the_first_night(
    tmp_path: Path,
) -> None:
    with village(tmp_path) as post:
        post.world.metadata["dataElements"][0] |= {"name": "Malaria cases"}
        post.world.metadata["dataElements"][2]["aggregationType"] = "AVERAGE"
        as_shipped = checked(post)
        post.configure(policy={"zeros": "store"})
        findings = checked(post)

    assert "zeros-not-kept" not in ids(as_shipped)
    told = one(findings, "zeros-not-kept")
    assert (told.severity, told.where) == ("warning", "Malaria cases (deCases0001)")
    assert "zeroIsSignificant" in told.remedy


@pytest.mark.parametrize(
    ("changed", "warned"),
    [
        ({"decimals": 0, "aggregationType": "AVERAGE"}, False),
        ({"decimals": None, "aggregationType": "AVERAGE"}, True),
        ({"decimals": None, "aggregationType": "COUNT", "expression": "1/3"}, False),
        ({"decimals": None, "aggregationType": "SUM", "expression": "#{a.b} / 2"}, True),
        ({"decimals": None, "aggregationType": "SUM", "expression": "#{a.b}"}, False),
        ({"decimals": 2, "aggregationType": "SUM"}, True),
    ],
)
def test_an_indicator_that_may_give_decimals_is_told_by_its_own_settings(
    tmp_path: Path, changed: dict[str, object], warned: bool
) -> None:
    with village(tmp_path) as post:
        post.world.metadata["programIndicators"][0].update(changed)

        findings = checked(post)

    assert ("decimals-into-whole-numbers" in ids(findings)) is warned


def test_an_element_in_two_data_sets_needs_one_named(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        (monthly,) = post.world.metadata["dataSets"]
        post.world.metadata["dataSets"].append({**monthly, "id": "dsTwin00001", "name": "Twin"})
        post.configure(target={"data_sets": [DATA_SET, "dsTwin00001"]})
        doubled = checked(post)
        remap(
            post,
            **{name: (what.element, what.combo, "", DATA_SET) for name, what in WHATS.items()},
        )
        named = checked(post)

    assert ids(doubled, "error") == {"element-in-two-data-sets"}
    assert ids(named) == set()


def test_sites_and_data_sets_that_are_not_assigned_are_told(tmp_path: Path) -> None:
    idle = {"id": "dsIdle00001", "name": "Idle", "dataSetElements": [], "organisationUnits": []}
    with village(tmp_path) as post:
        (monthly,) = post.world.metadata["dataSets"]
        post.world.metadata["dataSets"].append({**monthly, **idle})
        monthly["organisationUnits"].pop()
        post.configure(target={"data_sets": [DATA_SET, "dsIdle00001"]})
        meant = checked(post)
        post.configure(org_units={"assigned_only": False})
        some = checked(post)
        post.world.metadata["dataSets"][0]["organisationUnits"] = [{"id": "ouVillage01"}]
        none = checked(post)

    assert "not-assigned" not in ids(meant)
    assert one(some, "not-assigned").severity == "warning"
    assert one(some, "not-assigned").where == CLINICS["c"]
    assert one(some, "idle-data-sets").where == "Idle (dsIdle00001)"
    assert one(none, "not-assigned").severity == "error"
    assert "idle-data-sets" not in ids(none)


def test_a_data_set_that_is_not_there_hinders_no_other_check(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        post.configure(target={"data_sets": ["dsNowhere01"]})
        findings = checked(post)

    assert ids(findings, "error") == {"forms"}
    assert "dsNowhere01" in one(findings, "forms").what
