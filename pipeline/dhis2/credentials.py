"""Find a server's address and credentials by name; none of them is ever written down by Tally."""

import os
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import UsageError

SIDES = ("source", "target")


@dataclass(frozen=True)
class Credentials:
    """A personal access token, or a username with a password. Its text never shows a secret."""

    username: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    url: str = ""

    def __str__(self) -> str:
        """Tell what kind it is."""
        return "personal access token" if self.token else f"password of {self.username}"


def find_credentials(side: str, environment: Mapping[str, str], profile: str = "") -> Credentials:
    """Find the address and credentials of the `source` or the `target`.

    Looked up in this order: TALLY_SOURCE_… (or TALLY_TARGET_…), its _FILE form, the systemd
    credentials folder, DHIS2_… for both sides, then the named profile. Raises `UsageError`
    that names the variables to set.
    """
    found = {
        part: _find(side, part, environment) for part in ("URL", "PAT", "USERNAME", "PASSWORD")
    }
    if profile:
        found = _profile(profile, environment) | {k: v for k, v in found.items() if v}
    credentials = Credentials(
        username=found.get("USERNAME", ""),
        password=found.get("PASSWORD", ""),
        token=found.get("PAT", ""),
        url=found.get("URL", ""),
    )
    if not credentials.token and not (credentials.username and credentials.password):
        prefix = f"TALLY_{side.upper()}"
        raise UsageError(
            f"there are no credentials for the {side} server",
            remedy=f"set {prefix}_PAT, or {prefix}_USERNAME and {prefix}_PASSWORD "
            f"(or {prefix}_PAT_FILE, a file that only you can read)",
        )
    return credentials


def _find(side: str, part: str, environment: Mapping[str, str]) -> str:
    for name in (f"TALLY_{side.upper()}_{part}", f"DHIS2_{part}"):
        if environment.get(name):
            return environment[name]
        if environment.get(f"{name}_FILE"):
            return _secret_file(Path(environment[f"{name}_FILE"]))
        folder = environment.get("CREDENTIALS_DIRECTORY")
        if folder and (path := Path(folder) / name.lower()).exists():
            return _secret_file(path)
    return ""


def _secret_file(path: Path) -> str:
    try:
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO) and os.name == "posix":
            raise UsageError(
                "a file with a secret can be read by others",
                where=str(path),
                remedy=f"chmod 600 {path}",
            )
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise UsageError(
            f"a file with a secret cannot be read: {error.strerror}", where=str(path)
        ) from None


def _profile(name: str, environment: Mapping[str, str]) -> dict[str, str]:
    home = Path(environment.get("HOME", "~")).expanduser()
    places = (
        Path(".dhis2") / "profiles.toml",
        home / ".config" / "dhis2" / "profiles.toml",
    )
    for path in places:
        if path.exists():
            profiles = tomllib.loads(_secret_file(path)).get("profiles", {})
            if name in profiles:
                written = profiles[name]
                return {
                    "URL": str(written.get("base_url", "")),
                    "PAT": str(written.get("token", "")),
                    "USERNAME": str(written.get("username", "")),
                    "PASSWORD": str(written.get("password", "")),
                }
    raise UsageError(
        f"there is no profile {name!r}",
        where=", ".join(str(path) for path in places),
        remedy="add it, or take `profile` out of transfer.toml",
    )
