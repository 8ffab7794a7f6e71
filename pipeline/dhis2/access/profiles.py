"""Find a named profile: where a server is and who asks, in a file that only its owner reads."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.dhis2.access.secret_files import read_private
from pipeline.text.errors import UsageError

FILE = "profiles.toml"
_LINE = re.compile(r"at line (\d+)")


def read_profile(name: str, environment: Mapping[str, str], folder: Path) -> dict[str, str]:
    """A profile's texts by key (base_url, token, username, password) as it is written.

    The nearest `.dhis2/profiles.toml`, in `folder` or above it, is asked before the one below
    the home folder. Raises `UsageError` when neither has the profile.
    """
    places = [path for path in _places(environment, folder) if path.is_file()]
    for path in places:
        profile = _profiles(path).get(name)
        if isinstance(profile, dict):
            return {key: value for key, value in profile.items() if isinstance(value, str)}
    raise UsageError(
        f"there is no profile {name!r}",
        where=", ".join(map(str, places)) or f".dhis2/{FILE}, ~/.config/dhis2/{FILE}",
        remedy=f"write it there as [profiles.{name}], or do not name it",
    )


def _places(environment: Mapping[str, str], folder: Path) -> Iterator[Path]:
    for parent in (folder, *folder.parents):
        yield parent / ".dhis2" / FILE
    if home := environment.get("HOME"):
        yield Path(home) / ".config" / "dhis2" / FILE


def _profiles(path: Path) -> dict[str, Any]:
    try:
        profiles = tomllib.loads(read_private(path)).get("profiles")
    except tomllib.TOMLDecodeError as fault:
        # the parser may quote what it stumbled over, so only its line number is passed on
        line = _LINE.search(str(fault))
        raise UsageError(
            "a file of profiles is not readable as TOML",
            where=f"{path}:{line[1]}" if line else str(path),
            remedy="mend that line; text stands in double quotes",
        ) from None
    return profiles if isinstance(profiles, dict) else {}
