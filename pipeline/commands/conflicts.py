"""Show which cells need a person, and give a form for the answers."""

from typing import Literal

import polars as pl

from pipeline import presenter
from pipeline.files.deployment import Deployment
from pipeline.report import conflicts as reported
from pipeline.run.folder import find_run
from pipeline.run.metadata import TargetFrames
from pipeline.run.session import read_settings
from pipeline.tables import written_decisions


def list_conflicts(
    deployment: Deployment, name: str, run_id: str | None, form: Literal["terminal", "json", "csv"]
) -> None:
    """Show the conflicts of a run's plan; as CSV they are decisions.csv, to be filled in."""
    read_settings(deployment, name)
    run = find_run(deployment, name, run_id)
    plan = pl.read_parquet(run.require("plan.parquet", "plan"))
    found = reported.conflicts_of(plan, TargetFrames.read(run).display_names)
    folder = deployment.transfer_folder(name)
    if form == "json":
        presenter.show_json(found.to_dicts())
    elif form == "csv":
        presenter.show_lines([reported.decisions_as_csv(found, written_decisions(folder))])
    elif found.is_empty():
        presenter.say(f"run {run.run_id}: no cell waits for a decision")
    else:
        numbers = ("tracker", "target", "ours")
        presenter.show_table(reported.conflicts_for_terminal(found), run.run_id, numbers=numbers)
        presenter.say(
            f"to decide: `tally conflicts {name} --csv > new.csv`; fill in tracker, manual or "
            "leave, who decided, why and until which day; keep it as "
            f"{folder}/decisions.csv; plan again"
        )
