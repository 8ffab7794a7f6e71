"""Objects are found by a name in an id scheme, and named in one."""

from typing import Any

import pytest

from sandbox.entry.lookups import Lookups
from tests.sandbox.value_world import DEFAULT, GIRLS, small_world, table


def lookups() -> Lookups:
    metadata: dict[str, Any] = small_world().metadata
    unit = metadata["organisationUnits"][1]
    unit |= {"code": "C1", "name": "Clinic"}
    unit["attributeValues"] = [{"attribute": {"id": "atNumber001"}, "value": "17"}]
    return Lookups(metadata)


SCHEMES = table("""
    scheme                | name
    UID                   | ouClinic001
    CODE                  | C1
    NAME                  | Clinic
    ATTRIBUTE:atNumber001 | 17
""")


@pytest.mark.parametrize(("scheme", "name"), SCHEMES)
def test_an_org_unit_is_found_by_the_name_that_it_has_in_a_scheme(scheme: str, name: str) -> None:
    assert lookups().find("orgUnit", scheme, name) == "ouClinic001"
    assert lookups().name("orgUnit", scheme, "ouClinic001") == name


def test_what_has_no_name_in_a_scheme_is_not_found_and_named_none() -> None:
    assert lookups().find("orgUnit", "CODE", None) is None
    assert lookups().find("orgUnit", "CODE", "ouClinic001") is None
    assert lookups().name("orgUnit", "CODE", "ouClinic002") is None


def test_a_data_set_may_override_the_category_combo_of_an_element() -> None:
    overriding = {
        "id": "dsOther0001",
        "dataSetElements": [
            {"dataElement": {"id": "deInteger01"}, "categoryCombo": {"id": "ccSex000001"}}
        ],
    }

    assert lookups().combo_of("deInteger01", None) == "ccDefault01"
    assert lookups().combo_of("deInteger01", overriding) == "ccSex000001"


def test_an_option_combo_belongs_to_one_category_combo() -> None:
    assert lookups().belongs(GIRLS, "ccSex000001")
    assert not lookups().belongs(DEFAULT, "ccSex000001")
    assert not lookups().belongs("cocUnknown1", "ccSex000001")


def test_an_element_without_option_set_takes_any_text() -> None:
    elements = lookups().elements

    assert lookups().options_of(elements["deOption001"]) == {"M", "F"}
    assert lookups().options_of(elements["deText00001"]) is None
