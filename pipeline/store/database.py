"""The one door to DuckDB: a file that only its owner may read, and letters when it fails."""

import atexit
import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from pipeline.store.rules.messages import place_of, sentences_of
from pipeline.text.errors import LockedError, RefusedError, TallyError, UnavailableError, UsageError

# Analysts have clients that are older than ours; this format is read by DuckDB 1.2 and later.
STORAGE_VERSION = "v1.2.0"
_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "storage_compatibility_version": STORAGE_VERSION,
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "python_enable_replacements": "false",
    "memory_limit": "2GB",
}

_OUR_FAULTS = (
    duckdb.ProgrammingError,
    duckdb.DataError,
    duckdb.IntegrityError,
    duckdb.NotSupportedError,
)


def private_folder(folder: Path) -> None:
    """Make a folder, and those above it, that its owner may write and its group may read."""
    for path in reversed([folder, *folder.parents]):
        if not path.exists():
            path.mkdir(mode=0o750)


@contextmanager
def open_database(
    path: Path | None, *, read_only: bool = False
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database that only its owner may read (None: in memory), and write it letters.

    Whatever was begun and not committed when an error passes is as if it never was.
    """
    with (
        _letters(path, read_only=read_only),
        duckdb.connect(path or ":memory:", read_only, _SETTINGS) as database,
    ):
        database.execute("set TimeZone = 'UTC'")
        yield database


@contextmanager
def open_often(path: Path, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database that is there already, as `open_database` does, in a fifth of the time.

    It is one of several of the process's own engine, so no view may be made in it: DuckDB would
    remember what this process calls it.
    """
    name = f"store_{next(_NUMBERS)}"
    how = " (read_only)" if read_only else ""
    with _letters(path, read_only=read_only):
        _engine().execute(f"attach {literal(str(path))} as {name}{how}")
        try:
            with _engine().cursor() as database:
                database.execute(f"set TimeZone = 'UTC'; use {name}")
                yield database
        finally:
            _engine().execute(f"detach {name}")


_NUMBERS = count()


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(":memory:", config=_SETTINGS)


atexit.register(_engine.cache_clear)  # left to the interpreter's end, it complains on stderr


@contextmanager
def _letters(path: Path | None, *, read_only: bool) -> Iterator[None]:
    private = nullcontext() if read_only else _files_for_the_owner_only()
    try:
        with private:
            yield
    except duckdb.Error as error:
        if isinstance(error, duckdb.FatalException):
            _engine.cache_clear()
        if (letter := _letter(error, path)) is None:
            raise
        raise letter from error


@contextmanager
def open_for_questions(path: Path, question: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a finished file that one question may read, and nothing else on this machine.

    What the question gets wrong is in a letter with the place where it stands.
    """
    with TemporaryDirectory(prefix="tally-") as folder:
        locked = {"enable_external_access": "false", "temp_directory": folder}
        try:
            with duckdb.connect(path, read_only=True, config=_SETTINGS | locked) as database:
                database.execute("set TimeZone = 'UTC'")
                database.execute("set lock_configuration = true")
                yield database
        except duckdb.Error as error:
            raise _answer_to(error, path, question) from error


@contextmanager
def _files_for_the_owner_only() -> Iterator[None]:
    umask = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(umask)


def literal(text: str) -> str:
    """Quote a text for the few statements that take no binds."""
    return "'" + text.replace("'", "''") + "'"


def _letter(error: duckdb.Error, path: Path | None) -> TallyError | None:
    """The letter of what befell the file; a fault of our own SQL gets none."""
    message = str(error)
    where = str(path)
    if "Could not set lock" in message or "Conflicting lock" in message:
        remedy = "close the other program, or wait until it ends"
        return LockedError("another process has the store open", where=where, remedy=remedy)
    if "No space left" in message:
        remedy = "make room on the disk, then give the same command again; nothing is lost"
        return UnavailableError("the disk is full", where=where, remedy=remedy)
    if isinstance(error, _OUR_FAULTS):
        return None
    return RefusedError(
        f"the store cannot be read: {message.splitlines()[0]}",
        where=where,
        remedy="`tally restore NAME` makes it anew from the last publication, and keeps this file",
    )


def _answer_to(error: duckdb.Error, path: Path, question: str) -> TallyError:
    """The letter of what is wrong with the question, or of what befell the file."""
    what, where = sentences_of(str(error)), place_of(str(error), question)
    if isinstance(error, duckdb.PermissionException):
        what = f"a question can read nothing outside of the publication: {what}"
        return UsageError(what, where=where, remedy="ask only what `show tables` lists")
    if isinstance(error, duckdb.TransactionException):  # `from force_checkpoint()` is one
        what = f"a question may only read, so this one was refused: {what}"
        return UsageError(what, where=where, remedy="ask only what `show tables` lists")
    if isinstance(error, duckdb.OutOfMemoryException):
        remedy = "ask for fewer rows or columns at a time, or sum them up"
        return UnavailableError("the question needs more memory than there is", remedy=remedy)
    if isinstance(error, _OUR_FAULTS):
        what = f"the question cannot be answered: {what}"
        remedy = "`show tables` lists what there is, and `describe NAME` its columns"
        return UsageError(what, where=where, remedy=remedy)
    return RefusedError(
        f"the publication cannot be read: {what}",
        where=str(path),
        remedy="`tally publish NAME` writes the newest run's again",
    )
