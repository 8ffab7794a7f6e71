"""The run's log: one JSON line per event, ids and counts, never values, never secrets."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

from pipeline.files.lines import append_text

_SECRET = ("password", "token", "secret", "authorization", "cookie", "pat")
LOG_FILE = "log.jsonl"


def hide_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Put stars in the place of whatever has a secret's name."""
    return {key: "***" if _is_secret(key) else value for key, value in event.items()}


def _is_secret(key: str) -> bool:
    return any(part == name for part in key.lower().split("_") for name in _SECRET)


class _RunLog:
    """A file of which every line is whole, and that is closed between two of them."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, text: str) -> None:
        """Add a line."""
        append_text(self._path, text)

    def flush(self) -> None:
        """Know that it is on the disk already."""


@contextmanager
def logging_into(folder: Path) -> Iterator[None]:
    """Send events to the log.jsonl of a run, until the block ends."""
    _send_to(_RunLog(folder / LOG_FILE), logging.INFO)
    try:
        yield
    finally:
        log_to_stderr()


def log_to_stderr() -> None:
    """Send errors to stderr, and nothing else: what happens on the way is for a run's log."""
    _send_to(sys.stderr, logging.ERROR)


def _send_to(stream: Any, level: int) -> None:  # noqa: ANN401  # what writes and flushes
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            hide_secrets,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
