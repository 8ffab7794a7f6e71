"""A run's responses become values, rejects and a snapshot; the same run gives the same files."""

import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from pipeline.run.values import read_run_values
from pipeline.run.work import Work
from pipeline.text.errors import FindingsError, RefusedError, UsageError
from pipeline.transform.stage import transform
from schemas.frames import checked
from schemas.values import CellKeys, Rejects
from tests.support.deployments import Post
from tests.support.village import CLINICS, WHATS, tracker, village

COUNTS = """
    month  | clinic | what  | number
    202609 | a      | cases | 5
    202609 | b      | boys  | 2
    202610 | a      | cases | 6
    202610 | c      | girls | 4
"""


@pytest.fixture(name="post")
def village_with_counts(tmp_path: Path) -> Iterator[Post]:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        yield post


def left(work: Work, name: str) -> pl.DataFrame:
    return pl.read_parquet(work.run.path / f"{name}.parquet")


def test_every_count_becomes_the_value_of_its_cell(post: Post) -> None:
    work, told = post.transform()

    values = read_run_values(work.run)
    places = ("data_element", "period", "org_unit", "category_option_combo", "value")
    assert sorted(values.select(places).rows()) == [
        ("deBySex0001", "202609", CLINICS["b"], "cocBoys0001", 2.0),
        ("deBySex0001", "202610", CLINICS["c"], "cocGirls001", 4.0),
        ("deCases0001", "202609", CLINICS["a"], "cocDefault1", 5.0),
        ("deCases0001", "202610", CLINICS["a"], "cocDefault1", 6.0),
    ]
    assert checked(left(work, "rejects"), Rejects).is_empty()
    assert checked(left(work, "doubtful"), CellKeys).is_empty()
    assert (told.rows, told.accepted, told.rejects, told.values) == (4, 4, 0, 4)
    assert told.change._asdict() == {"appeared": 4, "changed": 0, "vanished": 0, "same": 0}


def test_the_record_of_a_run_is_what_the_stage_says(post: Post) -> None:
    work, told = post.transform()

    written = json.loads((work.run.path / "transform.json").read_text())
    assert written == told.as_record()
    assert written["mapping_rows"] == len(WHATS)
    assert written["change"]["appeared"] == 4


def test_a_stage_that_is_done_again_leaves_the_same_bytes(post: Post) -> None:
    work, _ = post.transform()
    names = ("values.parquet", "rejects.parquet", "doubtful.parquet")
    before = [(work.run.path / name).read_bytes() for name in names]

    transform(work)

    assert [(work.run.path / name).read_bytes() for name in names] == before


def test_a_row_that_finds_no_cell_is_handed_back_with_its_reason(post: Post) -> None:
    post.map(
        (what.indicator, what.options, what.element, what.combo, "")
        for name, what in WHATS.items()
        if name != "girls"
    )
    post.configure(rejects={"max_share": 0.5})

    work, told = post.transform()

    rejected = left(work, "rejects")
    assert rejected.select("rule_id", "program_indicator", "category_options", "value").rows() == [
        ("R02", "piBySex0001", "coGirls0001", "4"),
    ]
    assert (told.rows, told.accepted, told.rejects) == (4, 3, 1)


def test_too_many_rejects_are_left_to_be_read_and_nothing_is_remembered(post: Post) -> None:
    post.map([("piEnrolled1", "", "deEnrolled1", "", "")])
    work, _ = post.extract()

    with pytest.raises(FindingsError, match="4 of 4 rows rejected"):
        transform(work)

    assert left(work, "rejects").height == 4
    assert "**This run was stopped" in (work.run.path / "run.md").read_text()
    assert not (work.run.path / "transform.json").exists()
    assert work.store.dictionaries().periods.is_empty()


def test_a_refused_run_tells_whose_rows_do_not_fit_with_an_example(post: Post) -> None:
    tracker(post, "month | clinic | what | number\n 202609 | a | cases | 2.5")
    post.world.metadata["programIndicators"][0]["decimals"] = 1
    post.world.metadata["dataElements"][0]["name"] = "Fever cases"
    work, _ = post.extract()

    with pytest.raises(FindingsError, match="mapped to data element Fever cases") as told:
        transform(work)

    assert "(INTEGER_ZERO_OR_POSITIVE)" in told.value.what
    assert "says 2.5" in told.value.remedy
    text = (work.run.path / "run.md").read_text()
    assert (
        "| R13 | piCases0001 | Fever cases | INTEGER\\_ZERO\\_OR\\_POSITIVE | 1 | 202609 |" in text
    )
    assert "`rejects.parquet`" in text


def test_org_units_go_where_the_mapping_sends_them(post: Post) -> None:
    post.move({CLINICS["a"]: CLINICS["b"], CLINICS["b"]: CLINICS["a"]})

    work, _ = post.transform()

    cases = left(work, "values").filter(pl.col("data_element") == "deCases0001")
    assert cases["org_unit"].unique().to_list() == [CLINICS["b"]]


def test_an_org_unit_that_nobody_listed_may_be_rejected(post: Post) -> None:
    post.move({CLINICS["a"]: CLINICS["a"]})
    post.configure(mapping={"unlisted_org_units": "reject"}, rejects={"max_share": 1})

    work, _ = post.transform()

    assert set(left(work, "values")["org_unit"]) == {CLINICS["a"]}
    assert left(work, "rejects")["rule_id"].to_list() == ["R06", "R06"]
    assert set(left(work, "doubtful")["org_unit"]) == set()


def test_a_count_that_could_not_be_asked_leaves_its_cells_out_of_the_image(post: Post) -> None:
    post.world.broken["piCases0001"] = "42703"

    work, told = post.transform()

    assert "deCases0001" not in set(left(work, "values")["data_element"])
    assert told.change.appeared == 2


def test_a_run_without_an_extract_says_which_command_makes_one(post: Post) -> None:
    with pytest.raises((UsageError, RefusedError)) as told:
        transform(post.begin())

    assert "extract" in told.value.remedy
