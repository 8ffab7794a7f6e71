"""Every fault at every endpoint: no plan of half an extract, a letter, and the next run works."""

import asyncio
import gzip
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from polars.testing import assert_frame_equal
from starlette.requests import Request
from starlette.responses import Response

from pipeline.compare.stage import report
from pipeline.config.reading import read_transfer
from pipeline.dhis2.access.credentials import Credentials
from pipeline.dhis2.http.client import Client, Connection
from pipeline.load.stage import load
from pipeline.run.progress import Silence
from pipeline.run.records import LoadRecord
from pipeline.run.work import Work
from pipeline.text.errors import ExitCode, ServerError, TallyError
from pipeline.transform.stage import transform
from pipeline.verify.rules.findings import Finding
from pipeline.verify.stage import verify
from sandbox.http.faults import Answer, Ask, Fault
from tests.support.deployments import NAME, PASSWORD, Post, Scene, planned, replayed
from tests.support.faults import afterwards, answer_lost, cut_after, html_instead, instead, torn
from tests.support.paper import on_paper, open_paper_form
from tests.support.village import form, lines, ours, tracker, village

COUNTS = """
    month  | clinic | what     | number
    202610 | a      | cases    | 6
    202610 | b      | boys     | 3
    202610 | c      | enrolled | 4
"""
SECRETS = (PASSWORD, b64encode(f"tally:{PASSWORD}".encode()).decode())
CODES = {ExitCode.USAGE, ExitCode.FINDINGS, ExitCode.REFUSED, ExitCode.UNAVAILABLE}
BAD = {"error", "warning"}
PATIENCE = timedelta(seconds=0.25)
BOMB = gzip.compress(bytes(2**23))


async def stall(_request: Request, ask: Ask) -> Answer:
    """Act, and say nothing until nobody listens any more."""
    answer = await ask()
    await asyncio.sleep(1.5 * PATIENCE.total_seconds())
    return answer


def of_another_type(answer: Answer) -> Answer:
    return answer._replace(headers=[(b"content-type", b"application/octet-stream")])


FAULTS: dict[str, Fault] = {
    "cut": cut_after(20),
    "reset": torn(),
    "closed before a byte": cut_after(0),
    "stall": stall,
    "garbage": instead(Response(b"\x00\xff{[,", 200, media_type="application/json")),
    "a page": html_instead(),
    "a bomb": instead(
        Response(BOMB, 200, {"Content-Encoding": "gzip", "Content-Type": "application/json"})
    ),
    "a redirect to another host": instead(
        Response("", 302, {"Location": "http://elsewhere.example/api/me"})
    ),
    "another content type": afterwards(of_another_type),
    "login refused": instead(Response('{"message": "Unauthorized"}', 401)),
    "too large": instead(Response("too large", 413)),
    "too many": instead(Response("slow down", 429, {"Retry-After": "0"})),
    "failure": instead(Response("<title>Oops</title>", 500, media_type="text/html")),
    "unavailable": instead(Response("busy", 503)),
    "lost after the deed": answer_lost(502),
}
EVERY_FAULT = pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())


class Endpoint(NamedTuple):
    """Something that is asked of a server; a path that ends in `*` stands for many."""

    method: str
    path: str

    def is_asked_by(self, request: Request) -> bool:
        path = request.url.path
        is_same = path.startswith(self.path[:-1]) if self.path.endswith("*") else path == self.path
        return is_same and request.method == self.method


ANALYTICS = Endpoint("GET", "/api/analytics*")  # as a table and, where that fails, as a grid


Striking = Callable[..., AbstractContextManager[None]]


class Morning(NamedTuple):
    """What every case begins with: a run that is planned, and what each stage asked for it."""

    scene: Scene
    verify: list[Endpoint]
    extract: list[Endpoint]
    plan: list[Endpoint]
    load: list[Endpoint]


