"""What a night leaves is for its owner and their group, and a server is believed by its papers."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.text.errors import ExitCode
from tests.dhis2.wire import TLS, http, saying
from tests.journeys.test_outputs import COUNTS
from tests.support.deployments import NAME, Post
from tests.support.paper import on_paper, open_paper_form
from tests.support.terminal import credentials, tally
from tests.support.village import CLINICS, tracker, village

ROOT = Path(__file__).parents[2]


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with village(tmp_path / "home") as opened:
        tracker(opened, COUNTS)
        yield opened


def without_umask(post: Post, *arguments: str) -> None:
    """Give a command in a process that hides nothing by itself."""
    subprocess.run(
        [sys.executable, "-m", "pipeline", *arguments],
        env={**os.environ, **credentials(post), "DHIS2_URL": post.sandbox.url},
        cwd=ROOT,
        umask=0,
        check=True,
        capture_output=True,
    )


def modes(folder: Path) -> dict[str, int]:
    """Give what may be done with each file and folder that lies here, by its name."""
    return {
        str(path.relative_to(folder)): stat.S_IMODE(path.stat().st_mode)
        for path in sorted(folder.rglob("*"))
        if not path.is_symlink()
    }


def test_what_a_night_leaves_is_for_its_owner_and_their_group(post: Post) -> None:
    open_paper_form(post)
    on_paper(post, COUNTS.replace("girls", "children"))
    root = post.deployment.root
    before = modes(root)

    without_umask(post, "init", "another", "--suggest")
    without_umask(post, "run", NAME, "--load")
    without_umask(post, "export", NAME, str(root / "given/to/partners"))

    made = {name: mode for name, mode in modes(root).items() if name not in before}
    folders = {name for name in made if (root / name).is_dir()}
    published = {
        name
        for name in made.keys() - folders
        if name.startswith("data/published") and name.endswith((".duckdb", ".parquet"))
    }
    private = {name for name in made if name.startswith("data/store/")}
    others = made.keys() - folders - published - private
    assert {made[name] for name in folders} == {0o750}
    assert {made[name] for name in published} == {0o444}
    assert {made[name] for name in private} == {0o600}
    assert {made[name] for name in others} == {0o640}
    assert min(map(len, (folders, published, private, others))) > 1


@pytest.mark.parametrize(
    ("certificate", "authority", "words"),
    [
        ("here.pem", "authority.pem", "answered with JSON of another kind"),
        ("here.pem", "", "certificate is not trusted"),
        ("expired.pem", "authority.pem", "certificate is out of date"),
        ("elsewhere.pem", "authority.pem", "certificate is for another host name"),
    ],
    ids=["trusted", "untrusted", "expired", "of another host"],
)
def test_only_a_server_with_a_good_certificate_is_asked(
    post: Post, certificate: str, authority: str, words: str
) -> None:
    """A trusted one is asked, and here says something that is no answer."""
    if authority:
        beside = post.deployment.transfer_folder(NAME) / authority
        beside.write_bytes((TLS / authority).read_bytes())
    with saying(*[http(b"[]")] * 3, certificate=certificate) as wire:
        address = {"url": f"https://127.0.0.1:{wire.port}", "ca_bundle": authority}
        post.configure(source=address, target=address)
        said = tally(post, "extract", NAME)

    assert said.code == ExitCode.UNAVAILABLE
    assert words in said.err
    assert bool(wire.heard) == (certificate == "here.pem" and bool(authority))


def test_plain_http_beyond_this_machine_is_refused(post: Post) -> None:
    post.configure(source={"url": "http://dhis2.example"})

    said = tally(post, "extract", NAME)

    assert said.code == ExitCode.USAGE
    assert "plain http would send the password readable" in said.err


@pytest.mark.parametrize("generation", ["2.42", "2.43"])
def test_what_was_set_up_wrongly_is_not_to_be_tried_later(generation: str, tmp_path: Path) -> None:
    with village(tmp_path / "narrow", generation) as post:
        tracker(post, COUNTS)
        user = post.world.users["tally"]
        user.data_view_org_units = (CLINICS["a"],)

        said = tally(post, "run", NAME)

    assert said.code == ExitCode.USAGE
    assert "an org unit is outside what the account may see" in said.err
    assert "E7120" in said.err


def test_an_address_from_the_browser_leads_to_the_server(post: Post) -> None:
    for page in ("dhis-web-dashboard/#/", "apps/dashboard", "login/", "api/me?fields=id"):
        post.configure(
            source={"url": f"{post.sandbox.url}//{page}"}, target={"url": post.sandbox.url}
        )
        assert tally(post, "extract", NAME).code == ExitCode.DONE, page
