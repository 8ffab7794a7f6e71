"""No secret is written anywhere, whatever place it comes from and whatever goes wrong."""

import json
import logging
import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from starlette.requests import Request

from pipeline.cli import COMMANDS
from sandbox.http.authentication import session_of
from sandbox.http.faults import Answer, Ask
from sandbox.state.world import Token, User
from tests.journeys.test_outputs import ASKED, COUNTS, give
from tests.support.deployments import NAME, Post
from tests.support.faults import html_instead
from tests.support.mishaps import mishap
from tests.support.paper import on_paper, open_paper_form
from tests.support.papers import contents
from tests.support.terminal import Said, credentials, tally
from tests.support.village import tracker, typed, village

Environment = Mapping[str, str]
Mood = Callable[[Post], AbstractContextManager[None]]
PASSWORD, TOKEN, ADDRESS = "Pz7Canary", "d2p_Qz8Canary", "Az9Canary"
BASIC = b64encode(f"tally:{PASSWORD}".encode()).decode()
NOWHERE = "http://127.0.0.1:9"
# What the other commands are given; `sandbox` and `demo` show accounts of their own.
ALSO: dict[str, list[tuple[str, ...]]] = {
    "init": [("--suggest",), ()],
    "report": [(), ("--again",)],
}
NEEDS_NO_TRANSFER = {"sandbox": ("--generation", "9"), "demo": ("--generation", "9")}


def private(path: Path, text: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o600)
    return str(path)


def places(folder: Path) -> dict[str, Environment]:
    """Give every place a secret can come from, as the environment that leads there."""
    home, given = folder / "home", folder / "given"
    profile = f'[profiles.moh]\nauth = "pat"\ntoken = "{TOKEN}"\n'
    private(home / ".config/dhis2/profiles.toml", profile)
    private(given / "tally_source_pat", TOKEN)
    private(given / "tally_target_username", "tally")
    private(given / "tally_target_password", PASSWORD)
    names = [f"TALLY_{side}_PAT_FILE" for side in ("SOURCE", "TARGET")]
    nothing = {"DHIS2_USERNAME": "", "DHIS2_PASSWORD": ""}
    return {
        "a password": {"DHIS2_PASSWORD": PASSWORD},
        "a token": nothing | {"TALLY_SOURCE_PAT": TOKEN, "TALLY_TARGET_PAT": TOKEN},
        "a file": nothing | dict.fromkeys(names, private(folder / "token", TOKEN)),
        "systemd": nothing | {"CREDENTIALS_DIRECTORY": str(given)},
        "a profile": nothing | {"HOME": str(home)},
    }


async def tell_tale(request: Request, ask: Ask) -> Answer:
    """Fail, and show what was sent, as some proxies do."""
    if request.url.path.startswith("/api/system"):
        return await ask()
    told = json.dumps({"message": f"refused: {dict(request.headers)}", "httpStatusCode": 500})
    return Answer(500, [(b"content-type", b"application/json")], told.encode())


def slip() -> None:
    """Do what a bug does, in the middle of a stage."""
    raise ZeroDivisionError


@contextmanager
def well(_post: Post) -> Iterator[None]:
    yield


@contextmanager
def showing_what_was_sent(post: Post) -> Iterator[None]:
    post.sandbox.faults.append(tell_tale)
    yield
    post.sandbox.faults.clear()


@contextmanager
def showing_a_page(post: Post) -> Iterator[None]:
    post.sandbox.faults.append(html_instead())
    yield
    post.sandbox.faults.clear()


@contextmanager
def refusing_the_login(post: Post) -> Iterator[None]:
    known = post.world.users["tally"]
    post.world.users["tally"] = User("tally")
    yield
    post.world.users["tally"] = known


@contextmanager
def down(post: Post) -> Iterator[None]:
    post.configure(source={"url": NOWHERE}, target={"url": NOWHERE})
    yield
    post.configure(source={"url": post.sandbox.url}, target={"url": post.sandbox.url})


@contextmanager
def with_a_bug_of_ours(post: Post) -> Iterator[None]:
    with mishap(post.deployment.root, r"timings\.jsonl|requests\.jsonl", slip):
        yield


def asked(post: Post, name: str, environment: Environment) -> list[Said]:
    """Give a command in each of its ways."""
    if name in NEEDS_NO_TRANSFER:
        return [tally(post, name, *NEEDS_NO_TRANSFER[name], **environment)]
    ways = ASKED.get(name) or ALSO[name]
    if name == "init":
        return [tally(post, "init", f"new{len(way)}", *way, **environment) for way in ways]
    return [give(post, name, *way, **environment) for way in ways]


