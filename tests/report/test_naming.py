"""What stands in a table is called by its name, and no two things are called the same."""

from pipeline.report.naming import display_names, named
from tests.support.frames import frame

NAMES = {
    "org_unit": {"ou_a": "Hill", "ou_b": "Hill", "ou_c": "Bori"},
    "category_option_combo": {"co_a": "Male", "co_b": "Male"},
}


def test_names_take_the_place_of_ids_with_the_id_where_two_look_the_same() -> None:
    rows = frame("""
        org_unit | period
        ou_a     | 202610
        ou_c     | 202610
        ou_x     | 202610
    """)

    assert named(rows, NAMES)["org_unit"].to_list() == ["Hill (ou_a)", "Bori", "ou_x"]


def test_a_combo_is_read_beside_its_element_and_needs_no_id() -> None:
    assert display_names("category_option_combo", NAMES) == {"co_a": "Male", "co_b": "Male"}


def test_a_column_of_which_nothing_is_known_stays() -> None:
    assert display_names("data_element", NAMES) == {}
    rows = frame("""
        data_element
        de_a
    """)
    assert named(rows, NAMES)["data_element"].to_list() == ["de_a"]
