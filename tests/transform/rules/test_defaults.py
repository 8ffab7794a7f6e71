"""An empty option combo means the default one, wherever a table leaves it out."""

import polars as pl
from polars.testing import assert_frame_equal

from pipeline.transform.rules.defaults import with_default_combos
from schemas.metadata import TargetMetadata
from tests.support.frames import frame

FORMS = TargetMetadata(*[pl.DataFrame()] * 8, "coc_default")


def test_only_what_is_empty_becomes_the_default() -> None:
    table = frame("""
        data_element | category_option_combo | attribute_option_combo
        de_one       |                       |
        de_two       | coc_boys              |
        de_three     | coc_boys              | aoc_ngo
    """)
    default = FORMS.default_option_combo
    expected = frame(f"""
        data_element | category_option_combo | attribute_option_combo
        de_one       | {default}             | {default}
        de_two       | coc_boys              | {default}
        de_three     | coc_boys              | aoc_ngo
    """)

    assert_frame_equal(with_default_combos(table, FORMS), expected)