def insist_on_no_canary(post: Post, told: str) -> None:
    """Look for every secret in all that was said, logged, and left in the deployment."""
    session = session_of(post.world.users["tally"])
    papers = {
        str(path): contents(path)
        for path in post.deployment.root.rglob("*")
        if path.is_file() and not path.is_symlink()
    }
    for secret in (PASSWORD, TOKEN, BASIC, ADDRESS, session):
        assert secret not in told
        assert not [
            name for name, pieces in papers.items() if any(secret.encode() in one for one in pieces)
        ]


@pytest.fixture
def post(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Post]:
    """Give a village where much can be told, with canaries for a login; everything is logged."""
    caplog.set_level(logging.DEBUG)
    with village(tmp_path / "deployment") as opened:
        user = opened.world.users["tally"]
        user.password, user.tokens = PASSWORD, (Token(TOKEN),)
        patience = {"retry_budget": "0s"}
        opened.configure(source=patience, target=patience)
        open_paper_form(opened)
        tracker(opened, COUNTS)
        on_paper(opened, COUNTS.replace("girls", "children"))
        yield opened


def test_no_command_writes_a_secret(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    environment = {"DHIS2_PASSWORD": PASSWORD, "DHIS2_URL": post.sandbox.url}
    said = [tally(post, "run", NAME, "--load", **environment)]
    typed(post, "month | clinic | what | number\n 202610 | a | cases | 9")
    for name in (command.__name__ for command in COMMANDS):
        if name == "restore":
            post.deployment.store(NAME).unlink()
        said += asked(post, name, environment)

    assert {one.code for one in said} <= {0, 2, 4, 6}
    insist_on_no_canary(post, "".join([*(one.everything for one in said), caplog.text]))


@pytest.mark.parametrize(
    ("mood", "codes"),
    [
        (well, [0]),
        (showing_what_was_sent, [7, 4]),
        (showing_a_page, [7, 4]),
        (refusing_the_login, [2, 4]),
        (down, [7, 4]),
        (with_a_bug_of_ours, [1]),
    ],
)
def test_no_place_of_a_secret_is_told_when_a_server_is(
    mood: Mood, codes: list[int], post: Post, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    said = []
    for place, environment in places(tmp_path).items():
        profile = "moh" if place == "a profile" else ""
        post.configure(source={"profile": profile}, target={"profile": profile})
        with mood(post):
            asked_now = [
                tally(post, stage, NAME, **environment)
                for stage in ("extract", "verify")[: len(codes)]
            ]
        assert [one.code for one in asked_now] == codes, place
        said += asked_now
    if len(codes) > 1:
        with mood(post):
            for name in ("plan", "load", "run", "report", "undo"):
                said += asked(post, name, environment)

    insist_on_no_canary(post, "".join([*(one.everything for one in said), caplog.text]))


def test_an_address_that_holds_a_password_is_refused_unseen(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    address = post.sandbox.url.replace("//", f"//tally:{ADDRESS}@")
    from_the_environment = {"DHIS2_PASSWORD": PASSWORD, "TALLY_SOURCE_URL": address}
    post.configure(source={"url": ""})
    said = [tally(post, name, NAME, **from_the_environment) for name in ("verify", "extract")]
    said.append(tally(post, "init", "another", "--suggest", **from_the_environment))
    post.configure(source={"url": address})
    said += [tally(post, name, NAME, DHIS2_PASSWORD=PASSWORD) for name in ("verify", "run")]
    post.configure(source={"url": ""})

    assert {one.code for one in said} == {2}
    insist_on_no_canary(post, "".join([*(one.everything for one in said), caplog.text]))


def command_line(process: int) -> bytes:
    """Give what everybody on this machine can see of a process."""
    return Path(f"/proc/{process}/cmdline").read_bytes()


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="this system has no /proc")
def test_the_list_of_processes_shows_no_secret(post: Post) -> None:
    command = [sys.executable, "-m", "pipeline", "extract", NAME]
    environment = {**os.environ, **credentials(post), "DHIS2_PASSWORD": PASSWORD}
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    seen: list[bytes] = []

    async def look(_request: Request, ask: Ask) -> Answer:
        seen.append(command_line(process.pid))
        return await ask()

    post.sandbox.faults.append(look)
    out, err = process.communicate(timeout=60)

    assert process.returncode == 0, err
    assert set(seen) == {b"\0".join(map(os.fsencode, command)) + b"\0"}
    insist_on_no_canary(post, out + err)
