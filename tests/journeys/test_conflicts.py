"""An officer lists what needs a person, fills in the form, and the next night follows it."""

import csv
import io
import json
from pathlib import Path

from tests.support.deployments import NAME
from tests.support.terminal import run, tally
from tests.support.village import form, tracker, typed, village

COUNTS = """
    month  | clinic | what  | number
    202609 | a      | cases | 5
    202609 | b      | girls | 6
"""
PAPER = """
    month  | clinic | what  | number
    202609 | a      | cases | 15
    202609 | b      | girls | 16
"""


def test_a_conflict_is_listed_answered_and_settled(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        post.world.metadata["organisationUnits"][1]["name"] = "=cmd|clinic"
        tracker(post, COUNTS)
        typed(post, PAPER)
        run(post)

        shown = tally(post, "conflicts", NAME)
        told = json.loads(tally(post, "conflicts", NAME, "--json").out)
        blank = tally(post, "conflicts", NAME, "--csv").out

        assert "clerk" in shown.out
        assert "tally conflicts fever --csv" in shown.err.replace("\n", " ")
        assert [(one["org_unit"], one["tracker"], one["target"], one["ours"]) for one in told] == [
            ("ouClinic00a", "5", "15", None),
            ("ouClinic00b", "6", "16", None),
        ]
        rows = list(csv.DictReader(io.StringIO(blank)))
        assert rows[0]["org_unit_name"] == "'=cmd|clinic"
        assert (rows[0]["note_stored_by"], rows[0]["decision"]) == ("clerk", "")
        rows[0] |= {"decision": "tracker", "decided_by": "Ms Phiri", "why": "recounted"}
        rows[0] |= {"until": "2099-12-31"}
        path = post.deployment.transfer_folder(NAME) / "decisions.csv"
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)

        said = run(post)

        assert said.code == 0, said.everything
        assert form(post) == [("202609", "a", "cases", "5"), ("202609", "b", "girls", "16")]
        again = list(csv.DictReader(io.StringIO(tally(post, "conflicts", NAME, "--csv").out)))
        assert [(row["org_unit"], row["decision"]) for row in again] == [
            ("ouClinic00a", "tracker"),
            ("ouClinic00b", ""),
        ]


def test_nothing_to_decide_is_told_as_such(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        run(post)

        said = tally(post, "conflicts", NAME)

        assert (said.code, said.out) == (0, "")
        assert "no cell waits for a decision" in said.err


def test_two_clinics_of_one_name_are_listed_with_their_ids(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        for clinic in post.world.metadata["organisationUnits"][1:]:
            clinic["name"] = "Hill clinic"
        tracker(post, COUNTS)
        typed(post, PAPER)
        run(post)

        shown = tally(post, "conflicts", NAME).out
        told = json.loads(tally(post, "conflicts", NAME, "--json").out)

        assert "Hill clinic (ouClinic00a)" in shown
        assert "Hill clinic (ouClinic00b)" in shown
        assert {one["org_unit_name"] for one in told} == {"Hill clinic"}
