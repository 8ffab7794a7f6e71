"""What a transfer names lies in the deployment; only a certificate authority may lie elsewhere."""

from pathlib import Path

import pytest

from pipeline.files.deployment import Deployment
from pipeline.run.session import read_settings
from pipeline.text.errors import UsageError

NAME = "fever"
WRITTEN = """
[source]
program_indicators = ["piCases0001"]
ca_bundle = "{bundle}"
[target]
data_sets = ["dsMonthly01"]
[periods]
last = 6
[org_units]
level = 4
"""


def deployment(folder: Path, bundle: str = "") -> Deployment:
    made = Deployment(folder / "home")
    made.mappings(NAME).mkdir(parents=True)
    made.configuration(NAME).write_text(WRITTEN.format(bundle=bundle))
    return made


@pytest.mark.parametrize("written", ["authority.pem", "../authority.pem", "./authority.pem"])
def test_an_authority_is_seen_from_the_transfers_folder(tmp_path: Path, written: str) -> None:
    home = deployment(tmp_path, written)

    told = read_settings(home, NAME)

    assert told.source.ca_bundle == str(home.transfer_folder(NAME) / written)
    assert told.target.ca_bundle == ""


def test_the_systems_own_authorities_may_be_named(tmp_path: Path) -> None:
    home = deployment(tmp_path, "/etc/ssl/certs/ministry.pem")

    assert read_settings(home, NAME).source.ca_bundle == "/etc/ssl/certs/ministry.pem"


def test_a_relative_authority_does_not_leave_the_deployment(tmp_path: Path) -> None:
    home = deployment(tmp_path, "../../../../secret.pem")

    with pytest.raises(UsageError, match="ca_bundle leads out of the deployment"):
        read_settings(home, NAME)


@pytest.mark.parametrize("name", ["mappings/data_elements.csv", "decisions.csv", "authority.pem"])
def test_no_file_of_a_transfer_leads_elsewhere(tmp_path: Path, name: str) -> None:
    home = deployment(tmp_path, "authority.pem")
    secret = tmp_path / "secret"
    secret.write_text("root:canary")
    (home.transfer_folder(NAME) / name).symlink_to(secret)

    with pytest.raises(UsageError, match="link that leads out") as raised:
        read_settings(home, NAME)

    assert raised.value.where.endswith(name)
    assert "canary" not in str(raised.value)


def test_a_folder_of_mappings_does_not_lead_elsewhere(tmp_path: Path) -> None:
    home = deployment(tmp_path)
    home.mappings(NAME).rmdir()
    home.mappings(NAME).symlink_to(tmp_path)

    with pytest.raises(UsageError, match="link that leads out"):
        read_settings(home, NAME)


def test_the_data_of_a_deployment_may_stand_on_another_disk(tmp_path: Path) -> None:
    home = deployment(tmp_path, "authority.pem")
    shared = home.root / "data/transfers/data_elements.csv"
    shared.touch()
    (home.mappings(NAME) / "data_elements.csv").symlink_to(shared)
    (home.root / "data").rename(tmp_path / "disk")
    (home.root / "data").symlink_to(tmp_path / "disk")
    (home.mappings(NAME) / "data_elements.csv").unlink()
    (home.mappings(NAME) / "data_elements.csv").symlink_to("../../data_elements.csv")

    assert read_settings(home, NAME).source.ca_bundle.endswith("fever/authority.pem")


@pytest.mark.parametrize(
    "name", ["..", "../fever", "/etc", "fever/../fever", "Fever", "", "fe ver", "fever\n", "a" * 49]
)
def test_a_transfers_name_is_no_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="cannot be the name of a transfer"):
        read_settings(deployment(tmp_path), name)
