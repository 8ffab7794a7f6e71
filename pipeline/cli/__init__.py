"""The command line: one command a stage, results on stdout, letters on stderr."""

import signal
import sys
import traceback
from types import FrameType
from typing import Annotated

import typer

from pipeline import __version__
from pipeline.cli import analysts, reading, stages, trying
from pipeline.errors import ExitCode, TallyError
from pipeline.logs import log_to_stderr

app = typer.Typer(
    name="tally",
    help="Move counts from DHIS2 tracker programs into aggregate data values.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=False,
)
COMMANDS = (
    *(stages.init, stages.verify, stages.extract, stages.transform, stages.plan, stages.load),
    *(stages.run, reading.report, reading.publish, reading.runs, reading.changes),
    *(reading.history, analysts.sql, analysts.export, trying.sandbox, trying.demo),
)
for _command in COMMANDS:
    app.command()(_command)


@app.callback(invoke_without_command=True)
def tally(
    *, version: Annotated[bool, typer.Option("--version", help="Tell the version.")] = False
) -> None:
    """Move counts from DHIS2 tracker programs into aggregate data values."""
    if version:
        typer.echo(f"tally {__version__}")
        raise typer.Exit


class _Terminated(BaseException):
    """Somebody asked the process to end."""


def _terminate(_number: int, _frame: FrameType | None) -> None:
    raise _Terminated


def main() -> None:
    """Run a command and end with the exit code that tells how it went."""
    signal.signal(signal.SIGTERM, _terminate)
    log_to_stderr()
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
