"""Two nights in an invented country, from nothing to a publication, on this machine only."""

import os
import shutil
import sys
from datetime import date
from pathlib import Path

from pipeline.cli import analysts, stages, terminal
from pipeline.files.deployment import Deployment
from pipeline.files.whole import write_bytes
from pipeline.run.folder import find_run
from pipeline.text.errors import UsageError
from pipeline.text.wording import number
from sandbox.country.example import NAME, example_files

GENERATIONS = ("2.42", "2.43")
DAY = date(2026, 11, 24)
OF_SERVERS = ("TALLY_SOURCE_", "TALLY_TARGET_", "DHIS2_")
ACCOUNT = {"USERNAME": "tally", "PASSWORD": "district"}  # the sandbox's, and no secret


def show_demo(deployment: Deployment, generation: str) -> None:
    """Run two nights of transfer and say how to open what came of them."""
    from sandbox.country.build import invent_country  # needs the extra
    from sandbox.country.nights import next_night  # needs the extra
    from sandbox.http.server import running  # needs the extra

    require_generation(generation)
    home = Deployment(deployment.root / "data" / "demo")
    shutil.rmtree(home.root, ignore_errors=True)
    with running(invent_country(DAY), generation) as sandbox:
        for name in [name for name in os.environ if name.startswith(OF_SERVERS)]:
            del os.environ[name]  # a login for a real server is none of the demo's business
        os.environ["TALLY_HOME"] = str(home.root)
        for side in ("SOURCE", "TARGET"):
            os.environ[f"TALLY_{side}_URL"] = sandbox.url
            os.environ |= {f"TALLY_{side}_{part}": text for part, text in ACCOUNT.items()}
        terminal.say(f"An invented country stands on DHIS2 {generation} at {sandbox.url}.")
        _begin_with_the_example(home)
        terminal.say("\nThe first night: everything is new.")
        stages.run(NAME, and_load=True)
        happened = next_night(sandbox.world)
        terminal.say(f"\nA day passes in the country: {_in_words(happened)}.")
        terminal.say("The second night: first the plan, then the load.")
        stages.run(NAME)
        stages.load(NAME)
        analysts.publish(NAME)
    _how_to_open(home)


def _begin_with_the_example(home: Deployment) -> None:
    folder = home.transfer_folder(NAME)
    for name, content in example_files().items():
        write_bytes(folder / name, content)
    terminal.say(f"written: {folder}, the example transfer as it stands")


def _in_words(happened: dict[str, object]) -> str:
    return ", ".join(
        f"{number(many)} {what.replace('_', ' ')}"
        for what, many in happened.items()
        if isinstance(many, int) and not isinstance(many, bool) and what != "night"
    )


def _how_to_open(home: Deployment) -> None:
    run = find_run(home, NAME, None).path
    published = home.published(NAME) / "latest.duckdb"
    tally = f"TALLY_HOME={home.root} {_command()}"
    terminal.say(
        "\nWhere tracker and paper disagree, for everybody:\n"
        f"  the page      {(run / 'discrepancies.html').resolve().as_uri()}\n"
        "                (open it in a browser, on a phone too; print it from there)\n"
        f"  the workbook  {run / 'discrepancies.xlsx'}\n"
        f"  the CSV       {run / 'discrepancies.csv'}\n"
        "For who runs the transfer:\n"
        f"  the report    {run / 'run.md'}\n"
        f"  the plan      {run / 'plan.md'}\n"
        f"  the mapping   {home.mappings(NAME) / 'data_elements.csv'}\n"
        f"  all runs      {tally} runs {NAME}\n"
        "For analysts:\n"
        f"  the database  duckdb -readonly {published}\n"
        f'  without it    {tally} sql {NAME} "from discrepancies"'
    )


def _command() -> str:
    """The command as it is typed from here."""
    beside = Path(sys.executable).with_name("tally")
    if not beside.exists() or beside.parent in map(Path, os.get_exec_path()):
        return "tally"
    here = Path.cwd()
    return str(beside.relative_to(here) if beside.is_relative_to(here) else beside)


def require_generation(generation: str) -> None:
    """Go on only with a generation of DHIS2 that the sandbox can be."""
    if generation not in GENERATIONS:
        raise UsageError(
            f"the sandbox cannot be DHIS2 {generation}",
            remedy=f"choose one of {', '.join(GENERATIONS)}",
        )
