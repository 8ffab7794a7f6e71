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
