"""A slip of the pen in decisions.csv is found by day, not by the night's plan."""

from pathlib import Path

from tests.support.checking import checked, ids, one
from tests.support.deployments import NAME, Post
from tests.support.village import village

COLUMNS = (
    "data_element,period,org_unit,category_option_combo,attribute_option_combo,"
    "decision,decided_by,why,until"
)
CELL = "deCases0001,202610,ouClinic00a,,"


def decide(post: Post, *lines: str) -> None:
    path = post.deployment.transfer_folder(NAME) / "decisions.csv"
    path.write_text("\n".join([COLUMNS, *lines]) + "\n")


def test_a_decision_that_stands_is_no_finding(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        decide(post, f"{CELL},tracker,A. Nurse,counted again,2199-12-31")
        findings = checked(post)

    assert not {"decisions", "decisions-expired"} & ids(findings, "error", "warning", "note")


def test_a_decision_whose_day_is_over_is_named_by_its_line(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        decide(post, f"{CELL},tracker,A. Nurse,counted again,2020-01-01")
        findings = checked(post)

    assert one(findings, "decisions-expired").severity == "note"
    assert one(findings, "decisions-expired").where == "line 2"


def test_a_decision_that_cannot_be_read_is_an_error_with_its_line(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        decide(post, f"{CELL},perhaps,A. Nurse,counted again,")
        findings = checked(post)

    assert one(findings, "decisions").severity == "error"
    assert "decisions.csv:2" in one(findings, "decisions").where
