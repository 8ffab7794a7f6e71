"""rows = accepted + rejects, and values = the distinct cells of accepted: held to a slow twin."""

from collections import Counter
from collections.abc import Callable
from random import Random
from typing import NamedTuple

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.cells.dictionaries import Dictionaries, empty_dictionaries, extend
from pipeline.cells.key import KEY
from pipeline.cells.packing import unpack
from pipeline.transform.rules import reasons
from pipeline.transform.rules.lookups import Lookups, make_lookups
from pipeline.transform.rules.mapping import Mapped, map_rows
from pipeline.transform.rules.merging import Merged, merge_rows
from schemas.frames import columns
from schemas.values import Rejects
from tests.support.frames import frame

MAPPING = frame("""
    program_indicator | category_options | data_element | category_option_combo | rule
    total             |                  | de_all       | default               | sum
    outreach          |                  | de_all       | default               | sum
    lowest            |                  | de_least     | default               | min
    other             |                  | de_least     | default               | min
    alone             |                  | de_share     | default               | only
    alone             |                  | de_twin      | default               | only
    sex               | female           | de_sex       | girls                 | only
    sex               | male             | de_sex       | boys                  | max
    sex               | male             | de_all       | default               | sum
    boys              |                  | de_sex       | boys                  | max
    lost              |                  | de_gone      | default               | only
    combo             |                  | de_all       | gone                  | only
""").with_columns(attribute_option_combo=pl.lit("default"))
ORG_UNITS = frame("""
    org_unit | target_org_unit | rule_id
    hill     | hill            | -
    valley   | valley          | -
    bay      | valley          | -
    closed   | -               | R07
""")
TYPES = {
    "de_all": "INTEGER_ZERO_OR_POSITIVE",
    "de_least": "NUMBER",
    "de_share": "PERCENTAGE",
    "de_twin": "NUMBER",
    "de_sex": "INTEGER",
}
COMBOS = ["default", "girls", "boys"]
PERIODS = ["202401", "202402"]


class Row(NamedTuple):
    """One line of an analytics response; an empty option belongs to a plain question."""

    indicator: str
    options: str
    period: str
    org_unit: str
    value: str


def numbered() -> tuple[Dictionaries, Lookups]:
    keys = (
        MAPPING.join(pl.DataFrame({"period": PERIODS}), how="cross")
        .join(ORG_UNITS.select(org_unit="target_org_unit").drop_nulls(), how="cross")
        .select(KEY)
    )
    dictionaries = extend(empty_dictionaries(), keys)
    return dictionaries, make_lookups(
        MAPPING,
        ORG_UNITS,
        PERIODS,
        dictionaries,
        known_elements=pl.Series(list(TYPES)),
        known_combos=pl.Series(COMBOS),
    )


DICTIONARIES, LOOKUPS = numbered()


def transformed(written: list[Row]) -> tuple[Mapped, Merged]:
    """Do what the stage does with two responses: one of plain indicators, one by options."""
    columns = ["program_indicator", "cat_sex", "period", "org_unit", "value"]
    rows = pl.DataFrame(written, schema=dict.fromkeys(columns, pl.String), orient="row")
    plain = rows.filter(pl.col("cat_sex") == "").drop("cat_sex")
    split = rows.filter(pl.col("cat_sex") != "")
    parts = map_rows(plain, (), LOOKUPS), map_rows(split, ("cat_sex",), LOOKUPS)
    together = Mapped(*(pl.concat(same) for same in zip(*parts, strict=True)))
    types = DICTIONARIES.form_cells.select(
        form_cell="id", value_type=pl.col("data_element").replace_strict(TYPES, default=None)
    )
    return together, merge_rows(together.accepted, together.doubtful, LOOKUPS, types)


ROWS = st.lists(
    st.builds(
        Row,
        st.sampled_from([*MAPPING["program_indicator"].unique().sort(), "unmapped"]),
        st.sampled_from(["", "", "female", "male", "nobody"]),
        st.sampled_from([*PERIODS, *PERIODS, "202405"]),
        st.sampled_from(["hill", "hill", "valley", "bay", "closed", "elsewhere"]),
        st.sampled_from(
            [
                *("0", "1", "2.0", "2.5", "40", "-1", "1E3", "0.1", "101", "3000000000"),
                *("NaN", "-inf", "1e400", "x", "", "12345678901234567"),
            ]
        ),
    ),
    max_size=40,
)


@given(ROWS)
def test_every_row_is_a_value_or_a_reject_as_a_slow_reading_says(written: list[Row]) -> None:
    mapped, merged = transformed(written)

    rejects = pl.concat([mapped.rejects, merged.rejects])
    accepted = mapped.accepted.join(merged.values, on="cell", how="semi")
    fills = sum(len(targets_of(row)) for row in written)
    assert len(written) <= fills == accepted.height + rejects.height
    assert merged.values.height == accepted["cell"].n_unique()

    expected_values, expected_rejects = slowly(written)
    values = {tuple(row[:5]): row[5] for row in unpack(merged.values, DICTIONARIES).rows()}
    assert values == expected_values
    columns = ("rule_id", "program_indicator", "category_options", "period", "org_unit")
    assert Counter(rejects.select(columns).rows()) == expected_rejects


