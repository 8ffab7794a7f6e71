"""Whatever is wrong: one clear letter, its exit code, nothing half-written; the next run works."""

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from starlette.responses import Response

from pipeline.load.rules.judging import LEFT_THE_DATA_SET
from pipeline.store.transfer import Store
from sandbox.http.faults import Fault
from tests.support.deployments import NAME, Post
from tests.support.faults import cut_after, first, html_instead, instead, unavailable
from tests.support.terminal import Said, run, tally
from tests.support.village import CLINICS, form, in_words, lines, tracker, village

COUNTS = """
    month  | clinic | what     | number
    202609 | a      | cases    | 5
    202609 | b      | girls    | 2
    202610 | a      | cases    | 6
    202610 | c      | enrolled | 4
"""
ALWAYS = 10_000


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with village(tmp_path) as opened:
        tracker(opened, COUNTS)
        yield opened


def insist_on_whole_papers(post: Post) -> None:
    """Read every paper of every run: each is whole, or is not there."""
    for path in sorted(post.deployment.root.rglob("*")):
        assert not path.name.endswith((".part", ".tmp")), path
        if path.suffix == ".json":
            json.loads(path.read_text())
        elif path.suffix == ".jsonl":
            assert all(json.loads(line) for line in path.read_text().splitlines())
        elif path.suffix == ".parquet":
            pl.read_parquet(path)
        elif path.suffix == ".gz":
            gzip.decompress(path.read_bytes())
    assert Store(post.deployment.store(NAME)).check() == []


def insist_on_a_letter(said: Said, code: int, words: str) -> None:
    """Read the letter: what happened, where, what to do; nothing else is said."""
    assert said.code == code, said.everything
    assert said.out == ""
    assert said.err.count("tally: ") == said.err.count("  to do: ") == 1, said.err
    for word in words.split(" … "):
        assert word in said.err


def insist_on_the_next_run(post: Post) -> None:
    """Run once more: now everything arrives."""
    said = run(post)

    assert said.code == 0, said.everything
    assert form(post) == lines(COUNTS)


# What people write.

CONFIGURATION = "data/transfers/fever/transfer.toml"
MAPPING = "data/transfers/fever/mappings/data_elements.csv"
HEADER = "program_indicator,category_options,data_element,category_option_combo\n"


def test_a_transfer_that_nobody_configured(post: Post) -> None:
    said = tally(post, "run", "fevr", "--load")

    insist_on_a_letter(said, 2, "no transfer 'fevr' … known are: fever … tally init fevr")
    insist_on_the_next_run(post)


WRITTEN = {
    "a misspelt key": (
        CONFIGURATION,
        "[policy]\nvanishd = 'leave'\n",
        f"{CONFIGURATION}:2: policy.vanishd … no such key",
    ),
    "no TOML at all": (CONFIGURATION, "[policy\n", f"not readable as TOML … {CONFIGURATION}"),
    "a source in two rows of one cell": (
        MAPPING,
        f"{HEADER}piCases0001,,deCases0001,\npiCases0001,,deCases0001,\n",
        f"{MAPPING}:3: this source fills this cell in two rows; the other is line 2",
    ),
    "two sources of one cell": (
        MAPPING,
        f"{HEADER}piCases0001,,deCases0001,\npiEnrolled1,,deCases0001,\n",
        f"{MAPPING}:3: two sources fill one cell",
    ),
    "an empty mapping": (MAPPING, "", "not even a header"),
    "a mapping without a row": (MAPPING, HEADER, "a header and no row"),
    "a strange column": (MAPPING, "program_indicator,cell\n", f"{MAPPING}:1 … unknown column cell"),
    "an id that is none": (
        MAPPING,
        f"{HEADER}cases,,deCases0001,\n",
        f"{MAPPING}:2: program_indicator: 'cases' is not a UID",
    ),
}


def test_a_mistake_in_a_file_is_told_with_its_line(post: Post, subtests: pytest.Subtests) -> None:
    for what, (name, text, words) in WRITTEN.items():
        path = post.deployment.root / name
        before = path.read_text()
        path.write_text(text)
        with subtests.test(what):
            insist_on_a_letter(run(post), 2, words)
        path.write_text(before)

    assert post.posts == 0
    insist_on_whole_papers(post)
    insist_on_the_next_run(post)


