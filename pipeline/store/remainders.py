"""What stood in no category option when numbers were loaded: the measure for lower ones."""

from typing import TYPE_CHECKING, cast

import sql
from pipeline.store.file import StoreFile
from pipeline.store.steps import do

if TYPE_CHECKING:  # types only: a command that reads no such frame does not wait for pandera
    from pandera.typing.polars import DataFrame

    from schemas.remainders import BelievedRemainders


class RemainderTables(StoreFile):
    """One row per place and run; those of a run count once the run is loaded."""

    def remainders(self, target_system_id: str) -> "DataFrame[BelievedRemainders]":
        """What the newest load of each place left uncategorised."""
        found = self._asked(sql.read("steps", "find_remainders"), target_system_id)
        return cast("DataFrame[BelievedRemainders]", found)

    def record_remainders(
        self,
        run_id: str,
        target_system_id: str,
        believed: "DataFrame[BelievedRemainders]",
    ) -> None:
        """Remember what a run leaves uncategorised; done again, the newer plan counts."""
        with self._writing({"believed_remainders": believed}) as store:
            do(store, "forget_remainders", target_system_id, target_system_id)
            do(store, "add_remainders", target_system_id, run_id)
