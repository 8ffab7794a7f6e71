"""run.md says first whether all is well, then what waits for whom, then where to look."""

import polars as pl

from pipeline.report.run import files_as_markdown, run_as_markdown, unloaded_run_as_markdown
from schemas.vocabulary import OUTCOMES
from tests.support.frames import frame
from tests.support.hostile import HOSTILE

TRANSFORMED = {"rows": 12, "accepted": 11, "rejects": 1, "values": 9}
NAMES = {"data_element": {"de_fever": "Fever cases"}, "org_unit": {"ou_a": "Aba clinic"}}
NOTHING = frame("rule_id | reason")
REJECTS = frame("""
    rule_id | reason
    R02     | no data element is mapped
""")


def key(table: pl.DataFrame) -> pl.DataFrame:
    """Add the parts of the key that a test does not care for."""
    return table.with_columns(
        data_element=pl.lit("de_fever"),
        period=pl.lit("202610"),
        category_option_combo=pl.lit("coc"),
        attribute_option_combo=pl.lit("aoc"),
    )


def plan(table: str) -> pl.DataFrame:
    """Read `action | org_unit | reason`."""
    closed = pl.col("reason") == "the period is closed"
    return key(frame(table)).with_columns(
        tracker_value=pl.lit(3.0),
        current_value=pl.lit("8"),
        reason_id=pl.when(closed).then(pl.lit("expired")).otherwise(pl.lit("something")),
    )


def told(
    counts: dict[str, int],
    waits: str = "action | org_unit | reason",
    outcomes: str = "outcome | org_unit | reason",
    *,
    rejects: pl.DataFrame = NOTHING,
    names: dict[str, dict[str, str]] | None = None,
    remainders: pl.DataFrame | None = None,
    unknown: dict[str, str] | None = None,
) -> str:
    """Write the report of a small run."""
    return run_as_markdown(
        "20261124T021000Z",
        transformed=TRANSFORMED,
        loaded={
            "counts": dict.fromkeys(OUTCOMES, 0) | counts,
            "requests": 1,
            "unknown_indicators": unknown or {},
        },
        outcomes=key(frame(outcomes)).select(
            "data_element",
            "period",
            "org_unit",
            "category_option_combo",
            "attribute_option_combo",
            "outcome",
            "reason",
        ),
        plan=plan(waits),
        rejects=rejects,
        names=names or NAMES,
        remainders=remainders,
    )


def test_the_verdict_stands_first_when_all_is_well() -> None:
    lines = told({"loaded": 7, "unchanged": 2}).splitlines()

    assert lines[2] == "**Everything that was planned is in the target**: 9 values."
    assert lines[4] == (
        "12 rows came from tracker: 11 accepted, 1 rejected; they make 9 values. "
        "1 writing request was sent."
    )


def test_two_clinics_of_one_name_are_told_with_their_ids() -> None:
    waits = """
        action   | org_unit | reason
        conflict | ou_a     | somebody changed it
        conflict | ou_b     | somebody changed it
    """

    text = told({}, waits, names={"org_unit": {"ou_a": "Aba clinic", "ou_b": "Aba clinic"}})

    assert text.count("| Aba clinic (ou\\_a) |") == 1
    assert text.count("| Aba clinic (ou\\_b) |") == 1


def test_counts_have_a_space_between_thousands() -> None:
    lines = told({"loaded": 12345, "refused": 1}).splitlines()

    assert lines[2] == ("**1 planned value is not in the target**, see below; 12\u202f345 are.")
    assert "| loaded | 12\u202f345 | written, and read back |" in lines


def test_a_run_that_wrote_nothing_says_so() -> None:
    assert "**Nothing had to be written.**" in told({})


def test_what_is_not_in_the_target_is_told_first_and_named_with_its_reason() -> None:
    text = told(
        {"loaded": 5, "drifted": 1, "refused": 1},
        outcomes="""
            outcome | org_unit | reason
            refused | ou_b     | the period is locked
            drifted | ou_a     | somebody typed 9
        """,
    )

    assert text.splitlines()[2] == "**2 planned values are not in the target**, see below; 5 are."
    assert "| Fever cases | 202610 | Aba clinic | coc | drifted | somebody typed 9 |" in text
    assert text.index("somebody typed 9") < text.index("the period is locked")


