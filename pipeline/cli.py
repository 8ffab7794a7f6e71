"""The command line: one command a stage, results on stdout, letters on stderr."""

import os
import signal
import sys
import traceback
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from pipeline import __version__
from pipeline.errors import ExitCode, TallyError
from pipeline.logs import start_log
from pipeline.runs import Deployment

app = typer.Typer(
    name="tally",
    help="Move counts from DHIS2 tracker programs into aggregate data values.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=False,
)

Name = Annotated[str, typer.Argument(help="Name of the transfer (a folder in data/transfers).")]
Run = Annotated[str | None, typer.Option("--run", help="Id of a run; the newest when not given.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document for scripts.")]
Allow = Annotated[list[str] | None, typer.Option("--allow", help="Pass a guard that fired.")]
Reason = Annotated[str, typer.Option("--reason", help="Why the guard may be passed.")]


def deployment() -> Deployment:
    """Find the deployment: TALLY_HOME, or the folder where the command runs."""
    return Deployment(Path(os.environ.get("TALLY_HOME") or Path.cwd()))


@app.callback(invoke_without_command=True)
def tally(
    *, version: Annotated[bool, typer.Option("--version", help="Tell the version.")] = False
) -> None:
    """Move counts from DHIS2 tracker programs into aggregate data values."""
    if version:
        typer.echo(f"tally {__version__}")
        raise typer.Exit


@app.command()
def init(
    name: Name,
    *,
    suggest: Annotated[
        bool, typer.Option("--suggest", help="Fill the mapping from the servers' own hints.")
    ] = False,
) -> None:
    """Write a commented transfer.toml and empty mapping tables."""
    from pipeline.commands import begin_transfer

    begin_transfer(deployment(), name, suggest=suggest)


