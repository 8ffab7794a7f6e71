"""What every stage is handed: whose transfer, with which settings, in which run."""

from dataclasses import dataclass, field

from pipeline.config.sections import Transfer
from pipeline.files.deployment import Deployment
from pipeline.probes.stopwatch import Stopwatch
from pipeline.run.folder import RunFolder
from pipeline.run.values import HandedOver
from pipeline.store.transfer import Store


@dataclass(frozen=True)
class Work:
    """One run of one transfer in one deployment."""

    deployment: Deployment
    name: str
    settings: Transfer
    run: RunFolder
    stopwatch: Stopwatch = field(default_factory=Stopwatch, repr=False, compare=False)
    handed_over: HandedOver = field(default_factory=HandedOver, repr=False, compare=False)

    @property
    def store(self) -> Store:
        """The transfer's private store."""
        return Store(self.deployment.store(self.name))
