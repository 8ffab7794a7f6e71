"""Of a target's forms is known what they take, from whom and until when."""

import pytest

from pipeline.dhis2.target_metadata import read_assigned, read_compared, read_target
from pipeline.text.errors import UsageError
from schemas.metadata import Json, TargetMetadata
from tests.dhis2.shelf import Shelf, combos, org_unit

CASES, BY_SEX, HIDDEN = "deCases0001", "deBySex0001", "deHidden001"


def form(key: str = "dsMonthly01", **more: object) -> Json:
    elements = [
        {"dataElement": {"id": CASES}},
        {"dataElement": {"id": BY_SEX}, "categoryCombo": {"id": "ccSex000001"}},
        {"dataElement": {"id": HIDDEN}},
    ]
    usual: Json = {"id": key, "name": key, "periodType": "Monthly", "dataSetElements": elements}
    return usual | {"organisationUnits": [{"id": "ouClinic00a"}]} | more


def element(key: str, **more: object) -> Json:
    usual: Json = {"id": key, "name": key, "valueType": "INTEGER"}
    return usual | {"categoryCombo": {"id": "ccDefault01"}} | more


def shelf(*forms: Json, **more: list[Json]) -> Shelf:
    return Shelf(
        **{
            "categoryCombos": combos(),
            "dataElements": [element(CASES, zeroIsSignificant=True), element(BY_SEX)],
            "dataSets": [*forms],
            "organisationUnits": [org_unit("ouVillage01")],
            **more,
        }
    )


def read(server: Shelf, *data_sets: str) -> TargetMetadata:
    with server.door() as client:
        return read_target(client, data_sets or ("dsMonthly01",))


def test_a_form_that_says_little_never_locks_and_is_split_up_by_nothing() -> None:
    (told,) = read(shelf(form())).data_sets.rows(named=True)

    names = ("expiry_days", "open_future_periods", "open_periods_after_end")
    assert [told[name] for name in names] == [0, 0, 0]
    assert told["category_combo"] == "ccDefault01"
    assert (told["workflow"], told["can_write"]) == (None, None)


def test_what_a_form_says_of_its_rules_is_read() -> None:
    windows = [
        {"period": {"id": "202609"}, "openingDate": "2026-09-01", "closingDate": None},
    ]
    told = read(
        shelf(
            form(
                expiryDays=15.5,
                openFuturePeriods=2,
                workflow={"id": "wfMonthly01"},
                access={"data": {"write": False}},
                dataInputPeriods=windows,
            )
        )
    )

    (one,) = told.data_sets.rows(named=True)
    assert (one["expiry_days"], one["open_future_periods"]) == (15.5, 2)
    assert (one["workflow"], one["can_write"]) == ("wfMonthly01", False)
    assert told.input_periods.select("data_set", "period").rows() == [("dsMonthly01", "202609")]
    assert told.input_periods["opening_date"].is_not_null().to_list() == [True]
    assert told.default_option_combo == "cocDefault1"


def test_an_element_has_the_combo_of_the_form_before_its_own_and_a_hidden_one_is_no_part() -> None:
    told = read(shelf(form()))

    assert told.data_set_elements.rows() == [
        ("dsMonthly01", BY_SEX, "ccSex000001"),
        ("dsMonthly01", CASES, "ccDefault01"),
    ]
    assert told.data_elements.select("id", "zero_is_significant").rows() == [
        (BY_SEX, False),
        (CASES, True),
    ]


def test_options_are_read_only_where_a_form_as_a_whole_is_split_up() -> None:
    partner = {"id": "coPartner01", "startDate": "2026-03-10", "organisationUnits": [{"id": "b"}]}
    plain = shelf(form(categoryCombo={"id": "ccDefault01"}))
    split_up = shelf(form(categoryCombo={"id": "ccPartners1"}))
    split_up.objects["categoryOptions"] = [partner, {"id": "coBoys00001"}]

    assert read(plain).category_options.is_empty()
    assert "categoryOptions" not in plain.asked
    (told,) = read(split_up).category_options.rows(named=True)
    assert (told["id"], str(told["start_date"]), told["end_date"], told["org_units"]) == (
        *("coPartner01", "2026-03-10", None, ["b"]),
    )


def test_each_form_is_asked_for_by_itself_and_one_that_is_not_shown_is_named() -> None:
    server = shelf(form(), form("dsWeekly001"))

    assert read(server, "dsMonthly01", "dsWeekly001").data_sets.height == 2
    assert server.asked.count("dataSets") == 2
    with pytest.raises(UsageError, match="the server shows no dataSets with id dsNobody001"):
        read(server, "dsMonthly01", "dsNobody001")


def test_who_reports_a_form_is_read_and_a_form_that_is_gone_has_nobody() -> None:
    sites: list[Json] = [{"id": "ouClinic00b"}, {"id": "ouClinic00a"}]
    with shelf(form(organisationUnits=sites)).door() as client:
        told = read_assigned(client, ["dsMonthly01", "dsGone00001"])
        nobody = read_assigned(client, [])

    assert told.rows() == [("dsMonthly01", "ouClinic00a"), ("dsMonthly01", "ouClinic00b")]
    assert (nobody.columns, nobody.height) == (["data_set", "org_unit"], 0)


def test_a_form_to_compare_with_has_the_transfers_type_of_period() -> None:
    with shelf(form(name="Paper")).door() as client:
        told = read_compared(client, "dsMonthly01", "Monthly")
        with pytest.raises(UsageError, match="is Monthly, and this transfer's periods are Weekly"):
            read_compared(client, "dsMonthly01", "Weekly")

    assert (told.id, told.name) == ("dsMonthly01", "Paper")
    assert told.elements == {CASES, BY_SEX, HIDDEN}
