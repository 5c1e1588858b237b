"""Named points at which the kill tests end a process for good. Nothing happens where DANYUAN_CRASH_AT is not set.

    DANYUAN_CRASH_AT="before-commit:30,before-bell:10,before-bell:40"    at which passings of which point
    DANYUAN_CRASH_COUNTS=/a/folder                                       where passings are counted

A count outlives its process, so one that was started again does not die at the same passing for ever. The points:
before-commit and before-bell in Services.transaction, before-settle between sending a line and writing that down.
"""

import fcntl
import os
import signal
from collections.abc import Mapping
from pathlib import Path

AT, COUNTS = "DANYUAN_CRASH_AT", "DANYUAN_CRASH_COUNTS"
KILLED = ".killed"  # beside a point's count: one byte for each process it ended


def wanted(environ: Mapping[str, str]) -> dict[str, set[int]]:
    """The passings asked for, by point. Raises ValueError for what is not NAME:NUMBER."""
    asked: dict[str, set[int]] = {}
    for part in filter(None, environ.get(AT, "").split(",")):
        name, _, number = part.partition(":")
        asked.setdefault(name.strip(), set()).add(int(number))
    return asked


_WANTED = wanted(os.environ)


def point(name: str) -> None:
    """Pass the point `name`; this process is killed here where this passing was asked for."""
    if name not in _WANTED:
        return
    folder = Path(os.environ[COUNTS])
    if _counted(folder / name) in _WANTED[name]:
        _counted(folder / f"{name}{KILLED}")
        os.kill(os.getpid(), signal.SIGKILL)


def _counted(path: Path) -> int:
    """Count one more in a file that all processes and threads share; how many it holds now."""
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(b".")
        file.flush()
        return os.fstat(file.fileno()).st_size
