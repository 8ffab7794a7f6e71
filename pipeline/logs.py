"""The run's log: one JSON line per event, ids and counts, never values, never secrets."""

import logging
import sys
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


def start_log(folder: Path | None, *, debug: bool = False) -> None:
    """Send events to the run's log.jsonl; without a folder, to stderr and only warnings."""
    stream: TextIO = sys.stderr
    level = logging.DEBUG if debug else logging.INFO
    if folder is not None:
        path = folder / LOG_FILE
        path.touch(mode=0o640, exist_ok=True)
        stream = path.open("a", encoding="utf-8")
    else:
        level = logging.WARNING
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
