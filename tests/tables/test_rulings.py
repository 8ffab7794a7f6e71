"""What people decided and registered is one hash, which changes with what it means only."""

from datetime import date
from pathlib import Path

import pytest

from pipeline.tables import read_decisions, read_sites
from pipeline.tables.rulings import fingerprint_of, rulings_fingerprint
from pipeline.text.errors import UsageError

TODAY, TOMORROW = date(2026, 11, 20), date(2026, 11, 21)
DECISIONS = (
    "data_element,period,org_unit,category_option_combo,decision,decided_by,why,until",
    "deCases0001,202609,ouClinic00a,,tracker,Ms Phiri,recounted,2026-11-20",
    "deCases0001,202609,ouClinic00b,,manual,Ms Phiri,paper is right,2026-12-31",
)
SITES = (
    "org_unit,data_element,data_set,reports,from_period,to_period,favour",
    "ouClinic00a,,,manual,,202606,",
    "ouClinic00b,,,tracker,202607,,",
)


def written(
    folder: Path, decisions: tuple[str, ...] = DECISIONS, sites: tuple[str, ...] = SITES
) -> Path:
    (folder / "decisions.csv").write_text("\n".join(decisions) + "\n")
    (folder / "sites.csv").write_text("\n".join(sites) + "\n")
    return folder


def fingerprint(folder: Path, today: date = TODAY) -> str:
    return rulings_fingerprint(folder, folder, today)


def test_another_order_of_rows_is_the_same(tmp_path: Path) -> None:
    before = fingerprint(written(tmp_path))

    header, *rows = DECISIONS
    sites_header, *sites = SITES
    written(tmp_path, (header, *rows[::-1]), (sites_header, *sites[::-1]))

    assert fingerprint(tmp_path) == before


def test_a_decision_that_expired_overnight_is_still_the_same_word(tmp_path: Path) -> None:
    written(tmp_path)

    assert fingerprint(tmp_path, TODAY) == fingerprint(tmp_path, TOMORROW)


def test_a_row_that_is_not_filled_in_says_nothing_yet(tmp_path: Path) -> None:
    before = fingerprint(written(tmp_path))

    written(tmp_path, (*DECISIONS, "deCases0001,202609,ouClinic00c,,,,,"))

    assert fingerprint(tmp_path) == before


@pytest.mark.parametrize(
    ("decisions", "sites"),
    [(DECISIONS[:2], SITES), (DECISIONS, SITES[:2]), (DECISIONS[:1], SITES[:1])],
)
def test_a_row_less_is_another(
    tmp_path: Path, decisions: tuple[str, ...], sites: tuple[str, ...]
) -> None:
    before = fingerprint(written(tmp_path))

    assert fingerprint(written(tmp_path, decisions, sites)) != before


def test_tables_that_were_read_already_give_the_same_hash(tmp_path: Path) -> None:
    written(tmp_path)

    read = fingerprint_of(read_decisions(tmp_path, TODAY), read_sites(tmp_path))

    assert read == fingerprint(tmp_path)


def test_without_tables_there_is_a_hash_of_nothing(tmp_path: Path) -> None:
    assert fingerprint(tmp_path) == fingerprint(written(tmp_path, DECISIONS[:1], SITES[:1]))


def test_a_slip_of_the_pen_is_refused_with_its_line(tmp_path: Path) -> None:
    written(
        tmp_path, (*DECISIONS, "deCases0001,202609,ouClinic00c,,perhaps,Ms Phiri,so,2026-12-31")
    )

    with pytest.raises(UsageError, match="has 1 mistake") as told:
        fingerprint(tmp_path)
    assert "decisions.csv:4" in told.value.where
