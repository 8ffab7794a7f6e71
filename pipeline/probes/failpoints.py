"""Places where a test may kill the process, to see that nothing is lost; inert everywhere else.

`TALLY_TESTING=1` arms them. `TALLY_FAILPOINT=load.posted#2` then kills the process when it
reaches that place for the second time; `TALLY_FAILPOINT_TRACE=file` lists the places reached.
"""

import os
import signal
from collections import Counter
from pathlib import Path
from threading import Lock

_reached: Counter[str] = Counter()
_one_at_a_time = Lock()


def reach(name: str) -> None:
    """Go on, unless a test wants the process to die here."""
    if os.environ.get("TALLY_TESTING") != "1":
        return
    with _one_at_a_time:
        _reached[name] += 1
        place = f"{name}#{_reached[name]}"
        if trace := os.environ.get("TALLY_FAILPOINT_TRACE"):
            with Path(trace).open("a", encoding="utf-8") as places:
                places.write(f"{place}\n")
        if os.environ.get("TALLY_FAILPOINT") == place:
            os.kill(os.getpid(), signal.SIGKILL)
