"""Run a command, and tell on the last line what it cost: the kernel's own count of it.

The process that starts a command lends it its size at first, and the kernel keeps the most that
it saw; so this one imports next to nothing.
"""

import json
import os
import subprocess
import sys
import time


def main(command: list[str]) -> int:
    """Run the command; print its cost as JSON after all that it printed."""
    started = time.monotonic()
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    cost = {
        "wall": time.monotonic() - started,
        "cpu": usage.ru_utime + usage.ru_stime,
        "peak": usage.ru_maxrss * 1024,
        "exit_code": process.returncode,
    }
    sys.stdout.write(json.dumps(cost) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
