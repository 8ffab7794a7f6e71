"""Measure Tally against a plain script, and write results.md: `make bench`."""

import argparse
import os
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.bench.country import counted, expected
from tests.bench.results import as_markdown, in_two_lines, quoted, ratio
from tests.bench.rounds import HERE, NIGHTS, ROOT, Bench, Cost, environment, serving, timed
from tests.support.machine import machine

RESULTS, README = HERE / "results.md", ROOT / "README.md"
LIBRARIES = ("polars", "duckdb", "httpx", "isal", "requests")


def main(arguments: list[str]) -> int:
    """Measure as the arguments say; 1 when a form does not hold what it should."""
    asked = _read(arguments)
    rows = counted(asked.values)
    values = expected(rows, "first").height
    costs: list[Cost] = []
    load = os.getloadavg()[0]
    with TemporaryDirectory() as folder, serving(asked.values) as address:
        bench = Bench(address, rows, Path(folder), asked.server)
        for number in range(asked.rounds + 1):
            for cost in bench.round(number):
                _tell(cost, number)
                if number:
                    costs.append(cost)
        start_up = [_start_up(Path(folder), address)]
    text = as_markdown(
        costs, values=values, machine=_machine(asked.server, load), start_up=start_up
    )
    asked.to.write_text(text, encoding="utf-8")
    if asked.to == RESULTS and not any(_is_false(cost) for cost in costs):
        lines = in_two_lines(costs, values=values)
        README.write_text(quoted(README.read_text(encoding="utf-8"), lines), encoding="utf-8")
    for night in NIGHTS:
        _say(
            f"{night} night: the plain script needs {ratio(costs, night, 'cpu'):.2f} times the CPU"
        )
    _say(f"written to {asked.to}")
    return 1 if any(_is_false(cost) for cost in costs) else 0


def _read(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--values", type=int, default=1_000_000, help="about so many")
    parser.add_argument("--rounds", type=int, default=5, help="counted ones")
    parser.add_argument("--server", default="2.42.4", help="the version it says to be")
    parser.add_argument("--to", type=Path, default=RESULTS, help="where to write")
    return parser.parse_args(arguments)


def _tell(cost: Cost, number: int) -> None:
    _say(
        f"round {number} {cost.night:6} {cost.program}: {cost.cpu:6.2f} s CPU, "
        f"{cost.wall:6.2f} s, {cost.peak / 10**6:5.0f} MB; "
        f"{cost.missing} missing, {cost.wrong} wrong, {cost.stale} stale"
    )


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _is_false(cost: Cost) -> bool:
    """Tell whether a form is not as it should be; a plain script leaves stale cells, we do not."""
    return bool(cost.missing or cost.wrong or (cost.stale and cost.program == "tally"))


def _start_up(folder: Path, address: str) -> str:
    runs = [timed(["-m", "pipeline", "--help"], environment(folder, address)) for _ in range(5)]
    cpu, wall = (median(run[what] for run in runs) for what in ("cpu", "wall"))
    return f"`tally --help`: {cpu:.2f} s CPU, {wall:.2f} s on the clock"


def _machine(server: str, load: float) -> list[str]:
    day, versions = machine(LIBRARIES)
    return [
        f"{day}; it had {load:.1f} processes at work before the first round (0 is quiet)",
        f"{versions}; the stub says it is DHIS2 {server}",
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
