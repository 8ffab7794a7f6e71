"""Analytics is asked as CSV, as a grid where that tells nothing, and in halves where it must."""

import json

import pytest

from pipeline.config.sections import Source
from pipeline.dhis2.analytics import (
    ANY_BREACH,
    DEFAULT_ROW_LIMIT,
    NO_TABLE,
    Answered,
    ask_all_alone,
    ask_alone,
    ask_together,
    bearable_codes,
    row_limit,
)
from pipeline.extract.rules.questions import Question
from pipeline.text.errors import IndicatorError, LoginError, ServerError, TooLargeError
from tests.dhis2.http.script import Said, Script, door, says

CASES, DEATHS = "piCases0001", "piDeaths001"
ONE = Question((CASES,), (), ("202609",), ("ouClinic00a",))
BOTH = Question((CASES, DEATHS), (), ("202609",), ("ouClinic00a",))
TWO_MONTHS = Question((CASES,), (), ("202609", "202610"), ("ouClinic00a",))
Row = tuple[str, str, str, str]


def table(*rows: Row) -> Said:
    lines = ["Data,Period,Organisation unit,Value", *(",".join(row) for row in rows)]
    return says(200, "".join(f"{line}\n" for line in lines), "application/csv")


def grid(*rows: Row) -> Said:
    headers = [{"name": name} for name in ("dx", "pe", "ou", "value")]
    told = {"headers": headers, "rows": [*map(list, rows)], "height": len(rows), "width": 4}
    return says(200, json.dumps(told))


def fault(code: str, status: int = 409) -> Said:
    return says(status, json.dumps({"errorCode": code, "message": "a fault"}))


def row(number: str, what: str = CASES, month: str = "202609") -> Row:
    return (what, month, "ouClinic00a", number)


def numbers(answered: Answered) -> list[str]:
    return [number for one in answered.responses for number in one.rows["value"]]


def asked(script: Script) -> list[str]:
    """What was asked for each time: the form of the answer, indicators and periods."""
    told = []
    for request in script.asked:
        dimensions = request.url.params.get_list("dimension")
        told.append(" ".join([request.url.path.rpartition(".")[2], *dimensions[:2]]))
    return told


def test_a_table_is_read_at_once() -> None:
    script = Script(table(row("5")))
    with door(script) as client:
        answered = ask_together(client, ONE)

    assert (numbers(answered), answered.unknown) == (["5"], {})
    assert [one.kind for one in answered.responses] == ["csv"]
    assert asked(script) == ["csv dx:piCases0001 pe:202609"]


@pytest.mark.parametrize(
    "instead",
    [
        says(200, '{"a": 1}'),
        says(200, "a fault, told as a table\n", "application/csv"),
        says(500, "", "application/csv"),
    ],
)
def test_where_no_table_comes_the_grid_is_asked(instead: Said) -> None:
    script = Script(instead, grid(row("5")))
    with door(script) as client:
        answered = ask_together(client, ONE)

    assert numbers(answered) == ["5"]
    assert [one.kind for one in answered.responses] == ["json"]


def test_a_question_that_is_too_large_is_asked_in_halves() -> None:
    halves = (table(row("5")), table(row("6", month="202610")))
    script = Script(fault("E7128"), fault("E7128"), *halves)
    with door(script) as client:
        assert numbers(ask_together(client, TWO_MONTHS)) == ["5", "6"]

    assert asked(script)[2:] == ["csv dx:piCases0001 pe:202609", "csv dx:piCases0001 pe:202610"]


def test_a_question_that_takes_the_server_too_long_is_too_large() -> None:
    with door(Script(fault("E7131"))) as client, pytest.raises(TooLargeError, match="smallest"):
        ask_together(client, ONE)


def test_the_indicator_that_fails_a_question_for_all_is_found() -> None:
    broken = fault("E7145")
    script = Script(broken, broken, table(row("5")), broken, broken)
    with door(script) as client:
        answered = ask_together(client, BOTH)

    assert numbers(answered) == ["5"]
    assert {name: letter.code for name, letter in answered.unknown.items()} == {DEATHS: "E7145"}
    assert asked(script)[2:] == [
        "csv dx:piCases0001 pe:202609",
        "csv dx:piDeaths001 pe:202609",
        "json dx:piDeaths001 pe:202609",
    ]


def test_an_indicator_without_a_table_stops_the_run_unless_it_may_be_held() -> None:
    with door(Script(fault(NO_TABLE))) as client:
        with pytest.raises(IndicatorError) as raised:
            ask_together(client, ONE)
        assert raised.value.indicator == CASES
        assert list(ask_together(client, ONE, bearable=ANY_BREACH).unknown) == [CASES]


def test_a_fault_that_is_no_indicators_is_raised() -> None:
    with door(Script(fault("E7120"))) as client, pytest.raises(ServerError) as raised:
        ask_together(client, BOTH)

    assert raised.value.code == "E7120"


def test_a_grid_that_cannot_be_read_is_a_letter() -> None:
    cut = says(200, '{"headers": [], "rows": []}')
    with (
        door(Script(cut)) as client,
        pytest.raises(ServerError, match="a table that cannot be read"),
    ):
        ask_alone(client, ONE)


def test_alone_silence_is_an_answer_and_so_is_the_indicators_own_fault() -> None:
    with door(Script(grid())) as client:
        silent = ask_alone(client, ONE)
    with door(Script(fault("E7145"))) as client:
        broken = ask_alone(client, ONE)

    assert isinstance(silent, list)
    assert [one.rows.height for one in silent] == [0]
    assert isinstance(broken, ServerError)
    assert broken.code == "E7145"


def test_alone_what_is_too_large_is_asked_in_halves_until_one_is_broken() -> None:
    script = Script(fault("E7128"), grid(row("5")), fault("E7145"))
    with door(script) as client:
        told = ask_alone(client, TWO_MONTHS)

    assert isinstance(told, ServerError)
    assert asked(script)[1:] == ["json dx:piCases0001 pe:202609", "json dx:piCases0001 pe:202610"]


def test_questions_asked_alone_end_with_the_first_that_is_broken() -> None:
    script = Script(grid(row("5")), fault("E7145"))
    with door(script) as client:
        told = ask_all_alone(client, [ONE, ONE, ONE])

    assert isinstance(told, ServerError)
    assert len(script.asked) == 2


@pytest.mark.parametrize(
    ("told", "limit"),
    [
        (says(200, '{"keyAnalyticsMaxLimit": "50000"}'), 50_000),
        (says(200, '{"keyAnalyticsMaxLimit": 0}'), 0),
        (says(200, "{}"), DEFAULT_ROW_LIMIT),
        (says(200, "[]"), DEFAULT_ROW_LIMIT),
        (says(200, '{"keyAnalyticsMaxLimit": "many"}'), DEFAULT_ROW_LIMIT),
        (says(403, "{}"), DEFAULT_ROW_LIMIT),
    ],
)
def test_a_server_that_does_not_tell_its_limit_has_the_usual_one(told: Said, limit: int) -> None:
    with door(Script(told)) as client:
        assert row_limit(client) == limit


def test_a_refused_login_is_no_limit() -> None:
    with door(Script(says(401, "{}"))) as client, pytest.raises(LoginError):
        row_limit(client)


def test_only_a_transfer_that_says_so_holds_an_indicator_without_a_table() -> None:
    usual = {"program_indicators": [CASES]}

    assert NO_TABLE not in bearable_codes(Source.model_validate(usual))
    assert NO_TABLE in bearable_codes(Source.model_validate(usual | {"on_broken": "hold"}))
