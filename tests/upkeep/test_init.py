"""A new transfer is written whole, and never over what is there."""

from datetime import date
from pathlib import Path

import pytest

from pipeline.config.reading import read_transfer
from pipeline.files.deployment import Deployment
from pipeline.tables import read_manual_mapping, read_mapping
from pipeline.text.errors import LoginError, UsageError
from pipeline.upkeep.init import suggest, write_transfer
from sandbox.country.build import invent_country
from sandbox.http.server import Sandbox, running
from sandbox.state.identifiers import uid
from tests.support.village import DATA_SET, Post, village


def to(sandbox: Sandbox) -> dict[str, str]:
    return {
        "DHIS2_URL": sandbox.url,
        "DHIS2_USERNAME": "tally",
        "DHIS2_PASSWORD": "district",
    }


def suggested(post: Post) -> tuple[list[str], int]:
    """Suggest a transfer between the village and itself; give the reasons to doubt, and rows."""
    doubts, rows, *_ = suggest(post.deployment, "guess", to(post.sandbox), {})
    return sorted({doubt.why for doubt in doubts}), rows


def hint(post: Post, indicator: str, element: str) -> None:
    for one in post.world.metadata["programIndicators"]:
        if one["id"] == indicator:
            one["aggregateExportDataElement"] = element


def test_an_empty_transfer_has_every_table_with_its_header(tmp_path: Path) -> None:
    home = Deployment(tmp_path)

    folder = write_transfer(home, "fever")

    written = {path.relative_to(folder).as_posix() for path in folder.rglob("*.*")}
    assert written == {
        "transfer.toml",
        "transfer.schema.json",
        "mappings/data_elements.csv",
        "mappings/manual.csv",
        "mappings/org_units.csv",
    }
    header = (home.mappings("fever") / "data_elements.csv").read_text()
    assert header.startswith("program_indicator,category_options,data_element,")


@pytest.mark.parametrize("there", ["transfer.toml", "mappings/data_elements.parquet"])
def test_what_is_there_is_never_written_over(there: str, tmp_path: Path) -> None:
    home = Deployment(tmp_path)
    mine = home.transfer_folder("fever") / there
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")

    with pytest.raises(UsageError, match="exists already"):
        write_transfer(home, "fever")
    with pytest.raises(UsageError, match="exists already"):
        suggest(home, "fever", {}, {})  # before any server is looked for

    assert [path for path in home.root.rglob("*.*") if path.is_file()] == [mine]
    assert mine.read_text() == "mine"


def test_a_name_that_is_a_path_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be the name"):
        write_transfer(Deployment(tmp_path), "../elsewhere")

    assert not list(tmp_path.iterdir())


def test_a_transfer_is_suggested_from_what_the_country_says(tmp_path: Path) -> None:
    home = Deployment(tmp_path)
    with running(invent_country(date(2026, 11, 24), months=2), "2.42") as sandbox:
        doubts, rows, twins, _ = suggest(home, "fever", to(sandbox), {"assigned_only": False})

    settings = read_transfer(home.configuration("fever"))
    assert settings.source.program_indicator_groups == (uid("PIG_TALLY"),)
    assert settings.source.program_indicators == ()
    assert set(settings.target.data_sets) == {uid("DS_TRACKER"), uid("DS_DOSES")}
    assert (settings.periods.type, settings.org_units.level) == ("Monthly", 4)
    assert not settings.org_units.assigned_only
    assert read_mapping(home.mappings("fever")).data_elements.height == rows == 26
    assert (settings.compare.data_set, twins) == (uid("DS_PAPER"), 4)
    _, pairs = read_manual_mapping(home.mappings("fever"), by_id=True)
    assert set(pairs["manual_data_element"]) == {
        uid(code) for code in ("P_CASES", "P_DEATHS", "P_TESTS", "P_VISITS")
    }
    assert pairs.filter(category_option_combo="total")["data_element"].to_list() == [uid("T_TESTS")]
    assert [(one.program_indicator, one.why) for one in doubts] == [
        (uid("PI_CASES_ALL"), "it names no data element")
    ]


def test_the_type_of_period_is_that_of_the_forms(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        hint(post, "piCases0001", "deCases0001")
        post.world.metadata["dataSets"][0]["periodType"] = "Weekly"

        doubts, rows = suggested(post)

    settings = read_transfer(post.deployment.configuration("guess"))
    assert settings.periods.type == "Weekly"
    assert settings.source.program_indicators == ("piCases0001",)
    assert settings.target.data_sets == (DATA_SET,)
    assert settings.org_units.level == 2
    assert (doubts, rows) == (["it names no data element"], 1)


def test_indicators_whose_elements_are_in_no_form_are_doubts(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        hint(post, "piCases0001", "deCases0001")
        hint(post, "piEnrolled1", "deEnrolled1")
        parts = post.world.metadata["dataSets"][0]["dataSetElements"]
        parts[:] = [one for one in parts if one["dataElement"]["id"] != "deEnrolled1"]

        doubts, rows = suggested(post)

    assert rows == 1
    assert "no Monthly data set has its data element deEnrolled1" in doubts


def test_a_server_that_says_nothing_leaves_a_transfer_to_be_filled_by_hand(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        assert suggested(post) == (["it names no data element"], 0)

    with pytest.raises(UsageError, match="does not understand"):
        read_transfer(post.deployment.configuration("guess"))


def test_a_server_that_lets_nobody_in_leaves_no_half_a_transfer(tmp_path: Path) -> None:
    home = Deployment(tmp_path / "home")
    with village(tmp_path) as post, pytest.raises(LoginError):
        suggest(home, "fever", to(post.sandbox) | {"DHIS2_PASSWORD": "wrong"}, {})

    assert not home.root.exists()
