"""Why a row does not become a value: one rule, one id, one sentence."""

from typing import NamedTuple


class Rule(NamedTuple):
    """A reason for a reject. `counts` tells whether it counts against the reject threshold."""

    rule_id: str
    sentence: str
    counts: bool = True


UNMAPPED_INDICATOR = Rule("R01", "program indicator not in mapping")
UNMAPPED_OPTIONS = Rule("R02", "these category options of the program indicator not in mapping")
UNKNOWN_ELEMENT = Rule("R03", "the mapped data element is in none of the target data sets")
UNKNOWN_COMBO = Rule("R04", "the target server has no option combo with the mapped id")
OUT_OF_SCOPE = Rule("R05", "org unit is outside the scope of this transfer", counts=False)
UNMAPPED_ORG_UNIT = Rule("R06", "org unit not in mapping")
UNKNOWN_ORG_UNIT = Rule("R07", "the target server has no org unit with this id")
STRANGE_PERIOD = Rule("R08", "period was not asked for")
NOT_A_NUMBER = Rule("R09", "value is not a number")
NOT_FINITE = Rule("R10", "value is infinite or not a number at all")
TOO_PRECISE = Rule("R11", "value has more than 15 significant digits")
DOUBLED = Rule("R12", "the same count came twice with the same key")
WRONG_TYPE = Rule("R13", "value does not fit the type of the target data element")
NO_RULE = Rule("R14", "several counts fill this cell and the mapping does not say how")
INCOMPLETE = Rule("R15", "another source of the same cell was rejected")

RULES = (
    UNMAPPED_INDICATOR,
    UNMAPPED_OPTIONS,
    UNKNOWN_ELEMENT,
    UNKNOWN_COMBO,
    OUT_OF_SCOPE,
    UNMAPPED_ORG_UNIT,
    UNKNOWN_ORG_UNIT,
    STRANGE_PERIOD,
    NOT_A_NUMBER,
    NOT_FINITE,
    TOO_PRECISE,
    DOUBLED,
    WRONG_TYPE,
    NO_RULE,
    INCOMPLETE,
)
SENTENCES = {rule.rule_id: rule.sentence for rule in RULES}
NOT_COUNTED = tuple(rule.rule_id for rule in RULES if not rule.counts)
