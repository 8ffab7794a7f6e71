"""A check opens the manual side as a report will, and says today what would be said at night."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.checking import checked, ids, one
from tests.support.deployments import Post
from tests.support.paper import manual_file, open_paper_form, pair
from tests.support.village import village

HEADER = "data_element,period,org_unit,value\n"


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with village(tmp_path) as opened:
        yield opened


def test_a_form_or_a_file_that_can_be_compared_with_is_no_finding(post: Post) -> None:
    open_paper_form(post)
    assert "compare" not in ids(checked(post))

    post.sections["compare"].clear()
    manual_file(post, HEADER + "paCases0001,202610,ouClinic00a,5\n")
    assert not {"compare", "manual-file-empty"} & ids(checked(post))


def test_a_file_without_rows_is_a_warning(post: Post) -> None:
    manual_file(post, HEADER)

    assert one(checked(post), "manual-file-empty").severity == "warning"


def test_a_mapping_of_elements_that_nobody_fills_is_an_error_with_its_line(post: Post) -> None:
    open_paper_form(post)
    pair(post, [("paCases0001", "", "", "deNobody001", "", "")])

    found = one(checked(post), "compare")

    assert found.severity == "error"
    assert "manual.csv:2: no row of data_elements fills deNobody001" in found.where


def test_a_form_that_is_not_there_is_an_error(post: Post) -> None:
    pair(post)
    post.configure(compare={"data_set": "dsNowhere01"})

    assert "dsNowhere01" in one(checked(post), "compare").what
