"""What a night costs follows what changed: requests, rows on the disk and copies are counted."""

from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from pipeline.files import whole
from tests.load.loads import COUNTS, GENERATIONS
from tests.support.deployments import Post
from tests.support.village import tracker, village

KINDS = {"analytics": "questions", "dataValueSets": "looks at the form"}
# Two questions, and each indicator without a row alone; the form before a plan, around a chunk.
LOADS = {"questions": 4, "looks at the form": 3, "writes": 1}
COSTS = {
    "first": {**LOADS, "rows decided": 0, "new values": 5, "files of chunks": 2, "syncs": 86},
    "unchanged": {
        "questions": 4,
        "looks at the form": 1,
        "rows decided": 0,
        "new values": 0,
        "files of chunks": 0,
        "syncs": 76,
    },
    "changed": {**LOADS, "rows decided": 1, "new values": 0, "files of chunks": 2, "syncs": 86},
}


def asked(post: Post) -> Counter[str]:
    """Count the requests since the last time, by what they are for; metadata apart."""
    found: Counter[str] = Counter()
    for one in post.sandbox.requests:
        for part, kind in KINDS.items():
            if one.path.startswith(f"/api/{part}"):
                found["writes" if one.method == "POST" else kind] += 1
    return found


@GENERATIONS
def test_a_night_asks_and_keeps_no_more_than_changed(
    tmp_path: Path, generation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: Counter[str] = Counter()
    sync = whole.os.fsync

    def count_and_sync(file: int) -> None:
        synced["syncs"] += 1
        sync(file)

    monkeypatch.setattr(whole.os, "fsync", count_and_sync)
    nights = {"first": COUNTS, "unchanged": COUNTS, "changed": COUNTS.replace("| 6", "| 7")}
    told = {}
    with village(tmp_path, generation) as post:
        for night, counts in nights.items():
            tracker(post, counts)
            post.sandbox.requests.clear()
            synced.clear()
            run = post.night().work.run
            told[night] = {
                **asked(post),
                "rows decided": pl.read_parquet(run.path / "plan.parquet").height,
                "new values": pl.read_parquet(run.path / "new_values.parquet").height,
                "files of chunks": len(list(run.chunks.glob("*.parquet"))),
                **synced,
            }

    assert told == COSTS
