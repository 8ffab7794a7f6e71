"""Did the server end the session of a client? It says so as plain text, with status 200."""

import re

from pipeline.dhis2.http.answers import RawAnswer
from pipeline.text.errors import LoginError

_OVER = re.compile(
    rb"""\s*["']?[^,;\r\n{}\[\]<]{0,60}\bsession\b[^,;\r\n{}\[\]<]{0,30}\bexpired\b""",
    re.IGNORECASE,
)


def is_session_over(answer: RawAnswer) -> bool:
    """Whether an answer of success says in a sentence that the session has expired."""
    return answer.is_success and bool(_OVER.match(answer.body))


def session_over(answer: RawAnswer) -> LoginError:
    """The letter for a session that was ended once more, right after a new login."""
    return LoginError(
        "the server ended the session twice: the account is logged in more often than it allows",
        where=f"{answer.server}{answer.path}, status {answer.status}",
        remedy="let no other program use this account at the same time, or ask who runs the "
        "server to allow more sessions for each user",
        status=answer.status,
    )
