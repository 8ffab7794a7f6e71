"""A report puts tracker and paper side by side, says it again offline, and makes nothing up."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline.cells.key import KEY
from pipeline.cells.packing import unpack
from pipeline.compare.rules.discrepancies import AGREEMENTS, Tolerance, compare
from pipeline.compare.stage import Report, report, wants_target
from pipeline.run.work import Work
from pipeline.text.errors import ExitCode, RefusedError, TallyError, UsageError
from tests.support.deployments import Post
from tests.support.paper import PAPER, manual_file, on_paper, open_paper_form, pair
from tests.support.small_world import ask
from tests.support.village import LETTERS, tracker, village

COUNTED = """
    month  | clinic | what     | number
    202609 | a      | cases    | 5
    202610 | a      | cases    | 7
    202610 | b      | cases    | 9
    202610 | a      | enrolled | 4
    202610 | a      | boys     | 2
    202610 | a      | girls    | 3
    202610 | b      | girls    | 1
"""
PAPER_SAYS = """
    month  | clinic | what     | number
    202609 | a      | cases    | 5
    202610 | a      | cases    | 8
    202610 | b      | cases    | 3
    202610 | c      | cases    | 2
    202610 | a      | children | 5
    202610 | b      | children | 0
"""


@pytest.fixture(params=["2.42", "2.43"])
def post(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Post]:
    with village(tmp_path, request.param) as opened:
        tracker(opened, COUNTED)
        yield opened


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Post]:
    with village(tmp_path) as opened:
        tracker(opened, COUNTED)
        yield opened


def told(post: Post, work: Work, *, again: bool = False) -> Report:
    """Report a run with what is configured now; the letter, if any, is raised."""
    done = report(post.again(work), post.client, again=again)
    if done.letter is not None:
        raise done.letter
    return done


def in_words(done: Report) -> list[tuple[Any, ...]]:
    """Give cells as month, clinic, element, tracker, paper and class, sorted."""
    assert done.overview is not None
    return sorted(
        (
            cell["period"],
            LETTERS[cell["org_unit"]],
            cell["data_element"],
            cell["tracker_value"],
            cell["manual_value"],
            cell["agreement"],
        )
        for cell in done.overview.cells.iter_rows(named=True)
    )


EXPECTED = [
    ("202609", "a", "deCases0001", 5, 5, "same"),
    ("202610", "a", "deBySex0001", 5, 5, "same"),
    ("202610", "a", "deCases0001", 7, 8, "within_tolerance"),
    ("202610", "a", "deEnrolled1", 4, None, "only_tracker"),
    ("202610", "b", "deBySex0001", 1, 0, "tracker_higher"),
    ("202610", "b", "deCases0001", 9, 3, "tracker_higher"),
    ("202610", "c", "deCases0001", None, 2, "only_manual"),
]


def test_a_form_on_paper_is_put_beside_what_tracker_said(post: Post) -> None:
    open_paper_form(post)
    post.configure(compare={"tolerance_share": 0.2})
    on_paper(post, PAPER_SAYS)
    work = post.night().work

    done = told(post, work)

    assert in_words(done) == EXPECTED
    assert done.overview is not None
    assert done.overview.provenance.manual_source == "data set Monthly paper report"
    for name in ("run.md", "discrepancies.csv", "discrepancies.html", "discrepancies.xlsx"):
        assert (work.run.path / name).exists()
    assert "Tracker is what tracker said in this run" in done.text
    assert "whether it was loaded or not" in (work.run.path / "discrepancies.html").read_text()


def test_a_file_says_the_same_as_the_form(desk: Post) -> None:
    manual_file(
        desk,
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
    desk.configure(compare={"tolerance_share": 0.2})
    done = told(desk, desk.transform()[0])

    assert in_words(done) == EXPECTED
    assert done.overview is not None
    assert done.overview.provenance.manual_source == "file manual.csv"
    assert done.overview.findings.select("rule_id", "source", "line").rows() == [
        ("M01", "manual.csv", 9)
    ]


def test_the_same_report_comes_again_without_any_server(desk: Post) -> None:
    open_paper_form(desk)
    on_paper(desk, PAPER_SAYS)
    work = desk.transform()[0]
    told(desk, work)
    names = ("run.md", "discrepancies.csv", "discrepancies.html", "discrepancies.xlsx")
    before = {name: (work.run.path / name).read_bytes() for name in names}
    on_paper(desk, PAPER_SAYS.replace("| 8", "| 80"))
    desk.configure(compare={"tolerance": 100})
    again = desk.again(work)

    assert not wants_target(again)
    assert report(again, None).letter is None
    assert {name: (work.run.path / name).read_bytes() for name in names} == before


def test_paper_may_be_read_again_for_the_newest_run_only(desk: Post) -> None:
    open_paper_form(desk)
    on_paper(desk, PAPER_SAYS)
    work = desk.transform()[0]
    told(desk, work)
    on_paper(desk, PAPER_SAYS.replace("| 8", "| 7"))

    done = told(desk, work, again=True)
    desk.transform()

    assert ("202610", "a", "deCases0001", 7, 7, "same") in in_words(done)
    with pytest.raises(RefusedError, match="not the newest"):
        told(desk, work, again=True)


def test_another_order_of_the_server_gives_the_same_bytes(desk: Post) -> None:
    open_paper_form(desk)
    on_paper(desk, PAPER_SAYS)
    work = desk.transform()[0]
    told(desk, work)
    before = (work.run.path / "discrepancies.csv").read_bytes()
    turned = dict(reversed(desk.world.values.items()))
    desk.world.values.clear()
    desk.world.values.update(turned)

    told(desk, work, again=True)

    assert (work.run.path / "discrepancies.csv").read_bytes() == before


def test_what_was_read_stands_when_it_cannot_be_read_again(desk: Post) -> None:
    open_paper_form(desk)
    on_paper(desk, PAPER_SAYS)
    work = desk.transform()[0]
    told(desk, work)
    before = {path: path.read_bytes() for path in work.run.path.rglob("*.*") if path.is_file()}
    desk.world.metadata["dataSets"].pop()

    with pytest.raises(UsageError, match=PAPER):
        told(desk, work, again=True)

    assert all(path.read_bytes() == content for path, content in before.items())


def test_a_mean_is_not_compared_because_it_cannot_be_added_up(desk: Post) -> None:
    open_paper_form(desk)
    elements = desk.world.metadata["dataElements"]
    next(one for one in elements if one["id"] == "deCases0001")["aggregationType"] = "AVERAGE"

    letter = letter_of(desk, desk.transform()[0])

    assert "numbers of deCases0001 cannot be added up" in letter.where


def test_every_comparison_can_be_asked_of_the_store_again(desk: Post) -> None:
    open_paper_form(desk)
    nights = []
    for paper in ("| 8", "| 7", "| 6"):
        on_paper(desk, PAPER_SAYS.replace("| 8", paper))
        work = desk.transform()[0]
        done = told(desk, work)
        nights.append((work, done))
    tracker(desk, COUNTED.replace("202609 | a      | cases    | 5", "202609 | a | cases | 6"))
    nights.append((late := desk.transform()[0], told(desk, late)))

    for work, done in nights:
        compared = ask(work.store, "from packed.compared_at(?)", work.run.run_id)
        kept = unpack(compared, work.store.dictionaries())
        assert done.overview is not None
        sides = (*KEY, "tracker_value", "manual_value")
        assert kept.sort(KEY).rows() == done.overview.cells.select(sides).sort(KEY).rows()
    assert nights[0][0].store.check() == []


def test_a_snapshot_that_is_made_again_is_compared_again(desk: Post) -> None:
    open_paper_form(desk)
    on_paper(desk, PAPER_SAYS)
    work, _ = desk.transform()
    told(desk, work)
    shutil.rmtree(work.run.responses)
    tracker(desk, COUNTED.replace("| 9", "| 3"))
    on_paper(desk, PAPER_SAYS.replace("| 8", "| 7"))
    desk.extract(work)
    from pipeline.transform.stage import transform

    transform(work)

    done = told(desk, work)

    assert ("202610", "b", "deCases0001", 3, 3, "same") in in_words(done)
    assert ("202610", "a", "deCases0001", 7, 7, "same") in in_words(done)
    assert "This run was not loaded." in done.text
    assert work.store.check() == []


def test_a_run_without_a_manual_side_says_so_and_is_no_error(desk: Post) -> None:
    work = desk.transform()[0]

    done = told(desk, work)

    assert done.overview is None
    assert "Nothing was compared" in done.text
    assert not (work.run.path / "discrepancies.csv").exists()


def test_what_tracker_does_not_know_is_not_called_silence(desk: Post) -> None:
    open_paper_form(desk)
    on_paper(desk, PAPER_SAYS)
    desk.world.broken = {"piCases0001": "42703"}
    done = told(desk, desk.transform()[0])

    assert {element for _, _, element, *_ in in_words(done)} == {"deBySex0001", "deEnrolled1"}
    assert done.overview is not None
    assert done.overview.findings["observed"].to_list() == ["all cells of deCases0001"]


def test_the_manual_answers_are_kept_byte_for_byte(desk: Post) -> None:
    open_paper_form(desk)
    on_paper(desk, PAPER_SAYS)
    work = desk.transform()[0]
    told(desk, work)

    assert (work.run.path / "manual" / "0001.csv.gz").exists()
    assert (
        '"path": "/api/dataValueSets.csv"'
        in (work.run.path / "manual" / "requests.jsonl").read_text()
    )
    values = pl.read_parquet(work.run.path / "manual_values.parquet")
    assert values.columns == [*KEY, "value"]
    assert values.height == 6


def letter_of(post: Post, work: Work) -> TallyError:
    done = report(post.again(work), post.client)
    assert done.letter is not None
    assert "**Nothing was compared**" in done.text
    assert not (work.run.path / "manual.json").exists()
    return done.letter


def test_a_form_of_another_period_type_or_without_the_element_gets_a_letter(desk: Post) -> None:
    work = desk.transform()[0]
    open_paper_form(desk, period_type="Quarterly")
    letter = letter_of(desk, work)
    assert "Quarterly" in letter.what
    desk.world.metadata["dataSets"][-1]["periodType"] = "Monthly"
    pair(desk, [("deNobody001", "", "", "deCases0001", "", "")])

    letter = letter_of(desk, work)

    assert isinstance(letter, UsageError)
    assert f"manual.csv:2: data set {PAPER} does not have the data element" in letter.where


def test_trackers_own_cell_is_no_manual_number(desk: Post) -> None:
    open_paper_form(desk)
    desk.world.metadata["dataSets"][-1]["dataSetElements"].append(
        {"dataElement": {"id": "deCases0001"}, "dataSet": {"id": PAPER}}
    )
    pair(desk, [("deCases0001", "", "", "deCases0001", "", "")])

    letter = letter_of(desk, desk.transform()[0])

    assert "tracker's own numbers stand there" in letter.where


def test_a_form_that_the_account_cannot_see_is_a_letter_and_run_md_stands(desk: Post) -> None:
    work = desk.night().work
    pair(desk)
    desk.configure(compare={"data_set": "dsNowhere01"})

    letter = letter_of(desk, work)

    assert letter.exit_code == ExitCode.USAGE
    assert "dsNowhere01" in (work.run.path / "run.md").read_text()


def test_a_mapping_that_changed_since_the_run_is_refused(desk: Post) -> None:
    open_paper_form(desk)
    work = desk.transform()[0]
    desk.map([("piCases0001", "", "deCases0001", "", "")])

    assert isinstance(letter_of(desk, work), RefusedError)


def test_agreements_in_sql_are_those_of_the_page(desk: Post) -> None:
    from pipeline.publish.publication import make_tables
    from pipeline.store.database import open_database

    numbers = [None, -3.0, 0.0, 0.1, 0.3, 1.0, 3.0, 3.3, 10.0, 11.0]
    pairs = [(a, b) for a in numbers for b in numbers if (a, b) != (None, None)]
    tolerances = [Tolerance(), Tolerance(1), Tolerance(0, 0.1), Tolerance(0.2, 0.5)]
    key = dict.fromkeys(KEY, pl.String)
    with open_database(None) as database:
        make_tables(database)
        for tolerance in tolerances:
            for tracker_value, manual_value in pairs:
                sides = [
                    pl.DataFrame(
                        [(*"abcde", number)] if number is not None else [],
                        schema={**key, "value": pl.Float64},
                        orient="row",
                    )
                    for number in (tracker_value, manual_value)
                ]
                page = compare(*sides, tolerance)["agreement"].to_list()
                asked = database.execute(
                    "select packed.agreement_of(?, ?, ?, ?)",
                    [tracker_value, manual_value, *tolerance],
                ).fetchall()
                assert [row[0] for row in asked] == page, (tracker_value, manual_value, tolerance)
                assert set(page) <= set(AGREEMENTS)
