"""What is wrong with the proxies that the environment names? A letter without their passwords."""

import ipaddress
from collections.abc import Callable, Mapping

from pipeline.text.errors import UsageError

PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY")
NO_PROXY = "NO_PROXY"


def unusable_proxy(environment: Mapping[str, str], is_address: Callable[[str], bool]) -> UsageError:
    """The letter for proxies that cannot be used; it names the variable that is wrong.

    `is_address` is whether a text can be read as an address, without any check of its own.
    """
    if unread := _unread_exceptions(environment, is_address):
        return UsageError(
            f"{NO_PROXY} has a part that cannot be read: {unread[0]}",
            where=_name(NO_PROXY, environment),
            remedy="write hosts there (dhis2.example.org, .example.org, 10.0.0.5), separated by "
            "commas; ranges of IPv6 addresses and patterns cannot be read",
        )
    named = {name: _value(name, environment) for name in PROXIES if _value(name, environment)}
    socks = [name for name, url in named.items() if url.lower().startswith("socks")]
    if socks and all(map(is_address, named.values())):
        return UsageError(
            "a SOCKS proxy needs a package that is not installed",
            where=_name(socks[0], environment),
            remedy="name a proxy that begins with http://, or install the package socksio",
        )
    guilty = [name for name, url in named.items() if not _is_usable(url, is_address)]
    return UsageError(
        "the proxy that the environment names cannot be used",
        where=", ".join(_name(name, environment) for name in guilty or named) or "the environment",
        remedy="write it as http://proxy.example.org:3128, or unset it",
    )


def _unread_exceptions(
    environment: Mapping[str, str], is_address: Callable[[str], bool]
) -> list[str]:
    parts = (part.strip() for part in _value(NO_PROXY, environment).split(","))
    return [part for part in parts if part and not is_address(_pattern(part))]


def _pattern(part: str) -> str:
    """An exception as the library asks about it: an address of any scheme."""
    if "://" in part:
        return part
    try:
        number = ipaddress.ip_address(part.split("/", maxsplit=1)[0])
    except ValueError:
        return f"all://{'' if part.lower() == 'localhost' else '*'}{part}"
    return f"all://[{part}]" if isinstance(number, ipaddress.IPv6Address) else f"all://{part}"


def _is_usable(url: str, is_address: Callable[[str], bool]) -> bool:
    whole = url if "://" in url else f"http://{url}"
    scheme = whole.partition("://")[0].lower()
    return scheme in {"http", "https", "socks5", "socks5h"} and is_address(whole)


def _name(name: str, environment: Mapping[str, str]) -> str:
    """The name as it is written: in small letters it is read first."""
    return name.lower() if environment.get(name.lower()) else name


def _value(name: str, environment: Mapping[str, str]) -> str:
    return environment.get(_name(name, environment), "")
