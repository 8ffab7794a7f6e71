"""The recorded pairs: a request to a real server and what it answered, in the order they went."""

import gzip
import json
import re
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

RECORDINGS = Path(__file__).parents[2] / "recordings"
GENERATIONS = ("2.42", "2.43")
STAGES = (
    *("ready", "metadata", "users", "tracker", "before", "tables", "analytics"),
    *("values", "complete", "exchange", "lists", "after", "claims"),
)


@dataclass(frozen=True)
class Pair:
    """One request and its recorded answer; `at` is the server's clock then."""

    number: int
    stage: str
    name: str
    method: str
    path: str
    query: list[list[str]]
    user: str | None
    headers: dict[str, str]
    body: Any
    at: datetime
    status: int
    answer: dict[str, str]
    json: Any
    text: str | None


def pairs_of(generation: str, stage: str) -> list[Pair]:
    """The pairs of a stage in the order they were recorded."""
    path = RECORDINGS / "pairs" / generation / f"{stage}.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [_pair(json.loads(line)) for line in lines]


def _pair(line: dict[str, Any]) -> Pair:
    said = line.pop("at")
    at = parsedate_to_datetime(said) if said else datetime(2026, 11, 23, 6, tzinfo=UTC)
    return Pair(**line, at=at)


@dataclass(frozen=True)
class Rule:
    """Pairs that are not claimed, and why. Every condition that is set must hold."""

    reason: str
    stages: tuple[str, ...] = ()
    generations: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    path: str = ""
    query: str = ""
    name: str = ""

    def covers(self, pair: Pair, generation: str) -> bool:
        """Whether a pair is one of these."""
        query = "&".join("=".join(parameter) for parameter in pair.query)
        return (
            (not self.stages or pair.stage in self.stages)
            and (not self.generations or generation in self.generations)
            and (not self.methods or pair.method in self.methods)
            and re.search(self.path, pair.path) is not None
            and re.search(self.query, query) is not None
            and re.search(self.name, pair.name) is not None
        )


def unclaimed() -> list[Rule]:
    """The list of pairs that are not claimed."""
    table = tomllib.loads((RECORDINGS / "unclaimed.toml").read_text(encoding="utf-8"))
    lists = ("stages", "generations", "methods")
    return [
        Rule(**{name: tuple(value) if name in lists else value for name, value in rule.items()})
        for rule in table["unclaimed"]
    ]
