"""Say on what machine, and with which versions, something was measured."""

import os
import platform
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from pipeline import __version__


def machine(libraries: Iterable[str]) -> list[str]:
    """Give the day and the machine on one line, the versions on another; no host is named."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{name} {version(name)}" for name in libraries)
    return [
        (
            f"{datetime.now(tz=UTC):%Y-%m-%d}, {_processor()}, {os.cpu_count()} cores, "
            f"{memory:.0f} GiB, {platform.system()} {platform.machine()}"
        ),
        f"Tally {__version__}, Python {platform.python_version()}, {versions}",
    ]


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown processor"
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else "unknown processor"
