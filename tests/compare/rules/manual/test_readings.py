"""A text is one object where it can only be that one; else all that it may be are told."""

import pytest

from pipeline.compare.rules.manual.objects import (
    CLEAR,
    NOTHING,
    ROUNDED,
    SAME_NUMBER,
    SEVERAL,
    Called,
)
from tests.support.frames import frame

SITES = Called(
    frame("""
        id   | code         | name
        ou_a | 0012         | Poste de santé Kolo
        ou_b | 12           | Poste de santé Lélé
        ou_c | 0034         | N'Dali
        ou_d | 56           | Hill clinic
        ou_e | 123456789012 | Bay clinic
        ou_f | 121000000000 | Lake clinic
        ou_g | B-7          | River
        ou_h | b-7          | RIVER
        ou_i | 4E2          | Market
        ou_j | 400          | Harbour
    """)
)


@pytest.mark.parametrize(
    ("text", "how", "ids"),
    [
        ("0012", CLEAR, "ou_a"),
        ("'0012", CLEAR, "ou_a"),
        ('="0012"', CLEAR, "ou_a"),
        ("0012 ", CLEAR, "ou_a"),
        ("00\u00ad12", CLEAR, "ou_a"),
        ("\uff10\uff10\uff11\uff12", CLEAR, "ou_a"),
        ("12", SEVERAL, "ou_a ou_b"),
        ("12.0", SEVERAL, "ou_a ou_b"),
        ("012", NOTHING, "ou_a ou_b"),
        ("34", SAME_NUMBER, "ou_c"),
        ("34,0", SAME_NUMBER, "ou_c"),
        ("56", CLEAR, "ou_d"),
        ("56.0", SAME_NUMBER, "ou_d"),
        ("1.2E+11", ROUNDED, "ou_e ou_f"),
        ("1.23457E+11", ROUNDED, "ou_e"),
        ("9.9E+11", ROUNDED, ""),
        ("123456789012", CLEAR, "ou_e"),
        ("400", SEVERAL, "ou_i ou_j"),
        ("4E2", CLEAR, "ou_i"),
        ("B-7", CLEAR, "ou_g"),
        ("river", SEVERAL, "ou_g ou_h"),
        ("Poste de sante\u0301 Kolo", CLEAR, "ou_a"),
        ("\u200bposte\u00a0 de  SANTÉ kolo", CLEAR, "ou_a"),
        ("N\u2019Dali", CLEAR, "ou_c"),
        ("Poste de sante Kolo", NOTHING, "ou_a"),
        ("Poste de sante", NOTHING, ""),
    ],
)
def test_a_text_is_read_with_all_that_it_may_be(text: str, how: str, ids: str) -> None:
    reading = SITES.read(text)

    assert (reading.how, " ".join(reading.ids)) == (how, ids)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("12", "12: 0012 (ou_a) or 12 (ou_b)"),
        ("1.2E+11", "1.2E+11: 123456789012 (ou_e) or 121000000000 (ou_f)"),
        ("river", "river: ou_g or ou_h"),
        ("Poste de sante Kolo", "Poste de sante Kolo: Poste de santé Kolo (ou_a)"),
        ("0012", "0012"),
        ("nowhere", "nowhere"),
    ],
)
def test_what_is_not_clear_is_told_with_its_candidates(text: str, told: str) -> None:
    assert SITES.told(text, SITES.read(text)) == told
