"""Let villages live until the time is up, and say what they went through: `make campaign`."""

import argparse
import logging
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import stamina
import structlog

from pipeline.text.wording import number
from tests.campaign.tables import read_mangled
from tests.killing.at_random import kill_once
from tests.laws.history import Figures, live
from tests.support.machine import machine
from tests.support.village import village

HERE = Path(__file__).parent
GENERATIONS = ("2.42", "2.43")
KILLS = (3, 6)  # of eight seeds, one of each generation
NIGHTS = 6
_TABLES_AT_A_TIME = 250
LIBRARIES = ("polars", "duckdb", "httpx")


@dataclass
class Loss:
    """A history that did not end as it must."""

    seed: int
    told: str


@dataclass
class Campaign:
    """What all histories so far went through."""

    tables: int = 0
    lines_lost: list[str] = field(default_factory=list)
    histories: int = 0
    figures: Figures = field(default_factory=Figures)
    losses: list[Loss] = field(default_factory=list)

    def add(self, seed: int, lived: Figures | str) -> None:
        """Count one more history."""
        self.histories += isinstance(lived, str) or not lived.kills
        if isinstance(lived, str):
            self.losses.append(Loss(seed, lived))
        else:
            self.figures += lived


def live_once(seed: int) -> Figures | str:
    """Let one village live; give what it went through, or what went wrong.

    Every second village is of the new generation, and every third has no faults. Every fourth
    seed kills a night instead, and lets it go on.
    """
    if seed % 8 in KILLS:
        lost = kill_once(seed, GENERATIONS[seed % 2])
        return lost or Figures(kills=1)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with (
        TemporaryDirectory() as folder,
        stamina.set_testing(True, attempts=3, cap=True),
        village(Path(folder), GENERATIONS[seed % 2]) as post,
    ):
        try:
            return live(post, seed, NIGHTS, faults=0.7 if seed % 3 else 0.0)
        except Exception as error:  # noqa: BLE001  # whatever it is, the campaign tells it
            return "\n".join([f"{type(error).__name__}: {error}", *getattr(error, "__notes__", [])])


def seeds(first: int, seconds: float) -> Iterator[int]:
    """Give one seed after the other until the time is up."""
    end = time.monotonic() + seconds
    for seed in count(first):
        if time.monotonic() >= end:
            return
        yield seed


def main(arguments: list[str]) -> int:
    """Run the campaign as the arguments say; 1 when a history ended in a loss."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30, help="how long")
    parser.add_argument("--seed", type=int, default=1, help="the first village's")
    parser.add_argument("--tables", type=int, default=10_000, help="mangled tables to read first")
    parser.add_argument("--workers", type=int, default=2, help="villages at a time")
    parser.add_argument("--to", type=Path, default=HERE / "figures.md", help="where to write")
    asked = parser.parse_args(arguments)
    campaign = Campaign(tables=asked.tables)
    with ProcessPoolExecutor(asked.workers) as pool:
        firsts = [*range(asked.seed, asked.seed + asked.tables, _TABLES_AT_A_TIME)]
        lasts = [*firsts[1:], asked.seed + asked.tables]
        for lost in pool.map(read_mangled, firsts, lasts):
            campaign.lines_lost += lost
        waiting: dict[int, Future[Figures | str]] = {}
        for seed in seeds(asked.seed, asked.minutes * 60):
            waiting[seed] = pool.submit(live_once, seed)
            if len(waiting) > asked.workers:
                _take(campaign, waiting, min(waiting))
        for seed in sorted(waiting):
            _take(campaign, waiting, seed)
    asked.to.write_text(as_markdown(campaign, asked.seed, asked.minutes), encoding="utf-8")
    sys.stdout.write(asked.to.read_text(encoding="utf-8"))
    return 1 if campaign.losses or campaign.lines_lost else 0


def _take(campaign: Campaign, waiting: dict[int, "Future[Figures | str]"], seed: int) -> None:
    lived = waiting.pop(seed).result()
    campaign.add(seed, lived)
    if isinstance(lived, str):
        sys.stdout.write(f"seed {seed}: {lived}\n")


def as_markdown(campaign: Campaign, seed: int, minutes: float) -> str:
    """Write figures.md."""
    figures = campaign.figures
    lines = [
        "# What a campaign went through",
        "",
        (
            "Written by `make campaign`. Villages live on sandboxes of both generations: tracker "
            "counts, corrects and forgets, people type over numbers, into empty cells and remove "
            "them, months and mappings change, servers and proxies fail. After every night the "
            "form and the ledger are compared, cell by cell, with a slow oracle in plain Python "
            "(`tests/laws/memory.py`), and every number that a person typed is still there. "
            "Other nights are killed at a place drawn by lot and gone on with; target, ledger and "
            "publication are then those of a night that nothing happened to."
        ),
        "",
        *[f"* {line}" for line in machine(LIBRARIES)],
        f"* {minutes:g} minutes, seeds from {seed}",
        "",
        "| what | how often |",
        "| --- | ---: |",
        f"| histories | {number(campaign.histories)} |",
        f"| nights of Tally | {number(figures.nights)} |",
        f"| faults on the way | {number(figures.faults)} |",
        f"| of these, nights that ended in a letter | {number(figures.letters)} |",
        f"| numbers that people typed or removed | {number(figures.typed)} |",
        f"| numbers that Tally wrote | {number(figures.written)} |",
        f"| nights killed with SIGKILL at a named place, and gone on with | {figures.kills} |",
        f"| losses: a number wrong, lost, or taken from a person | {len(campaign.losses)} |",
        "",
        *[f"Seed {loss.seed}: {loss.told}\n" for loss in campaign.losses],
        (
            "Before that, tables were mangled and read: stray quotes, cut and blank rows, lines "
            "above the header, other separators and encodings. Each line is a row, or is "
            "complained about (`tests/laws/mangling.py`)."
        ),
        "",
        "| what | how often |",
        "| --- | ---: |",
        f"| mangled tables | {number(campaign.tables)} |",
        f"| lines that were lost or made up | {len(campaign.lines_lost)} |",
        "",
        *[f"{told}\n" for told in campaign.lines_lost],
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
