"""Who answered? DHIS2 itself, or something that stands before it and shows a page of its own."""

import json
import re
from typing import Any

_MARKUP = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|!--|\?xml|html|head|body|title|h1|center)", re.IGNORECASE
)
_PASSWORD = re.compile(rb"""<input\b[^>]*\btype\s*=\s*["']?password""", re.IGNORECASE)
_MEMBERS = frozenset({"httpStatus", "httpStatusCode", "errorCode", "response"})
_WORDS = frozenset({"OK", "SUCCESS", "WARNING", "ERROR"})
_AUTHORITY = "requires one Authority from"


def is_page(content_type: str, body: bytes) -> bool:
    """Whether an answer is a page for people, also where it says otherwise or is cut."""
    is_called_one = content_type in {"text/html", "application/xhtml+xml"}
    return bool(_MARKUP.match(body)) or (is_called_one and bool(body.strip()))


def is_login_page(body: bytes) -> bool:
    """Whether a page asks for a password."""
    return bool(_PASSWORD.search(body))


def json_object(body: bytes) -> dict[str, Any]:
    """The JSON object that a body holds, empty when it holds none."""
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


def is_of_dhis2(body: bytes) -> bool:
    """Whether a body is a message in DHIS2's own form; gateways write JSON of other forms."""
    told = json_object(body)
    is_named = bool(_MEMBERS & told.keys()) or str(told.get("status")) in _WORDS
    return is_named or _AUTHORITY in str(told.get("message"))
