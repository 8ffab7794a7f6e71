"""The table of twins is read like the other mapping tables, and complained about by line."""

from pathlib import Path

import polars as pl
import pytest

from pipeline.compare.rules.links import MANUAL_COLUMNS
from pipeline.tables import read_manual_mapping
from pipeline.text.errors import UsageError


def written(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "manual.csv").write_text(text, encoding="utf-8")
    return folder


def test_the_usual_case_needs_two_columns(tmp_path: Path) -> None:
    folder = written(
        tmp_path,
        "\ufeffmanual_data_element;manual_data_element_name;data_element;note\n"
        "paCases0001;Cases on paper;deCases0001;asked for by the district\n",
    )

    path, table = read_manual_mapping(folder, by_id=True)

    assert path.name == "manual.csv"
    assert table.columns == ["line", *MANUAL_COLUMNS]
    assert table.rows() == [(2, "paCases0001", "", "", "deCases0001", "", "")]


def test_a_parquet_table_says_the_same(tmp_path: Path) -> None:
    rows = pl.DataFrame({"manual_data_element": ["Fever"], "data_element": ["deCases0001"]})
    rows.write_parquet(tmp_path / "manual.parquet")

    _, table = read_manual_mapping(tmp_path, by_id=False)

    assert table.rows() == [(1, "Fever", "", "", "deCases0001", "", "")]


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("Fever,,,deCases0001,,", "manual.csv:2: manual_data_element: 'Fever' is not"),
        ("paCases0001,boys,,deCases0001,,", "manual.csv:2: manual_category_option_combo: 'boys'"),
        ("paCases0001,,,cases,,", "manual.csv:2: data_element: 'cases' is not a UID"),
        ("paCases0001,,,deCases0001,all,", "manual.csv:2: category_option_combo: 'all' is not"),
        ("paCases0001,,,deCases0001,,sum", "manual.csv:2: attribute_option_combo: 'sum' is not"),
        (",,,deCases0001,,", "manual.csv:2: manual_data_element: '' is not"),
    ],
)
def test_a_mistake_is_named_with_file_and_line(tmp_path: Path, row: str, complaint: str) -> None:
    folder = written(tmp_path, ",".join(MANUAL_COLUMNS) + f"\n{row}\n")

    with pytest.raises(UsageError) as told:
        read_manual_mapping(folder, by_id=True)

    assert complaint in told.value.where


def test_where_paper_is_a_file_its_own_words_stand(tmp_path: Path) -> None:
    folder = written(tmp_path, ",".join(MANUAL_COLUMNS) + "\nFever,boys,,deCases0001,total,\n")

    _, table = read_manual_mapping(folder, by_id=False)

    assert table.rows() == [(2, "Fever", "boys", "", "deCases0001", "total", "")]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (",".join(MANUAL_COLUMNS) + "\n", "a header and no row"),
        ("data_element\ndeCases0001\n", "no column manual_data_element"),
        ("manual_data_element,data_element,combo\na,b,c\n", "unknown column combo"),
    ],
)
def test_a_table_without_rows_or_with_other_columns_is_a_letter(
    tmp_path: Path, text: str, what: str
) -> None:
    with pytest.raises(UsageError, match=what):
        read_manual_mapping(written(tmp_path, text), by_id=True)


def test_a_missing_table_is_a_letter(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="the mapping table manual is missing"):
        read_manual_mapping(tmp_path, by_id=True)
