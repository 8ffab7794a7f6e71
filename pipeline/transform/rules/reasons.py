"""Why a row does not become a value: one rule, one id, one sentence."""

from pipeline.text.rule import Rule

UNMAPPED_INDICATOR = Rule(
    "R01", "the program indicator is not in the mapping; add it to mappings/data_elements.csv"
)
UNMAPPED_OPTIONS = Rule(
    "R02",
    "the mapping has no row for these category options of the program indicator; "
    "add it to mappings/data_elements.csv",
)
ELEMENT_IN_NO_DATA_SET = Rule(
    "R03",
    "the mapped data element is in none of the target data sets; "
    "add it to a data set, or mend the mapping",
)
NO_SUCH_COMBO = Rule(
    "R04", "the target has no category option combo with the mapped id; mend the mapping"
)
OUT_OF_SCOPE = Rule(
    "R05",
    "the org unit is outside the scope of this transfer; nothing to do, "
    "unless [org_units] in transfer.toml should reach it",
    counts=False,
)
UNMAPPED_ORG_UNIT = Rule(
    "R06", "the org unit is not in the mapping; add it to mappings/org_units.csv"
)
NO_SUCH_ORG_UNIT = Rule(
    "R07",
    "the target has no org unit with this id; give its id there in mappings/org_units.csv",
)
STRANGE_PERIOD = Rule("R08", "the server told of a period that was not asked for; begin a new run")
VALUE_NOT_A_NUMBER = Rule("R09", "the value is not a number; mend the program indicator")
NOT_FINITE = Rule(
    "R10",
    "the value is infinite or not a number at all; "
    "look for a division by zero in the program indicator",
)
TOO_PRECISE = Rule(
    "R11", "the value has more than 15 significant digits; round it in the program indicator"
)
DOUBLED = Rule(
    "R12",
    "the server told the same count twice; build its analytics tables anew, then begin a new run",
)
VALUE_OF_WRONG_TYPE = Rule(
    "R13",
    "the value does not fit the value type of the target data element; "
    "mend the type, or map the count to another element",
)
NO_RULE = Rule(
    "R14",
    "several counts fill this cell; say in the column rule of the mapping how: sum, max or min",
)
INCOMPLETE = Rule(
    "R15", "another count for the same cell was rejected; mend that one, and this one is used"
)
UNKNOWN_INDICATOR = Rule(
    "R16",
    "the program indicator is not known whole: it did not answer for a part, or its events fit two "
    "options of one category; `tally show NAME` names the cause, and its cells wait",
    counts=False,
)
NOT_MERGED = Rule(
    "R17",
    "several org units of the source go to one org unit of the target; write merge in the column "
    "rule of mappings/org_units.csv if their counts are to be added up, or mend the row",
)
NOT_ADDED_UP = Rule(
    "R18",
    "the org units that org_units.csv merges cannot be added up here: the data element is an "
    "average, a minimum or a maximum over org units; leave them apart, or map another element",
)

REJECT_RULES = (
    UNMAPPED_INDICATOR,
    UNMAPPED_OPTIONS,
    ELEMENT_IN_NO_DATA_SET,
    NO_SUCH_COMBO,
    OUT_OF_SCOPE,
    UNMAPPED_ORG_UNIT,
    NO_SUCH_ORG_UNIT,
    STRANGE_PERIOD,
    VALUE_NOT_A_NUMBER,
    NOT_FINITE,
    TOO_PRECISE,
    DOUBLED,
    VALUE_OF_WRONG_TYPE,
    NO_RULE,
    INCOMPLETE,
    UNKNOWN_INDICATOR,
    NOT_MERGED,
    NOT_ADDED_UP,
)
REJECT_SENTENCES = {rule.rule_id: rule.sentence for rule in REJECT_RULES}
UNCOUNTED_REJECTS = tuple(rule.rule_id for rule in REJECT_RULES if not rule.counts)
