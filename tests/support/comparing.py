"""The village's counts and its paper, a report of both, and what it says in few words."""

from typing import Any

from pipeline.compare.stage import Report, report
from pipeline.run.work import Work
from pipeline.text.errors import TallyError
from tests.support.deployments import Post
from tests.support.village import LETTERS

COUNTED = """
    month  | clinic | what     | number
    202609 | a      | cases    | 5
    202610 | a      | cases    | 7
    202610 | b      | cases    | 9
    202610 | a      | enrolled | 4
    202610 | a      | boys     | 2
    202610 | a      | girls    | 3
    202610 | b      | girls    | 1
"""
PAPER_SAYS = """
    month  | clinic | what     | number
    202609 | a      | cases    | 5
    202610 | a      | cases    | 8
    202610 | b      | cases    | 3
    202610 | c      | cases    | 2
    202610 | a      | children | 5
    202610 | b      | children | 0
"""
# What both say together, where a fifth of the manual number is tolerated.
COMPARED = [
    ("202609", "a", "deCases0001", 5, 5, "same"),
    ("202610", "a", "deBySex0001", 5, 5, "same"),
    ("202610", "a", "deCases0001", 7, 8, "within_tolerance"),
    ("202610", "a", "deEnrolled1", 4, None, "only_tracker"),
    ("202610", "b", "deBySex0001", 1, 0, "tracker_higher"),
    ("202610", "b", "deCases0001", 9, 3, "tracker_higher"),
    ("202610", "c", "deCases0001", None, 2, "only_manual"),
]


def reported(post: Post, work: Work, *, again: bool = False) -> Report:
    """Report a run with what is configured now; the letter, if any, is raised."""
    done = report(post.again(work), post.client, again=again)
    if done.letter is not None:
        raise done.letter
    return done


def letter_of(post: Post, work: Work) -> TallyError:
    """The letter of a comparison that cannot be made; run.md says so, and nothing is kept."""
    done = report(post.again(work), post.client)
    assert done.letter is not None
    assert "**Nothing was compared**" in done.text
    assert not (work.run.path / "manual.json").exists()
    return done.letter


def compared_cells(done: Report) -> list[tuple[Any, ...]]:
    """Cells as month, clinic, element, tracker, paper and class, sorted."""
    assert done.overview is not None
    return sorted(
        (
            cell["period"],
            LETTERS[cell["org_unit"]],
            cell["data_element"],
            cell["tracker_value"],
            cell["manual_value"],
            cell["agreement"],
        )
        for cell in done.overview.cells.iter_rows(named=True)
    )