def _semicolons(path: Path) -> None:
    path.write_text(path.read_text().replace(",", ";"))


def _mark(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())


def _parquet(path: Path) -> None:
    pl.read_csv(path, infer_schema=False).write_parquet(path.with_suffix(".parquet"))
    path.unlink()


@pytest.mark.parametrize("change", [_semicolons, _mark, _parquet], ids=lambda it: it.__name__)
def test_a_mapping_may_come_as_spreadsheets_write_it(
    post: Post, change: Callable[[Path], None]
) -> None:
    change(post.deployment.root / MAPPING)

    assert [tally(post, stage, NAME).code for stage in ("extract", "transform")] == [0, 0]
    (values,) = post.deployment.runs(NAME).glob("*/values.parquet")
    assert in_words(pl.read_parquet(values), "value") == [
        (*line[:3], f"{line[3]}.0") for line in lines(COUNTS)
    ]


# What servers do.


@dataclass(frozen=True)
class Trouble:
    """Something wrong with a server: the fault, the code it ends with, words of the letter."""

    fault: Fault
    code: int
    words: str


def _instead(text: str, status: int = 200, kind: str = "application/json") -> Fault:
    return first(ALWAYS, "/api", instead(Response(text, status, media_type=kind)))


def _analytics(fault: Fault) -> Fault:
    return first(ALWAYS, "/api/analytics", fault)


OVER = '{"httpStatusCode":409,"status":"ERROR","message":"Query result set exceeded max limit: `1`","errorCode":"E7128"}'  # noqa: E501  # as a server writes it
TROUBLES = {
    "a page instead of JSON": Trouble(
        first(ALWAYS, "/api", html_instead()),
        7,
        "something that is not JSON … Please wait … /api/system/info … status 200 … proxy",
    ),
    "a page instead of numbers": Trouble(
        _analytics(html_instead()), 7, "Please wait … /api/analytics.json"
    ),
    "an answer that is cut": Trouble(
        first(ALWAYS, "/api", cut_after(20)), 7, "broke off … /api/system/info … again"
    ),
    "numbers that are cut": Trouble(_analytics(cut_after(30)), 7, "broke off … /api/analytics"),
    "half a JSON": Trouble(_instead('{"version": "2.4'), 7, "JSON that is cut or broken"),
    "an empty answer": Trouble(_instead(""), 7, "nothing at all … /api/system/info"),
    "JSON of another kind": Trouble(
        _instead("[]"), 7, "JSON of another kind: '[]' … /api/system/info"
    ),
    "a login page": Trouble(
        first(ALWAYS, "/api", instead(Response("", 302, headers={"Location": "/login/"}))),
        2,
        "login page … check the token",
    ),
    "a server that is busy": Trouble(first(ALWAYS, "/api", unavailable()), 7, "busy … later"),
    "a server that fails": Trouble(
        _instead("<html><title>HTTP Status 500</title></html>", 500, "text/html"),
        7,
        "the server failed: HTTP Status 500 … /api/system/info",
    ),
    "more rows than the limit, however few are asked": Trouble(
        _analytics(instead(Response(OVER, 409, media_type="application/json"))),
        7,
        "even the smallest question too large … raise the server's analytics row limit",
    ),
    "an error as text with status 200": Trouble(
        _analytics(instead(Response("E7124: Dimension is present", 200))),
        7,
        "E7124: Dimension is present … /api/analytics.json",
    ),
}


def test_a_server_that_cannot_be_understood_stops_the_run(
    post: Post, subtests: pytest.Subtests
) -> None:
    patience = {"retry_budget": "0s"}
    post.configure(source=patience, target=patience)
    for what, trouble in TROUBLES.items():
        post.sandbox.faults.append(trouble.fault)
        with subtests.test(what):
            insist_on_a_letter(run(post), trouble.code, trouble.words)
        post.sandbox.faults.clear()

    assert post.posts == 0
    insist_on_whole_papers(post)
    insist_on_the_next_run(post)


