"""A real browser reads the report: at a desk, on a phone, on paper, whatever names are in it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from pipeline.report.discrepancies.page import discrepancies_as_html
from pipeline.text.escaping import shortened
from tests.support.browsers import A4_WITHIN_MARGINS, DESK, PHONE, chromium, running, visit
from tests.support.hostile import HOSTILE
from tests.support.overviews import MONTHS, empty, hostile, invented

pytestmark = pytest.mark.browser

# How far each text stands out from what is behind it, by WCAG 2.1; gives the weakest of them.
WEAKEST_CONTRAST = """() => {
    const parts = color => color.match(/[\\d.]+/g).map(Number);
    const light = color => parts(color).slice(0, 3).map(one => one / 255)
        .map(one => one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)
        .reduce((sum, one, at) => sum + one * [0.2126, 0.7152, 0.0722][at], 0);
    const behind = element => {
        const square = element.closest('g > text') && element.parentElement.querySelector('rect');
        if (square) return getComputedStyle(square).fill;
        for (let one = element; one; one = one.parentElement) {
            const color = getComputedStyle(one).backgroundColor;
            if ((parts(color)[3] ?? 1) > 0) return color;
        }
        return 'rgb(255, 255, 255)';
    };
    const weakest = {ratio: 21, text: ''};
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        const text = walker.currentNode.textContent.trim();
        if (!text || ['title', 'desc', 'STYLE'].includes(element.tagName)) continue;
        const style = getComputedStyle(element);
        const color = element instanceof SVGElement ? style.fill : style.color;
        const pair = [light(color), light(behind(element))].sort((a, b) => b - a);
        const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
        if (ratio < weakest.ratio) Object.assign(weakest, {ratio, text});
    }
    return weakest;
}"""
WIDER_THAN_THE_WINDOW = "() => document.documentElement.scrollWidth - window.innerWidth"
CUT_BOXES = """() => [...document.querySelectorAll('.box')]
    .filter(box => box.scrollWidth > box.clientWidth + 1).map(box => box.ariaLabel)"""
TEXTS_OUT_OF_THEIR_PICTURE = """() => [...document.querySelectorAll('svg[role=img] text')]
    .filter(text => {
        const own = text.getBoundingClientRect();
        const whole = text.ownerSVGElement.getBoundingClientRect();
        return own.left < whole.left - 1 || own.right > whole.right + 1
            || own.top < whole.top - 1 || own.bottom > whole.bottom + 1;
    }).map(text => text.textContent)"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    executable = chromium()
    if executable is None:
        pytest.skip("no Chromium here; on Debian: apt-get install chromium")
    with running(executable) as started:
        yield started


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory, discrepancies_as_html(invented(70, MONTHS)))


@pytest.fixture(scope="module")
def strange_country(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory, discrepancies_as_html(hostile()))


def written(folders: pytest.TempPathFactory, html: str) -> Path:
    """Leave a page where a browser can open it."""
    file = folders.mktemp("page") / "discrepancies.html"
    file.write_text(html, encoding="utf-8")
    return file


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_page_fits_its_window_and_the_answer_is_seen_at_once(
    browser: Browser, country: Path, size: tuple[int, int]
) -> None:
    with visit(browser, country, size) as seen:
        answer = seen.page.locator(".answer").bounding_box()

        assert answer is not None
        assert answer["y"] + answer["height"] < size[1]
        assert seen.page.evaluate(WIDER_THAN_THE_WINDOW) <= 0
        assert seen.page.evaluate(TEXTS_OUT_OF_THEIR_PICTURE) == []
        assert seen.is_quiet


def test_a_wide_table_scrolls_inside_its_own_box_with_the_keyboard_too(
    browser: Browser, country: Path
) -> None:
    with visit(browser, country, PHONE) as seen:
        box = seen.page.get_by_role("region", name="By data element and district").last
        box.press("ArrowRight")
        seen.page.wait_for_function("box => box.scrollLeft > 0", arg=box.element_handle())

        name = box.locator("tbody th").first.bounding_box()
        assert name is not None
        assert name["x"] >= 0
        assert seen.page.evaluate(WIDER_THAN_THE_WINDOW) <= 0


