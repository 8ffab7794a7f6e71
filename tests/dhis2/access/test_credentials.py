"""Credentials are found by name, in one order, from private places, and never shown."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dhis2.access.credentials import Credentials, find_credentials
from pipeline.text.errors import UsageError

TOKEN = "d2p_CanaryToken"
PASSWORD = "CanaryPassword"
BASIC = "Basic YWRtaW46ZGlzdHJpY3Q="
PROFILES = f"""
[profiles.moh]
base_url = "https://moh.example"
auth = "pat"
token = "{TOKEN}"

[profiles.district]
base_url = "https://district.example"
auth = "basic"
username = "clerk"
password = "{PASSWORD}"
token = "not meant"

[profiles.empty]
base_url = "https://empty.example"
"""


def private(path: Path, text: str, mode: int = 0o600) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def test_a_server_has_names_of_its_own() -> None:
    environment = {
        "TALLY_SOURCE_PAT": "d2p_source",
        "TALLY_SOURCE_URL": "https://source.example",
        "TALLY_TARGET_USERNAME": "admin",
        "TALLY_TARGET_PASSWORD": "district",
    }

    source = find_credentials("source", environment)
    target = find_credentials("target", environment)

    assert source == Credentials(token="d2p_source", url="https://source.example")
    assert source.authorization == "ApiToken d2p_source"
    assert target == Credentials("admin", "district")
    assert target.authorization == BASIC


def test_names_without_a_side_serve_both() -> None:
    environment = {"DHIS2_PAT": "d2p_both", "DHIS2_URL": "https://both.example"}

    assert find_credentials("source", environment) == find_credentials("target", environment)


def test_a_servers_own_names_win_and_are_not_mixed_with_those_for_both() -> None:
    environment = {
        "TALLY_SOURCE_USERNAME": "admin",
        "TALLY_SOURCE_PASSWORD": "district",
        "DHIS2_PAT": "d2p_both",
        "DHIS2_URL": "https://both.example",
    }

    assert find_credentials("source", environment) == Credentials("admin", "district")


def test_secrets_may_lie_in_files_of_their_owner(tmp_path: Path) -> None:
    file = private(tmp_path / "token", f"{TOKEN}\n")

    found = find_credentials("target", {"TALLY_TARGET_PAT_FILE": str(file)})

    assert found.token == TOKEN


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644])
def test_a_secret_that_others_can_touch_is_refused(tmp_path: Path, mode: int) -> None:
    file = private(tmp_path / "token", TOKEN, mode)

    with pytest.raises(UsageError, match="can be read by others") as raised:
        find_credentials("target", {"TALLY_TARGET_PAT_FILE": str(file)})

    assert raised.value.remedy == f"chmod 600 {file}"


def test_a_secret_file_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    binary = tmp_path / "token"
    binary.write_bytes(b"\xff\xfe")
    binary.chmod(0o600)

    for path in (tmp_path / "missing", binary):
        with pytest.raises(UsageError, match="cannot be read") as raised:
            find_credentials("target", {"TALLY_TARGET_PAT_FILE": str(path)})
        assert raised.value.where == str(path)


def test_systemd_hands_over_credentials_whose_mode_tells_nothing(tmp_path: Path) -> None:
    private(tmp_path / "tally_target_username", "admin", 0o440)
    private(tmp_path / "tally_target_password", "district\n", 0o440)

    found = find_credentials("target", {"CREDENTIALS_DIRECTORY": str(tmp_path)})

    assert found == Credentials("admin", "district")


def test_the_nearest_profile_wins_over_the_one_at_home_and_over_names_for_both(
    tmp_path: Path,
) -> None:
    private(tmp_path / "home/.config/dhis2/profiles.toml", PROFILES)
    private(tmp_path / "work/.dhis2/profiles.toml", '[profiles.moh]\ntoken = "d2p_near"')
    environment = {"HOME": str(tmp_path / "home"), "DHIS2_PAT": "d2p_both"}
    here = tmp_path / "work/deep/er"

    near = find_credentials("source", environment, "moh", here)
    home = find_credentials("source", environment, "district", here)

    assert near == Credentials(token="d2p_near")
    assert home == Credentials("clerk", PASSWORD, "", "https://district.example")


def test_a_profile_that_is_nowhere_is_refused_with_the_places(tmp_path: Path) -> None:
    file = private(tmp_path / ".dhis2/profiles.toml", PROFILES)

    with pytest.raises(UsageError, match="no profile 'typo'") as raised:
        find_credentials("source", {}, "typo", tmp_path)

    assert raised.value.where == str(file)
    assert "[profiles.typo]" in raised.value.remedy


def test_a_broken_profile_file_tells_its_line_and_nothing_of_its_text(tmp_path: Path) -> None:
    file = private(tmp_path / ".dhis2/profiles.toml", f"[profiles.moh]\ntoken = {TOKEN}\n")

    with pytest.raises(UsageError, match="not readable as TOML") as raised:
        find_credentials("source", {}, "moh", tmp_path)

    assert raised.value.where == f"{file}:2"
    assert TOKEN not in str(raised.value)
    assert raised.value.__suppress_context__


def test_a_profile_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    private(tmp_path / ".dhis2/profiles.toml", PROFILES, 0o644)

    with pytest.raises(UsageError, match="can be read by others"):
        find_credentials("source", {}, "moh", tmp_path)


@pytest.mark.parametrize(
    ("environment", "what"),
    [
        ({}, "there are no credentials for the target server"),
        ({"TALLY_SOURCE_PAT": "d2p_x"}, "there are no credentials for the target server"),
        ({"TALLY_TARGET_PAT": ""}, "there are no credentials for the target server"),
        (
            {"TALLY_TARGET_USERNAME": "admin"},
            "TALLY_TARGET_PASSWORD is missing, where TALLY_TARGET_USERNAME is set",
        ),
        (
            {"TALLY_TARGET_PASSWORD": PASSWORD},
            "TALLY_TARGET_USERNAME is missing, where TALLY_TARGET_PASSWORD is set",
        ),
        (
            {"DHIS2_URL": "https://both.example", "DHIS2_PASSWORD": PASSWORD},
            "DHIS2_USERNAME is missing, where DHIS2_URL and DHIS2_PASSWORD are set",
        ),
        (
            {"DHIS2_URL": "https://both.example"},
            "DHIS2_USERNAME and DHIS2_PASSWORD are missing, where DHIS2_URL is set",
        ),
    ],
)
def test_missing_credentials_are_asked_for_by_name(environment: dict[str, str], what: str) -> None:
    with pytest.raises(UsageError, match=what) as raised:
        find_credentials("target", environment)

    for name in ("TALLY_TARGET_PAT", "TALLY_TARGET_USERNAME", "TALLY_TARGET_PASSWORD"):
        assert name in raised.value.remedy
    assert PASSWORD not in str(raised.value)


def test_a_profile_without_credentials_is_not_enough(tmp_path: Path) -> None:
    private(tmp_path / ".dhis2/profiles.toml", PROFILES)

    with pytest.raises(UsageError, match="no credentials for the source"):
        find_credentials("source", {}, "empty", tmp_path)


@pytest.mark.parametrize("token", ["d2p_x y", "d2p_x\ny", "d2p_é", "\x00"])
def test_a_token_that_would_break_the_header_is_refused_unseen(token: str) -> None:
    with pytest.raises(UsageError, match="character that no token has") as raised:
        find_credentials("source", {"TALLY_SOURCE_PAT": token})

    assert token not in str(raised.value)


@pytest.mark.parametrize(
    "around", ['"{}"', "'{}'", "\u201c{}\u201d", "\u00ab{}\u00bb", '"{}', "{}'"]
)
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("TALLY_SOURCE_PAT", TOKEN),
        ("TALLY_SOURCE_URL", "https://source.example"),
        ("DHIS2_USERNAME", "admin"),
    ],
)
def test_quotes_around_a_variable_are_refused_with_its_name(
    name: str, text: str, around: str
) -> None:
    with pytest.raises(UsageError, match=f"{name} has quotes around it") as raised:
        find_credentials("source", {name: around.format(text)})

    assert text not in str(raised.value)


def test_a_password_may_have_quotes() -> None:
    who = {"DHIS2_USERNAME": "admin", "DHIS2_PASSWORD": '"quoted"'}

    assert find_credentials("source", who).password == '"quoted"'


def test_quotes_within_a_profile_are_refused(tmp_path: Path) -> None:
    private(tmp_path / ".dhis2/profiles.toml", f"[profiles.moh]\ntoken = \"'{TOKEN}'\"\n")

    with pytest.raises(UsageError, match="character that no token has"):
        find_credentials("source", {}, "moh", tmp_path)


def test_a_username_with_a_colon_is_refused() -> None:
    with pytest.raises(UsageError, match="colon"):
        Credentials("a:b", PASSWORD)


@given(st.text(min_size=12), st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789", min_size=12))
def test_no_text_of_credentials_shows_a_secret(password: str, token: str) -> None:
    for credentials in (Credentials("user", password), Credentials(token=token)):
        shown = f"{credentials} {credentials!r} {[credentials]}"
        assert credentials.on_the_wire not in shown
        assert password not in shown
