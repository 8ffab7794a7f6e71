"""An org unit beside the account's tree may not be written for."""

from datetime import date

import polars as pl

from pipeline.plan.rules.holds.org_units import judge_org_units

ORG_UNITS = pl.DataFrame(
    {
        "id": ["country", "hill", "valley", "abroad"],
        "path": ["/country", "/country/hill", "/country/valley", "/abroad"],
        "opening_date": [None, date(2026, 9, 15), None, None],
        "closed_date": [None, None, date(2026, 9, 30), None],
    },
    schema_overrides={"opening_date": pl.Date, "closed_date": pl.Date},
)


def test_org_units_beside_the_accounts_tree_are_outside() -> None:
    judged = judge_org_units(ORG_UNITS, ["hill"])
    nobody = judge_org_units(ORG_UNITS, [])

    assert dict(judged.select("org_unit", "path_hold").rows()) == {
        "country": "outside_capture",
        "hill": None,
        "valley": "outside_capture",
        "abroad": "outside_capture",
    }
    assert judge_org_units(ORG_UNITS, ["country"])["path_hold"].null_count() == 3
    assert nobody["path_hold"].null_count() == 0


def test_an_id_that_only_contains_the_roots_id_is_outside() -> None:
    longer = ORG_UNITS.with_columns(path=pl.col("path").str.replace("hill", "uphill"))

    assert judge_org_units(longer, ["hill"])["path_hold"].null_count() == 0


def test_the_open_days_come_along() -> None:
    judged = judge_org_units(ORG_UNITS, ["country"])

    assert judged.columns == ["org_unit", "path_hold", "path_known", "opening_date", "closed_date"]
    assert judged["path_known"].all()
    assert judged["opening_date"].to_list() == [None, date(2026, 9, 15), None, None]
