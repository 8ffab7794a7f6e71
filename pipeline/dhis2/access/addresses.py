"""Where does a server begin? An address as people copy it, cut to what stands before `/api`."""

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from pipeline.text.errors import UsageError

EXAMPLE = "write for example https://dhis2.example.org/dhis"
QUOTES = "\"'`\u00b4\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a"
DEFAULT_PORTS = {"http": 80, "https": 443}
# What DHIS2 itself serves below its base. The first such part ends the base of an address.
_OF_DHIS2 = re.compile(
    r"dhis-web-.*|api|apps|login|oauth2|uaa|.*\.(html?|action|jsp)", re.IGNORECASE
)
_UNSEEN = "\ufeff\u200b\u200c\u200d\u200e\u200f\u2060"  # copied along, and shown by no editor
_HOST = re.compile(r"[\w.:-]+")
_PATH = re.compile(r"[\w./~-]*")
_API = re.compile(r"/api(/\d\d)?/*$", re.IGNORECASE)


def is_quoted(text: str) -> bool:
    """Whether a text begins or ends with a quotation mark, of whatever kind."""
    return text[:1] in QUOTES or text[-1:] in QUOTES if text else False


def base_of(url: str) -> str:
    """The address of a server up to and without `/api`, in one way of writing.

    An address of one of its pages (`/dhis-web-dashboard/`, `/apps/…`, `/login/`) is cut to its
    base. Raises `UsageError` for an address that cannot be used; that names the base, and nothing
    of the address that may be a secret.
    """
    parts = _parted(url)
    path, is_page = _cut(re.sub("/{2,}", "/", parts.path))
    base = f"{parts.scheme}://{host_of(url)}{_port(parts)}"
    is_view = parts.fragment == "" or parts.fragment.startswith(("/", "!/"))
    is_bare = not parts.query and is_view
    if not (is_page or is_bare) or not _PATH.fullmatch(path) or ".." in path.split("/"):
        known = path if _PATH.fullmatch(path) and ".." not in path else ""
        raise UsageError(
            "a server's address ends with its path, without ? or #",
            where=f"{base}{known}",
            remedy=EXAMPLE,
        )
    return base + path


def host_of(url: str) -> str:
    """The host of an address as a URL writes it; raises `UsageError` for an unusable address."""
    host = (_parted(url).hostname or "").rstrip(".")
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        return host
    return f"[{number}]" if isinstance(number, ipaddress.IPv6Address) else str(number)


def is_loopback(url: str) -> bool:
    """Whether an address leads back to this very machine."""
    host = host_of(url)
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _cut(path: str) -> tuple[str, bool]:
    """The path of the base, and whether the path led to a page or a part of the API.

    A path that ends with `/api` says itself where the base ends: some gateways have an `api` of
    their own in front.
    """
    if (base := _API.sub("", path)) != path:
        return base, True
    kept = path.rstrip("/").split("/")
    for place, part in enumerate(kept):
        if _OF_DHIS2.fullmatch(part):
            return "/".join(kept[:place]), True
    return "/".join(kept), False


def _port(parts: SplitResult) -> str:
    return f":{parts.port}" if parts.port not in (None, DEFAULT_PORTS[parts.scheme]) else ""


def _parted(url: str) -> SplitResult:
    """Take an address apart; one that cannot be used is not repeated, it may hold a password."""
    written = url.strip().strip(_UNSEEN).strip()
    if is_quoted(written):
        raise UsageError(
            "a server's address has quotes around it",
            remedy="write it without quotes, for example https://dhis2.example.org/dhis",
        )
    if "@" in url:
        raise UsageError(
            "a server's address must not hold a username or password",
            remedy="put them into the environment, see the README",
        )
    try:
        parts = urlsplit(written)
        _ = parts.port  # raises when it is no number
    except ValueError:
        parts = urlsplit("")
    host = parts.hostname or ""
    if parts.scheme not in DEFAULT_PORTS or host in DEFAULT_PORTS or not _HOST.fullmatch(host):
        raise UsageError(
            "a server's address must begin with https:// and name a host", remedy=EXAMPLE
        )
    return parts
