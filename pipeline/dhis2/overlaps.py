"""Whether events of an indicator fit two options of one category: only one endpoint tells."""

from http import HTTPStatus

from pipeline.dhis2.http.client import Client
from pipeline.dhis2.http.refusals import raise_for_error
from pipeline.extract.rules.questions import Question, halved, split
from pipeline.text.errors import ServerError, TooLargeError

# How recorded servers of 2.42 and 2.43 begin the sentence, which they do not translate.
_OVERLAP = "Multiple Category Options"


def ask_to_split_up(client: Client, question: Question) -> ServerError | None:
    """Ask indicators without categories in the data value set form, which splits them up itself.

    Gives None where all could be split up, else the letter (docs/dhis2.md, Analytics leave things
    out). A grid leaves out what fits two options of a category, and says nothing.
    """
    answer = client.get_answer("analytics/dataValueSet.json", question.parameters())
    try:
        raise_for_error(answer)
        answer.json()
    except ServerError as letter:
        return letter
    return None


def is_overlap(letter: ServerError) -> bool:
    """Whether a letter of `ask_to_split_up` is about an overlap, and nothing else that failed."""
    return letter.status == HTTPStatus.INTERNAL_SERVER_ERROR and _OVERLAP in letter.what


def find_overlaps(client: Client, question: Question) -> dict[str, ServerError]:
    """The indicators of a question of which an event fits two options, each with its letter.

    One of them fails the answer for all, so they are asked in halves until each is found.
    """
    found: dict[str, ServerError] = {}
    try:
        letter = ask_to_split_up(client, question)
    except TooLargeError:
        for part in split(question):
            found |= find_overlaps(client, part)
        return found
    if letter is None:
        return {}
    if len(question.program_indicators) == 1:
        return {question.program_indicators[0]: letter} if is_overlap(letter) else {}
    for half in halved(question, "program_indicators"):
        found |= find_overlaps(client, half)
    return found
