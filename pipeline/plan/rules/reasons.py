"""Why the plan does what it does with a cell, in words a district officer understands."""

SAME = "same"
NEW = "new"
CHANGED = "changed"
VANISHED = "vanished"
SOURCE_UNKNOWN = "source_unknown"
TOTAL_STAYED = "total_stayed"
NOT_OURS = "not_ours"
CHANGED_BY_SOMEBODY = "changed_by_somebody"
REMOVED_BY_SOMEBODY = "removed_by_somebody"
NO_NUMBER = "no_number"
THEIRS = "theirs"
BOTH_GONE = "both_gone"
ADOPTED = "adopted"
LEFT_SCOPE = "left_scope"
POLICY_APPEND = "policy_append"
POLICY_UPDATE = "policy_update"
POLICY_LEAVE = "policy_leave"
POLICY_MANUAL = "policy_manual"
POLICY_TRACKER = "policy_tracker"
DECIDED_TRACKER = "decided_tracker"
DECIDED_MANUAL = "decided_manual"
DECIDED_LEAVE = "decided_leave"
NEVER_REMOVED = "never_removed"
RETIRED = "retired"
TARGET_NOT_READ = "target_not_read"
UNDONE_AGAIN = "undone_again"
UNDONE_BACK = "undone_back"
UNDONE_TAKEN_BACK = "undone_taken_back"
UNDONE_ALREADY = "undone_already"
UNDONE_GIVEN_BACK = "undone_given_back"
UNDONE_BY_HAND = "undone_by_hand"

MANUAL_SITE = "manual_site"
SITE_GAP = "site_gap"
SITE_CONTRADICTION = "site_contradiction"
SITE_TRACKER = "site_tracker"
SITE_MANUAL = "site_manual"

ELEMENT_NOT_IN_DATA_SET = "element_not_in_data_set"
COMBO_NOT_IN_ELEMENT = "combo_not_in_element"
ATTRIBUTE_COMBO_NOT_IN_DATA_SET = "attribute_combo_not_in_data_set"
NOT_ASSIGNED = "not_assigned"
NOT_OPEN_YET = "not_open_yet"
CLOSED = "closed"
TWIN_COMBO = "twin_combo"
TWO_DEFAULTS = "two_defaults"
ANOTHER_SITE = "another_site"
COUNTED_TWICE = "counted_twice"
LEVEL_NOT_OF_PATH = "level_not_of_path"
WRONG_PERIOD_TYPE = "wrong_period_type"
EXPIRED = "expired"
FUTURE = "future"
NO_INPUT_PERIOD = "no_input_period"
INPUT_NOT_OPEN_YET = "input_not_open_yet"
INPUT_CLOSED = "input_closed"
INPUT_INVERTED = "input_inverted"
APPROVED = "approved"
APPROVAL_NOT_READ = "approval_not_read"
OPTION_OUT_OF_DATE = "option_out_of_date"
OPTION_NOT_HERE = "option_not_here"
NO_WRITE_ACCESS = "no_write_access"
NO_AUTHORITY = "no_authority"
OUTSIDE_CAPTURE = "outside_capture"
ZERO_NOT_KEPT = "zero_not_kept"

