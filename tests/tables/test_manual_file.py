"""A file of manual numbers is opened line by line, or refused with the line and what to do."""

import tracemalloc
from datetime import date
from io import BytesIO
from pathlib import Path

import polars as pl
import pytest

from pipeline.files.deployment import Deployment
from pipeline.tables.manual_file import open_file, read_rows
from pipeline.text.errors import ExitCode, UsageError
from tests.tables.test_workbook import workbook

HEADER = "data_element,period,org_unit,value\n"
CSV = Path("data/transfers/fever/manual.csv")


def rows(content: str | bytes) -> list[tuple[int, str, str, str, str]]:
    """Give line, element, period, unit and number of what a CSV holds."""
    told = read_rows(content if isinstance(content, bytes) else content.encode(), CSV).rows
    columns = ("line", "manual_data_element", "written_period", "written_unit", "written")
    return told.select(columns).rows()


def letter_of(content: str | bytes, path: Path = CSV) -> UsageError:
    with pytest.raises(UsageError) as told:
        read_rows(content if isinstance(content, bytes) else content.encode(), path)
    assert told.value.exit_code == ExitCode.USAGE
    assert told.value.remedy
    return told.value


ONE = [(2, "Cases", "202610", "ou_a", "5")]


@pytest.mark.parametrize(
    "content",
    [
        HEADER + "Cases,202610,ou_a,5\n",
        HEADER + "Cases,202610,ou_a,5",
        "\ufeff" + HEADER + " Cases ,202610,ou_a,5 \n",
        "Data Element;Period;Org unit;Value\nCases;202610;ou_a;5\n",
        "data_element\tperiod\torg_unit\tvalue\nCases\t202610\tou_a\t5\n",
        "note,value,orgunit,PERIOD,dataelement\nx,5,ou_a,202610,Cases\n",
        '"Data","Period","Organisation unit","Value"\n"Cases","202610","ou_a","5"\n',
        "data,data_element,period,org_unit,value\n01/11/2026,Cases,202610,ou_a,5\n",
        "data_element;period;org_unit;value;;\nCases;202610;ou_a;5;;\n",
        (
            '"dataelement","period","orgunit","value","deleted"\n'
            '"Cases","202610","ou_a","5","false"\n"Cases","202610","ou_b","6","true"\n'
        ),
        (HEADER + "Cases,202610,ou_a,5\n").replace("\n", "\r\n"),
        (HEADER + "Cases,202610,ou_a,5\n").encode("utf-16"),
    ],
)
def test_a_csv_may_come_as_any_spreadsheet_writes_it(content: str | bytes) -> None:
    assert rows(content) == ONE


def test_lines_are_counted_as_an_editor_does() -> None:
    content = f'\n{HEADER}\n"Cases, all",202610,"ou\n_a",5\n,,,\nCases,202610,ou_b,6\n'

    assert [(row[0], row[1]) for row in rows(content)] == [(4, "Cases, all"), (7, "Cases")]


def test_lines_are_counted_through_a_file_of_any_length() -> None:
    many = 70_000
    content = HEADER + 'Cases,202610,"ou\n_a",5\n' * many + "Total,99\n"

    told = read_rows(content.encode(), CSV)

    assert told.rows["line"].to_list() == list(range(2, 2 + 2 * many, 2))
    assert told.rows["written_unit"].unique().to_list() == ["ou\n_a"]
    assert told.ragged.select("line", "written").rows() == [(2 + 2 * many, "Total,99")]


def test_a_large_file_takes_little_more_memory_than_its_bytes() -> None:
    content = (HEADER + "Cases of malaria,202610,ouClinic00a,5\n" * 200_000).encode()

    tracemalloc.start()
    told = read_rows(content, CSV)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert told.rows.height == 200_000
    assert peak < 3 * len(content)  # lists of lists took twenty times as much


def test_a_column_of_deleted_rows_may_be_empty() -> None:
    assert rows("dataelement,period,orgunit,value,deleted\n") == []


def test_a_row_with_too_many_or_too_few_fields_is_told_and_not_read() -> None:
    told = read_rows(
        (HEADER + "Cases,202610,ou_a,1,234\nTotal,99\nCases,202610,ou_a,5\n").encode(), CSV
    )

    assert told.ragged.select("line", "written").rows() == [
        (2, "Cases,202610,ou_a,1,234"),
        (3, "Total,99"),
    ]
    assert told.rows["line"].to_list() == [4]


def test_a_quote_that_closes_no_text_is_a_letter_like_any_other() -> None:
    content = HEADER + 'Cases,202610,"ou_a,5\nCases,202610,"ou"_a,6\nCases,202610,ou"a,7\n'

    assert [(row[0], row[3]) for row in rows(content)] == [(2, '"ou_a'), (3, '"ou"_a'), (4, 'ou"a')]


def test_each_line_behind_a_quote_in_doubt_is_told() -> None:
    content = HEADER.replace("value", "value,note") + 'a,202610,ou_a,5,"\nb,202610,ou_a,6,"\n'

    told = read_rows(content.encode(), CSV)

    assert told.rows.is_empty()
    assert told.ragged.select("line", "rule_id", "written").rows() == [
        (2, "M20", 'a,202610,ou_a,5,"'),
        (3, "M20", 'b,202610,ou_a,6,"'),
    ]


