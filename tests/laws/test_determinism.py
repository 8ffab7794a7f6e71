"""P15: the same facts give the same bytes, whatever order, seed, zone or language they meet."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from random import Random

from pipeline.run.folder import find_run
from sandbox.http.faults import Answer, Fault
from tests.support.deployments import NAME, Post
from tests.support.faults import afterwards
from tests.support.terminal import command, credentials
from tests.support.village import tracker, typed, village

ROOT = Path(__file__).parents[2]
BEFORE = """
    month  | clinic | what     | number
    202608 | a      | cases    | 4
    202608 | b      | cases    | 4
    202609 | a      | boys     | 2
    202609 | a      | girls    | 2
    202610 | c      | enrolled | 7
"""
AFTER = """
    month  | clinic | what     | number
    202608 | a      | cases    | 5
    202608 | b      | cases    | 5
    202608 | c      | cases    | 5
    202609 | a      | girls    | 3
    202609 | b      | boys     | 3
    202610 | b      | enrolled | 6
    202610 | c      | enrolled | 8
"""
BY_HAND = """
    month  | clinic | what  | number
    202608 | c      | cases | 9
    202609 | b      | girls | 9
    202610 | a      | cases | 1
"""
SAME = ("plan.parquet", "values.parquet", "rejects.parquet", "doubtful.parquet")
ELSEWHERE = {"PYTHONHASHSEED": "4711", "TZ": "Asia/Kathmandu", "LC_ALL": "C"}


def shuffled(seed: int) -> Fault:
    """Give a fault that lets the server answer in another order: lines, rows, and lists."""
    luck = Random(seed)

    def change(answer: Answer) -> Answer:
        kind = dict(answer.headers).get(b"content-type", b"")
        if b"csv" in kind:
            header, *lines = answer.body.splitlines(keepends=True)
            luck.shuffle(lines)
            return answer._replace(body=header + b"".join(lines))
        if b"json" not in kind:
            return answer
        told = json.loads(answer.body)
        for name in told if isinstance(told, dict) else ():
            if isinstance(told[name], list) and name != "headers":
                luck.shuffle(told[name])
        return answer._replace(body=json.dumps(told).encode())

    return afterwards(change)


def papers(post: Post, home: Path) -> dict[str, bytes]:
    """Give the bytes of what the newest run left, its own id taken out."""
    run = find_run(type(post.deployment)(home), NAME, None)
    told = {name: (run.path / name).read_bytes() for name in SAME}
    plan = (run.path / "plan.md").read_text(encoding="utf-8")
    return told | {"plan.md": plan.replace(run.run_id, "RUN").encode()}


def test_the_same_facts_give_the_same_bytes(tmp_path: Path) -> None:
    with village(tmp_path / "first") as post:
        tracker(post, BEFORE)
        post.configure(rejects={"max_share": 1.0})
        post.night()
        tracker(post, AFTER)
        typed(post, BY_HAND)
        post.map(  # one indicator is not mapped any more: its rows are rejects, its cells orphans
            [
                ("piCases0001", "", "deCases0001", "", ""),
                ("piBySex0001", "coBoys00001", "deBySex0001", "cocBoys0001", ""),
                ("piBySex0001", "coGirls0001", "deBySex0001", "cocGirls001", ""),
            ]
        )
        homes = [tmp_path / "first", tmp_path / "second"]
        shutil.copytree(*homes)
        allowed = ["--allow", "mapping-lost-rows", "--reason", "as meant"]

        here = credentials(post)
        said = command("run", NAME, *allowed, **here)
        post.sandbox.faults.append(shuffled(7))
        elsewhere = subprocess.run(
            [sys.executable, "-m", "pipeline", "run", NAME, *allowed],
            cwd=ROOT,
            env={**os.environ, **here, **ELSEWHERE, "TALLY_HOME": str(homes[1])},
            capture_output=True,
            text=True,
            check=False,
        )

        assert (said.code, elsewhere.returncode) == (0, 0), said.err + elsewhere.stderr
        first, second = (papers(post, home) for home in homes)

    assert b"create" in first["plan.md"]
    assert b"conflict" in first["plan.md"]
    assert b"orphan" in first["plan.md"]
    assert b"the program indicator is not in the mapping" in first["plan.md"]
    for name, told in first.items():
        assert second[name] == told, name