def test_a_server_that_is_down(post: Post) -> None:
    at = post.sandbox.url
    nowhere = {"url": "http://127.0.0.1:9", "retry_budget": "0s"}
    post.configure(source=nowhere, target=nowhere)

    said = run(post)

    insist_on_a_letter(said, 7, "cannot be reached … http://127.0.0.1:9/api/system/info")
    insist_on_whole_papers(post)
    post.configure(source={"url": at}, target={"url": at})
    insist_on_the_next_run(post)


def test_a_fault_that_passes_is_waited_out(post: Post) -> None:
    post.sandbox.faults.append(first(1, "/api/analytics", cut_after(30)))
    post.sandbox.faults.append(first(1, "/api/dataElements", unavailable()))

    insist_on_the_next_run(post)


REFUSED = {
    "a wrong password": ({"DHIS2_PASSWORD": "S3cretCanary"}, "login is refused … check the token"),
    "a token that is none": ({"DHIS2_PAT": "d2p_S3cretCanary"}, "Checksum validation failed"),
    "no credentials": ({"DHIS2_PASSWORD": ""}, "no credentials … TALLY_SOURCE_PAT"),
}


def test_a_login_that_is_refused_is_told_without_the_secret(
    post: Post, subtests: pytest.Subtests
) -> None:
    for what, (environment, words) in REFUSED.items():
        with subtests.test(what):
            said = run(post, **environment)
            insist_on_a_letter(said, 2, words)
            assert "S3cretCanary" not in said.everything

    insist_on_whole_papers(post)
    insist_on_the_next_run(post)


def test_a_question_is_cut_until_its_answers_fit_the_servers_limit(post: Post) -> None:
    post.world.settings["keyAnalyticsMaxLimit"] = "2"

    insist_on_the_next_run(post)


# What happens between plan and load.


def _step_by_step(post: Post) -> None:
    for stage in ("extract", "transform", "plan"):
        assert tally(post, stage, NAME).code == 0


def test_an_org_unit_that_vanished_after_the_extract_is_named(post: Post) -> None:
    _step_by_step(post)
    units = post.world.metadata["organisationUnits"]
    gone = next(unit for unit in units if unit["id"] == CLINICS["b"])
    units.remove(gone)
    (data_set,) = post.world.metadata["dataSets"]
    data_set["organisationUnits"].remove({"id": CLINICS["b"]})

    said = tally(post, "load", NAME)

    assert said.code == 6
    assert LEFT_THE_DATA_SET in said.out
    assert form(post) == [line for line in lines(COUNTS) if line[1] != "b"]
    insist_on_whole_papers(post)
    units.append(gone)
    data_set["organisationUnits"].append({"id": CLINICS["b"]})
    insist_on_the_next_run(post)


def _edit_a_number(path: Path) -> None:
    new = path.with_name("new_values.parquet")
    edited = pl.read_parquet(new).with_columns(value=pl.lit(900.0))
    edited.write_parquet(new)


def _cut_off_the_end(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _break_the_seal(path: Path) -> None:
    seal = path.with_suffix(".json")
    seal.write_text(seal.read_text().replace('"fever"', '"fevers"'))


def _garble_the_seal(path: Path) -> None:
    path.with_suffix(".json").write_text("{")


def _empty_the_seal(path: Path) -> None:
    path.with_suffix(".json").write_text("[]")


EDITS = (_edit_a_number, _cut_off_the_end, _break_the_seal, _garble_the_seal, _empty_the_seal)


def test_a_plan_that_was_edited_by_hand_is_not_loaded(
    post: Post, subtests: pytest.Subtests
) -> None:
    _step_by_step(post)
    (folder,) = post.deployment.runs(NAME).iterdir()
    papers = [folder / name for name in ("plan.parquet", "plan.json", "new_values.parquet")]
    before = [paper.read_bytes() for paper in papers]
    for edit in EDITS:
        edit(papers[0])
        with subtests.test(edit.__name__):
            insist_on_a_letter(tally(post, "load", NAME), 5, "changed … plan.")
        for paper, content in zip(papers, before, strict=True):
            paper.write_bytes(content)
    assert post.posts == 0

    assert tally(post, "load", NAME).code == 0
    assert form(post) == lines(COUNTS)
