"""Plan to undo a run, and show the plan."""

from collections.abc import Mapping
from datetime import UTC, datetime

from pipeline import presenter
from pipeline.files.deployment import Deployment
from pipeline.plan.undo import undo
from pipeline.report.plan import plan_as_markdown
from pipeline.run.session import second_run, servers_of, stage, working
from pipeline.text.errors import ExitCode


def undo_run(
    deployment: Deployment,
    name: str,
    run: str,
    allowed: Mapping[str, str],
    *,
    as_json: bool,
) -> ExitCode:
    """Leave the plan of a new run that sets back what this one wrote; nothing is sent."""
    with (
        working(deployment, name, run) as undone,
        second_run(undone) as work,
        servers_of(work) as both,
        stage("undo", work) as counts,
    ):
        summary = undo(work, undone.run, both.target, datetime.now(tz=UTC), allowed)
        counts |= {"actions": dict(summary.actions.rows())}
    if as_json:
        presenter.show_json(summary.as_record())
    else:
        presenter.show_markdown(plan_as_markdown(summary))
        presenter.say(f"nothing was sent; next: tally load {name}")
    return ExitCode.REFUSED if summary.alarms else ExitCode.DONE
