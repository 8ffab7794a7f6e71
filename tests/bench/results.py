"""Tell what rounds cost: medians, and how many times less one program needs than the other."""

from collections.abc import Sequence
from statistics import median

from pipeline.text.wording import THIN, number
from tests.bench.rounds import NIGHTS, PROGRAMS, Cost

_NIGHT = {
    "first": "First load: every value is new",
    "second": "Nightly run: 1 % of the values changed in tracker",
    "same": "Nightly run: nothing changed in tracker",
}
_HOW = (
    "Written by `make bench`; `tests/bench/` has all of it. Tally as cron runs it (`tally run NAME "
    "--load`: extract, transform, plan, load, confirm, publish) against `plain_script.py`, which "
    "asks for a month at a time, keeps dicts and posts all values, "
    f"{number(10_000)} a request; and against `careful_script.py`, which does what Tally does in "
    "plain Python: it reads the form, posts and removes only what differs and is its own, reads "
    "back, and keeps its past in a Parquet file."
)
_STUB = (
    "The server is a stub on the same machine that answers with bytes made beforehand: the CPU "
    "seconds are those of the program alone. A real server needs minutes where these programs "
    "need seconds. After each run, what the stub holds was compared with what tracker counts, "
    "cell by cell."
)
_MEGABYTE = 10**6
BEGIN, END = "<!-- measured by make bench -->", "<!-- until here -->"
_COLUMNS = (
    ("CPU seconds of the program", "cpu", 1, 2),
    ("seconds on the clock", "wall", 1, 2),
    ("peak memory, MB", "peak", _MEGABYTE, 0),
    ("values posted", "values", 1, 0),
    ("MB posted", "bytes_received", _MEGABYTE, 2),
    ("MB answered by the server, compressed", "bytes_sent", _MEGABYTE, 1),
    ("requests that read", "gets", 1, 0),
    ("requests that write", "posts", 1, 0),
    ("cells wrong or missing afterwards", "false", 1, 0),
    ("cells left that tracker no longer counts", "stale", 1, 0),
)


def ratio(costs: Sequence[Cost], night: str, what: str, peer: str = "plain") -> float:
    """Give how many times as much a script needs: the median over the rounds."""
    tally, script = (_of(costs, program, night, what) for program in ("tally", peer))
    return median(theirs / ours for ours, theirs in zip(tally, script, strict=True))


def as_markdown(
    costs: Sequence[Cost], *, values: int, machine: Sequence[str], start_up: Sequence[str]
) -> str:
    """Write results.md."""
    rounds = len(_of(costs, "tally", "first", "cpu"))
    lines = [
        "# What a transfer costs",
        "",
        _HOW,
        "",
        (
            f"{number(values)} values of 12 months, medians of {rounds} rounds in which all take "
            f"turns, after one round that is not counted. {_STUB}"
        ),
        "",
        *[f"* {one}" for one in (*machine, *start_up)],
        "",
    ]
    for night in NIGHTS:
        lines += [f"## {_NIGHT[night]}", "", *_table(costs, night), ""]
        lines += ["Where Tally's time went, in seconds:", "", *_phases(costs, night), ""]
    return "\n".join(lines)


def _table(costs: Sequence[Cost], night: str) -> list[str]:
    lines = [
        "| | Tally | plain script | careful script | Tally / plain | Tally / careful |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for title, what, unit, digits in _COLUMNS:
        told = [_shown(median(_of(costs, one, night, what)) / unit, digits) for one in PROGRAMS]
        times = ["", ""]
        if what in ("cpu", "wall", "peak"):
            times = [f"{1 / ratio(costs, night, what, one):.2f}" for one in PROGRAMS[1:]]
        lines.append(f"| {title} | {' | '.join([*told, *times])} |")
    return lines


def _shown(measured: float, digits: int) -> str:
    """Write a measurement with all its digits, and its thousands as everywhere."""
    return f"{measured:,.{digits}f}".replace(",", THIN)


def _phases(costs: Sequence[Cost], night: str) -> list[str]:
    runs = [one.phases for one in costs if one.program == "tally" and one.night == night]
    names = list(runs[0])
    clock = [median(run[name].wall for run in runs) for name in names]
    cpu = [median(run[name].cpu for run in runs) for name in names]
    return [
        f"| | {' | '.join(names)} |",
        f"|---|{'---:|' * len(names)}",
        f"| on the clock | {' | '.join(f'{seconds:.2f}' for seconds in clock)} |",
        f"| CPU | {' | '.join(f'{seconds:.2f}' for seconds in cpu)} |",
    ]


def _of(costs: Sequence[Cost], program: str, night: str, what: str) -> list[float]:
    return [
        one.missing + one.wrong if what == "false" else getattr(one, what)
        for one in costs
        if one.program == program and one.night == night
    ]


def in_two_lines(costs: Sequence[Cost], *, values: int) -> str:
    """Tell for the README what was measured, and how."""
    told = {
        (one, night, what): median(_of(costs, one, night, what))
        for one in ("tally", "plain")
        for night in NIGHTS
        for what in ("cpu", "peak", "values", "bytes_received")
    }
    first, second, _ = NIGHTS
    memory = told["tally", first, "peak"] / _MEGABYTE
    return (
        f"Of its own, a first load of {number(values)} values takes Tally "
        f"{told['tally', first, 'cpu']:.0f} s of CPU and {number(round(memory))} MB "
        f"(a plain script: {told['plain', first, 'cpu']:.0f} s), a night with 1 % changed "
        f"{told['tally', second, 'cpu']:.0f} s ({told['plain', second, 'cpu']:.0f} s).\n"
        f"That night it posts {number(told['tally', second, 'values'])} values in "
        f"{told['tally', second, 'bytes_received'] / _MEGABYTE:.1f} MB, the script all of them in "
        f"{told['plain', second, 'bytes_received'] / _MEGABYTE:.0f} MB;\n"
        "measured by `make bench` against a stub server, see `tests/bench/results.md`."
    )


def quoted(readme: str, lines: str) -> str:
    """Put the lines into the README, where it quotes what was measured."""
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("the README has no place for what was measured")
    return f"{before}{begin}\n{lines}\n{end}{after}"
