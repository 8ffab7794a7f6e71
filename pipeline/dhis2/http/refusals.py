"""Who refused a request, and why: DHIS2 for what was asked, or something that stands before it."""

import re
from http import HTTPStatus

from pipeline.dhis2.http.answers import RawAnswer, clean, first_line
from pipeline.dhis2.http.pages import is_login_page, is_of_dhis2, is_page, json_object
from pipeline.dhis2.http.redirects import redirect_meaning
from pipeline.text.errors import (
    AnswerTimeoutError,
    BarrierError,
    LoginError,
    RightsError,
    ServerError,
    SettingsError,
    TooLargeError,
)

# 520 to 524 are what a well-known content network says when it does not reach the server.
SLOW = frozenset({504, 522, 524})
BUSY = frozenset({429, 502, 503, 520, 521, 523}) | SLOW
OVERSIZED = frozenset({413, 414, 431})
TOO_MANY_ROWS = "E7128"
PASSING = frozenset({"E7131", "E7144", "E7145"})  # the tables, or the database's time, may change
_BARRIERS = frozenset({403, 405, 406, 407, 451})
_HEADERS_TOO_LARGE = re.compile(r"header|cookie", re.IGNORECASE)
_AUTHORITY = re.compile(r"requires one Authority from \[([\w, ]+)\]")

ErrorMeaning = tuple[type[ServerError], str, str]
_ASK = "this is not the account: ask who runs the firewall or proxy before the server"
_TOO_LARGE: ErrorMeaning = (
    TooLargeError,
    "the question is too large for the server",
    "choose fewer periods or org units in transfer.toml",
)
_TOO_SLOW: ErrorMeaning = (
    AnswerTimeoutError,
    "the server took too long",
    "run the same command again later, or choose fewer periods in transfer.toml",
)
_FAILED: ErrorMeaning = (
    ServerError,
    "the server failed",
    "run the same command again later; the server's own log says what failed",
)
_REFUSED: ErrorMeaning = (
    ServerError,
    "the server refused",
    "do what the server says; `tally verify NAME` tells more",
)
_REFUSED_FOR_GOOD: ErrorMeaning = (SettingsError, *_REFUSED[1:])
_UNKNOWN = "the server does not know this", "check the address and the ids"
_IS_BUSY: ErrorMeaning = (
    ServerError,
    "the server is busy or not ready",
    "run the same command again later",
)
_BY_CODE: dict[str, ErrorMeaning] = {
    TOO_MANY_ROWS: _TOO_LARGE,
    "E7217": (
        RightsError,
        "the account may not do this",
        "give this account the authority F_VIEW_EVENT_ANALYTICS, on the source",
    ),
    "E7120": (
        SettingsError,
        "an org unit is outside what the account may see",
        "widen the data view org units of the account on the source, or narrow [org_units]",
    ),
    "E2012": (
        SettingsError,
        "an org unit is outside what the account may read",
        "widen the data capture org units of the account on the target, or narrow [org_units]",
    ),
}
_BY_STATUS = (
    dict.fromkeys(BUSY, _IS_BUSY)
    | dict.fromkeys(SLOW | {408}, _TOO_SLOW)
    | dict.fromkeys(OVERSIZED, _TOO_LARGE)
)


def raise_for_error(answer: RawAnswer) -> None:
    """Raise a letter for every answer that is not a success."""
    if not answer.is_success:
        raise letter_for(answer)


def letter_for(answer: RawAnswer) -> ServerError:
    """The letter for an answer that is not a success; `code` is DHIS2's own, if any."""
    code, said = _said(answer)
    kind, what, remedy = _meaning(answer, code, said)
    return kind(
        what + (f": {said}" if said else "") + (f" ({code})" if code else ""),
        where=f"{answer.server}{answer.path}, status {answer.status}",
        remedy=remedy,
        status=answer.status,
        code=code,
    )


def is_barred(answer: RawAnswer) -> bool:
    """Whether a firewall or proxy refused the question, and DHIS2 never heard it."""
    return answer.status in _BARRIERS and not is_of_dhis2(answer.body)


def _meaning(answer: RawAnswer, code: str, said: str) -> ErrorMeaning:
    """What an answer means: the kind of letter, how it begins, the remedy."""
    if answer.is_redirect:
        return redirect_meaning(answer.server, answer.path, answer.headers.get("location", ""))
    by_page = _meaning_of_page(answer, said) if is_page(answer.content_type, answer.body) else None
    if by_page:
        return by_page
    if answer.is_login_refused:
        remedy = "check the token, or the username and password, and the address"
        return LoginError, "the login is refused", remedy
    return _BY_CODE.get(code) or _meaning_of_status(answer, code, said)


def _meaning_of_status(answer: RawAnswer, code: str, said: str) -> ErrorMeaning:
    if known := _BY_STATUS.get(answer.status):
        return known
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _FAILED
    if is_barred(answer):
        return BarrierError, "something before the server refused this", _ASK
    if answer.status == HTTPStatus.FORBIDDEN:
        named = _AUTHORITY.search(said)
        needed = f"the authority {named[1]}" if named else "the authority or sharing it needs"
        return RightsError, "the account may not do this", f"give this account {needed}"
    is_own = is_of_dhis2(answer.body)
    if answer.status == HTTPStatus.NOT_FOUND:
        return (SettingsError if is_own else ServerError), *_UNKNOWN
    return _REFUSED_FOR_GOOD if is_own and code not in PASSING else _REFUSED


def _meaning_of_page(answer: RawAnswer, said: str) -> ErrorMeaning | None:
    """What a page for people means; None where DHIS2 shows such pages itself (404, 500)."""
    status = answer.status
    if is_login_page(answer.body):
        return LoginError, "a login page came instead of an answer", _ASK + ", or log in there"
    if status == HTTPStatus.UNAUTHORIZED:
        return LoginError, "something before the server wants a login of its own", _ASK
    if status in OVERSIZED or (
        status == HTTPStatus.BAD_REQUEST and _HEADERS_TOO_LARGE.search(said)
    ):
        what = "something before the server takes no question of this size"
        return TooLargeError, what, f"{_TOO_LARGE[2]}, or ask who runs the proxy"
    if status in SLOW:
        what = "something before the server did not wait for its answer"
        return AnswerTimeoutError, what, f"{_TOO_SLOW[2]}, or ask who runs the proxy"
    if status in BUSY and status != HTTPStatus.SERVICE_UNAVAILABLE:
        what = "something before the server takes no more, or does not reach it"
        return ServerError, what, f"{_IS_BUSY[2]}; if this stays, ask who runs the proxy"
    return None


def _said(answer: RawAnswer) -> tuple[str, str]:
    """DHIS2's error code and message, or the first line of whatever came instead."""
    told = json_object(answer.body) if answer.is_json else {}
    if not told:
        return "", first_line(answer.body) if answer.body.strip() else ""
    return clean(str(told.get("errorCode") or "")), clean(str(told.get("message") or ""))
