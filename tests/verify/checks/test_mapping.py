"""Holes of the mapping are found before rows fall through them."""

from pathlib import Path

from tests.support.checking import checked, ids, one
from tests.support.deployments import Post
from tests.support.village import CLINICS, WHATS, village


def map_only(post: Post, *names: str, options: str | None = None) -> None:
    """Map only what is named; `options` takes the place of every option that is mapped."""
    whats = [WHATS[name] for name in names]
    post.map(
        (what.indicator, what.options if options is None else options, what.element, what.combo, "")
        for what in whats
    )


def test_an_indicator_without_a_row_and_a_row_without_its_indicator_are_found(
    tmp_path: Path,
) -> None:
    with village(tmp_path) as post:
        map_only(post, "enrolled", "boys", "girls")
        unmapped = checked(post)
        map_only(post, "cases", "enrolled", "boys", "girls")
        post.configure(source={"program_indicators": ["piEnrolled1", "piBySex0001"]})
        unasked = checked(post)

    assert ids(unmapped) == {"unmapped-indicators"}
    assert one(unmapped, "unmapped-indicators").severity == "warning"
    assert one(unasked, "indicators-not-asked").severity == "error"
    assert one(unasked, "indicators-not-asked").where == "piCases0001"


def test_options_that_are_missing_or_unknown_are_found(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        map_only(post, "cases", "enrolled", "boys")
        missing = checked(post)
        post.map(
            [
                ("piCases0001", "coNobody001", "deCases0001", "", ""),
                ("piEnrolled1", "", "deEnrolled1", "", ""),
                ("piBySex0001", "coBoys00001", "deBySex0001", "cocBoys0001", ""),
                ("piBySex0001", "coGirls0001", "deBySex0001", "cocGirls001", ""),
            ]
        )
        unknown = checked(post)

    assert ids(missing) == {"missing-options"}
    assert one(missing, "missing-options").where == "piBySex0001 coGirls0001"
    assert one(unknown, "unknown-options").where == "piCases0001 coNobody001"
    assert one(unknown, "unknown-options").severity == "error"


def test_a_disaggregated_indicator_may_be_mapped_for_its_total(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        map_only(post, "cases", "enrolled", "boys", options="")
        findings = checked(post)

    assert ids(findings) == set()


def test_org_units_that_come_from_nowhere_or_go_nowhere_are_found(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        post.move({CLINICS["a"]: "ouMerged001", "ouStranger1": CLINICS["a"]})
        findings = checked(post)
        post.configure(mapping={"unlisted_org_units": "reject"})
        strict = checked(post)

    assert one(findings, "unknown-org-units").where == "ouClinic00a (ouMerged001)"
    assert one(findings, "unknown-org-units").severity == "warning"
    assert one(findings, "strange-org-units").where == "ouStranger1"
    assert "unlisted-org-units" not in ids(findings)
    assert one(strict, "unlisted-org-units").where == f"{CLINICS['b']}, {CLINICS['c']}"


def test_a_mapping_that_cannot_be_read_is_an_error_with_its_line(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        post.map([("piCases0001", "", "no id", "", "")])
        findings = checked(post)

    assert ids(findings, "error") == {"tables"}
    assert "data_elements.csv:2" in one(findings, "tables").where