def test_on_a_phone_a_number_stands_beside_its_site_with_what_it_counts(
    browser: Browser, country: Path
) -> None:
    with visit(browser, country, PHONE) as seen:
        table = seen.page.get_by_role("region", name="Both gave a number, and they differ")
        row = table.locator("tbody tr").first
        difference = row.locator("td.number").last.bounding_box()

        assert difference is not None
        assert difference["x"] + difference["width"] <= PHONE[0]
        assert "Fever" in row.locator("th").inner_text()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_hostile_names_do_nothing_and_can_be_read(
    browser: Browser, strange_country: Path, size: tuple[int, int]
) -> None:
    with visit(browser, strange_country, size) as seen:
        seen.page.mouse.move(size[0] / 2, size[1] / 2)
        injected = seen.page.locator("script, img, iframe, svg svg, b[onmouseover]")
        handlers = seen.page.evaluate(
            "() => [...document.querySelectorAll('*')].flatMap(one => [...one.attributes])"
            ".filter(one => one.name.startsWith('on')).length"
        )
        shown = seen.page.locator("main").inner_text()

        assert injected.count() == 0
        assert handlers == 0
        assert [name for name in HOSTILE if shortened(name) not in shown] == []
        assert seen.page.evaluate(WIDER_THAN_THE_WINDOW) <= 0
        assert seen.is_quiet


def test_a_printed_page_cuts_nothing_and_is_a_few_sheets(
    browser: Browser, strange_country: Path
) -> None:
    with visit(browser, strange_country, A4_WITHIN_MARGINS) as seen:
        seen.page.emulate_media(media="print")
        sheets = re.findall(rb"/Type\s*/Page\b", seen.page.pdf(prefer_css_page_size=True))

        assert seen.page.evaluate(WIDER_THAN_THE_WINDOW) <= 0
        assert seen.page.evaluate(CUT_BOXES) == []
        assert 3 <= len(sheets) <= 15


def test_every_text_stands_out_from_what_is_behind_it(browser: Browser, country: Path) -> None:
    with visit(browser, country) as seen:
        weakest = seen.page.evaluate(WEAKEST_CONTRAST)

        assert weakest["ratio"] >= 4.5, weakest


def test_who_listens_to_the_page_hears_headings_tables_and_pictures(
    browser: Browser, country: Path
) -> None:
    with visit(browser, country) as seen:
        page = seen.page
        levels = page.evaluate(
            "() => [...document.querySelectorAll('h1, h2, h3')].map(one => Number(one.tagName[1]))"
        )

        assert levels[0] == 1
        assert levels.count(1) == 1
        assert page.get_by_role("img", name="How the numbers agree").count() == 1
        assert page.get_by_role("img", name="Gap by site and period").count() == 1
        assert page.locator("svg[role=img]:not(:has(> title + desc))").count() == 0
        assert page.locator("th:not([scope])").count() == 0
        assert page.get_by_role("columnheader", name="Only manual").count() == 2
        assert page.get_by_role("rowheader", name="Fever cases").count() == 1


def test_ten_thousand_sites_are_still_a_small_page(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    crowded = invented(10_000, ("202601", "202602"), elements=("Cases",), findings=200)
    file = written(tmp_path_factory, discrepancies_as_html(crowded))
    with visit(browser, file, PHONE) as seen:
        assert seen.page.locator("*").count() < 10_000
        assert seen.page.evaluate(WIDER_THAN_THE_WINDOW) <= 0
        assert seen.is_quiet


def test_nothing_to_compare_is_said_in_so_many_words(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with visit(browser, written(tmp_path_factory, discrepancies_as_html(empty())), PHONE) as seen:
        answer = seen.page.locator(".answer").inner_text()

        assert (
            answer == "Neither tracker nor the manual reports gave a number, so there is no answer."
        )
        assert seen.is_quiet
