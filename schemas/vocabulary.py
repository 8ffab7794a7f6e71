"""The closed lists of words that frames hold; here, so that nobody needs pandera for them."""

ACTIONS = (
    "keep",
    "create",
    "update",
    "retract",
    "adopt",
    "conflict",
    "foreign",
    "hold",
    "skip",
    "orphan",
    "close",
)
OUTCOMES = ("loaded", "unchanged", "held", "refused", "drifted")
DECISIONS = ("tracker", "manual", "leave")
AGREEMENTS = (
    "same",
    "within_tolerance",
    "tracker_higher",
    "tracker_lower",
    "only_tracker",
    "only_manual",
)
