"""Processes that belong together: children end when their parent does, a dead child is started again.

The parent: `Family`. The child's side: `follow_parent()` at the start of a command that `run` started.
"""

import ctypes
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

PARENT = "DANYUAN_PARENT"  # the process id of the `run` that started this one
SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 10.0
STEADY = 60.0  # a child that lived this long begins with the shortest pause again
GRACE = 8.0  # seconds a child has for its end before it is killed
REFUSED = 2  # the exit code of a child that cannot be started with this configuration

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None  # loaded here: nothing may be loaded after a fork

log = logging.getLogger("danyuan.run")


class Refused(Exception):
    """A child refuses its configuration; starting it again would not help. It has said why on stderr."""


def follow_parent(environ: Mapping[str, str]) -> None:
    """End this process when the `run` that started it is gone, even by kill -9. Nothing where nobody's child."""
    parent = int(environ.get(PARENT, "0"))
    if not parent:
        return
    _end_with_parent()
    threading.Thread(target=_watch, args=(parent,), name="parent", daemon=True).start()


@dataclass
class Child:
    """One process that is kept alive."""

    name: str
    command: Sequence[str]
    environ: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause: float = SHORTEST_PAUSE
    due_at: float = 0.0
    ends_last: bool = False


@dataclass
class Family:
    """Children by name. All of its methods belong to one thread: a child dies with the thread that started it."""

    children: list[Child] = field(default_factory=list)
    monotonic: Callable[[], float] = time.monotonic

    def start(self, name: str, command: Sequence[str], environ: Mapping[str, str], *, ends_last: bool = False) -> None:
        """Start a child and keep it. ends_last: what the others still need while they end."""
        child = Child(name, list(command), {**environ, PARENT: str(os.getpid())}, ends_last=ends_last)
        self.children.append(child)
        self._start(child)

    def look_after(self) -> None:
        """Start again who has died, with growing pauses. Raises Refused where a child refuses its configuration."""
        for child in self.children:
            if child.process is not None and child.process.poll() is not None:
                self._mourn(child, child.process.returncode)
            if child.process is None and self.monotonic() >= child.due_at:
                self._start(child)

    def stop(self) -> None:
        """End all, politely and then for certain; what ends last is asked when the others are gone."""
        for last in (False, True):
            group = [child.process for child in self.children if child.ends_last is last and child.process is not None]
            _end([process for process in group if process.poll() is None], self.monotonic)
        self.children.clear()

    def _start(self, child: Child) -> None:
        child.process = subprocess.Popen(  # noqa: S603 - our own programs
            child.command,
            env=child.environ,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,  # results on stdout are the parent's own
            start_new_session=True,  # Ctrl-C reaches the parent alone, who ends them in order
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - this process has no other thread
        )
        child.started_at = self.monotonic()

    def _mourn(self, child: Child, code: int) -> None:
        if code == REFUSED:
            raise Refused(child.name)
        if self.monotonic() - child.started_at > STEADY:
            child.pause = SHORTEST_PAUSE
        how = f"signal {-code}" if code < 0 else f"code {code}"
        log.warning("%s ended (%s): starting it again in %.1f s", child.name, how, child.pause)
        child.process = None
        child.due_at = self.monotonic() + child.pause
        child.pause = min(child.pause * 2, LONGEST_PAUSE)


def _end(processes: Sequence[subprocess.Popen[bytes]], monotonic: Callable[[], float]) -> None:
    for process in processes:
        process.terminate()
    until = monotonic() + GRACE
    for process in processes:
        try:
            process.wait(max(0.1, until - monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _end_with_parent() -> None:
    """Have the kernel send SIGTERM when the parent dies. Where it cannot (not Linux), only `_watch` does."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _watch(parent: int) -> None:
    """For what the signal misses: a parent that died before it was asked for, a system without it, a hanging end."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE + 2)
    os._exit(1)
