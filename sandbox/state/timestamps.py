"""How DHIS2 writes a time: to the millisecond, with its zone or without."""

from datetime import UTC, datetime


def local_time(when: datetime) -> str:
    """A time without its zone, as system info, jobs and data entry forms write it."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03}"


def zoned_time(when: datetime) -> str:
    """A time with its zone, as exported data values carry it."""
    return f"{local_time(when)}+0000"
