"""The folder that a ministry owns: configuration in, runs, store and publications out."""

import re
from dataclasses import dataclass
from pathlib import Path

from pipeline.text.errors import UsageError

TRANSFER_NAME = re.compile(r"[a-z][a-z0-9_-]{0,47}")
LATEST = "latest.json"


@dataclass(frozen=True)
class Deployment:
    """The folder that a ministry owns: configuration in, runs, store and publications out."""

    root: Path

    def transfer_folder(self, transfer: str) -> Path:
        """The folder of a transfer's configuration and mapping tables."""
        if not TRANSFER_NAME.fullmatch(transfer):
            raise UsageError(
                f"{transfer!r} cannot be the name of a transfer",
                remedy="use small letters, digits, - and _, beginning with a letter",
            )
        return self.root / "data" / "transfers" / transfer

    def configuration(self, transfer: str) -> Path:
        """The path of a transfer's transfer.toml."""
        return self.transfer_folder(transfer) / "transfer.toml"

    def mappings(self, transfer: str) -> Path:
        """The folder of a transfer's mapping tables."""
        return self.transfer_folder(transfer) / "mappings"

    def store(self, transfer: str) -> Path:
        """The path of a transfer's private store."""
        return self.root / "data" / "store" / f"{transfer}.duckdb"

    def published(self, transfer: str) -> Path:
        """The folder that analysts read."""
        return self.root / "data" / "published" / transfer

    def runs(self, transfer: str) -> Path:
        """The folder of all runs of a transfer."""
        return self.root / "data" / "runs" / transfer

    def holds(self, path: Path) -> bool:
        """Whether a path, followed to its end, lies in the deployment or where its data is."""
        homes = (self.root.resolve(), (self.root / "data").resolve())
        return any(path.resolve().is_relative_to(home) for home in homes)

    def transfers(self) -> list[str]:
        """The transfers that have a configuration."""
        folder = self.root / "data" / "transfers"
        return sorted(path.parent.name for path in folder.glob("*/transfer.toml"))
