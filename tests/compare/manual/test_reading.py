"""Manual numbers are read from a form or a file; what was read stands until all is read anew."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.text.errors import RefusedError, UsageError
from tests.support.comparing import (
    COMPARED,
    COUNTED,
    PAPER_SAYS,
    compared_cells,
    letter_of,
    reported,
)
from tests.support.deployments import Post
from tests.support.paper import PAPER, manual_file, on_paper, open_paper_form
from tests.support.village import tracker, village


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with village(tmp_path) as opened:
        tracker(opened, COUNTED)
        yield opened


def test_a_file_says_the_same_as_the_form(post: Post) -> None:
    manual_file(
        post,
        "\ufeffdata_element;period;org_unit;value\n"
        "paCases0001;2026-09;ouClinic00a;5\n"
        "\n"
        "paCases0001;Oct 2026;ouClinic00a;8 \n"
        "paCases0001;2026-10-01;ouClinic00b;3\n"
        "paCases0001;202610;ouClinic00c;2,0\n"
        "paChildren1;202610;ouClinic00a;5\n"
        "paChildren1;202610;ouClinic00b;0\n"
        "Total;;;23\n",
    )
    post.configure(compare={"tolerance_share": 0.2})
    done = reported(post, post.transform()[0])

    assert compared_cells(done) == COMPARED
    assert done.overview is not None
    assert done.overview.provenance.manual_source == "file manual.csv"
    assert done.overview.findings.select("rule_id", "source", "line").rows() == [
        ("M01", "manual.csv", 9)
    ]


def test_a_pivot_says_the_same_where_the_mapping_names_its_columns(post: Post) -> None:
    manual_file(
        post,
        "periodname,periodid,organisationunitid,paCases0001,paChildren1\n"
        "September 2026,202609,ouClinic00a,5,NA\n"
        "October 2026,202610,ouClinic00a,8,5\n"
        "October 2026,202610,ouClinic00b,3,0\n"
        "October 2026,202610,ouClinic00c,2.0000000000000004,\n",
    )
    post.configure(compare={"tolerance_share": 0.2})
    done = reported(post, post.transform()[0])

    assert compared_cells(done) == COMPARED
    assert done.overview is not None
    assert done.overview.findings.select("rule_id", "line").rows() == [("M14", 2)]


def test_a_file_of_which_nothing_is_asked_is_told_in_a_sentence(post: Post) -> None:
    manual_file(
        post, "dataelement,period,orgunit,value,deleted\npaCases0001,202610,ouClinic00a,8,true\n"
    )

    done = reported(post, post.transform()[0])

    assert "No number of file manual.csv could be placed in a cell" in done.text
    assert done.overview is not None
    assert done.overview.findings.select("rule_id", "line", "observed").rows() == [
        ("M24", 2, "8 (1 row)")
    ]


def test_what_was_read_stands_when_it_cannot_be_read_again(post: Post) -> None:
    open_paper_form(post)
    on_paper(post, PAPER_SAYS)
    work = post.transform()[0]
    reported(post, work)
    before = {path: path.read_bytes() for path in work.run.path.rglob("*.*") if path.is_file()}
    post.world.metadata["dataSets"].pop()

    with pytest.raises(UsageError, match=PAPER):
        reported(post, work, again=True)

    assert all(path.read_bytes() == content for path, content in before.items())


def test_a_mean_is_not_compared_because_it_cannot_be_added_up(post: Post) -> None:
    open_paper_form(post)
    elements = post.world.metadata["dataElements"]
    next(one for one in elements if one["id"] == "deCases0001")["aggregationType"] = "AVERAGE"

    letter = letter_of(post, post.transform()[0])

    assert "numbers of deCases0001 cannot be added up" in letter.where


def test_a_mapping_that_changed_since_the_run_is_refused(post: Post) -> None:
    open_paper_form(post)
    work = post.transform()[0]
    post.map([("piCases0001", "", "deCases0001", "", "")])

    assert isinstance(letter_of(post, work), RefusedError)
