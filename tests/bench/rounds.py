"""One round: all programs move the country's counts, on a first night and on the two next."""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from urllib.request import Request, urlopen

import polars as pl

from tests.bench.country import (
    DATA_SET,
    KEY,
    MONTHS,
    expected,
    sources,
    write_mapping,
)

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
NIGHTS = ("first", "second", "same")
PROGRAMS = ("tally", "plain", "careful")
NAME = "bench"
# A night on which tracker counts a thousandth less is a usual one here.
GUARDS = "[guards]\nmax_retractions = 1000000\n"


class Phase(NamedTuple):
    """A part of a run: seconds on the clock, and of CPU."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Cost:
    """What one run of a program cost: seconds, bytes, requests; and what it left in the form.

    `wrong` and `stale` count cells of the form that hold another number than tracker, and cells
    that tracker counts nothing for. `phases` are Tally's, by name.
    """

    program: str
    night: str
    wall: float
    cpu: float
    peak: int
    gets: int
    posts: int
    bytes_received: int
    bytes_sent: int
    values: int
    missing: int
    wrong: int
    stale: int
    phases: dict[str, Phase]


@dataclass(frozen=True)
class Bench:
    """A running stub, the country it counts, and a folder for the programs to work in."""

    address: str
    rows: pl.DataFrame
    folder: Path
    version: str

    def round(self, number: int, programs: tuple[str, ...] = PROGRAMS) -> list[Cost]:
        """Let each program do all nights, in turns; who begins changes from round to round."""
        order = programs if number % 2 == 0 else programs[::-1]
        return [self._run(program, night, number) for night in NIGHTS for program in order]

    def _run(self, program: str, night: str, number: int) -> Cost:
        home = self.folder / f"round-{number}"
        mapping = home / "data/transfers" / NAME / "mappings" / "data_elements.csv"
        write_mapping(mapping)
        write_transfer(mapping.parents[1] / "transfer.toml")
        server = f"{self.address}/{program}"
        ask(f"{server}/night/{night}?version={self.version}", post=True)
        command = {
            "tally": ["-m", "pipeline", "run", NAME, "--load", "--json"],
            "plain": [str(HERE / "plain_script.py"), server, str(mapping), *MONTHS],
            "careful": [
                *(str(HERE / "careful_script.py"), server, str(mapping)),
                *(str(home / "past.parquet"), *MONTHS),
            ],
        }[program]
        cost = timed(command, environment(home, server))
        told = json.loads(ask(f"{server}/told"))
        form = read_form(server)
        phases = read_phases(home, cost) if program == "tally" else {}
        return Cost(program, night, **cost, **told, **judged(form, self.rows, night), phases=phases)


@contextmanager
def serving(values: int) -> Iterator[str]:
    """Run the stub in a process of its own; give its address."""
    command = [sys.executable, "-m", "tests.bench.stub_server", str(values)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as stub:
        assert stub.stdout is not None
        try:
            yield stub.stdout.readline().strip()
        finally:
            stub.terminate()


def environment(home: Path, server: str) -> dict[str, str]:
    """Give both programs what they need to find their server.

    Modules are compiled once and kept, as on a machine where Tally was installed.
    """
    return os.environ | {
        "PYTHONDONTWRITEBYTECODE": "",
        "TALLY_HOME": str(home),
        "DHIS2_URL": server,
        "DHIS2_USERNAME": "tally",
        "DHIS2_PASSWORD": "district",
    }


def timed(command: list[str], environment: dict[str, str]) -> dict[str, Any]:
    """Run Python with some arguments; give wall and cpu seconds, and peak memory in bytes."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(HERE / "timed.py"), sys.executable, *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    cost: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    if cost.pop("exit_code"):
        raise AssertionError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return cost


def ask(address: str, *, post: bool = False) -> bytes:
    """Ask the stub itself; its answers are packed."""
    with urlopen(Request(address, data=b"" if post else None)) as answer:  # noqa: S310  # loopback
        return gzip.decompress(answer.read())


def read_form(server: str) -> pl.DataFrame:
    """Read what the form holds: KEY and value."""
    periods = "&".join(f"period={month}" for month in MONTHS)
    body = ask(f"{server}/api/dataValueSets.csv?dataSet={DATA_SET}&{periods}")
    return pl.read_csv(body, infer_schema=False).select(
        data_element="dataelement",
        period="period",
        org_unit="orgunit",
        category_option_combo="categoryoptioncombo",
        value=pl.col("value").cast(pl.Int64),
    )


def judged(form: pl.DataFrame, rows: pl.DataFrame, night: str) -> dict[str, int]:
    """Compare a form with what tracker counts: cells that are missing, wrong, and stale."""
    both = expected(rows, night).join(
        form.rename({"value": "held"}), on=KEY, how="full", coalesce=True, validate="1:1"
    )
    return both.select(
        missing=pl.col("held").is_null().sum(),
        wrong=(pl.col("held") != pl.col("value")).sum(),
        stale=pl.col("value").is_null().sum(),
    ).row(0, named=True)


def read_phases(home: Path, whole: Mapping[str, float]) -> dict[str, Phase]:
    """Read out of the newest run's log where Tally's time went."""
    run = max((home / "data/runs" / NAME).iterdir())
    lines = [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
    stages = {
        one["stage"]: Phase(one["seconds"], one["cpu_seconds"])
        for one in lines
        if one["event"] == "ends"
    }
    wall, cpu = (sum(part) for part in zip(*stages.values(), strict=True))
    return {"start and end": Phase(whole["wall"] - wall, whole["cpu"] - cpu), **stages}


def write_transfer(path: Path) -> None:
    """Write the configuration of the transfer."""
    indicators = ", ".join(f'"{one.indicator}"' for one in sources())
    path.write_text(
        f"[source]\nprogram_indicators = [{indicators}]\n"
        f'[target]\ndata_sets = ["{DATA_SET}"]\n'
        f"[periods]\nlast = {len(MONTHS)}\n"
        f"[org_units]\nlevel = 3\n{GUARDS}"
    )
