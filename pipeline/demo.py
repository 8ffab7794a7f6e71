"""Two nights in an invented country, from nothing to a publication, on this machine only."""

import os
import shutil
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from pipeline import presenter
from pipeline.commands.reading import publish_run
from pipeline.commands.stages import load_run, whole_run
from pipeline.files.deployment import Deployment
from pipeline.files.whole import write_bytes
from pipeline.run.folder import find_run
from pipeline.text.errors import ExitCode, UsageError
from pipeline.text.wording import number
from sandbox.country.example import NAME, example_files
from sandbox.state.world import World

GENERATIONS = ("2.42", "2.43")
DAY = date(2026, 11, 24)
OF_SERVERS = ("TALLY_SOURCE_", "TALLY_TARGET_", "DHIS2_")
ACCOUNT = {"USERNAME": "tally", "PASSWORD": "district"}  # the sandbox's, and no secret


def serve_sandbox(
    generation: str, port: int, seed: int, day: str, *, world: Path | None = None
) -> None:
    """Serve the invented country, or another world from a folder, until interrupted."""
    from sandbox.http.server import serve  # noqa: PLC0415  # needs the extra

    _insist(generation)
    served, account = _invented(seed, day) if world is None else _recorded(world)
    presenter.say(
        f"DHIS2 {generation} stands at http://127.0.0.1:{port} "
        f"(username {account}, password {ACCOUNT['PASSWORD']}; Ctrl-C ends it)"
    )
    if world is None:
        presenter.say(
            f"a night passes with: curl -X POST http://127.0.0.1:{port}/sandbox/next-night"
        )
    serve(served, generation, port=port)


def _invented(seed: int, day: str) -> tuple[World, str]:
    from sandbox.country.build import invent_country  # noqa: PLC0415  # needs the extra

    try:
        today = date.fromisoformat(day) if day else datetime.now(tz=UTC).date()
    except ValueError:
        raise UsageError(f"{day!r} is no date", remedy="write it as 2026-11-24") from None
    return invent_country(today, seed), ACCOUNT["USERNAME"]


def _recorded(folder: Path) -> tuple[World, str]:
    from sandbox.state.recorded import load_recorded_world  # noqa: PLC0415  # as above

    try:
        return load_recorded_world(folder), "exchanger"
    except (OSError, ValueError, KeyError) as error:
        raise UsageError(
            f"this folder holds no world: {type(error).__name__} {error}",
            where=str(folder),
            remedy="it needs metadata.json and analytics/*.json, plain or compressed (.gz)",
        ) from error


def show_demo(deployment: Deployment, generation: str) -> None:
    """Run two nights of transfer and say how to open what came of them."""
    from sandbox.country.build import invent_country  # noqa: PLC0415  # needs the extra
    from sandbox.country.nights import next_night  # noqa: PLC0415  # needs the extra
    from sandbox.http.server import running  # noqa: PLC0415  # needs the extra

    _insist(generation)
    home = Deployment(deployment.root / "data" / "demo")
    shutil.rmtree(home.root, ignore_errors=True)
    with running(invent_country(DAY), generation) as sandbox:
        for name in [name for name in os.environ if name.startswith(OF_SERVERS)]:
            del os.environ[name]  # a login for a real server is none of the demo's business
        for side in ("SOURCE", "TARGET"):
            os.environ[f"TALLY_{side}_URL"] = sandbox.url
            os.environ |= {f"TALLY_{side}_{part}": text for part, text in ACCOUNT.items()}
        presenter.say(f"An invented country stands on DHIS2 {generation} at {sandbox.url}.")
        _begin_with_the_example(home)
        presenter.say("\nThe first night: everything is new.")
        whole_run(home, NAME, {}, and_load=True, as_json=False)
        happened = next_night(sandbox.world)
        presenter.say(f"\nA day passes in the country: {_told(happened)}.")
        presenter.say("The second night: first the plan, then the load.")
        _second_night(home)
    _how_to_open(home)


def _begin_with_the_example(home: Deployment) -> None:
    folder = home.transfer_folder(NAME)
    for name, content in example_files().items():
        write_bytes(folder / name, content)
    presenter.say(f"written: {folder}, the example transfer as it stands")


def _second_night(home: Deployment) -> None:
    code = whole_run(home, NAME, {}, and_load=False, as_json=False)
    if code == ExitCode.DONE:
        load_run(home, NAME, None, {}, dry_run=False, resume=False, as_json=False)
        publish_run(home, NAME, as_json=False)


def _told(happened: dict[str, object]) -> str:
    return ", ".join(
        f"{number(many)} {what.replace('_', ' ')}"
        for what, many in happened.items()
        if isinstance(many, int) and not isinstance(many, bool) and what != "night"
    )


def _how_to_open(home: Deployment) -> None:
    run = find_run(home, NAME, None).path
    published = home.published(NAME) / "latest.duckdb"
    tally = f"TALLY_HOME={home.root} {_command()}"
    presenter.say(
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
    """Give the command as it is typed from here."""
    beside = Path(sys.executable).with_name("tally")
    if not beside.exists() or beside.parent in map(Path, os.get_exec_path()):
        return "tally"
    here = Path.cwd()
    return str(beside.relative_to(here) if beside.is_relative_to(here) else beside)


def _insist(generation: str) -> None:
    if generation not in GENERATIONS:
        raise UsageError(
            f"the sandbox cannot be DHIS2 {generation}",
            remedy=f"choose one of {', '.join(GENERATIONS)}",
        )
