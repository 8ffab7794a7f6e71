"""A CSV body is read by the columns of its header."""

from sandbox.values.csv import payload_of_csv


def test_columns_are_found_in_any_case_and_order_and_an_empty_field_is_none() -> None:
    (row,) = payload_of_csv("Value,DATAELEMENT, period,orgunit,comment\n1,de,202610,ou,\n").rows

    assert (row.data_element, row.period, row.org_unit) == ("de", "202610", "ou")
    assert (row.value, row.comment) == ("1", None)


def test_flags_are_true_only_when_they_say_so() -> None:
    rows = payload_of_csv("dataelement,followup,deleted\nde,true,false\nde,TRUE,true\n").rows

    assert [(row.followup, row.deleted) for row in rows] == [(True, False), (False, True)]


def test_columns_that_nobody_knows_are_remembered_by_name() -> None:
    assert payload_of_csv("dataelement,Colour,value\nde,red,1\n").unknown_columns == ("colour",)