SENTENCES = {
    SAME: "tracker and the target say the same",
    NEW: "tracker counts something here and the target holds nothing",
    CHANGED: "tracker changed since we wrote this cell, and nobody else touched it",
    VANISHED: "we wrote this cell and tracker no longer counts anything here",
    SOURCE_UNKNOWN: "tracker's number is not known in this run: a row of it was rejected, or its "
    "program indicator did not answer; mend what the rejected rows and `tally show NAME` name",
    TOTAL_STAYED: "tracker's number fell, but the total of its program indicator did not: events "
    "that were counted here fit no category option now; mend the option filters of the program "
    "indicator in Maintenance, or decide for tracker in decisions.csv",
    NOT_OURS: "the target holds another number that we did not write",
    CHANGED_BY_SOMEBODY: "somebody changed this number after we wrote it",
    REMOVED_BY_SOMEBODY: "somebody removed this number after we wrote it",
    NO_NUMBER: "the target holds something here that is not a number; "
    "somebody has to correct it there",
    THEIRS: "somebody else's number where tracker counts nothing; it stays",
    BOTH_GONE: "neither tracker nor the target holds the number we once wrote; nothing to do",
    ADOPTED: "an earlier transfer wrote the same number; from now on we look after it",
    LEFT_SCOPE: "we wrote this cell, but the mapping or the scope no longer reaches it; "
    "`tally plan NAME --retire` takes it back",
    POLICY_APPEND: "transfer.toml says existing = append: what stands is left as it is",
    POLICY_UPDATE: "transfer.toml says existing = update: empty cells are left empty",
    POLICY_LEAVE: "transfer.toml says vanished = leave: "
    "a number that tracker no longer counts stays",
    POLICY_MANUAL: "transfer.toml says conflict = manual: the number of the target stays",
    POLICY_TRACKER: "transfer.toml says conflict = tracker: "
    "tracker's number is written over somebody else's",
    DECIDED_TRACKER: "a person decided that tracker's number is written here",
    DECIDED_MANUAL: "a person decided that the number of the target stays",
    DECIDED_LEAVE: "a person decided to leave this cell as it is for now",
    NEVER_REMOVED: "tracker's zero would remove a number that we did not write, "
    "which Tally never does; empty the cell by hand if that is right",
    RETIRED: "the mapping or the scope no longer reaches this cell of ours, "
    "and --retire takes it back",
    TARGET_NOT_READ: "the target did not show what this cell holds; "
    "let Tally's account read the data of this site and data set",
    UNDONE_AGAIN: "the run took this number back; it is written again",
    UNDONE_BACK: "the run changed this number; it becomes again what we had written before",
    UNDONE_TAKEN_BACK: "the run wrote this cell first; it is emptied again",
    UNDONE_ALREADY: "the cell is already as it was before the run",
    UNDONE_GIVEN_BACK: "the run took this cell over from an earlier transfer; "
    "its number stays, and is no longer ours",
    UNDONE_BY_HAND: "the run wrote over a number that was not ours, as somebody had decided; "
    "that number stands in the run's own plan, put it back by hand",
    MANUAL_SITE: "the site register says: this site reports on paper here; "
    "mend mappings/sites.csv if it does not",
    SITE_GAP: "the site register lists this site, but not for this period; "
    "say in mappings/sites.csv who reports then",
    SITE_CONTRADICTION: "the site register says two things about this site and period; "
    "mend mappings/sites.csv",
    SITE_TRACKER: "the site register says: both report here, in favour of tracker",
    SITE_MANUAL: "the site register says: both report here, in favour of the manual number",
    ELEMENT_NOT_IN_DATA_SET: "the data element is in none of the target data sets; "
    "add it to the data set or take it out of the mapping",
    COMBO_NOT_IN_ELEMENT: "the category option combo does not belong to the data element; "
    "mend the mapping",
    ATTRIBUTE_COMBO_NOT_IN_DATA_SET: "the attribute option combo does not belong to the data set; "
    "mend the mapping",
    NOT_ASSIGNED: "the org unit is not assigned to the data set; assign it in Maintenance",
    NOT_OPEN_YET: "the org unit was not open yet in this period; "
    "correct its opening date if that is wrong",
    CLOSED: "the org unit was already closed in this period; "
    "correct its closing date if that is wrong",
    TWIN_COMBO: "the target has another option combo with the same options in this category combo, "
    "so one number may stand in two cells; let the administrator remove or merge one of the two",
    TWO_DEFAULTS: "the target has two option combos that are `default`, and which one is meant "
    "is in doubt; let the administrator remove or merge one of the two",
    ANOTHER_SITE: "the source has another name and another parent for this id, so it may be "
    "another site; say in mappings/org_units.csv where its counts go, even if the id is the same",
    COUNTED_TWICE: "an org unit below this one is filled too, and tracker's number here holds "
    "its counts as well, so they would count twice; leave one of the two out of [org_units]",
    LEVEL_NOT_OF_PATH: "the source says another level for this org unit than its path, so its "
    "counts may be left out or doubled; let the administrator update the org unit paths there",
    WRONG_PERIOD_TYPE: "the data set is reported for another period type; "
    "give it a transfer of its own",
    EXPIRED: "the period is closed for data entry; a lock exception for this site and period "
    "opens it",
    FUTURE: "the period is not open for data entry yet; it will be written when it is",
    NO_INPUT_PERIOD: "the data set has input periods, and this is none of them; add it there in "
    "Maintenance",
    INPUT_NOT_OPEN_YET: "the data set does not take this period yet; it is written once the "
    "opening date of the input period has come",
    INPUT_CLOSED: "the data set takes this period no longer; move the closing date of the input "
    "period to open it",
    INPUT_INVERTED: "this DHIS2 (2.43.0 or 2.43.1) reads the dates of input periods the wrong way "
    "round and would refuse this period; upgrade to 2.43.2 or later",
    APPROVED: "the data of this site and period are approved; take the approval back to let the "
    "change in",
    APPROVAL_NOT_READ: "the server did not tell whether the data are approved; "
    "ask the administrator to let Tally's account see approvals",
    OPTION_OUT_OF_DATE: "an option of the attribute option combo is not valid in this period "
    "(from DHIS2 2.43 on it must be valid on all its days); correct its start or end date if that "
    "is wrong",
    OPTION_NOT_HERE: "an option of the attribute option combo is not meant for this org unit; "
    "add the org unit to the option if that is wrong",
    NO_WRITE_ACCESS: "Tally's account may not write data of this data set; "
    "share it with the account",
    NO_AUTHORITY: "Tally's account may not write data at all; "
    "give it the authority F_DATAVALUE_ADD",
    OUTSIDE_CAPTURE: "the org unit is not among the data capture org units of Tally's account; "
    "add it there",
    ZERO_NOT_KEPT: "the number is zero, and DHIS2 is told to keep no zeros of this data element; "
    "let the administrator mark the element as storing zeros in Maintenance (zeroIsSignificant), "
    'or set zeros = "as_element" in transfer.toml',
}
LATE = (EXPIRED, INPUT_CLOSED, APPROVED)
