"""A person answers a conflict once, in a file; the next plan does as was said, and says so."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from pipeline.text.errors import RefusedError, UsageError
from tests.support.checking import checked, one
from tests.support.deployments import NAME, Post, planned
from tests.support.village import DEFAULT, form, in_words, key_of, tracker, typed, village

GENERATIONS = pytest.mark.parametrize("generation", ["2.42", "2.43"])
COUNTS = """
    month  | clinic | what     | number
    202609 | a      | cases    | 5
    202609 | b      | cases    | 6
    202609 | c      | cases    | 7
    202610 | a      | enrolled | 8
    202610 | b      | cases    | 0
"""
PAPER = """
    month  | clinic | what     | number
    202609 | a      | cases    | 15
    202609 | b      | cases    | 16
    202609 | c      | cases    | 17
    202610 | a      | enrolled | 18
    202610 | b      | cases    | 19
"""
HEADER = (
    "data_element,period,org_unit,category_option_combo,attribute_option_combo,"
    "decision,decided_by,why,until"
)
Ruling = tuple[tuple[str, str, str], str, str]  # month, clinic, what; decision; until


def decided(post: Post, rulings: Iterable[Ruling]) -> None:
    """Write decisions.csv; the option combos are left empty where they are the default one."""
    lines = [HEADER]
    for at, decision, until in rulings:
        key = key_of(*at)
        combo = "" if key.category_option_combo == DEFAULT else key.category_option_combo
        cell = [key.data_element, key.period, key.org_unit, combo, ""]
        lines.append(",".join([*cell, decision, "Ms Phiri", "recounted", until]))
    path = post.deployment.transfer_folder(NAME) / "decisions.csv"
    path.write_text("\n".join(lines) + "\n")


ALWAYS = "2099-12-31"
RULINGS = [
    (("202609", "a", "cases"), "tracker", ALWAYS),
    (("202609", "b", "cases"), "manual", ALWAYS),
    (("202609", "c", "cases"), "leave", ALWAYS),
    (("202610", "a", "enrolled"), "tracker", "2020-01-01"),
    (("202610", "b", "cases"), "tracker", ALWAYS),
    (("202610", "c", "cases"), "tracker", ALWAYS),
]


@GENERATIONS
def test_the_next_plan_does_as_was_decided_and_names_each_decision(
    tmp_path: Path, generation: str
) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        typed(post, PAPER)
        decided(post, RULINGS)

        night = post.night()

        told = in_words(planned(night.work), "action", "reason_id", "decision", "decided_by")
        assert told == [
            ("202609", "a", "cases", "update", "decided_tracker", "tracker", "Ms Phiri"),
            ("202609", "b", "cases", "skip", "decided_manual", "manual", "Ms Phiri"),
            ("202609", "c", "cases", "skip", "decided_leave", "leave", "Ms Phiri"),
            ("202610", "a", "enrolled", "conflict", "not_ours", "None", "None"),
            ("202610", "b", "cases", "conflict", "never_removed", "tracker", "Ms Phiri"),
        ]
        assert form(post, of="tally") == [("202609", "a", "cases", "5")]
        text = (night.work.run.path / "plan.md").read_text()
        assert "| tracker | decisions.csv | Ms Phiri | recounted | 2 |" in text
        assert "expired and not followed: 1 decision (decisions, line 5)" in text
        assert "not needed: 1 decision" in text


def test_a_decision_made_ours_is_followed_without_asking_again(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        typed(post, PAPER)
        decided(post, RULINGS[:1])
        post.night()
        decided(post, [])
        tracker(post, COUNTS.replace("| 5\n", "| 9\n"))

        night = post.night()

        assert ("202609", "a", "cases", "update") in in_words(planned(night.work), "action")
        assert ("202609", "a", "cases", "9") in form(post)


def test_a_plan_is_refused_when_the_decisions_changed_after_it(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        typed(post, PAPER)
        decided(post, RULINGS[:1])
        work, _ = post.plan()
        decided(post, RULINGS[:2])

        with pytest.raises(RefusedError, match="decisions or the site register changed"):
            post.load(work)
        assert post.posts == 0


def test_an_empty_option_combo_and_the_default_one_are_the_same_cell(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        decided(post, RULINGS[:1])
        path = post.deployment.transfer_folder(NAME) / "decisions.csv"
        again = path.read_text().splitlines()[1].replace(",,,", f",{DEFAULT},{DEFAULT},")
        path.write_text(path.read_text() + again + "\n")

        with pytest.raises(UsageError, match="decided in two rows") as told:
            post.plan()
        assert told.value.where.endswith("decisions, lines 2, 3")


def test_a_policy_for_conflicts_holds_from_its_first_period(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        typed(post, PAPER)
        post.configure(
            policy={
                "conflict": "tracker",
                "owner": "Mr Banda",
                "reason": "paper ended in September",
                "first_period": "202610",
            }
        )

        work, _ = post.plan()

        told = in_words(planned(work), "action", "decided_in", "decided_by", "decided_why")
        why = ("policy", "Mr Banda", "paper ended in September")
        assert told == [
            ("202609", "a", "cases", "conflict", *["None"] * 3),
            ("202609", "b", "cases", "conflict", *["None"] * 3),
            ("202609", "c", "cases", "conflict", *["None"] * 3),
            ("202610", "a", "enrolled", "update", *why),
            ("202610", "b", "cases", "conflict", *why),
        ]


def test_a_check_names_expired_decisions_and_slips_of_the_pen(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        decided(post, RULINGS)

        expired = one(checked(post), "decisions-expired")
        assert (expired.severity, expired.where) == ("note", "line 5")

        decided(post, [(("202609", "a", "cases"), "paper", ALWAYS)])
        slip = one(checked(post), "decisions")
        assert slip.severity == "error"
        assert "decisions.csv:2: decision: 'paper' is not one of" in slip.where