@given(ROWS)
def test_every_reject_has_a_rule_a_sentence_and_its_row(written: list[Row]) -> None:
    mapped, merged = transformed(written)

    rejects = pl.concat([mapped.rejects, merged.rejects])
    assert rejects.columns == [*columns(Rejects)]
    for rule_id, reason, *row in rejects.rows():
        assert reasons.REJECT_SENTENCES[rule_id] == reason
        assert None not in row


@settings(max_examples=20)
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(written: list[Row], luck: Random) -> None:
    shuffled = list(written)
    luck.shuffle(shuffled)

    (mapped, merged), (again, remerged) = transformed(written), transformed(shuffled)

    assert merged.values.equals(remerged.values)
    assert merged.doubtful.equals(remerged.doubtful)
    first, second = (
        pl.concat([one.rejects, two.rejects]).sort(columns(Rejects))
        for one, two in ((mapped, merged), (again, remerged))
    )
    assert first.equals(second)


# The slow twin: the same rules, read row by row.

Cell = tuple[str, str, str, str, str]
Target = tuple[str, str, str]  # data element, category option combo, rule
SOURCES: dict[tuple[str, str], list[Target]] = {}
for source in MAPPING.rows():
    SOURCES.setdefault((source[0], source[1]), []).append((source[2], source[3], source[4]))
RULES = {(element, combo): rule for targets in SOURCES.values() for element, combo, rule in targets}
MOVED = {row[0]: row[1] for row in ORG_UNITS.rows()}
NOWHERE: Target = ("", "", "")


def targets_of(row: Row) -> list[Target]:
    return SOURCES.get((row.indicator, row.options), [NOWHERE])


def slowly(written: list[Row]) -> tuple[dict[Cell, float], Counter[tuple[str, ...]]]:
    """Give the value of each cell, and how often each reject should be there."""
    rejects: Counter[tuple[str, ...]] = Counter()
    doubtful, cells = set(), dict[Cell, list[Row]]()
    for row in written:
        for target in targets_of(row):
            rule, cell = first_broken_rule(row, target), cell_of(row, target)
            if rule is None and cell is not None:
                cells.setdefault(cell, []).append(row)
            else:
                rejects[in_words(str(rule), row)] += 1
                doubtful |= {cell} - {None}
    values = {}
    for cell, rows in cells.items():
        number, complaints = judge(cell, rows, known=cell not in doubtful)
        if number is not None:
            values[cell] = number
        for row, rule in zip(rows, complaints, strict=number is None):
            rejects[in_words(rule, row)] += 1
    return values, rejects


def in_words(rule: str, row: Row) -> tuple[str, ...]:
    return (rule, row.indicator, row.options, row.period, row.org_unit)


def cell_of(row: Row, target: Target) -> Cell | None:
    org_unit = MOVED.get(row.org_unit)
    if target == NOWHERE or org_unit is None or row.period not in PERIODS:
        return None
    return (target[0], row.period, org_unit, target[1], "default")


def first_broken_rule(row: Row, target: Target) -> str | None:
    element, combo, _rule = target
    broken = {
        "R03": element not in {*TYPES, ""},
        "R04": combo not in {*COMBOS, ""},
        "R07": row.org_unit == "closed",
        "R01": row.indicator == "unmapped",
        "R02": element == "",
        "R05": row.org_unit not in MOVED,
        "R08": row.period not in PERIODS,
    }
    return next((rule for rule, is_broken in broken.items() if is_broken), broken_number(row.value))


def broken_number(text: str) -> str | None:
    if text in {"NaN", "-inf", "1e400"}:
        return "R10"
    if text in {"x", ""}:
        return "R09"
    return "R11" if len(text) > 15 else None


def judge(cell: Cell, rows: list[Row], *, known: bool) -> tuple[float | None, list[str]]:
    """Give the number of a cell and no complaint, or none and a complaint for each row."""
    same = Counter(row[:4] for row in rows)
    doubled = [same[row[:4]] > 1 for row in rows]
    if any(doubled) or not known:
        return None, ["R12" if twice else "R15" for twice in doubled]
    numbers = sorted(float(row.value) for row in rows)
    rule = RULES[cell[0], cell[3]]
    merge: dict[str, Callable[[list[float]], float]]
    merge = {"sum": lambda ones: round(sum(ones), 10), "max": max, "min": min}
    if len(rows) > 1 and rule not in merge:
        return None, ["R14"] * len(rows)
    number = numbers[0] if len(rows) == 1 else merge[rule](numbers)
    return (number, []) if fits(number, TYPES[cell[0]]) else (None, ["R13"] * len(rows))


def fits(number: float, value_type: str) -> bool:
    whole = number == int(number) and abs(number) < 2**31
    return {
        "INTEGER": whole,
        "INTEGER_ZERO_OR_POSITIVE": whole and number >= 0,
        "PERCENTAGE": 0 <= number <= 100,
        "NUMBER": True,
    }[value_type]
