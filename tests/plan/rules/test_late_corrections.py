"""A late correction is a cell held because its period is closed; what else waits resolves none."""

from pipeline.plan.rules.late_corrections import late_cells, waiting_cells
from schemas.plan import Plan
from tests.support.frames import frame
from tests.support.whole_frames import whole

PLAN = whole(
    frame("""
        data_element | action   | reason_id
        late         | hold     | expired
        unknown      | hold     | source_unknown
        written      | update   | changed
        taken back   | retract  | vanished
        kept         | keep     | same
        asked about  | conflict | not_ours
    """),
    Plan,
)


def test_what_is_held_by_a_closed_period_is_late() -> None:
    assert late_cells(PLAN)["data_element"].to_list() == ["late"]


def test_what_waits_for_something_else_is_not_late() -> None:
    waiting = waiting_cells(PLAN)["data_element"].to_list()

    assert waiting == ["unknown", "written", "taken back"]