def test_conflicts_are_named_with_both_numbers_and_holds_counted_with_their_reason() -> None:
    text = told(
        {"loaded": 1},
        waits="""
            action   | org_unit | reason
            conflict | ou_a     | somebody changed it
            hold     | ou_a     | the period is closed
            hold     | ou_b     | the period is closed
            keep     | ou_c     | already right
        """,
    )

    assert text.splitlines()[4] == (
        "For a person to decide, because somebody else wrote, changed or removed the number: "
        "1 cell (`tally conflicts NAME` lists them). Not to be written now, with the reason below: "
        "2 cells."
    )
    assert "| Fever cases | 202610 | Aba clinic | coc | 8 | 3 | somebody changed it |" in text
    assert "| hold | the period is closed | 2 |" in text
    assert "already right" not in text
    late = text.partition("## Changed in tracker after the period closed")[2]
    assert "| 202610 | the period is closed | 2 |" in late


def test_rejected_rows_are_counted_by_their_reason() -> None:
    assert "| R02 | no data element is mapped | 1 |" in told({}, rejects=REJECTS)


def test_many_conflicts_are_cut_short_with_a_word_on_the_rest() -> None:
    many = "\n".join(f"conflict | ou_{at:02} | changed" for at in range(25))
    text = told({}, waits=f"action | org_unit | reason\n{many}")

    assert text.count("| Fever cases |") == 20
    assert "5 lines more: see plan.parquet" in text


def test_hostile_names_stay_in_their_cell() -> None:
    names = {"org_unit": {f"ou_{at}": name for at, name in enumerate(HOSTILE)}}
    many = "\n".join(f"conflict | ou_{at} | changed" for at in range(len(HOSTILE)))
    text = told({}, waits=f"action | org_unit | reason\n{many}", names=names)

    rows = [line for line in text.splitlines() if line.startswith("| de") and "changed" in line]
    assert len(rows) == min(len(HOSTILE), 20)
    assert all(line.replace("\\|", "").count("|") == 8 for line in rows)
    assert not {"\u202e", "\x00"} & set(text)
    assert "<script>" not in text


def test_the_same_run_gives_the_same_page_in_any_order_of_its_rows() -> None:
    table = ["conflict | ou_a | changed", "hold | ou_b | closed", "hold | ou_c | locked"]
    pages = {
        told({"loaded": 1}, waits="\n".join(["action | org_unit | reason", *rows]))
        for rows in (table, table[::-1])
    }

    assert len(pages) == 1


def test_a_run_that_was_not_loaded_says_so() -> None:
    assert "**This run was not loaded.**" in unloaded_run_as_markdown(
        "20261124T021000Z", TRANSFORMED
    )


def test_indicators_that_could_not_be_run_stand_right_below_the_verdict() -> None:
    names = {**NAMES, "program_indicator": {"pi_a": "Mean | age"}}

    lines = told({"loaded": 7}, names=names, unknown={"pi_b": "no", "pi_a": "by zero"}).splitlines()

    assert lines[4].startswith("**2 program indicators could not be run, so their cells")
    table = lines[lines.index("## Program indicators that could not be run") + 2 :][:4]
    assert table == [
        "| program indicator | id | sentence |",
        "| --- | --- | --- |",
        r"| Mean \| age | pi\_a | by zero |",
        r"| pi\_b | pi\_b | no |",
    ]


def test_only_files_that_are_there_are_named() -> None:
    files = files_as_markdown({"plan.md", "discrepancies.html", "seconds.bin"})

    assert files.splitlines() == [
        "## In the folder of this run",
        "",
        "* `discrepancies.html`: where tracker and paper disagree, to read and to print",
        "* `plan.md`: the plan in short",
    ]


def test_what_is_in_no_category_option_is_told_by_site_period_and_number() -> None:
    remainders = frame("""
        program_indicator | period | org_unit   | total | categorised
        Fever by sex      | 202609 | Aba clinic | 12    | 9
        Fever by sex      | 202610 | Aba clinic | -     | 4
    """).with_columns(pl.col("total", "categorised").cast(pl.Float64))

    lines = told({"loaded": 1}, remainders=remainders).splitlines()

    at = lines.index("## Counted in a total, but in no category option")
    assert lines[at + 4 : at + 6] == [
        "| Fever by sex | 202610 | Aba clinic | not known | 4 | not known |",
        "| Fever by sex | 202609 | Aba clinic | 12 | 9 | 3 |",
    ]
