"""One value is deleted by its cell."""

import httpx

from tests.sandbox.value_world import (
    DEFAULT,
    FORM_CELL,
    MONTH,
)


def test_a_value_is_deleted_alone_and_refused_only_by_the_old_server_the_second_time(
    client: httpx.Client,
) -> None:
    one = {"de": "deInteger01", "pe": MONTH, "ou": "ouClinic001", "co": DEFAULT}
    new = "filename" in client.get("/api/dataValueSets", params=FORM_CELL).headers.get(
        "Content-Disposition", ""
    )

    assert client.delete("/api/dataValues", params=one).status_code == 204
    assert client.delete("/api/dataValues", params=one).status_code == (204 if new else 409)
