"""A lower number is believed only where the total of its indicator fell with it."""

from pathlib import Path

import pytest

from pipeline.text.errors import RefusedError
from tests.support.deployments import NAME, Post, planned
from tests.support.village import CLINICS, form, in_words, tracker, village

GENERATIONS = pytest.mark.parametrize("generation", ["2.42", "2.43"])
FIRST = """
    month  | clinic | what  | number
    202609 | a      | boys  | 5
    202609 | a      | girls | 4
    202609 | b      | boys  | 3
    202609 | a      | cases | 7
    202609 | b      | cases | 7
    202609 | c      | cases | 7
"""
DECISION = f"""\
data_element,period,org_unit,category_option_combo,decision,decided_by,why,until
deBySex0001,202609,{CLINICS["a"]},cocGirls001,tracker,Ms Phiri,the register was searched,2099-12-31
"""


def actions(post: Post, table: str) -> list[tuple[str, ...]]:
    """Plan and load what tracker counts now: month, clinic, what, action, why."""
    tracker(post, table)
    night = post.night()
    told = in_words(planned(night.work), "action", "reason_id")
    return [line for line in told if line[3] != "keep"]


@GENERATIONS
def test_events_that_fit_no_option_any_more_take_no_number_away(
    tmp_path: Path, generation: str
) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, FIRST)
        post.night()
        stood = form(post)

        edited = """
            month  | clinic | what   | number
            202609 | a      | boys   | 3
            202609 | a      | unsaid | 6
            202609 | a      | cases  | 7
            202609 | b      | cases  | 7
            202609 | c      | cases  | 7
            202609 | b      | unsaid | 3
        """

        held = [
            ("202609", "a", "boys", "hold", "total_stayed"),
            ("202609", "a", "girls", "hold", "total_stayed"),
            ("202609", "b", "boys", "hold", "total_stayed"),
        ]
        assert actions(post, edited) == held
        assert actions(post, edited) == held  # what was not believed is no measure
        assert form(post) == stood


def test_a_number_that_falls_with_its_total_is_believed_beside_events_of_no_option(
    tmp_path: Path,
) -> None:
    with village(tmp_path) as post:
        tracker(post, FIRST + "    202609 | a      | unsaid | 2\n")
        post.night()

        fallen = """
            month  | clinic | what   | number
            202609 | a      | boys   | 5
            202609 | a      | girls  | 1
            202609 | a      | unsaid | 2
            202609 | a      | cases  | 7
            202609 | b      | cases  | 7
            202609 | c      | cases  | 7
        """

        assert actions(post, fallen) == [
            ("202609", "a", "girls", "update", "changed"),
            ("202609", "b", "boys", "retract", "vanished"),
        ]


def test_a_number_that_grows_is_written_beside_more_events_of_no_option(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, FIRST)
        post.night()

        grown = FIRST.replace("girls | 4", "girls | 9") + "    202609 | a | unsaid | 2\n"

        assert actions(post, grown) == [("202609", "a", "girls", "update", "changed")]


def test_a_person_may_decide_that_a_lower_number_is_right(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, FIRST)
        post.night()
        fallen = FIRST.replace("girls | 4", "girls | 1") + "    202609 | a | unsaid | 3\n"
        assert actions(post, fallen) == [("202609", "a", "girls", "hold", "total_stayed")]
        path = post.deployment.transfer_folder(NAME) / "decisions.csv"
        path.write_text(DECISION)

        assert actions(post, fallen) == [("202609", "a", "girls", "update", "decided_tracker")]
        assert actions(post, fallen) == []


def test_events_of_two_options_make_the_cells_of_their_indicator_unknown(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, FIRST)
        post.night()
        stood = form(post)

        overlap = """
            month  | clinic | what  | number
            202609 | a      | boys  | 3
            202609 | a      | both  | 6
            202609 | a      | cases  | 7
            202609 | b      | cases  | 7
            202609 | c      | cases  | 7
            202609 | b      | boys  | 3
        """

        assert actions(post, overlap) == [
            ("202609", "a", "boys", "hold", "source_unknown"),
            ("202609", "a", "girls", "hold", "source_unknown"),
            ("202609", "b", "boys", "hold", "source_unknown"),
        ]
        assert form(post) == stood


def test_a_cell_of_the_total_has_the_events_of_no_option_too(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        post.map(
            [
                ("piBySex0001", "coBoys00001", "deBySex0001", "cocBoys0001", ""),
                ("piBySex0001", "coGirls0001", "deBySex0001", "cocGirls001", ""),
                ("piBySex0001", "", "deEnrolled1", "", ""),
                ("piCases0001", "", "deCases0001", "", ""),
            ]
        )
        tracker(post, FIRST + "    202609 | a      | unsaid | 2\n")
        post.night()

        assert ("202609", "a", "enrolled", "11") in form(post)
        assert ("202609", "b", "enrolled", "3") in form(post)
        assert ("202609", "a", "boys", "5") in form(post)


def test_a_plan_says_how_much_is_in_no_category_option(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, FIRST + "    202609 | a      | unsaid | 2\n")
        night = post.night()

        text = (night.work.run.path / "plan.md").read_text()
        assert "2 counted in a total, but in no category option" in text


def test_numbers_that_fall_after_option_filters_were_edited_wait_for_a_person(
    tmp_path: Path,
) -> None:
    with village(tmp_path) as post:
        post.world.totals_are_of_mapped = True  # as some servers are: the total tells nothing
        tracker(post, FIRST)
        post.night()
        filters(post, "#{age} < 5")
        tracker(post, FIRST.replace("girls | 4", "girls | 1"))

        with pytest.raises(RefusedError, match="option-filters: the option filters of piBySex0001"):
            post.night()
        post.night(**{"option-filters": "the girls were counted by hand"})

        assert ("202609", "a", "girls", "1") in form(post)


def test_option_filters_may_be_edited_where_no_number_falls(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, FIRST)
        post.night()
        filters(post, "#{age} < 5")
        tracker(post, FIRST.replace("girls | 4", "girls | 6"))
        post.night()

        assert ("202609", "a", "girls", "6") in form(post)


def filters(post: Post, text: str) -> None:
    """Let somebody edit the filter of an option."""
    (program,) = post.world.metadata["programs"]
    program["categoryMappings"] = [
        {
            "id": "cmSex000001",
            "categoryId": "caSex000001",
            "optionMappings": [{"optionId": "coGirls0001", "filter": text}],
        }
    ]
