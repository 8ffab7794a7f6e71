"""Read mangled tables by the thousand, and look for lines that were lost."""

from random import Random

from tests.laws.mangling import READERS, losses


def read_mangled(first: int, last: int) -> list[str]:
    """Mangle and read a table for each seed from `first` to before `last`; what was lost.

    The kinds of tables take turns.
    """
    kinds = [*READERS.items()]
    found = []
    for seed in range(first, last):
        kind, reader = kinds[seed % len(kinds)]
        found += [f"seed {seed}, {kind}: {loss}" for loss in losses(reader, Random(seed))]
    return found
