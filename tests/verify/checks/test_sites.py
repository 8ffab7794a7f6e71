"""The site register is compared with the transfer's own org units and periods."""

from pathlib import Path

from tests.support.checking import checked, ids, one
from tests.support.deployments import NAME, Post
from tests.support.village import CLINICS, village

COLUMNS = "org_unit,data_element,data_set,reports,from_period,to_period,favour"


def register(post: Post, *lines: str) -> None:
    path = post.deployment.mappings(NAME) / "sites.csv"
    path.write_text("\n".join([COLUMNS, *lines]) + "\n")


def test_a_register_of_every_site_is_no_finding(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        register(post, *(f"{clinic},,,manual,,," for clinic in map(CLINICS.get, "abc")))
        findings = checked(post)

    assert not [one for one in ids(findings, "error", "warning", "note") if "sites" in one]


def test_gaps_are_counted_in_the_transfers_own_periods(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        register(post, f"{CLINICS['a']},,,manual,202609,,")
        findings = checked(post)

    assert one(findings, "sites-gap").where == "ouClinic00a 202608"
    assert one(findings, "sites-not-listed").where == "ouClinic00b, ouClinic00c"


def test_a_site_is_looked_for_where_the_mapping_of_org_units_sends_it(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        post.move({CLINICS["a"]: CLINICS["b"]})
        register(post, *(f"{CLINICS[letter]},,,manual,,," for letter in "bc"))
        findings = checked(post)

    assert not {"sites", "sites-not-listed"} & ids(findings, "error", "note")


def test_a_register_that_cannot_be_read_is_an_error_with_its_line(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        register(post, f"{CLINICS['a']},,,by hand,,,")
        findings = checked(post)

    assert one(findings, "sites").severity == "error"
    assert "sites.csv:2" in one(findings, "sites").where
