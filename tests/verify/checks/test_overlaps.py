"""Two transfers may not fill the same cells of one target; their images are compared."""

import json
import shutil
from pathlib import Path

import pytest

from sandbox.http.server import running
from tests.support.checking import checked, ids, one
from tests.support.deployments import NAME, Post
from tests.support.village import CLINICS, MONTHS, WHATS, village

GENERATIONS = pytest.mark.parametrize("generation", ["2.42", "2.43"])


def twin(post: Post, name: str = "twin", **sections: dict[str, object]) -> None:
    """Configure a second transfer as the first one is, but for what is named."""
    shutil.copytree(
        post.deployment.transfer_folder(NAME),
        post.deployment.transfer_folder(name),
        dirs_exist_ok=True,
    )
    lines = []
    for section, keys in {**post.sections, **sections}.items():
        lines += [f"[{section}]", *(f"{key} = {json.dumps(keys[key])}" for key in keys)]
    post.deployment.configuration(name).write_text("\n".join(lines) + "\n")


@GENERATIONS
def test_a_twin_is_refused_and_its_cells_are_counted(generation: str, tmp_path: Path) -> None:
    with village(tmp_path, generation) as post:
        twin(post)
        findings = checked(post)

    assert ids(findings) == {"overlapping-transfers"}
    cells = len(WHATS) * len(MONTHS) * 3  # clinics
    told = one(findings, "overlapping-transfers").what
    assert told == f"the transfer twin fills {cells} of the same cells"


def test_transfers_of_other_periods_or_org_units_are_no_twins(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        post.configure(org_units={"within": [CLINICS["a"]]})
        twin(post, "earlier", periods={"explicit": ["202607"]})
        twin(post, "elsewhere", org_units={"level": 2, "within": [CLINICS["b"], CLINICS["c"]]})
        findings = checked(post)

    assert ids(findings) == set()


def test_one_shared_site_is_enough(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        post.configure(org_units={"within": [CLINICS["a"], CLINICS["b"]]})
        twin(post, org_units={"level": 2, "within": [CLINICS["b"], CLINICS["c"]]})
        findings = checked(post)

    assert "fills 12 of the same cells" in one(findings, "overlapping-transfers").what


def test_org_units_that_are_moved_apart_are_no_twins(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        post.configure(org_units={"within": [CLINICS["a"]]})
        twin(post)
        moved = post.deployment.mappings("twin") / "org_units.csv"
        moved.write_text(f"source_org_unit,target_org_unit\n{CLINICS['a']},{CLINICS['b']}\n")
        findings = checked(post)

    assert ids(findings) == set()


def test_a_default_that_is_written_out_is_the_same_cell(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        twin(post)
        cases = WHATS["cases"]
        post.map([(cases.indicator, "", cases.element, "", "")])
        findings = checked(post)

    assert "fills 9 of the same cells" in one(findings, "overlapping-transfers").what


def test_another_element_is_another_cell(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        twin(post)
        enrolled = WHATS["enrolled"]
        (post.deployment.mappings("twin") / "data_elements.csv").write_text(
            f"program_indicator,data_element\n{enrolled.indicator},{enrolled.element}\n"
        )
        cases = WHATS["cases"]
        post.map([(cases.indicator, "", cases.element, cases.combo, "")])
        findings = checked(post)

    assert "overlapping-transfers" not in ids(findings)


def test_another_target_is_no_twin(tmp_path: Path) -> None:
    with village(tmp_path) as post, running(post.world, "2.43") as elsewhere:
        twin(post)
        findings = checked(post, target=elsewhere)

    assert "overlapping-transfers" not in ids(findings)


def test_a_transfer_that_cannot_be_read_is_told_and_hinders_nothing(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        twin(post, "broken")
        post.deployment.configuration("broken").write_text("[source\n")
        twin(post)
        findings = checked(post)

    assert ids(findings, "warning") == {"unread-transfer"}
    assert "the transfer broken" in one(findings, "unread-transfer").what
    assert ids(findings, "error") == {"overlapping-transfers"}