@app.command()
def verify(
    name: Name,
    *,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings count as errors.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check both servers, the account and the mapping before a run; write nothing."""
    from pipeline.commands import verify_transfer

    _end(verify_transfer(deployment(), name, strict=strict, as_json=as_json))


@app.command()
def extract(name: Name, *, as_json: AsJson = False) -> None:
    """Begin a run: ask the source what it counts, and keep every answer."""
    from pipeline.commands import extract_run

    extract_run(deployment(), name, as_json=as_json)


@app.command()
def transform(name: Name, run: Run = None, *, as_json: AsJson = False) -> None:
    """Make values of a run's responses; rows that become none are kept with a reason."""
    from pipeline.commands import transform_run

    transform_run(deployment(), name, run, as_json=as_json)


@app.command()
def plan(
    name: Name,
    run: Run = None,
    allow: Allow = None,
    reason: Reason = "",
    *,
    detailed_exitcode: Annotated[
        bool, typer.Option("--detailed-exitcode", help="Exit 3 when there is something to load.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Compare tracker, target and ledger; write down one action per cell. Nothing is sent."""
    from pipeline.commands import plan_run

    code = plan_run(deployment(), name, run, _allowed(allow, reason), as_json=as_json)
    if code == ExitCode.CHANGES_PENDING and not detailed_exitcode:
        code = ExitCode.DONE
    _end(code)


@app.command()
def load(
    name: Name,
    run: Run = None,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Ask the server what it would do; write nothing.")
    ] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on after an interruption.")] = False,
    as_json: AsJson = False,
) -> None:
    """Send exactly the newest plan, read it back, and keep the ledger."""
    from pipeline.commands import load_run

    _end(load_run(deployment(), name, run, dry_run=dry_run, resume=resume, as_json=as_json))


@app.command()
def run(
    name: Name,
    allow: Allow = None,
    reason: Reason = "",
    *,
    and_load: Annotated[
        bool, typer.Option("--load", help="Go on through load, publish and report.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Extract, transform and plan; with --load, load and publish unless a guard stops it."""
    from pipeline.commands import whole_run

    _end(whole_run(deployment(), name, _allowed(allow, reason), and_load=and_load, as_json=as_json))


@app.command()
def report(name: Name, run: Run = None) -> None:
    """Write run.md: what a run did, and what became of every cell."""
    from pipeline.commands import report_run

    report_run(deployment(), name, run)


@app.command()
def publish(name: Name, *, as_json: AsJson = False) -> None:
    """Give analysts the newest run as a read-only DuckDB file and as Parquet."""
    from pipeline.commands import publish_run

    publish_run(deployment(), name, as_json=as_json)


@app.command()
def runs(name: Name, *, as_json: AsJson = False) -> None:
    """List the runs of a transfer, the newest first."""
    from pipeline.commands import list_runs

    list_runs(deployment(), name, as_json=as_json)


@app.command()
def changes(name: Name, earlier: str, later: str, *, as_json: AsJson = False) -> None:
    """Tell what tracker changed between two runs."""
    from pipeline.commands import list_changes

    list_changes(deployment(), name, earlier, later, as_json=as_json)


@app.command()
def history(
    name: Name,
    cell: Annotated[
        str,
        typer.Argument(help="data element/period/org unit/option combo/attribute option combo"),
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Tell what one cell held, run by run."""
    from pipeline.commands import cell_history

    cell_history(deployment(), name, cell, as_json=as_json)


@app.command()
def sandbox(
    *,
    generation: Annotated[str, typer.Option(help="2.42 or 2.43: how it imports.")] = "2.42",
    port: Annotated[int, typer.Option(help="Port on this machine only.")] = 8085,
    seed: Annotated[int, typer.Option(help="Another seed, another country.")] = 1,
    day: Annotated[str, typer.Option("--date", help="Its today, as 2026-11-24.")] = "",
    world: Annotated[
        Path | None, typer.Option(help="Folder with another world: metadata.json, analytics/.")
    ] = None,
) -> None:
    """Serve a small invented country, or a recorded world, as a DHIS2 to try things on."""
    from pipeline.demo import serve_sandbox

    serve_sandbox(generation, port, seed, day, world=world)


@app.command()
def demo(
    *,
    generation: Annotated[str, typer.Option(help="2.42 or 2.43: how it imports.")] = "2.42",
) -> None:
    """Show two nights of transfer on the invented country, from nothing to a report."""
    from pipeline.demo import show_demo

    show_demo(deployment(), generation)


def _allowed(allow: list[str] | None, reason: str) -> dict[str, str]:
    if allow and not reason.strip():
        raise typer.BadParameter("--allow needs --reason; it is kept with the run")
    return dict.fromkeys(allow or [], reason)


def _end(code: ExitCode) -> None:
    if code != ExitCode.DONE:
        raise typer.Exit(int(code))


class _Terminated(BaseException):
    """Somebody asked the process to end."""


def _terminate(_number: int, _frame: FrameType | None) -> None:
    raise _Terminated


def main() -> None:
    """Run a command and end with the exit code that tells how it went."""
    signal.signal(signal.SIGTERM, _terminate)
    start_log(None)
    try:
        app(standalone_mode=True)
    except TallyError as letter:
        _write(f"tally: {letter}")
        sys.exit(int(letter.exit_code))
    except KeyboardInterrupt:
        _write("tally: interrupted; nothing is half-written, the same command can be run again")
        sys.exit(int(ExitCode.INTERRUPTED))
    except _Terminated:
        _write("tally: terminated; nothing is half-written, the same command can be run again")
        sys.exit(int(ExitCode.TERMINATED))
    except OSError as fault:
        _write(
            f"tally: the disk or the system refused: {fault.strerror or fault}\n"
            f"  where: {fault.filename or 'unknown'}\n"
            "  to do: make room or mend the permissions, then run the same command again"
        )
        sys.exit(int(ExitCode.UNAVAILABLE))
    except Exception:  # noqa: BLE001  # the last door: everything else is a bug of ours
        _write("tally: this is a bug of ours; please report the lines below\n")
        _write(traceback.format_exc(limit=-8))
        sys.exit(int(ExitCode.BUG))


def _write(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    main()
