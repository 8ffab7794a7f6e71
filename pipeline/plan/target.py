"""The target as it is at this moment: its rules, the account, and what its cells hold."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pandera.typing.polars import DataFrame

from pipeline.cells.dictionaries import Dictionaries
from pipeline.dhis2.data_values.asked import FormExtent
from pipeline.dhis2.data_values.reading import ask_for_values, cells_of_answers
from pipeline.dhis2.http.client import Client
from pipeline.dhis2.system import read_account, read_system
from pipeline.dhis2.target_metadata import read_target
from pipeline.plan.rules.guards import Identity
from pipeline.run.metadata import TargetFrames
from pipeline.run.records import Extract
from pipeline.run.work import Work
from pipeline.text.errors import RefusedError
from schemas.server import Account, SystemInfo, may_be_same_system
from schemas.values import PackedCurrentValues


@dataclass(frozen=True)
class TargetState:
    """What a plan is judged by; it is read afresh for every plan.

    `known_as` is the system id that the ledger knows it by: another one if the target was moved.
    """

    info: SystemInfo
    known_as: str
    account: Account
    forms: TargetFrames

    @property
    def identity(self) -> Identity:
        """The system id of the target beside the one that the ledger has for it."""
        return Identity(self.info.system_id, self.known_as)


def read_target_state(work: Work, target: Client, extract: Extract) -> TargetState:
    """Read the target's rules afresh; raises `RefusedError` when it is another system."""
    info = read_system(target)
    if not may_be_same_system(extract.target_system_id, info.system_id):
        raise RefusedError(
            f"the target is system {info.system_id}, and this run was extracted for "
            f"{extract.target_system_id}",
            where=target.connection.base,
            remedy="look whether the address is right; if it is, begin a new run",
        )
    forms = TargetFrames.keep(work.run, read_target(target, work.settings.target.data_sets))
    return TargetState(info, work.store.known_as(info.system_id), read_account(target), forms)


def read_cells(
    client: Client,
    data_sets: Iterable[str],
    periods: Sequence[str],
    roots: Sequence[str],
    dictionaries: Dictionaries,
    *,
    extents: Mapping[str, FormExtent],
) -> Iterator[DataFrame[PackedCurrentValues]]:
    """What data sets hold for some periods at and below some org units, answer by answer.

    An element of two data sets comes in both answers. `extents`: what may stand in each data set,
    as far as it is known.
    """
    for one in data_sets:
        answers = ask_for_values(client, one, periods, roots)
        yield from cells_of_answers(client, answers, dictionaries, extent=extents.get(one))