def test_manual_numbers_may_stand_in_a_workbook() -> None:
    header: list[object] = ["Data element", "Period", "Org unit", "Value"]
    content = workbook([header, ["Cases", 202610, "ou_a", 5]])

    found = read_rows(content, Path("paper.xlsx")).rows

    assert found.select("line", "manual_data_element", "written_period", "written").rows() == [
        (2, "Cases", "202610", "5")
    ]


@pytest.mark.parametrize(
    ("content", "where", "what"),
    [
        ("", ":1", "is empty"),
        ("\n \n", ":1", "is empty"),
        ("data_element,period,value\n", ":1", "lacks columns: orgunit"),
        ("period;period;data_element;org_unit;value\n", ":1", "in its header twice"),
        (HEADER.encode() + b"Cases,202610,Clinic \xe9,5\n", ":2", "not written in UTF-8"),
        (HEADER.encode() + b"Cases,202610,\0,5\n", ":2", "is no text"),
        (b"PK\x03\x04\0\0\0\0", ":1", "is a workbook or a zipped file"),
        ("Monthly report;;;\n\n" + HEADER.replace(",", ";"), ":3", "seems to be line 3"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_letter_with_the_line(
    content: str | bytes, where: str, what: str
) -> None:
    letter = letter_of(content)

    assert what in letter.what
    assert letter.where.endswith(where)


def parquet(**columns: pl.Series | list[object]) -> bytes:
    page = BytesIO()
    pl.DataFrame(columns).write_parquet(page)
    return page.getvalue()


def test_a_parquet_file_keeps_its_types() -> None:
    content = parquet(
        data_element=["Cases", "Cases", "Cases"],
        period=pl.Series([date(2026, 10, 1), date(2026, 9, 1), None]),
        org_unit=["ou_a", "ou_b", "ou_c"],
        value=pl.Series([1.234, float("nan"), None]),
    )

    told = read_rows(content, CSV.with_suffix(".parquet")).rows

    assert told.select("line", "written_period", "written", "number").rows() == [
        (1, "2026-10-01", "1.234", 1.234),
        (2, "2026-09-01", "NaN", None),
        (3, "", "", None),
    ]


def test_whole_periods_of_a_parquet_file_have_no_point() -> None:
    content = parquet(
        data_element=["Cases"], period=[202610.0], org_unit=["ou_a"], value=pl.Series([5])
    )

    told = read_rows(content, CSV.with_suffix(".parquet")).rows

    assert told.select("written_period", "number").rows() == [("202610", 5.0)]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"no parquet", "cannot be read as Parquet"),
        (parquet(data_element=["Cases"], value=[5]), "lacks columns: period, orgunit"),
        (
            parquet(data_element=[["a"]], period=["202610"], org_unit=["ou_a"], value=[[5]]),
            "cannot be read as Parquet",
        ),
    ],
)
def test_a_broken_parquet_file_is_a_letter(content: bytes, what: str) -> None:
    assert what in letter_of(content, CSV.with_suffix(".parquet")).what


@pytest.mark.parametrize(
    ("file", "what"),
    [
        ("../../../../outside.csv", "outside the deployment's folder"),
        ("/etc/hostname.csv", "outside the deployment's folder"),
        ("linked.csv", "outside the deployment's folder"),
        ("nowhere.csv", "is not there"),
        ("folder.csv", "is not there"),
        ("book.docx", "cannot end in .docx"),
    ],
)
def test_only_a_file_of_the_deployment_is_opened(file: str, what: str, tmp_path: Path) -> None:
    home = Deployment(tmp_path / "home")
    folder = home.transfer_folder("fever")
    (folder / "folder.csv").mkdir(parents=True)
    (tmp_path / "outside.csv").write_text(HEADER)
    (folder / "linked.csv").symlink_to(tmp_path / "outside.csv")
    (folder / "book.xlsx").write_text("PK")

    with pytest.raises(UsageError, match=what):
        open_file(home, "fever", file)


def test_a_file_may_lie_beside_the_transfers(tmp_path: Path) -> None:
    folder = Deployment(tmp_path).transfer_folder("fever")
    folder.mkdir(parents=True)
    (tmp_path / "data" / "paper.csv").write_text(HEADER)

    path, content = open_file(Deployment(tmp_path), "fever", "../../paper.csv")

    assert path.name == "paper.csv"
    assert content.decode() == HEADER


@pytest.mark.parametrize("ending", ["csv", "CSV", "Csv", "TXT", "TSV", "parquet", "PARQUET"])
def test_the_ending_may_be_written_in_capital_letters(ending: str, tmp_path: Path) -> None:
    folder = Deployment(tmp_path).transfer_folder("fever")
    folder.mkdir(parents=True)
    file = folder / f"manual.{ending}"
    file.write_text(HEADER + "Cases,202610,ou_a,5\n")
    if ending.lower() == "parquet":
        pl.read_csv(file).write_parquet(file)

    path, content = open_file(Deployment(tmp_path), "fever", f"manual.{ending}")

    assert read_rows(content, path).rows["written"].to_list() == ["5"]
