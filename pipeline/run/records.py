"""What one stage leaves in the run's folder for the next."""

from dataclasses import asdict, dataclass, field
from datetime import datetime

from pipeline.files.whole import write_json
from pipeline.run.folder import RunFolder

_EXTRACT = "extract.json"


@dataclass(frozen=True)
class Extract:
    """What a complete extract asked and learned; written last, it is the mark of completeness.

    `org_units` are the source's, as asked. `unknown_indicators`: those the server could not run
    when asked alone, with its sentence. `silent_indicators`: those without any row, which the
    server confirmed when asked alone. `categories`: per indicator, what it was asked with.
    `only_org_units` and `only_periods`: what the run was limited to.
    """

    run_id: str
    started_at: datetime
    periods: list[str]
    period_type: str
    org_units: list[str]
    levels: dict[str, int]
    categories: dict[str, list[str]]
    unknown_indicators: dict[str, str]
    silent_indicators: list[str]
    source_system_id: str
    source_version: str
    target_system_id: str
    target_version: str
    source_account: str
    target_account: str
    analytics_built: str
    filters: list[str] = field(default_factory=list)
    only_org_units: list[str] = field(default_factory=list)
    only_periods: list[str] = field(default_factory=list)

    @property
    def is_narrow(self) -> bool:
        """Tell whether the run is about a part of the transfer only, as somebody asked."""
        return bool(self.only_org_units or self.only_periods)

    def write(self, run: RunFolder) -> None:
        """Leave the paper."""
        write_json(run.path / _EXTRACT, {**asdict(self), "started_at": self.started_at.isoformat()})


def read_extract(run: RunFolder) -> Extract:
    """Read the paper, or say which command makes it."""
    record = run.read_json(_EXTRACT, "extract")
    return Extract(**{**record, "started_at": datetime.fromisoformat(record["started_at"])})
