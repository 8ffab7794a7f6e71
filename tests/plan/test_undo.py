"""An undoing is a run of its own, that read nothing and sets back what another one wrote."""

from pathlib import Path

import pytest

from pipeline.plan.undo import undo
from pipeline.run.records import Extract, TransformRecord, has_record, read_record
from pipeline.text.errors import RefusedError
from schemas.frames import columns
from schemas.plan import Plan
from tests.support.deployments import now, planned
from tests.support.village import in_words, tracker, typed, village

FIRST = "month | clinic | what | number\n 202610 | a | cases | 6\n 202610 | b | cases | 2"
SECOND = "month | clinic | what | number\n 202610 | a | cases | 7\n 202610 | b | cases | 2"


def test_an_undoing_leaves_a_plan_of_the_earlier_numbers_and_no_extract(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, FIRST)
        post.night()
        tracker(post, SECOND)
        night = post.night()
        work = post.begin()

        undo(work, night.work.run, post.client, now(), {})

        record = read_record(work.run, TransformRecord)
        assert (record.undoes, record.rows) == (night.work.run.run_id, 0)
        assert not has_record(work.run, Extract)
        assert planned(work).columns == list(columns(Plan))
        told = in_words(planned(work), "action", "send", "reason_id")
        assert told == [("202610", "a", "cases", "update", "6", "undone_back")]


def test_a_number_that_somebody_changed_since_is_left_for_a_person(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, FIRST)
        night = post.night()
        typed(post, "month | clinic | what | number\n 202610 | a | cases | 9")
        work = post.begin()

        undo(work, night.work.run, post.client, now(), {})

        told = in_words(planned(work), "action", "send")
        assert told == [
            ("202610", "a", "cases", "foreign", "None"),
            ("202610", "b", "cases", "retract", "2"),
        ]


def test_a_run_of_which_nothing_stands_is_refused(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, FIRST)
        post.night()
        idle = post.night()

        with pytest.raises(RefusedError, match=r"nothing of run .* can be undone"):
            undo(post.begin(), idle.work.run, post.client, now(), {})
