"""A table in any manner is read: what is without doubt is a row, and no line is lost."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.tables.delimited import Delimited, Undecodable, decode, find_header, rows_below

HEADER = ("site", "period", "value")


def is_header(fields: Sequence[str]) -> bool:
    return set(HEADER) <= {field.lower() for field in fields}


def read(text: str) -> Delimited:
    header = find_header(text, is_header)
    assert header is not None
    return rows_below(text, header)


def rows(text: str) -> list[tuple[object, ...]]:
    return read(text).rows.drop("lines").rows()


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ("a,202601,3", ("a", "202601", "3")),
        (' a , 202601 ,"3"', ("a", "202601", "3")),
        ('"a, b",202601,3', ("a, b", "202601", "3")),
        ('"a ""b""",202601,3', ('a "b"', "202601", "3")),
        ('Novo"yal,202601,3', ('Novo"yal', "202601", "3")),
        ('"Novo,202601,3', ('"Novo', "202601", "3")),
        ('"Novo"yal,202601,3', ('"Novo"yal', "202601", "3")),
        ("a,202601,3,,,", ("a", "202601", "3")),
        ('"a\nb",202601,3', ("a\nb", "202601", "3")),
    ],
)
def test_a_line_without_doubt_is_a_row(line: str, fields: tuple[str, ...]) -> None:
    text = f"site,period,value\n{line}\nz,202602,4\n"

    assert [row[1:] for row in rows(text)] == [fields, ("z", "202602", "4")]


@pytest.mark.parametrize("line", ["a,202601", "a,202601,3,4", '"a",202601'])
def test_a_line_of_another_width_is_no_row(line: str) -> None:
    table = read(f"site,period,value\n{line}\nz,202602,4\n")

    assert [misfit.line for misfit in table.misfits] == [2]
    assert table.rows["line"].to_list() == [3]


def test_a_quote_that_may_be_a_letter_or_open_a_text_of_two_lines_is_no_row() -> None:
    table = read('site,period,value\n"a,202601,3\nb",202602,4\nz,202603,5\n')

    assert [misfit[:2] for misfit in table.misfits] == [(2, 2)]
    assert table.rows["line"].to_list() == [4]


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    text = 'site,period,value\r\n\r\n"a\r\nb",202601,3\r\n;;\r\n,,\r\nz,202602,4'

    table = read(str(decode(text.encode())))

    assert table.rows.select("line", "lines").rows() == [(3, 2), (7, 1)]
    assert (table.blank, [misfit.line for misfit in table.misfits]) == (2, [5])


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_header_tells_the_separator(separator: str) -> None:
    text = "\n".join(["site,period,value".replace(",", separator), separator.join("a23")])

    assert rows(text) == [(2, "a", "2", "3")]


def test_excel_may_name_the_separator_in_the_first_line() -> None:
    assert rows("sep=;\nsite;period;value\na,b;2;3\n") == [(3, "a,b", "2", "3")]


def test_titles_above_the_header_tell_where_the_header_is() -> None:
    header = find_header("Monthly report;;\n;;\nSite;Period;Value\na;2;3\n", is_header)

    assert header is not None
    assert (header.line, header.separator) == (3, ";")


def test_without_a_header_there_is_none() -> None:
    assert find_header("a;b\n1;2\n", is_header) is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_is_read_as_spreadsheets_write_it(encoding: str) -> None:
    assert decode("santé\r\nAmblé\r".encode(encoding)) == "santé\nAmblé\n"


def test_another_encoding_is_told_with_its_line() -> None:
    assert decode("a\r\nsanté\r\n".encode("latin-1")) == Undecodable(2, "is not written in UTF-8")
    assert decode(b"a\nb\0c") == Undecodable(2, "is no text")


MANGLED = st.lists(
    st.text(alphabet='ab",;\t \n\u00e9', max_size=12) | st.sampled_from(["a,2,3", "", ",,", '"']),
    max_size=12,
)


@given(MANGLED)
def test_every_line_is_in_a_row_or_a_misfit_or_blank(lines: list[str]) -> None:
    text = "\n".join(["site,period,value", *lines])

    table = read(text)

    of_rows = int(table.rows["lines"].sum())
    of_misfits = sum(misfit.lines for misfit in table.misfits)
    below = len(text.split("\n")) - 1 - text.endswith("\n")
    assert of_rows + of_misfits + table.blank == below
    assert table.rows["line"].is_sorted()


@given(st.lists(st.tuples(*(st.text(alphabet='ab",; ', max_size=6),) * 3), max_size=8))
def test_what_is_quoted_as_the_standard_says_is_read_back(table: list[tuple[str, ...]]) -> None:
    text = "site,period,value\n" + "".join(
        ",".join('"' + field.replace('"', '""') + '"' for field in row) + "\n" for row in table
    )

    found = read(text)

    assert not found.misfits
    written = [tuple(field.strip() for field in row) for row in table]
    assert [row[1:] for row in found.rows.drop("lines").rows()] == written


@pytest.mark.parametrize(("first", "second"), [('3,"', '4,"'), ('3,",x', '4,"'), ('3,"', '4,ok,"')])
def test_a_row_is_not_swallowed_by_a_quote_of_the_row_before(first: str, second: str) -> None:
    found = read(f"site,period,value,note\na,202601,{first}\nBERlqqjtcWP,202601,{second}\n")

    assert found.rows.is_empty()
    assert [(one.line, one.lines, one.is_doubtful) for one in found.misfits] == [(2, 2, True)]


def test_only_a_text_between_quotes_goes_on_in_the_next_line() -> None:
    found = read('site,period,value\n"a\nb,202601,"3"\n')

    assert found.rows.drop("lines").rows() == [(3, "b", "202601", "3")]
    assert [(one.line, one.text) for one in found.misfits] == [(2, '"a')]
