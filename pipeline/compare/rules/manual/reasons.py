"""Why something of the manual side is no number, and what a person can do about it."""

from pipeline.text.rule import Rule

TOTAL_ROW = Rule("M01", "a row of totals; it was left out, only sites count")
UNLISTED_ELEMENT = Rule(
    "M02", "mappings/manual does not name this element; add a row if it should be compared"
)
UNMATCHED_ORG_UNIT = Rule(
    "M03", "the target has no org unit with this id, code or name; write its id or code"
)
AMBIGUOUS_ORG_UNIT = Rule(
    "M04", "this may be several org units; write the id or code of the one that is meant"
)
UNREADABLE_PERIOD = Rule(
    "M05", "no period of the transfer's type can be read here without doubt; write its DHIS2 id"
)
UNREADABLE_NUMBER = Rule("M06", "this is no number; write digits only, or leave the field empty")
AMBIGUOUS_NUMBER = Rule(
    "M07", "the mark may stand for decimals or for thousands; write the number without thousands"
)
DIFFERENT_TWICE = Rule(
    "M08", "the same cell has two different numbers; keep the right one (none was compared)"
)
SAME_TWICE = Rule("M09", "the same number stands here twice; it was counted once")
NUMBER_OF_WRONG_TYPE = Rule(
    "M10", "such a number cannot stand in the data element it is compared with; write the right one"
)
RAGGED = Rule("M11", "the row has more or fewer fields than the header; mend it")
OUTSIDE_ORG_UNITS = Rule("M12", "this run did not ask tracker for this org unit; left out")
OUTSIDE_PERIODS = Rule("M13", "this run did not ask tracker for this period; left out")
EMPTY = Rule("M14", "there is no number; taken as not reported")
UNLISTED_COMBO = Rule(
    "M15",
    "mappings/manual does not say what this option combo is compared with; where paper has only "
    "a total, write total in category_option_combo",
)
TRACKER_UNKNOWN = Rule(
    "M16", "tracker's number is not known, because rows of it were rejected; not compared"
)
ROUNDED_CODE = Rule(
    "M17",
    "a spreadsheet rounded this code, so what it was is not known; format codes as text there, and "
    "write the whole code",
)
READ_AS_CODE = Rule(
    "M18",
    "a spreadsheet changed this code; it was read as the only one that is the same number",
)
AMBIGUOUS_ELEMENT = Rule(
    "M19",
    "this may be several elements of mappings/manual; write the element as that table has it",
)
DOUBTFUL_QUOTE = Rule(
    "M20",
    "a quote here may open a text that goes on in the next line, or be a letter; put the whole "
    "text between quotes, and double the quotes in it (none of these lines was read)",
)
COPIED_PERIOD = Rule(
    "M21",
    "all numbers of this site are the same in these periods; look whether one was copied (they "
    "are compared as they stand)",
)
COPIED_SITE = Rule(
    "M22",
    "all numbers of these sites are the same in this period; look whether one report was typed "
    "twice (they are compared as they stand)",
)
OTHER_YEAR = Rule(
    "M23",
    "this report may stand under the wrong year; look at it, and write the right period (it is "
    "taken as it stands)",
)
DELETED_ROW = Rule("M24", "DHIS2 marks this row as deleted; left out")

# Something stands on paper, but not what: the cell is not compared rather than called silent.
DOUBTS = (UNREADABLE_NUMBER, AMBIGUOUS_NUMBER, DIFFERENT_TWICE, NUMBER_OF_WRONG_TYPE)
DOUBTFUL_RULE_IDS = tuple(rule.rule_id for rule in DOUBTS)
MANUAL_RULES = (
    *(TOTAL_ROW, UNLISTED_ELEMENT, UNMATCHED_ORG_UNIT, AMBIGUOUS_ORG_UNIT, UNREADABLE_PERIOD),
    *(
        UNREADABLE_NUMBER,
        AMBIGUOUS_NUMBER,
        DIFFERENT_TWICE,
        SAME_TWICE,
        NUMBER_OF_WRONG_TYPE,
        RAGGED,
    ),
    *(OUTSIDE_ORG_UNITS, OUTSIDE_PERIODS, EMPTY, UNLISTED_COMBO, TRACKER_UNKNOWN),
    *(ROUNDED_CODE, READ_AS_CODE, AMBIGUOUS_ELEMENT, DOUBTFUL_QUOTE),
    *(COPIED_PERIOD, COPIED_SITE, OTHER_YEAR, DELETED_ROW),
)
MANUAL_SENTENCES = {rule.rule_id: rule.sentence for rule in MANUAL_RULES}
