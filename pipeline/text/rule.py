"""A rule that a row can break: its id, and the sentence by which a person knows what to do."""

from typing import NamedTuple


class Rule(NamedTuple):
    """A reason: its id, and what happened with what to do.

    `counts`: whether a row that breaks it counts against the limit of `[rejects]`.
    """

    rule_id: str
    sentence: str
    counts: bool = True
