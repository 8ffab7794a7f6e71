"""Disaggregated counts come with their option combos."""

import httpx

from sandbox.state.identifiers import uid


def test_doses_carry_an_attribute_option_combo(client: httpx.Client) -> None:
    dimensions = [f"dx:{uid('PI_DOSES')}", "pe:202610", "ou:LEVEL-1"]

    values = client.get("/api/analytics/dataValueSet.json", params={"dimension": dimensions})

    combos = {
        (value["categoryOptionCombo"], value["attributeOptionCombo"])
        for value in values.json()["dataValues"]
    }
    assert combos == {
        (uid(sex), uid(place))
        for sex in ("COC_M", "COC_F")
        for place in ("COC_FIXED", "COC_OUTREACH")
    }
