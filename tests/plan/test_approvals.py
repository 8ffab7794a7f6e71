"""Only forms that a plan would write into are asked about their approval, and only with levels."""

from pathlib import Path
from urllib.parse import parse_qs

from pipeline.plan.approvals import ask_approvals, written_forms
from schemas.plan import Plan
from tests.plan.test_context import opened
from tests.support.deployments import Post
from tests.support.frames import frame
from tests.support.village import CLINICS, DATA_SET, DEFAULT, tracker, village
from tests.support.whole_frames import whole

PLAN = whole(
    frame(f"""
        action   | data_set   | period | org_unit      | attribute_option_combo
        create   | {DATA_SET} | 202610 | {CLINICS["a"]} | {DEFAULT}
        update   | {DATA_SET} | 202610 | {CLINICS["a"]} | {DEFAULT}
        keep     | {DATA_SET} | 202610 | {CLINICS["b"]} | {DEFAULT}
        conflict | {DATA_SET} | 202609 | {CLINICS["b"]} | {DEFAULT}
    """),
    Plan,
)


def asked(post: Post) -> list[tuple[str, str]]:
    """Give period and org unit of each question about an approval."""
    queries = [parse_qs(one.query) for one in post.sandbox.requests if "Approvals" in one.path]
    return [(query["pe"][0], query["ou"][0]) for query in queries]


def test_each_form_that_would_be_written_is_asked_about_once(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        post.world.metadata["dataSets"][0]["workflow"] = {"id": "wfLevels001"}
        tracker(post, "month | clinic | what | number\n 202610 | a | cases | 6")
        context = opened(post)
        post.sandbox.requests.clear()
        ask_approvals(context.target, context.state.forms, written_forms(PLAN))

        assert asked(post) == [("202610", CLINICS["a"])]


def test_a_data_set_without_levels_is_not_asked_about(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, "month | clinic | what | number\n 202610 | a | cases | 6")
        context = opened(post)
        post.sandbox.requests.clear()

        assert ask_approvals(context.target, context.state.forms, written_forms(PLAN)).is_empty()
        assert asked(post) == []
