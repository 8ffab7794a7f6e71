"""Begin a transfer, and check it before it runs."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime

from pipeline import presenter
from pipeline.files.deployment import Deployment
from pipeline.run.session import read_settings, servers
from pipeline.text.errors import ExitCode
from pipeline.text.wording import number


def verify_transfer(deployment: Deployment, name: str, *, strict: bool, as_json: bool) -> ExitCode:
    """Check everything that can be checked before a run, and show what was found."""
    from pipeline.report import verify as told  # noqa: PLC0415  # beside its only use
    from pipeline.verify.stage import verify  # noqa: PLC0415  # as above

    settings = read_settings(deployment, name)
    with servers(settings) as both:
        findings = verify(
            deployment,
            name,
            settings,
            os.environ,
            source=both.source,
            target=both.target,
            now=datetime.now(tz=UTC),
        )
    if as_json:
        presenter.show_json([finding.as_record() for finding in findings])
    else:
        presenter.show_markdown(told.findings_as_markdown(name, findings))
    bar = {"error", "warning"} if strict else {"error"}
    below = any(finding.severity in bar for finding in findings)
    return ExitCode.FINDINGS if below else ExitCode.DONE


def begin_transfer(
    deployment: Deployment,
    name: str,
    *,
    suggest: bool,
    choices: Mapping[str, object] | None = None,
) -> None:
    """Write what a new transfer begins with; with `suggest`, fill it from the servers.

    `choices` take the place of the template's values, by their keys.
    """
    from pipeline.report.doubts import doubts_as_lines  # noqa: PLC0415  # beside its only use
    from pipeline.upkeep import init  # noqa: PLC0415  # as above

    folder = deployment.transfer_folder(name)
    if suggest:
        told = init.suggest(deployment, name, os.environ, choices or {})
        rows, twins = number(told.rows), number(told.twins)
        presenter.say(f"mapping rows suggested: {rows}; read them before you believe them")
        if told.twins:
            presenter.say(
                f"elements that may be compared with paper: {twins}; see mappings/manual.csv, "
                "and [compare] in transfer.toml"
            )
        for line in doubts_as_lines(told.doubts, told.names):
            presenter.say(f"  to settle: {line}")
    else:
        init.write_transfer(deployment, name, choices=choices)
    presenter.say(f"written: {folder}; next: edit transfer.toml, then tally verify {name}")
