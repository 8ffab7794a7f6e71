"""Find a server's address and credentials by name; none of them is ever written down by Tally.

| places, the first that has credentials gives them | names, for the source |
|---|---|
| this server's own names | TALLY_SOURCE_PAT, or TALLY_SOURCE_USERNAME and TALLY_SOURCE_PASSWORD |
| a profile, when one is named | `[profiles.NAME]` of profiles.toml |
| names for both servers | DHIS2_PAT, or DHIS2_USERNAME and DHIS2_PASSWORD |

A name is a variable of the environment, or a variable that names a file (TALLY_SOURCE_PAT_FILE),
or a file in systemd's credentials folder (tally_source_pat). The address (TALLY_SOURCE_URL,
base_url, DHIS2_URL) comes from the place of the credentials, so that no secret goes astray.
"""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.dhis2.access.addresses import is_quoted
from pipeline.dhis2.access.profiles import read_profile
from pipeline.dhis2.access.secret_files import read_guarded, read_private
from pipeline.text.errors import UsageError

PARTS = {"url": "URL", "token": "PAT", "username": "USERNAME", "password": "PASSWORD"}
PROFILE_KEYS = {"base_url": "url", "token": "token", "username": "username", "password": "password"}


@dataclass(frozen=True)
class Credentials:
    """A personal access token, or a username with a password. Its text never shows a secret."""

    username: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    url: str = ""

    def __post_init__(self) -> None:
        """Refuse what would break the header line; the library's own complaint would print it."""
        is_clean = self.token.isascii() and self.token.isprintable() and " " not in self.token
        if not is_clean or is_quoted(self.token):
            raise UsageError(
                "the personal access token has a character that no token has",
                remedy="copy it again, without quotes, blanks or line ends",
            )
        if ":" in self.username:
            raise UsageError("a username with a colon cannot log in", remedy="use a token")

    def __str__(self) -> str:
        """What kind it is."""
        return "personal access token" if self.token else f"password of {self.username}"

    @property
    def is_usable(self) -> bool:
        """Whether a login can be tried."""
        return bool(self.token or (self.username and self.password))

    @property
    def on_the_wire(self) -> str:
        """The secret as it is sent."""
        return self.token or b64encode(f"{self.username}:{self.password}".encode()).decode()

    @property
    def authorization(self) -> str:
        """The header that tells the server who asks; a secret."""
        return f"{'ApiToken' if self.token else 'Basic'} {self.on_the_wire}"


def find_credentials(
    side: str, environment: Mapping[str, str], profile: str = "", folder: Path | None = None
) -> Credentials:
    """Find the address and credentials of the `source` or the `target`.

    Profiles are searched from `folder` upwards (default: where Tally runs). Raises `UsageError`
    that names the variables to set.
    """
    prefix = f"TALLY_{side.upper()}"
    own = _named(prefix, environment)
    places = [own]
    if profile:
        places.append(_profiled(profile, environment, folder or Path.cwd()))
    places.append(_named("DHIS2", environment))
    for found in places:
        if found.is_usable:
            address = own.url or found.url
            return Credentials(found.username, found.password, found.token, address)
    raise UsageError(
        f"there are no credentials for the {side} server" + _halves(prefix, environment),
        remedy=f"set {prefix}_PAT, or {prefix}_USERNAME and {prefix}_PASSWORD "
        f"(or {prefix}_PAT_FILE, a file that only you can read)",
    )


def _named(prefix: str, environment: Mapping[str, str]) -> Credentials:
    parts = {part: _find(f"{prefix}_{name}", environment) for part, name in PARTS.items()}
    for part, text in parts.items():
        if part != "password" and is_quoted(text):  # a password may really have them
            raise UsageError(
                f"{prefix}_{PARTS[part]} has quotes around it",
                where="the environment, or the file that it names",
                remedy="write it without quotes; not every program that reads a file of variables "
                "takes them away",
            )
    return Credentials(**parts)


def _halves(own: str, environment: Mapping[str, str]) -> str:
    """Which variables are set, and which are missing beside them; "" where none is set."""
    for prefix in (own, "DHIS2"):
        needed = {
            name: _find(name, environment) for name in (f"{prefix}_USERNAME", f"{prefix}_PASSWORD")
        }
        url = f"{prefix}_URL"
        found = [name for name, text in {url: _find(url, environment), **needed}.items() if text]
        if found:
            missing = [name for name, text in needed.items() if not text]
            are = "is" if len(missing) == 1 else "are"
            has = "is" if len(found) == 1 else "are"
            return f": {' and '.join(missing)} {are} missing, where {' and '.join(found)} {has} set"
    return ""


def _profiled(profile: str, environment: Mapping[str, str], folder: Path) -> Credentials:
    written = read_profile(profile, environment, folder)
    kept = {part: written.get(key, "") for key, part in PROFILE_KEYS.items()}
    if written.get("auth") == "basic":
        kept["token"] = ""
    return Credentials(**kept)


def _find(name: str, environment: Mapping[str, str]) -> str:
    if value := environment.get(name):
        return value
    if file := environment.get(f"{name}_FILE"):
        return read_private(Path(file))
    folder = environment.get("CREDENTIALS_DIRECTORY")
    if folder and (path := Path(folder) / name.lower()).exists():
        return read_guarded(path)
    return ""
