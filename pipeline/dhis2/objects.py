"""Read metadata objects from a server, and lay them out as checked frames."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

import polars as pl

from pipeline.dhis2.http.client import Client
from pipeline.text.errors import ServerError, TooLargeError, UsageError
from schemas.checking import failures
from schemas.metadata import Json, Metadata

# Ids in one address: 1.2 KiB of the 8 KiB that containers take (docs/dhis2.md, Limits).
BATCH = 100


def read_all(client: Client, plural: str, fields: str) -> list[Json]:
    """Read all objects of a kind that the account may see."""
    return _read(client, plural, [("fields", fields)])


def read_some(client: Client, plural: str, fields: str, ids: Sequence[str]) -> list[Json]:
    """Read objects by their ids, in that order.

    Raises `UsageError` that names those that do not come back: an account is not told whether an
    object is not there or not for it to see.
    """
    found = find_some(client, plural, fields, ids)
    missing = [one for one in ids if one not in found]
    if missing:
        raise UsageError(
            f"the server shows no {plural} with id {', '.join(missing[:10])}",
            where=f"{client.connection.base}/api/{plural}",
            remedy="check the ids, and that the account may read them",
        )
    return [found[one] for one in ids]


def find_some(client: Client, plural: str, fields: str, ids: Sequence[str]) -> dict[str, Json]:
    """Read those of the objects that the account may see, by their ids.

    Where something on the way refuses so long a question, the ids are asked in halves.
    """
    batches = [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]
    found: dict[str, Json] = {}
    while batches:
        batch = batches.pop(0)
        among = ("filter", f"id:in:[{','.join(batch)}]")
        try:
            listed = _read(client, plural, [("fields", fields), among])
        except TooLargeError:
            half = len(batch) // 2
            if not half:
                raise
            batches[:0] = [batch[:half], batch[half:]]
        else:
            found |= {str(one.get("id")): one for one in listed}
    return found


def _read(client: Client, plural: str, parameters: list[tuple[str, str]]) -> list[Json]:
    body = client.get_json(plural, [*parameters, ("paging", "false")])
    listed = body.get(plural) if isinstance(body, dict) else None
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise ServerError(
            f"the server answered without a list of {plural}",
            where=f"{client.connection.base}/api/{plural}",
            remedy="look whether a proxy stands between, then run the same command again",
        )
    return listed


def id_of(one: Json, member: str) -> str | None:
    """The id of the object that a member refers to, if it refers to one."""
    referred = one.get(member)
    return referred.get("id") if isinstance(referred, dict) else None


def members(one: Json, name: str) -> list[Json]:
    """The list in a member; a member that is left out is an empty one."""
    return one.get(name) or []


def frame_of(
    model: type[Metadata], rows: Iterable[Mapping[str, object]], source: str
) -> pl.DataFrame:
    """Lay rows out as a frame that its model has checked, sorted by its first two columns.

    Raises `ServerError` that names `source` and the first thing that is wrong.
    """
    shape = {name: column.dtype.type for name, column in model.to_schema().columns.items()}
    try:
        converted = [
            {name: _as(kind, row.get(name)) for name, kind in shape.items()} for row in rows
        ]
        frame = pl.DataFrame(converted, schema=shape, orient="row").sort(list(shape)[:2])
    except (TypeError, ValueError, pl.exceptions.PolarsError) as error:
        raise _unfit(source, str(error).splitlines()[0]) from error
    if wrong := failures(frame, model):
        first = wrong[0]
        what = f"{first.column} {first.value!r} ({frame['id'][first.row]})"
        raise _unfit(source, f"{what if 'id' in shape else first.column} breaks {first.check}")
    return frame


def _as(kind: pl.DataType, value: object) -> object:
    """Read what JSON has for a column; servers write dates as texts and whole numbers as either."""
    if value is None:
        return None
    if kind == pl.Date:
        return day_of(value)
    if kind == pl.Datetime:
        return moment_of(value)
    return float(str(value)) if kind == pl.Float64 else value


def day_of(written: object) -> date | None:
    """Read the day of a date that a server wrote, as it stands there."""
    read = moment_of(written)
    return read.date() if read else None


def moment_of(written: object) -> datetime | None:
    """Read a moment by the server's own clock; a zone that is written is the server's."""
    return datetime.fromisoformat(str(written)).replace(tzinfo=None) if written else None


def _unfit(source: str, what: str) -> ServerError:
    return ServerError(
        f"the server's {source} cannot be used: {what}",
        where=source,
        remedy="mend that object in the Maintenance app, or leave it out of the transfer",
    )
