"""What do people type? One command a stage; results on stdout, letters on stderr."""

import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from importlib.util import find_spec
from inspect import signature
from types import FrameType
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from pipeline import __version__
from pipeline.cli import analysts, housekeeping, reading, setting_up, stages, trying
from pipeline.run.logs import log_to_stderr
from pipeline.text.errors import ExitCode, TallyError, UsageError
from pipeline.text.streams import open_streams


class OneScreen(TyperGroup):
    """The list of commands without what every command line has: a usage and two options."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401  # as below
        """Leave the line out: what it says, the list of commands says better."""

    def format_options(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401  # Typer's own, and hidden
        """List the commands alone, so that all of them fit a screen."""
        self.format_commands(ctx, formatter)


ONWARDS = "give the command again; a load that had begun goes on with --resume"
ABOUT = "Move counts from DHIS2 tracker to aggregate. More: tally COMMAND --help."
app = typer.Typer(
    name="tally",
    cls=OneScreen,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=False,
)
COMMANDS = (
    *(setting_up.init, setting_up.verify, stages.extract, stages.transform, stages.plan),
    *(stages.load, stages.run, reading.report, analysts.publish, reading.runs, reading.show),
    *(reading.changes, reading.history, reading.conflicts, analysts.sql, analysts.export),
    *(housekeeping.undo, housekeeping.prune, housekeeping.restore, trying.sandbox, trying.demo),
)
# make has none: their arguments are words of their own
WITHOUT_TARGET = {"changes", "history", "sql", "export"}


def _target(command: Callable[..., None]) -> str | None:
    """The line of help that names the make target of a command."""
    of_transfer = " TRANSFER=name" if "name" in signature(command).parameters else ""
    name = command.__name__
    return None if name in WITHOUT_TARGET else f"Also: make {name}{of_transfer}"


for _command in COMMANDS:
    app.command(epilog=_target(_command))(_command)


@app.callback(invoke_without_command=True, help=ABOUT)
def tally(
    *, version: Annotated[bool, typer.Option("--version", help="Tell the version.")] = False
) -> None:
    """Tell the version, when that is asked."""
    if version:
        typer.echo(f"tally {__version__}")
        raise typer.Exit
    if find_spec("fcntl") is None:  # a run is locked with it, and its files have an owner
        raise UsageError("Tally runs on Linux and macOS", remedy="on Windows, use WSL")


class _Interrupted(BaseException):
    """Somebody asked the process to end, by a signal."""


SIGNALS = {  # Typer itself ends a command that Ctrl-C stopped without a word
    signal.SIGINT: (ExitCode.INTERRUPTED, "interrupted"),
    signal.SIGTERM: (ExitCode.TERMINATED, "terminated"),
}


def _on_signal(number: int, _frame: FrameType | None) -> None:
    raise _Interrupted(number)


def main() -> None:
    """Run a command and end with the exit code that tells how it went.

    Whatever it writes is read by nobody but its owner and their group.
    """
    os.umask(os.umask(0o777) | 0o027)
    open_streams()
    _leave(obey())


def obey() -> int:
    """Run the command that was given, write letters to stderr, and return its exit code."""
    for number in SIGNALS:
        signal.signal(number, _on_signal)
    log_to_stderr()
    try:
        app(standalone_mode=True)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else ExitCode.DONE
    except TallyError as letter:
        _write(f"tally: {letter}")
        return letter.exit_code
    except _Interrupted as blow:
        code, word = SIGNALS[blow.args[0]]
        _write(f"tally: {word}; nothing is half-written: {ONWARDS}")
        return code
    except OSError as fault:
        _write(
            f"tally: the disk or the system refused: {fault.strerror or fault}\n"
            f"  where: {fault.filename or 'unknown'}\n"
            "  to do: make room or mend the permissions, then run the same command again"
        )
        return ExitCode.UNAVAILABLE
    except Exception:  # noqa: BLE001  # the last door: everything else is a bug of ours
        _write("tally: this is a bug of ours; please report the lines below\n")
        _write(traceback.format_exc(limit=-8))
        return ExitCode.BUG
    return ExitCode.DONE


def _leave(code: int) -> None:
    """End the process, also while a thread still waits for a server that does not answer."""
    sys.stdout.flush()
    sys.stderr.flush()
    if any(not thread.daemon for thread in threading.enumerate()[1:]):
        os._exit(code)
    sys.exit(code)


def _write(text: str) -> None:
    sys.stderr.write(f"{text}\n")
