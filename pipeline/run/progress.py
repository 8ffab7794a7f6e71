"""Somebody who is told how far a stage has come."""

from typing import Protocol


class Steps(Protocol):
    """Somebody who is told how far a stage has come."""

    def begin(self, total: int, *, of_rows: bool = False) -> None:
        """Say how many steps there will be, or how many rows."""
        ...

    def step(self, rows: int = 0) -> None:
        """Say that one step is done, and how many rows it brought."""
        ...


class Silence:
    """Nobody is told how far a stage has come."""

    def begin(self, total: int, *, of_rows: bool = False) -> None:
        """Hear how many steps there will be."""

    def step(self, rows: int = 0) -> None:
        """Hear that one step is done."""
