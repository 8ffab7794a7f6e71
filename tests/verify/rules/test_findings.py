"""A finding is one thing to know; many things of a kind are one finding."""

from pipeline.verify.rules.findings import labels, many, names_of
from tests.support.frames import frame


def test_many_things_are_one_finding_of_which_ten_are_named() -> None:
    names = [f"site {number:02}" for number in range(11, 0, -1)]

    assert many("sites", "note", "sites", [], "") == []
    assert many("sites", "note", "sites are odd", names[1:], "")[0].where.endswith("site 10")
    (eleven,) = many("sites", "note", "sites are odd", names, "look")
    assert eleven.what == "11 sites are odd"
    assert eleven.where.startswith("site 01, site 02")
    assert eleven.where.endswith("site 10 and 1 more")


def test_an_id_is_labelled_with_its_name_where_it_has_another() -> None:
    names = names_of(
        frame("""
            id   | name
            ou_a | Aba
            ou_b | ou_b
            ou_c | -
        """)
    )

    assert labels(["ou_a", "ou_b", "ou_c", "ou_d"], names) == ["Aba (ou_a)", "ou_b", "ou_c", "ou_d"]
