"""Find whether each disaggregated indicator counts every event in exactly one option."""

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from pipeline.dhis2.analytics import ask_alone
from pipeline.dhis2.http.client import Client
from pipeline.dhis2.overlaps import ask_to_split_up, is_overlap
from pipeline.extract.rules.questions import Question
from pipeline.extract.rules.selectors import listed_by_level
from pipeline.extract.rules.totals import all_sums, overlap_questions, sums_of, unexplained
from pipeline.text.errors import ServerError
from pipeline.text.wording import number
from pipeline.verify.checks.context import VerifyContext
from pipeline.verify.rules.findings import Finding


def check_disaggregation(context: VerifyContext) -> Iterator[Finding]:
    """Ask each disaggregated indicator alone, for all periods, over the account's org units.

    The grid leaves out what fits two options of a category, or none, and says nothing: the data
    value set form fails for two, and the total tells of none. A question holds one level of org
    units, or a broken indicator is left out of it.
    """
    if context.metadata is None or context.scope is None or context.source.account is None:
        return
    seen = context.source.account.view_roots
    view = listed_by_level(context.metadata.org_units.filter(pl.col("id").is_in(list(seen))))
    split_up = context.metadata.program_indicators.filter(pl.col("categories").list.len() > 0)
    for indicator, name, categories in split_up.select("id", "name", "categories").rows():
        filters = context.settings.source.filters
        for question in overlap_questions([indicator], context.scope.periods, view, filters):
            yield from _answers(context.source.client, name, question, tuple(categories))


def _answers(
    source: Client, name: str, question: Question, categories: tuple[str, ...]
) -> Iterator[Finding]:
    letter = ask_to_split_up(source, question)
    if letter is None:
        yield from _uncategorised(source, name, question, categories)
        return
    overlap = is_overlap(letter)
    yield Finding(
        "overlapping-options" if overlap else "indicator-fails",
        "error",
        f"the indicator {name} cannot be disaggregated: {letter.what}",
        question.program_indicators[0],
        "mend its category mappings: an event may match only one option of a category"
        if overlap
        else letter.remedy,
    )


def _uncategorised(
    source: Client, name: str, question: Question, categories: tuple[str, ...]
) -> Iterator[Finding]:
    """What the total counts and no cell does."""
    total = ask_alone(source, question)
    cells = ask_alone(source, replace(question, categories=categories))
    if isinstance(total, ServerError) or isinstance(cells, ServerError):
        return  # the check of broken indicators names it
    found = unexplained(
        all_sums([sums_of(one.rows) for one in total]),
        all_sums([sums_of(one.rows) for one in cells]),
    ).drop_nulls("total")
    if found.is_empty():
        return
    more = found.select((pl.col("total") - pl.col("categorised")).sum()).item()
    yield Finding(
        "uncategorised-events",
        "warning",
        f"the indicator {name} counts {number(more)} that are in none of its category options",
        question.program_indicators[0],
        "look whether its option filters fit every event; the target gets only what fits one",
    )
