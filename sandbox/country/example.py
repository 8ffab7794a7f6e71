"""The example transfer, made for the invented country: where it lies, and what it consists of."""

from pathlib import Path

NAME = "fever"
_IN_THE_WHEEL = Path(__file__).parent / "transfers" / NAME
_IN_THE_REPOSITORY = Path(__file__).parents[2] / "data" / "transfers" / NAME


def example_transfer() -> Path:
    """Folder of the example transfer: what an installation brought along, else the checkout's."""
    return _IN_THE_WHEEL if _IN_THE_WHEEL.is_dir() else _IN_THE_REPOSITORY


def example_files() -> dict[str, bytes]:
    """Content of each file of the example transfer, by its path seen from the transfer's folder."""
    folder = example_transfer()
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
