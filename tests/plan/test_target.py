"""The target is read afresh for a plan, under the id that the ledger knows it by."""

from pathlib import Path

import polars as pl
import pytest

from pipeline.cells.dictionaries import empty_dictionaries, extend
from pipeline.cells.packing import unpack
from pipeline.plan.target import read_cells, read_target_state
from pipeline.run.metadata import TargetFrames
from pipeline.run.records import Extract, read_record
from pipeline.text.errors import RefusedError, ServerError
from tests.dhis2.http.script import Said, Script, door, says
from tests.support.village import DATA_SET, tracker, village

COUNTS = """
    month  | clinic | what  | number
    202610 | a      | cases | 6
"""
HEADER = (
    "dataelement,period,orgunit,categoryoptioncombo,attributeoptioncombo,"
    "value,storedby,lastupdated,comment,deleted\n"
)

TWO = ["dsOne000001", "dsTwo000001"]
ELEMENTS = ["deOnlyOne01", "deOnlyTwo01", "deShared001"]
KNOWN = extend(
    empty_dictionaries(),
    pl.DataFrame({"data_element": ELEMENTS}).with_columns(
        period=pl.lit("202610"),
        org_unit=pl.lit("ouClinic00a"),
        category_option_combo=pl.lit("coc"),
        attribute_option_combo=pl.lit("aoc"),
    ),
)


def holding(*elements: str) -> Said:
    """A data set that holds a number of these elements."""
    rows = [f"{element},202610,ouClinic00a,coc,aoc,5,clerk,,,false\n" for element in elements]
    return says(200, HEADER + "".join(rows), "application/csv")


def test_its_rules_and_the_account_are_read_and_the_rules_are_kept(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        work, extract = post.extract()
        post.world.metadata["dataSets"][0]["expiryDays"] = 7.0

        state = read_target_state(work, post.client, extract)

        assert state.account.username == "tally"
        assert state.identity == (post.world.system_id, post.world.system_id)
        assert state.forms.data_sets.select("id", "expiry_days").rows() == [(DATA_SET, 7.0)]
        assert TargetFrames.read(work.run).data_sets.equals(state.forms.data_sets)


def test_a_moved_target_is_known_by_the_id_it_had_when_it_was_loaded(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        post.night()
        before, post.world.system_id = post.world.system_id, "22222222-0000-4000-8000-000000000000"
        work, extract = post.extract()

        state = read_target_state(work, post.client, extract)

        assert state.known_as == before
        assert state.identity == (post.world.system_id, before)


def test_another_system_than_the_run_was_extracted_for_is_refused(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        work, _ = post.extract()
        kept = work.run.metadata / "data_sets.parquet"
        before = kept.read_bytes()
        extract = read_record(work.run, Extract)
        post.world.system_id = "another-system"
        post.world.metadata["dataSets"][0]["expiryDays"] = 7.0

        with pytest.raises(RefusedError, match="the target is system another-system, and this run"):
            read_target_state(work, post.client, extract)
        assert kept.read_bytes() == before


def test_each_data_set_is_read_and_an_element_of_two_comes_in_both_answers() -> None:
    script = Script(holding("deShared001", "deOnlyOne01"), holding("deShared001", "deOnlyTwo01"))

    with door(script) as client:
        cells = pl.concat(read_cells(client, TWO, ["202610"], ["ouVillage01"], KNOWN, extents={}))

    assert sorted({*unpack(cells, KNOWN)["data_element"]}) == ELEMENTS
    assert [one.url.params["dataSet"] for one in script.asked] == TWO


def test_where_no_data_set_is_concerned_nothing_is_asked() -> None:
    script = Script(says(500))

    with door(script) as client:
        assert [*read_cells(client, [], ["202610"], ["ouVillage01"], KNOWN, extents={})] == []

    assert script.asked == []


def test_one_data_set_that_says_nothing_is_no_empty_one() -> None:
    with door(Script(holding("deShared001"), says(200, ""))) as client, pytest.raises(ServerError):
        [*read_cells(client, TWO, ["202610"], ["ouVillage01"], KNOWN, extents={})]
