"""What one stage leaves in the run's folder for the next: JSON that is written and read here."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self, TypeVar

from pydantic import BeforeValidator, TypeAdapter, ValidationError

from pipeline.files.whole import damaged, read_json_or_nothing, write_json
from pipeline.run.folder import RunFolder
from pipeline.store.records import SnapshotChange

Moment = Annotated[datetime, BeforeValidator(datetime.fromisoformat)]


@dataclass(frozen=True)
class Record:
    """A JSON file of a run: its name, and the command that makes it.

    A key that an older Tally did not write takes the default of its field; one that a newer
    Tally wrote is left aside.
    """

    FILE: ClassVar[str]
    MADE_BY: ClassVar[str]

    def as_record(self) -> dict[str, Any]:
        """The record as JSON keeps it."""
        members = asdict(self)
        return {name: _written(value) for name, value in members.items()}

    @classmethod
    def from_record(cls, record: object, _path: Path) -> Self:
        """The record that this JSON is; raises `ValidationError` when it is none."""
        return _read_as(cls, record)


Kind = TypeVar("Kind", bound=Record)


@dataclass(frozen=True)
class Extract(Record):
    """What a complete extract asked and learned; written last, it is the mark of completeness.

    `org_units` are the source's, as asked. `unknown_indicators`: those the server could not run
    when asked alone, with its sentence. `silent_indicators`: those without any row, which the
    server confirmed when asked alone. `categories`: per indicator, what it was asked with.
    `only_org_units` and `only_periods`: what the run was limited to. `option_filters`: a hash of
    those of each disaggregated indicator.
    """

    FILE = "extract.json"
    MADE_BY = "extract"

    run_id: str
    started_at: Moment
    periods: list[str]
    period_type: str
    org_units: list[str]
    levels: dict[str, int]
    categories: dict[str, list[str]]
    unknown_indicators: dict[str, str]
    silent_indicators: list[str]
    source_system_id: str
    source_version: str
    target_system_id: str
    target_version: str
    source_account: str
    target_account: str
    analytics_built: str
    filters: list[str] = field(default_factory=list)
    only_org_units: list[str] = field(default_factory=list)
    only_periods: list[str] = field(default_factory=list)
    option_filters: dict[str, str] = field(default_factory=dict)

    @property
    def is_narrow(self) -> bool:
        """Whether the run is about a part of the transfer only, as somebody asked."""
        return bool(self.only_org_units or self.only_periods)


@dataclass(frozen=True)
class TransformRecord(Record):
    """What became of a run's rows: `rows` = `accepted` + `rejects`, `values` distinct cells.

    `change`: against the snapshot before. `undoes`: the run that this one sets back, of which
    nothing came from tracker.
    """

    FILE = "transform.json"
    MADE_BY = "transform"

    run_id: str
    rows: int
    accepted: int
    rejects: int
    values: int
    mapping_rows: int
    mapping_hash: str
    change: Annotated[SnapshotChange | None, BeforeValidator(lambda record: record or None)] = None
    undoes: str | None = None

    @property
    def is_undo(self) -> bool:
        """Whether the run sets another one back."""
        return self.undoes is not None

    def as_record(self) -> dict[str, Any]:
        """The record as JSON keeps it; `undoes` is there only where something is undone."""
        record = {**vars(self), "change": self.change._asdict() if self.change else {}}
        return record if self.is_undo else {k: v for k, v in record.items() if k != "undoes"}


@dataclass(frozen=True)
class LoadRecord(Record):
    """What became of a plan: every planned cell has one outcome.

    `already`: it was loaded before this command; nothing was sent. `unknown_indicators`: those
    that the server could not run, with its sentence; all their cells were held.
    """

    FILE = "load.json"
    MADE_BY = "load"

    run_id: str
    counts: dict[str, int]
    adopted: int
    closed: int
    requests: int
    already: bool = False
    unknown_indicators: dict[str, str] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether everything that was planned is in the target."""
        return not (self.counts["drifted"] or self.counts["refused"])

    @property
    def is_complete(self) -> bool:
        """Whether it is whole, and no cell was held because its indicator could not be run."""
        return self.is_whole and not self.unknown_indicators

    def as_record(self) -> dict[str, Any]:
        """The record as JSON keeps it; `unknown_indicators` is there only where there are some."""
        record = super().as_record()
        if not self.unknown_indicators:
            del record["unknown_indicators"]
        return record


def write_record(run: RunFolder, record: Record) -> None:
    """Leave a record in the run's folder, whole or not at all."""
    write_json(run.path / record.FILE, record.as_record())


def read_record(run: RunFolder, kind: type[Kind]) -> Kind:
    """The record of this kind, which must be there.

    Raises `UsageError` with the command that makes it, `RefusedError` when it is damaged.
    """
    path = run.require(kind.FILE, kind.MADE_BY)
    return _made(kind, run.read_json(kind.FILE, kind.MADE_BY), path, run.remake(kind.MADE_BY))


def find_record(run: RunFolder, kind: type[Kind]) -> Kind | None:
    """The record of this kind, None where the run has none; raises `RefusedError` when damaged."""
    path = run.path / kind.FILE
    record = read_json_or_nothing(path)
    return None if record is None else _made(kind, record, path, "set that run's folder aside")


def has_record(run: RunFolder, kind: type[Record]) -> bool:
    """Whether the stage that leaves this record is done."""
    return (run.path / kind.FILE).exists()


def _made(kind: type[Kind], record: object, path: Path, remedy: str) -> Kind:
    try:
        return kind.from_record(record, path)
    except ValidationError:
        raise damaged(path, remedy) from None


def _read_as(kind: type[Kind], record: object) -> Kind:
    shape: Any = kind  # mypy takes a class for unhashable
    made: Kind = _adapter(shape).validate_python(record)
    return made


@cache
def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _written(value: object) -> object:
    """A member as JSON has it: a moment as text, a tuple as a list."""
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
