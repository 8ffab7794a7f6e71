"""The run's log: one JSON line per event, ids and counts, never values, never secrets."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import structlog
from structlog.typing import EventDict, WrappedLogger

_SECRET = ("password", "token", "secret", "authorization", "cookie", "pat")
LOG_FILE = "log.jsonl"


def hide_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Put stars in the place of whatever has a secret's name."""
    return {key: "***" if _is_secret(key) else value for key, value in event.items()}


def _is_secret(key: str) -> bool:
    return any(part == name for part in key.lower().split("_") for name in _SECRET)


@contextmanager
def logging_into(folder: Path) -> Iterator[None]:
    """Send events to the log.jsonl of a run; when the block ends the file is closed."""
    path = folder / LOG_FILE
    path.touch(mode=0o640, exist_ok=True)
    with path.open("a", encoding="utf-8", buffering=1) as stream:
        _send_to(stream, logging.INFO)
        try:
            yield
        finally:
            log_to_stderr()


def log_to_stderr() -> None:
    """Send warnings to stderr, and nothing else."""
    _send_to(sys.stderr, logging.WARNING)


def _send_to(stream: TextIO, level: int) -> None:
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
