"""The target's metadata is kept beside the run and comes back as it was read."""

from pathlib import Path

from polars.testing import assert_frame_equal

from pipeline.dhis2.target_metadata import read_target
from pipeline.run.metadata import TargetFrames, indicator_names
from tests.support.village import DATA_SET, village


def test_every_frame_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        run = post.begin().run
        read = read_target(post.client, (DATA_SET,))

        TargetFrames.keep(run, read)
        kept = TargetFrames.read(run)

    for name, what in vars(read).items():
        if name == "default_option_combo":
            assert kept.default_option_combo == what
        else:
            assert_frame_equal(getattr(kept, name), what)


def test_a_run_that_asked_nothing_yet_names_no_indicator(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        assert indicator_names(post.begin().run) == {}
        work, _ = post.extract()

        assert indicator_names(work.run)["piCases0001"] == "piCases0001"
