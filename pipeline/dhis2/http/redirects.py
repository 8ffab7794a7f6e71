"""Where a redirect leads: to a login page, to another address of the server, or elsewhere."""

import re
from urllib.parse import urljoin, urlsplit

from pipeline.dhis2.access.addresses import base_of
from pipeline.text.errors import LoginError, MovedError, UsageError

LONGEST_TARGET = 200
_LOGIN = re.compile(
    r"(?<![a-z])(log-?in|log-?on|sign-?in|oauth2?|openid|saml2?|sso|cas|adfs|realms)(?![a-z])",
    re.IGNORECASE,
)


def redirect_meaning(server: str, path: str, location: str) -> tuple[type[LoginError], str, str]:
    """What a redirect means: the kind of letter, what happened, and what to do.

    `server` and `path` were asked, `location` is the header of the answer. The target is named
    without what follows `?` or `#`: that may hold a secret.
    """
    target = _target(server + path, location)
    if not target:
        what = "the server sends requests on, and does not say where to"
        return MovedError, what, "check the address, or ask who runs the server"
    if _LOGIN.search(target.partition("://")[2]):
        what = f"the server wants a login page: {target}"
        return LoginError, what, "check the token, or the username and password, and the address"
    return MovedError, f"the server sends requests on to {target}", _remedy(server, target)


def _target(asked: str, location: str) -> str:
    """The address a redirect names, whole, and only what may be shown of it."""
    try:
        parts = urlsplit(urljoin(asked, location.strip()))
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return ""
    shown = f"{parts.scheme}://{host}{parts.path.partition(';')[0]}"
    is_known = bool(location.strip()) and parts.scheme in {"http", "https"} and bool(host)
    return shown[:LONGEST_TARGET] if is_known and shown.isprintable() else ""


def _remedy(server: str, target: str) -> str:
    try:
        base = base_of(target)
    except UsageError:
        base = server
    if server.startswith("https://") and base.startswith("http://"):
        return "ask who runs the server: its proxy sends from https to plain http"
    if base == server:
        return "ask who runs the server why it does not answer at this address"
    return f"if that is the server you mean, write {base} as its address; Tally follows no redirect"
