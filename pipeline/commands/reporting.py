"""Write the reports of a run, and show what came of it."""

from pipeline import presenter
from pipeline.compare.stage import Report, report, wants_target
from pipeline.dhis2.http.client import Client
from pipeline.files.deployment import Deployment
from pipeline.run.session import servers_of, stage, working
from pipeline.run.work import Work


def report_run(deployment: Deployment, name: str, run: str | None, *, again: bool) -> None:
    """Write the reports of a run, and show run.md; the servers are asked only for paper unread."""
    with working(deployment, name, run) as work:
        if wants_target(work, again=again):
            with servers_of(work) as both:
                told = report_work(work, both.target, again=again)
        else:
            told = report_work(work, None, again=again)
    show_report(told)


def report_work(work: Work, target: Client | None, *, again: bool = False) -> Report:
    """Write the reports of a run."""
    with stage("report", work) as counts:
        told = report(work, target, again=again)
        if told.overview is not None:
            counts |= {
                "agreements": dict(told.overview.agreements.select("agreement", "cells").rows())
            }
            counts |= {"findings": told.overview.findings.height}
    return told


def show_report(told: Report) -> None:
    """Show run.md; raises the letter of a comparison that could not be made."""
    presenter.show_markdown(told.text)
    if told.letter is not None:
        raise told.letter
