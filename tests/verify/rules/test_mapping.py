"""The mapping is compared with what is asked, and its org units with both servers."""

import polars as pl
import pytest

from pipeline.verify.rules.mapping import mapping_findings, org_unit_findings
from tests.support.frames import frame

NOBODY = pl.DataFrame(schema=dict.fromkeys(("source_org_unit", "target_org_unit"), pl.String))


def mapped(table: str, **asked: set[str]) -> dict[str, tuple[str, str]]:
    """What is found of a mapping: id → severity and the things that are named."""
    options = {indicator: frozenset(sets) for indicator, sets in asked.items()}
    found = mapping_findings(frame(table), options, {"pi_sex": "By sex"})
    return {one.finding_id: (one.severity, one.where) for one in found}


def test_a_mapping_of_what_is_asked_is_no_finding() -> None:
    table = """
        program_indicator | category_options
        pi_all            |
        pi_sex            | boys
        pi_sex            | girls
    """

    assert mapped(table, pi_all={""}, pi_sex={"boys", "girls"}) == {}


def test_a_total_of_a_disaggregated_indicator_asks_for_no_options() -> None:
    table = """
        program_indicator | category_options
        pi_sex            |
    """

    assert mapped(table, pi_sex={"boys", "girls"}) == {}


def test_what_is_missing_on_either_side_is_found() -> None:
    table = """
        program_indicator | category_options
        pi_sex            | boys
        pi_sex            | others
        pi_gone           |
    """

    assert mapped(table, pi_sex={"boys", "girls"}, pi_new={""}) == {
        "unmapped-indicators": ("warning", "pi_new"),
        "indicators-not-asked": ("error", "pi_gone"),
        "unknown-options": ("error", "By sex (pi_sex) others"),
        "missing-options": ("warning", "By sex (pi_sex) girls"),
    }


@pytest.mark.parametrize(
    ("target", "severity"), [(["tg_b"], "warning"), (["tg_z"], "error")], ids=["some", "none"]
)
def test_org_units_that_the_target_does_not_know_are_worse_where_none_is_known(
    target: list[str], severity: str
) -> None:
    org_units = frame("""
        id   | name
        tg_a | Aba
        tg_b | Bori
    """)

    (found,) = org_unit_findings(org_units, NOBODY, pl.Series(["ou_a"]), pl.Series(target))

    assert (found.finding_id, found.severity) == ("unknown-org-units", severity)
    assert "Aba (tg_a)" in found.where


def test_org_units_from_nowhere_and_to_nowhere_are_found() -> None:
    org_units = frame("""
        id   | name
        -    | Aba
        tg_b | Bori
    """)
    listed = frame("""
        source_org_unit | target_org_unit
        ou_b            | tg_b
        ou_lost         | tg_b
    """)

    found = org_unit_findings(org_units, listed, pl.Series(["ou_a", "ou_b"]), pl.Series(["tg_b"]))

    assert {one.finding_id: one.where for one in found} == {
        "unlisted-org-units": "Aba",
        "strange-org-units": "ou_lost",
    }
