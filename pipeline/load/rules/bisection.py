"""Find in few requests which cells a server will not take, when it refuses all and names none."""

from collections.abc import Callable
from math import inf

import polars as pl
from pandera.typing.polars import DataFrame

from schemas.frames import trusted
from schemas.load import ChunkRows

DIMENSIONS = (
    "org_unit",
    "data_element",
    "period",
    "category_option_combo",
    "attribute_option_combo",
)
# Our own choice, no limit of DHIS2's: a clinic among thirty is found in 20 requests at most
# (test_bisection.py), so a server that took nothing in 24 is not asked any more.
MOST_IN_VAIN = 24
MOST_REQUESTS = 200
MOST_REFUSALS = 200
_PATIENCE = {"org_unit": 1, "data_element": 3, "period": 3}

Send = Callable[[DataFrame[ChunkRows]], DataFrame[ChunkRows]]


class RefusalBudget:
    """How many refusals a whole load may still meet on this search; a success gives one back."""

    def __init__(self, most: int = MOST_REFUSALS) -> None:
        self.left = self.most = most

    def record(self, *, any_was_taken: bool) -> None:
        """Gain one by a request of which something was taken, lose one by any other."""
        self.left = min(self.most, self.left + (1 if any_was_taken else -1))


def bisect(
    refused: DataFrame[ChunkRows], send: Send, refusal_budget: RefusalBudget
) -> DataFrame[ChunkRows]:
    """Send in ever smaller parts what was refused as one; give what stays refused to the last.

    `send` gives those of its rows that were refused together again; a row alone gets its
    verdict. A server that takes nothing for long is not asked any more.
    """
    return trusted(_Search(refused, send, refusal_budget).find(refused), ChunkRows)


class _Search:
    def __init__(self, refused: pl.DataFrame, send: Send, refusal_budget: RefusalBudget) -> None:
        self._send = send
        self._refusal_budget = refusal_budget
        self._requests = 0
        self._any_was_taken = False
        self._differing = [name for name in DIMENSIONS if refused[name].n_unique() > 1]

    def find(self, refused: pl.DataFrame, along: int = 0, in_vain: int = 0) -> pl.DataFrame:
        """Halve what was refused along one dimension after the other, until a half is taken.

        The fault is then in the other half, which is halved on. When both halves are refused
        along every dimension, there are several faults, and each half is searched by itself;
        unless these cells have something in common that is likely the fault (`in_vain`: how
        often that was tried), and a few of them alone are refused as well.
        """
        suspects = refused
        for turn in range(along, along + len(DIMENSIONS)):
            if suspects.height <= 1 or self._is_over:
                return suspects
            if not _cuts(suspects, turn):
                continue
            left, right = self._both_sent(*halves(suspects, turn))
            suspects = pl.concat([left, right])
            if left.is_empty() or right.is_empty():
                return self.find(suspects, turn)
        patience, before = self._patience(suspects), suspects.height
        if in_vain + 1 >= patience:
            suspects, any_is_taken = self._few_sent(suspects)
            if not any_is_taken:
                return suspects
            in_vain = -len(DIMENSIONS)
        elif patience == inf:
            suspects, along = self._slices_sent(suspects, along)
        if suspects.height <= 1:
            return suspects if suspects.is_empty() else self._sent(suspects)
        turn = next(one for one in range(along, along + len(DIMENSIONS)) if _cuts(suspects, one))
        parts = []
        for half in halves(suspects, turn):
            # the fault may have been in what was just sent, so a cell alone is asked itself
            is_alone = half.height == 1 and suspects.height < before
            parts.append(self._sent(half) if is_alone else self.find(half, turn + 1, in_vain + 1))
        return pl.concat(parts)

    def _few_sent(self, suspects: pl.DataFrame) -> tuple[pl.DataFrame, bool]:
        """Send two pairs of cells that lie far apart: what is left, and whether any was taken.

        Fewer than four cells are not worth it: each of them can be sent alone.
        """
        apart = suspects.height // 4
        if not apart:
            return suspects, True
        place, places = pl.int_range(pl.len()), [0, 2 * apart, apart, 3 * apart]
        pairs = [suspects.filter(place.is_in(two)) for two in (places[:2], places[2:])]
        rest = suspects.filter(~place.is_in(places))
        left = pl.concat([self._sent(pair) for pair in pairs])
        return pl.concat([rest, left]), left.height < len(places)

    def _slices_sent(self, suspects: pl.DataFrame, along: int) -> tuple[pl.DataFrame, int]:
        """Send all of one site, then of one data element, until such a part is taken whole.

        Gives what is left, and along which dimension the faults lie: there a part was taken.
        """
        for turn, name in enumerate(DIMENSIONS[:2]):
            values = suspects[name].unique().sort()
            first_of_halves = (values[0], values[len(values) // 2])
            if set(first_of_halves) == set(values):  # these are the halves, and both were refused
                continue
            for value in first_of_halves:
                refused = self._sent(suspects.filter(pl.col(name) == value))
                rest = suspects.filter(pl.col(name) != value)
                suspects = pl.concat([rest, refused])
                if refused.is_empty():
                    return suspects, turn
        return suspects, along

    def _patience(self, suspects: pl.DataFrame) -> float:
        """After how many searches in vain cells are held guilty for what they share."""
        for name, times in _PATIENCE.items():
            if name in self._differing and suspects[name].n_unique() == 1:
                return times
        return inf

    def _both_sent(
        self, first: pl.DataFrame, second: pl.DataFrame
    ) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Send two halves; when the first is taken whole, the second need not be asked."""
        left = self._sent(first)
        if left.is_empty() and second.height > 1:
            return left, second
        return left, self._sent(second)

    @property
    def _is_over(self) -> bool:
        in_vain = self._requests >= MOST_IN_VAIN and not self._any_was_taken
        return in_vain or self._requests >= MOST_REQUESTS or self._refusal_budget.left <= 0

    def _sent(self, rows: pl.DataFrame) -> pl.DataFrame:
        if self._is_over:
            return rows
        left = self._send(trusted(rows, ChunkRows))
        self._requests += 1
        if rows.height > 1:
            taken = left.height < rows.height
            self._any_was_taken = self._any_was_taken or taken
            self._refusal_budget.record(any_was_taken=taken)
        return left


def halves(rows: pl.DataFrame, along: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Cut rows in two along a dimension in which they differ."""
    name = DIMENSIONS[along % len(DIMENSIONS)]
    values = rows[name].unique().sort()
    lower = pl.col(name) < values[len(values) // 2]
    return rows.filter(lower), rows.filter(~lower)


def _cuts(rows: pl.DataFrame, along: int) -> bool:
    return rows[DIMENSIONS[along % len(DIMENSIONS)]].n_unique() > 1
