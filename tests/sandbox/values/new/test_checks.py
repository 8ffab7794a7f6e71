"""The new engine refuses a request as a whole, and names all its rows."""

from typing import Any

import pytest

from tests.sandbox.value_world import (
    NEW,
    OLD,
    outcome,
    row,
    send,
    small_world,
)


def test_the_new_engine_names_all_rows_and_hides_the_culprit_in_args() -> None:
    _, body = send(small_world(), NEW, [row(), row(orgUnit="ouCountry01")])

    conflict = body["response"]["conflicts"][0]
    assert conflict["objects"] == {"args": "dsForm00001-[ouCountry01]"}
    assert conflict["indexes"] == body["response"]["rejectedIndexes"] == [0, 1]


DETECTION = [
    ([row("deShared001")], "409 ERROR 0,0,0,0 E8002[0]"),
    ([row("deHomeless1")], "409 ERROR 0,0,0,0 E8003[0]"),
    ([row(), row("deHomeless1")], "409 ERROR 0,0,0,0 E8020[0,1]"),
    ([row(), row("deNumber001")], "200 SUCCESS 0,2,0,0"),
]


@pytest.mark.parametrize(("rows", "new"), DETECTION)
def test_without_a_data_set_the_new_engine_looks_for_the_one_all_elements_lead_to(
    rows: list[dict[str, Any]], new: str
) -> None:
    assert outcome(send(small_world(), NEW, {"dataValues": rows})) == new
    assert outcome(send(small_world(), OLD, {"dataValues": rows})).startswith("200 SUCCESS")