@pytest.fixture(scope="module", params=["2.42", "2.43"])
def morning(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Morning:
    folder = tmp_path_factory.mktemp("morning")
    with village(folder / "planned", request.param) as post:
        post.configure(source={"url": ""}, target={"url": ""}, periods={"explicit": ["202610"]})
        tracker(post, COUNTS)
        assert not BAD & {found.severity for found in _checked(post)}
        verify = asked(post)
        work, _ = post.extract()
        extract = asked(post)
        transform(work)
        post.plan(work)
        plan = asked(post)
        scene = Scene(request.param, post.deployment.root, post.world)
    with replayed(scene, folder / "loaded") as post:
        assert post.load(post.newest()).is_whole
        return Morning(scene, verify, extract, plan, load=asked(post))


@pytest.fixture
def post(morning: Morning, tmp_path: Path) -> Iterator[Post]:
    """Give the morning's deployment and server once more."""
    with replayed(morning.scene, tmp_path / "tally") as opened:
        yield opened


@pytest.fixture
def striking(post: Post) -> Iterator[Striking]:
    """Give what lets a fault strike whenever an endpoint is asked, but for the first few times.

    Meanwhile the client soon gives up.
    """
    connection = Connection(
        post.sandbox.url,
        Credentials("tally", PASSWORD),
        read_timeout=PATIENCE,
        retry_budget=timedelta(0),
        max_answer_bytes=2**20,
    )
    usual = post.client

    @contextmanager
    def struck(endpoint: Endpoint, fault: Fault, after: int = 0) -> Iterator[None]:
        times = iter(range(10**6))

        async def strike(request: Request, ask: Ask) -> Answer:
            meant = endpoint.is_asked_by(request)
            return await (fault(request, ask) if meant and next(times) >= after else ask())

        post.sandbox.faults.append(strike)
        post.client = impatient
        try:
            yield
        finally:
            post.client = usual
            post.sandbox.faults.clear()

    with Client(connection) as impatient:
        yield struck


def asked(post: Post) -> list[Endpoint]:
    """List what was asked since somebody looked last, each endpoint once."""
    found = {Endpoint(line.method, line.path) for line in post.sandbox.requests}
    post.sandbox.requests.clear()
    return sorted(found)


def insist_on_a_letter(letter: TallyError, endpoint: Endpoint) -> None:
    """See that a letter says what and where, ends in a code of its own, and tells no secret."""
    assert letter.exit_code in CODES, endpoint
    assert letter.what, endpoint
    assert letter.where, endpoint
    assert letter.remedy, endpoint
    told = f"{letter} {letter.__cause__!r} {letter.__context__!r}"
    assert not any(secret in told for secret in SECRETS), endpoint


def insist_on_no_secret(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(secret.encode() in content for secret in SECRETS), path


@EVERY_FAULT
def test_verify_never_says_that_all_is_well_when_it_was_not_told(
    morning: Morning, post: Post, striking: Striking, fault: Fault
) -> None:
    assert len(morning.verify) >= 9
    undisturbed = _checked(post)

    for endpoint in morning.verify:
        with striking(endpoint, fault):
            found = _checked(post)
        if found == undisturbed:
            assert fault == FAULTS["another content type"], endpoint
            continue
        more = [finding for finding in found if finding not in undisturbed]
        assert BAD & {finding.severity for finding in more}, endpoint
        assert all(finding.remedy for finding in more), endpoint
        assert not any(secret in str(found) for secret in SECRETS), endpoint

    assert post.posts == 0
    assert _checked(post) == undisturbed


@EVERY_FAULT
def test_an_extract_is_whole_or_it_is_none(
    morning: Morning, post: Post, striking: Striking, fault: Fault
) -> None:
    assert len(morning.extract) >= 9

    for endpoint in [*morning.extract, ANALYTICS]:
        work = post.begin()
        with striking(endpoint, fault):
            letter = _letter_of(lambda work=work: post.extract(work))
        if letter is None:  # another way was found, or the body was right: so are the numbers
            assert transform(work).values == 3, endpoint
            assert endpoint != ANALYTICS or fault == FAULTS["another content type"]
            continue
        insist_on_a_letter(letter, endpoint)
        with pytest.raises(TallyError, match=r"no extract\.json"):
            post.plan(work)

    insist_on_no_secret(post.deployment.root)
    assert post.posts == 0
    assert post.transform()[1].values == 3


@EVERY_FAULT
def test_a_plan_is_whole_or_it_is_none(
    morning: Morning, post: Post, striking: Striking, fault: Fault
) -> None:
    work = post.newest()
    undisturbed = planned(work)
    assert len(morning.plan) >= 7

    for endpoint in morning.plan:
        for left in work.run.path.glob("plan.*"):
            left.unlink()
        with striking(endpoint, fault):
            letter = _letter_of(lambda: post.plan(work))
        if letter is None:
            assert_frame_equal(planned(work), undisturbed)
            assert fault == FAULTS["another content type"]
            continue
        insist_on_a_letter(letter, endpoint)
        with pytest.raises(TallyError, match=r"no plan\.(json|parquet)"):
            post.load(work)

    insist_on_no_secret(post.deployment.root)
    assert post.posts == 0
    post.plan(work)
    assert_frame_equal(planned(work), undisturbed)
    assert post.load(work).is_whole
    assert form(post) == lines(COUNTS)


@EVERY_FAULT
def test_a_load_tells_the_truth_and_goes_on(
    morning: Morning, post: Post, striking: Striking, fault: Fault
) -> None:
    work = post.newest()
    assert {one.method for one in morning.load} == {"GET", "POST"}

    for endpoint in morning.load:
        with striking(endpoint, fault):
            letter = _letter_of(lambda: _load(post, work))
        if letter is not None:
            insist_on_a_letter(letter, endpoint)
        insist_on_the_truth(post)

    insist_on_no_secret(post.deployment.root)
    told = _load(post, work)
    insist_on_the_truth(post)
    assert told.is_whole == (form(post) == lines(COUNTS))
    if not told.is_whole:  # what came back was taken for a refusal: the next night sends it
        assert told.counts["refused"] == 3
        assert post.night().loaded.is_whole
    assert ours(post) == form(post) == lines(COUNTS)


@EVERY_FAULT
def test_a_report_has_all_of_the_paper_or_stays_as_it_was(
    morning: Morning, post: Post, striking: Striking, fault: Fault
) -> None:
    open_paper_form(post)
    work = post.again(post.newest())
    on_paper(post, "month | clinic | what | number\n 202610 | a | cases | 5")
    post.sandbox.requests.clear()
    assert report(work, post.client).letter is None
    endpoints, page = asked(post), work.run.path / "discrepancies.csv"
    undisturbed = page.read_bytes()
    assert len(endpoints) >= 4, morning.scene.generation

    for endpoint in endpoints:
        with striking(endpoint, fault):
            letter = _letter_of(lambda: report(work, post.client, again=True))
        assert page.read_bytes() == undisturbed, endpoint
        if letter is not None:
            insist_on_a_letter(letter, endpoint)
        else:
            assert fault == FAULTS["another content type"], endpoint

    assert post.posts == 0


def _checked(post: Post) -> list[Finding]:
    settings = read_transfer(post.deployment.configuration(NAME))
    return verify(
        post.deployment,
        NAME,
        settings,
        {},
        source=post.client,
        target=post.client,
        now=post.world.clock(),
    )


def _load(post: Post, work: Work) -> LoadRecord:
    return load(work, post.client, Silence(), resume=True, sleep=lambda _: None)


def _letter_of(deed: object) -> TallyError | None:
    try:
        deed()  # type: ignore[operator]  # a deed without arguments
    except TallyError as letter:
        return letter
    return None


def insist_on_the_truth(post: Post) -> None:
    """See that the form holds planned numbers only, and the ledger only what the form holds."""
    assert set(ours(post)) <= set(form(post)) <= set(lines(COUNTS))


def test_an_extract_that_loses_its_login_half_way_leaves_no_plan(
    post: Post, striking: Striking
) -> None:
    work, endpoint = post.begin(), Endpoint("GET", "/api/analytics.csv")

    with (
        striking(endpoint, FAULTS["login refused"], after=1),
        pytest.raises(ServerError, match="login is refused") as told,
    ):
        post.extract(work)

    insist_on_a_letter(told.value, endpoint)
    with pytest.raises(TallyError, match=r"no extract\.json"):
        post.plan(work)


def test_no_other_host_is_asked_whatever_an_answer_says(
    morning: Morning, post: Post, striking: Striking
) -> None:
    for endpoint in morning.extract:
        with striking(endpoint, FAULTS["a redirect to another host"]):
            letter = _letter_of(post.extract)
        assert letter is not None
        assert "sends requests on to" in letter.what, endpoint
