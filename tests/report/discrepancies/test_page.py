"""The page tells where tracker and paper disagree, whatever names it has to show."""

import itertools

import polars as pl
import pytest

from pipeline.compare.rules.overview import overview
from pipeline.report.discrepancies.page import EXAMPLES, discrepancies_as_html
from pipeline.report.discrepancies.summary import AGREEMENT_WORDS
from pipeline.text.escaping import shortened
from tests.report.parsed import Page
from tests.support.hostile import HOSTILE
from tests.support.overviews import empty, from_cells, hostile, invented

TWO_MEGABYTES = 2_000_000


@pytest.fixture(scope="module")
def page() -> Page:
    return Page.of(discrepancies_as_html(hostile()))


def test_no_script_no_event_and_no_address_is_in_the_page(page: Page) -> None:
    assert not page.tags & {"script", "iframe", "object", "embed", "form", "base", "link", "img"}
    for _, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on") or name == "src"]
        assert attributes.get("href", "#").startswith("#")
        assert "url(" not in attributes.get("style", "")


def test_the_page_forbids_itself_scripts_and_the_network(page: Page) -> None:
    policies = [
        attributes["content"]
        for tag, attributes in page.elements
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    ]

    assert policies == ["default-src 'none'; style-src 'unsafe-inline'; img-src data:"]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_read_as_it_was_typed(page: Page, name: str) -> None:
    assert shortened(name) in page.texts


def test_what_is_hidden_in_a_name_is_nowhere_in_the_page() -> None:
    html = discrepancies_as_html(hostile())

    assert not {"\u202e", "\u2066", "\u2069", "\x00", "\t"} & set(html)
    assert "right[U+202E]ot tfel" in html


def test_the_answer_comes_first_and_the_rest_in_the_order_of_reading() -> None:
    page = Page.of(discrepancies_as_html(invented()))

    assert page.headings[0] == (1, "Do tracker and the manual reports say the same?")
    assert [text for level, text in page.headings if level == 2] == [
        "The answer",
        "By data element and district",
        "The sites with the largest gaps",
        "The numbers that do not agree",
        "What could not be taken as it stands",
        "Where these numbers come from",
    ]
    levels = [level for level, _ in page.headings]
    assert all(deeper <= level + 1 for level, deeper in itertools.pairwise(levels))


def test_each_table_says_which_run_and_when() -> None:
    page = Page.of(discrepancies_as_html(invented()))
    tables = [tag for tag, _ in page.elements].count("table")
    source = "From run 20261124T021000Z-7f3a; manual reports read 24 Nov 2026, 02:12 UTC."

    assert sum(source in text for text in page.texts) >= tables


def test_every_class_is_explained() -> None:
    text = " ".join(Page.of(discrepancies_as_html(empty())).texts)

    for words in AGREEMENT_WORDS.values():
        assert all(one in text for one in words)


def test_a_number_that_no_side_gave_is_a_dash_and_not_a_zero() -> None:
    html = discrepancies_as_html(
        from_cells("""
            site | month  | element | tracker | manual
            Aba  | 202610 | Cases   | -       | 7
        """)
    )

    row = html[html.index("Oct 2026</td>") :].split("</tr>")[0]
    assert row.count('<td class="number">–</td>') == 2  # noqa: RUF001  # a dash
    assert '<td class="number">7</td>' in row


def test_the_page_of_ten_thousand_sites_stays_small_and_says_where_the_rest_is() -> None:
    html = discrepancies_as_html(
        invented(10_000, ("202601", "202602"), elements=("Cases",), findings=500)
    )

    assert len(html.encode()) < TWO_MEGABYTES
    assert "of discrepancies.xlsx, beside this page." in html
    assert "discrepancies.csv has all of them" in html
    assert "500 things could not be taken as they stand" in html
    assert html.count("12,5 or so") == EXAMPLES


def test_an_overview_of_nothing_is_a_page_too() -> None:
    page = Page.of(discrepancies_as_html(empty()))

    assert "There is no number to show." in " ".join(page.texts)
    assert "Nothing: all of it was understood." in " ".join(page.texts)


def test_the_same_overview_gives_the_same_bytes_in_any_order_of_its_cells() -> None:
    told = hostile()
    shuffled = overview(
        told.cells.sample(fraction=1, shuffle=True, seed=3), told.findings, told.provenance
    )

    assert (
        discrepancies_as_html(shuffled)
        == discrepancies_as_html(told)
        == discrepancies_as_html(told)
    )


def test_what_the_page_sums_is_what_the_cells_sum_to() -> None:
    told = invented()
    difference = told.cells["difference"].sum()
    by_element = told.elements.group_by("data_element").agg(pl.col("difference").sum())

    assert by_element["difference"].sum() == difference
    assert told.district_months["difference"].sum() == difference
