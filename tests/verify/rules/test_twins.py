"""What is there twice, or looks so, is named with both ids."""

import polars as pl

from pipeline.verify.rules.twins import (
    alike,
    combo_findings,
    level_findings,
    option_findings,
    sibling_findings,
    source_findings,
)
from tests.support.frames import frame

COMPOSED, DECOMPOSED = "F\u00e9minin", "Fe\u0301minin"
COMBOS = pl.DataFrame(
    [
        ("cocDefault1", "default", "ccDefault01", ["coDefault01"], True),
        ("cocBoys0001", "Boys", "ccSex000001", ["coBoys00001"], False),
        ("cocBoys0002", "Boys", "ccSex000001", ["coBoys00001"], False),
        ("cocGirls001", COMPOSED, "ccSex000001", ["coGirls0001"], False),
        ("cocGirls002", DECOMPOSED, "ccSex000001", ["coGirls0002"], False),
        ("cocOther001", "Boys", "ccOther0001", ["coBoys00001"], False),
        ("cocOther002", "Boys", "ccOther0001", ["coBoys00001"], False),
    ],
    schema={
        "id": pl.String,
        "name": pl.String,
        "category_combo": pl.String,
        "category_options": pl.List(pl.String),
        "is_default": pl.Boolean,
    },
    orient="row",
)


def test_names_are_alike_within_what_they_belong_to() -> None:
    found = alike(
        [
            ("north", "a", "Hill clinic"),
            ("north", "b", "hill\u00a0 Clinic"),
            ("south", "c", "Hill clinic"),
            ("south", "d", "Hill post"),
        ]
    )

    assert found == ["Hill clinic (a) and hill Clinic (b)"]


def test_option_combos_that_matter_are_told_with_their_twins() -> None:
    told = {one.finding_id: one for one in combo_findings("target", COMBOS, ["ccSex000001"])}

    assert set(told) == {"target-twin-combos", "target-alike-combos"}
    assert told["target-twin-combos"].severity == "error"
    assert told["target-twin-combos"].where == "Boys (cocBoys0001) and Boys (cocBoys0002)"
    assert told["target-alike-combos"].severity == "warning"
    assert "(cocGirls001) and " in told["target-alike-combos"].where
    assert list(combo_findings("target", COMBOS, [])) == []


def test_two_default_option_combos_are_told_even_where_nobody_uses_them() -> None:
    second = COMBOS.head(1).with_columns(id=pl.lit("cocDefault2"))

    (found,) = combo_findings("target", pl.concat([COMBOS, second]), [])

    assert found.finding_id == "target-two-defaults"
    assert found.where == "default (cocDefault1) and default (cocDefault2)"


def test_options_that_differ_only_in_how_an_accent_is_written_are_told() -> None:
    options = {"caSex000001": ["coGirls0001", "coGirls0002"], "caAge000001": ["coYoung0001"]}
    names = {"coGirls0001": COMPOSED, "coGirls0002": DECOMPOSED}

    (found,) = option_findings("source", ["caSex000001"], options, names)

    assert found.finding_id == "source-alike-options"
    assert "coGirls0001" in found.where
    assert "coGirls0002" in found.where
    assert list(option_findings("source", ["caAge000001"], options, names)) == []


ORG_UNITS = frame(
    """
    id    | code | name         | path              | level
    land  | -    | Landia       | /land             | 1
    north | -    | North        | /land/north       | 2
    hill  | -    | Hill clinic  | /land/north/hill  | 3
    hill2 | -    | Hill  Clinic | /land/north/hill2 | 2
    ward  | -    | Hill clinic  | /land/north/hill/ward | 4
    """,
    level=pl.Int64,
)


def test_siblings_of_one_name_and_levels_that_are_not_of_the_path_are_told() -> None:
    chosen = pl.Series(["hill", None])
    (siblings,) = sibling_findings("source", ORG_UNITS, chosen)
    (levels,) = level_findings("source", ORG_UNITS, pl.Series(["hill2"]))
    (elsewhere,) = level_findings("target", ORG_UNITS, chosen)

    assert siblings.where == "Hill clinic (hill) and Hill Clinic (hill2)"
    assert list(sibling_findings("source", ORG_UNITS, pl.Series(["ward"]))) == []
    assert levels.where == "Hill Clinic (hill2) level 2, path of 3"
    assert levels.what.endswith("the cells of those that are chosen are held")
    assert elsewhere.what.endswith("that is not that of their path")


def test_sites_that_may_be_others_and_counts_that_count_twice_are_told() -> None:
    target = ORG_UNITS.with_columns(
        name=pl.when(pl.col("id") == "hill").then(pl.lit("Market post")).otherwise("name"),
        path=pl.col("path").str.replace("/north/hill$", "/hill"),
    )
    placed = pl.DataFrame({"org_unit": ["hill", "ward"], "target_org_unit": ["hill", "ward"]})
    assigned = frame("data_set | org_unit\n monthly | hill\n monthly | ward")
    nobody = pl.Series(dtype=pl.String)

    other, twice = source_findings(placed, nobody, ORG_UNITS, target, assigned)

    assert other.finding_id == "another-site"
    assert other.where == "Hill clinic (hill) is Market post there"
    assert twice.finding_id == "counted-twice"
    assert twice.where == "Market post (hill)"
