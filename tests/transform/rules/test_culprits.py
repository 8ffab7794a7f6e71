"""Behind rejects stand counts: each is named with its element, value type and an example."""

from pipeline.transform.rules.culprits import culprits
from pipeline.transform.rules.reasons import REJECT_SENTENCES
from tests.support.frames import frame

TARGETS = frame("""
    program_indicator | category_options | data_element | value_type
    mean              |                  | de_whole     | INTEGER
    mean              |                  | de_any       | NUMBER
    large             |                  | de_whole     | INTEGER
    gone              |                  | de_gone      | -
""")
REJECTS = frame("""
    rule_id | program_indicator | category_options | period | org_unit | value
    R13     | mean              |                  | 202402 | hill     | 2.5
    R13     | mean              |                  | 202401 | valley   | 3.25
    R13     | large             |                  | 202401 | hill     | 2000000000
    R03     | gone              |                  | 202401 | hill     | 1
    R01     | unmapped          |                  | 202401 | hill     | 7
""")


def test_each_count_is_named_once_with_its_first_row() -> None:
    rejects = REJECTS.with_columns(reason=REJECTS["rule_id"].replace(REJECT_SENTENCES))

    told = culprits(rejects, TARGETS).drop("reason")

    assert told.rows() == [
        ("R13", "mean", "de_whole", "INTEGER", 2, "202401", "valley", "3.25"),
        ("R01", "unmapped", None, None, 1, "202401", "hill", "7"),
        ("R03", "gone", "de_gone", None, 1, "202401", "hill", "1"),
        ("R13", "large", "de_whole", "INTEGER", 1, "202401", "hill", "2000000000"),
    ]
