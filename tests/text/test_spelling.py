"""Texts that a reader takes for one are one; what may be two stays two."""

import pytest

from pipeline.text.spelling import folded, tidy


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("0012", "0012"),
        ("'0012", "0012"),
        ("0012 ", "0012"),
        ("\u00a00012\u00a0", "0012"),
        ("00\u00ad12", "0012"),
        ("\u200b0012\ufeff", "0012"),
        ("\uff10\uff10\uff11\uff12", "0012"),
        ("Sante\u0301", "Sant\u00e9"),
        ("Hill \u00a0  clinic", "Hill clinic"),
        ("N'Dali", "N'Dali"),
        ("'urgent' case", "'urgent' case"),
    ],
)
def test_a_text_is_tidied_and_keeps_its_letters(written: str, meant: str) -> None:
    assert tidy(written) == meant
    assert tidy(meant) == meant


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Poste de sant\u00e9 Kolo", "POSTE DE SANTE\u0301  KOLO"),
        ("N'Dali", "N\u2019Dali"),
        ("L\u02bcHill", "l'hill"),
        ("Ward 3\u20134", "Ward 3-4"),
        ("Hill\u200d clinic", "hill clinic"),
        ("\ufb01rst aid", "First aid"),
        ("'Ain", "\u2018ain"),
    ],
)
def test_names_that_look_alike_fold_into_one(one: str, other: str) -> None:
    assert folded(one) == folded(other)
    assert folded(folded(one)) == folded(one)


@pytest.mark.parametrize(
    ("one", "other"), [("Sant\u00e9", "Sante"), ("Ward 1", "Ward 01"), ("A-1", "A1")]
)
def test_accents_zeros_and_dashes_tell_names_apart(one: str, other: str) -> None:
    assert folded(one) != folded(other)
