"""What an id of DHIS2 looks like: 11 letters and digits.

DHIS2 itself makes ids that begin with a letter; databases that were filled by other hands hold
ids that begin with a digit, and their servers take them everywhere.
"""

UID_TEXT = "[A-Za-z0-9]{11}"  # to build patterns with

UID = f"^{UID_TEXT}$"
UID_OR_NOTHING = f"^({UID_TEXT})?$"
UIDS_JOINED_BY_PLUS = rf"^({UID_TEXT}(\+{UID_TEXT})*)?$"
UID_TOTAL_OR_NOTHING = f"^(total|{UID_TEXT})?$"
ORG_UNIT_PATH = f"^(/{UID_TEXT})*$"

NO_UID = "is not a UID (11 letters and digits)"  # how it is told
