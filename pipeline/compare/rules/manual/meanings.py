"""What the texts of a file mean: which org unit, which element and combo of the links."""

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from pipeline.compare.rules.manual import reasons as rules
from pipeline.compare.rules.manual.objects import (
    CLEAR,
    NOTHING,
    ROUNDED,
    SAME_NUMBER,
    SEVERAL,
    Called,
    Candidates,
)
from pipeline.text.rule import Rule
from pipeline.text.spelling import tidy
from pipeline.text.spreadsheets import as_number


def meanings_of_units(texts: Sequence[str], org_units: pl.DataFrame) -> pl.DataFrame:
    """What texts mean of the target's org units (id, code, name), one row each.

    written_unit; org_unit (null: not known); unit_rule: the rule that it breaks, or by which it
    was read; unit_told: the text with what it may mean; unit_maybe: the org units that it may
    mean where that is not known; unit_in_words: the name, or else the text.
    """
    called = Called(org_units)
    rules_of = {
        SAME_NUMBER: rules.READ_AS_CODE,
        SEVERAL: rules.AMBIGUOUS_ORG_UNIT,
        ROUNDED: rules.ROUNDED_CODE,
        NOTHING: rules.UNMATCHED_ORG_UNIT,
    }
    names = dict(org_units.select("id", "name").iter_rows())
    read = {text: called.read(text) for text in texts}
    return pl.DataFrame(
        [
            (
                text,
                *_meaning(one, rules_of, one.ids),
                called.told(text, one),
                (names.get(one.ids[0]) if _is_known(one) else None) or text,
            )
            for text, one in read.items()
        ],
        schema={
            **_shape("written_unit", "org_unit", "unit"),
            "unit_told": pl.String,
            "unit_in_words": pl.String,
        },
        orient="row",
    )


def meanings_of_elements(texts: Sequence[str], linked: pl.Series) -> pl.DataFrame:
    """What texts mean of the manual elements that mappings/manual names, one row each.

    manual_data_element; element: as that table writes it (null: none of them); element_rule,
    element_told and element_maybe as in `meanings_of_units`.
    """
    named = linked.unique().sort()
    # a name is no id here: `12` may be what a spreadsheet made of `0012`
    keys = {f"element {name}": name for name in named}
    called = Called(
        pl.DataFrame(
            {"id": [*keys], "code": [*keys.values()], "name": [*keys.values()]},
            schema=dict.fromkeys(("id", "code", "name"), pl.String),
        )
    )
    rules_of = {
        SAME_NUMBER: rules.READ_AS_CODE,
        SEVERAL: rules.AMBIGUOUS_ELEMENT,
        ROUNDED: rules.ROUNDED_CODE,
        NOTHING: rules.UNLISTED_ELEMENT,
    }
    found = []
    for text in texts:
        exact = f"element {tidy(text)}"
        is_sure = exact in keys and as_number(tidy(text)) is None
        reading = Candidates(CLEAR, (exact,)) if is_sure else called.read(text)
        ids = [keys[one] for one in reading.ids]
        told = f"{text}: {' or '.join(ids)}" if ids and reading.how != CLEAR else text
        found.append((text, *_meaning(reading, rules_of, ids), told))
    return pl.DataFrame(
        found,
        schema={**_shape("manual_data_element", "element", "element"), "element_told": pl.String},
        orient="row",
    )


def combos_as_linked(texts: Iterable[str], linked: pl.Series) -> dict[str, str]:
    """Combos that mappings/manual writes otherwise, and what it writes for the same combo."""
    written = linked.drop_nulls().unique().sort()
    called = Called(pl.select(id=written, code=pl.lit(None, pl.String), name=written))
    read = {text: called.read(text) for text in texts}
    return {text: one.ids[0] for text, one in read.items() if one.how == CLEAR}


def _shape(column: str, found: str, kind: str) -> dict[str, pl.DataType]:
    return {
        column: pl.String(),
        found: pl.String(),
        f"{kind}_rule": pl.String(),
        f"{kind}_maybe": pl.List(pl.String()),
    }


def _is_known(reading: Candidates) -> bool:
    return reading.how in {CLEAR, SAME_NUMBER}


def _meaning(
    reading: Candidates, rules_of: Mapping[str, Rule], ids: Sequence[str]
) -> tuple[str | None, str | None, list[str]]:
    """The object, the id of the rule, and the objects that may be meant where none is known."""
    rule = rules_of.get(reading.how)
    known = ids[0] if _is_known(reading) else None
    return known, rule and rule.rule_id, [] if known else [*ids]
