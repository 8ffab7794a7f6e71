"""The store remembers of a run what went in, what was really asked, and what came out."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from pipeline.cells.key import KEY
from pipeline.cells.packing import pack
from pipeline.config.fingerprint import config_fingerprint
from pipeline.run.work import Work
from pipeline.transform.context import TransformContext, read_transform_context
from pipeline.transform.rules.counts import RowCounts
from pipeline.transform.rules.merging import Merged
from pipeline.transform.rules.unknown import unknown_form_cells
from pipeline.transform.snapshot import commit
from schemas.frames import empty, trusted
from schemas.values import PackedCells, Rejects
from tests.support.deployments import Post
from tests.support.village import MONTHS, key_of, tracker, village

COUNTED = RowCounts(rows=7, accepted=5, rejects=2, values=4)


@pytest.fixture(name="post")
def a_village(tmp_path: Path) -> Iterator[Post]:
    with village(tmp_path) as post:
        tracker(post, "month | clinic | what | number\n 202610 | a | cases | 6")
        yield post


def extracted(post: Post) -> tuple[Work, TransformContext]:
    work, _ = post.extract()
    return work, read_transform_context(work)


def merged(context: TransformContext, *numbers: tuple[str, float]) -> Merged:
    """Cases of clinics in October."""
    rows = [(*key_of("202610", clinic, "cases"), number) for clinic, number in numbers]
    values = pl.DataFrame(rows, dict.fromkeys(KEY, pl.String) | {"value": pl.Float64}, orient="row")
    cells = pack(values, context.dictionaries).select("cell", "value").sort("cell")
    return Merged(cells, empty(Rejects), empty(PackedCells))


def test_the_run_is_remembered_with_its_counts_and_servers(post: Post) -> None:
    work, context = extracted(post)

    commit(work, context, COUNTED, merged(context, ("a", 6.0)))

    latest = work.store.latest_run()
    assert latest is not None
    assert (latest.run_id, latest.transfer) == (work.run.run_id, work.name)
    assert (latest.rows, latest.accepted, latest.rejects, latest.values) == COUNTED[:4]
    assert (latest.first_period, latest.last_period) == (MONTHS[0], MONTHS[-1])
    assert latest.mapping_hash == context.tables.fingerprint
    assert latest.config_hash == config_fingerprint(work.settings)
    assert latest.target_system_id == post.world.system_id


def test_the_values_are_those_of_the_run_and_what_changed_since_the_last_is_told(
    post: Post,
) -> None:
    work, context = extracted(post)
    commit(work, context, COUNTED, merged(context, ("a", 6.0), ("b", 5.0)))
    later, context = extracted(post)

    change = commit(later, context, COUNTED, merged(context, ("a", 7.0), ("b", 5.0), ("c", 1.0)))

    assert sorted(later.store.snapshot()["value"]) == [1.0, 5.0, 7.0]
    assert change == (1, 1, 0, 1)


def test_what_was_asked_and_did_not_come_has_vanished(post: Post) -> None:
    work, context = extracted(post)
    commit(work, context, COUNTED, merged(context, ("a", 6.0), ("b", 5.0)))

    change = commit(*extracted(post), COUNTED, merged(context, ("a", 6.0)))

    assert change == (0, 0, 1, 1)
    assert work.store.snapshot()["value"].to_list() == [6.0]


def test_what_was_not_asked_or_not_answered_stays_as_it_was(post: Post) -> None:
    work, context = extracted(post)
    commit(work, context, COUNTED, merged(context, ("a", 6.0), ("b", 5.0)))
    other_month = replace(context, extract=replace(context.extract, periods=["202609"]))
    other_clinic = replace(context, target_org_units=context.target_org_units.tail(1))
    broken = replace(
        context, unknown_form_cells=unknown_form_cells(context.lookups, ["piCases0001"])
    )

    for narrowed in (other_month, other_clinic, broken):
        later, _ = extracted(post)
        change = commit(later, narrowed, COUNTED, merged(context))
        assert change == (0, 0, 0, 0)

    assert work.store.snapshot()["value"].to_list() == [6.0, 5.0]


def test_a_doubtful_cell_keeps_its_last_number(post: Post) -> None:
    work, context = extracted(post)
    commit(work, context, COUNTED, merged(context, ("a", 6.0)))
    doubtful = merged(context, ("a", 1.0)).values.select("cell")

    later, _ = extracted(post)
    told = merged(context)._replace(doubtful=trusted(doubtful, PackedCells))
    change = commit(later, context, COUNTED, told)

    assert change.vanished == 0
    assert later.store.snapshot()["value"].to_list() == [6.0]
