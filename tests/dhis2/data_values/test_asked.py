"""Values are believed only where they are about what was asked, one number for each cell."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from starlette.requests import Request

from pipeline.dhis2.data_values.asked import FormExtent, insist_on_asked, insist_on_one_number
from pipeline.dhis2.data_values.tables import values_of
from pipeline.dhis2.http.answers import RawAnswer
from pipeline.text.errors import ServerError
from sandbox.http.faults import Answer as WireAnswer
from sandbox.http.faults import Ask
from tests.support.deployments import Post
from tests.support.village import tracker, village

HEADER = (
    '"dataelement","period","orgunit","categoryoptioncombo","attributeoptioncombo","value",'
    '"storedby","created","lastupdated","comment","followup","deleted"\n'
)
PARAMETERS = [("dataSet", "dsMonthly01"), ("period", "202609"), ("orgUnit", "ouVillage01")]
EXTENT = FormExtent(
    frozenset({"deCases0001"}),
    pl.DataFrame(
        {
            "id": ["ouVillage01", "ouClinic00a", "ouElsewhere"],
            "path": ["/ouVillage01", "/ouVillage01/ouClinic00a", "/ouElsewhere"],
        }
    ),
)
LINE = ("deCases0001", "202609", "ouClinic00a", "cocDefault1", "cocDefault1", "5")


def answer_of(*lines: tuple[str, ...]) -> RawAnswer:
    rows = "".join(",".join(f'"{cell}"' for cell in (*line, *[""] * 6)) + "\n" for line in lines)
    body = (HEADER + rows).encode()
    return RawAnswer("/api/dataValueSets.csv", 200, "application/csv", body)


def judged(*lines: tuple[str, ...], extent: FormExtent | None = EXTENT) -> int:
    answer = answer_of(*lines)
    values = values_of(answer)
    insist_on_asked(values, answer, PARAMETERS, extent)
    insist_on_one_number(values, answer)
    return values.height


def changed(at: int, text: str) -> tuple[str, ...]:
    return (*LINE[:at], text, *LINE[at + 1 :])


def test_what_was_asked_for_is_believed() -> None:
    assert judged(LINE, changed(2, "ouVillage01")) == 2
    assert judged() == 0


@pytest.mark.parametrize(
    ("at", "text", "sentence"),
    [
        (0, "deOther0001", "values of the data element deOther0001, which was not asked for"),
        (1, "202608", "values of the period 202608, which was not asked for"),
        (2, "ouElsewhere", "values of the org unit ouElsewhere, which was not asked for"),
        (2, "ouNobodyKno", "values of the org unit ouNobodyKno, which was not asked for"),
    ],
)
def test_an_answer_about_something_else_is_refused(at: int, text: str, sentence: str) -> None:
    with pytest.raises(ServerError, match=sentence):
        judged(LINE, changed(at, text))


@pytest.mark.parametrize(
    ("at", "column"),
    [(0, "data_element"), (3, "category_option_combo"), (4, "attribute_option_combo")],
)
def test_a_key_with_an_empty_part_is_refused_and_the_part_is_named(at: int, column: str) -> None:
    with pytest.raises(ServerError, match=rf"incomplete key \(no {column}\)"):
        judged(changed(at, ""))


def test_a_cell_may_be_told_twice_but_with_one_number_only() -> None:
    assert judged(LINE, LINE) == 2

    with pytest.raises(ServerError, match="two numbers for one cell"):
        judged(LINE, changed(5, "6"))


def test_where_the_form_is_not_known_periods_are_judged_all_the_same() -> None:
    assert judged(changed(0, "deOther0001"), extent=None) == 1

    with pytest.raises(ServerError, match="period 202608"):
        judged(changed(1, "202608"), extent=None)


@pytest.fixture(name="post")
def village_after_a_night(tmp_path: Path) -> Iterator[Post]:
    with village(tmp_path) as post:
        tracker(post, "month | clinic | what | number\n202609 | a | cases | 5")
        post.night()
        yield post


@pytest.mark.parametrize(
    ("told", "instead"), [(b"202609", b"202511"), (b"ouClinic00a", b"ouElsewhere")]
)
def test_a_plan_is_not_made_of_another_answer(post: Post, told: bytes, instead: bytes) -> None:
    async def exchange(request: Request, ask: Ask) -> WireAnswer:
        answer = await ask()
        if not request.url.path.endswith("dataValueSets.csv"):
            return answer
        return answer._replace(body=gzip.decompress(answer.body).replace(told, instead))

    work, _ = post.transform()
    post.sandbox.faults.append(exchange)

    with pytest.raises(ServerError, match="which was not asked for"):
        post.plan(work)
    assert not (work.run.path / "plan.json").exists()
