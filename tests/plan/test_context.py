"""What a plan is made of is read once, and stays as it was read."""

from pathlib import Path

import pytest

from pipeline.plan.context import PlanContext, open_context
from pipeline.run.records import Extract, read_record
from pipeline.text.errors import RefusedError
from tests.support.deployments import Post, now
from tests.support.village import CLINICS, DEFAULT, tracker, village

COUNTS = """
    month  | clinic | what  | number
    202610 | a      | cases | 6
    202610 | b      | girls | 2
"""


def opened(post: Post) -> PlanContext:
    work, _ = post.transform()
    return open_context(work, post.client, read_record(work.run, Extract), now())


def test_the_mapping_has_no_empty_combo_and_says_where_each_org_unit_goes(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        post.configure(mapping={"unlisted_org_units": "reject"}, rejects={"max_share": 1})
        post.move({CLINICS["a"]: CLINICS["c"], CLINICS["b"]: CLINICS["b"]})
        tracker(post, COUNTS)
        context = opened(post)

        assert set(context.mapping["attribute_option_combo"]) == {DEFAULT}
        assert dict(context.org_units.rows()) == {
            CLINICS["a"]: CLINICS["c"],
            CLINICS["b"]: CLINICS["b"],
            CLINICS["c"]: None,
        }
        assert context.target_org_units == [CLINICS["c"], CLINICS["b"]]
        assert context.days["period"].to_list() == context.extract.periods


def test_a_mapping_that_changes_under_a_plan_does_not_change_its_context(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        context = opened(post)
        post.move({CLINICS["a"]: CLINICS["b"]})

        assert context.target_org_units == sorted(CLINICS[letter] for letter in "abc")


def test_another_system_is_refused(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        work, _ = post.transform()
        post.world.system_id = "another-system"

        with pytest.raises(RefusedError, match="the target is system another-system"):
            open_context(work, post.client, read_record(work.run, Extract), now())
