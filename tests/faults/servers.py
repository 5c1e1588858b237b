"""The service as separate processes that are killed and started again, and the stand-in platforms beside it."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

import psutil
import requests

from tests.plumbing.processes import ROOT


class Process:
    """One kind of process. `kill` it as you like: `keep` starts it again."""

    def __init__(self, name: str, command: Sequence[str], environ: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.deaths = 0  # by a hand other than `kill`'s
        self._command, self._environ, self._log = list(command), dict(environ), log
        self._process: subprocess.Popen[bytes] | None = None
        self._due = 0.0
        self._ours = False
        self._orphans: list[psutil.Process] = []
        self._lock = threading.Lock()

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, env=self._environ, cwd=ROOT, stdout=log, stderr=log)

    def kill(self, *, whole: bool, away: float = 0.0) -> bool:
        """SIGKILL to the process and (whole) its children, or to its youngest child alone where it has one.

        away: seconds until it is started again. False where there was nobody to kill.
        """
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                return False
            tree = psutil.Process(self._process.pid).children(recursive=True)
            if tree and not whole:
                return _killed(tree[-1:])
            self._orphans += tree
            self._due, self._ours = time.monotonic() + away, True
            self._process.kill()
            _killed(tree)
            self._process.wait()
            return True

    def kill_parent(self, away: float = 0.0) -> bool:
        """SIGKILL to the process alone; its children are left behind as orphans."""
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                return False
            self._orphans += psutil.Process(self._process.pid).children(recursive=True)
            self._due, self._ours = time.monotonic() + away, True
            self._process.kill()
            self._process.wait()
            return True

    def keep(self) -> None:
        """Start it again where it is dead and its time has come."""
        with self._lock:
            if self._process is None or self._process.poll() is None:
                return
            if not self._ours:
                self._ours, self.deaths = True, self.deaths + 1
            if time.monotonic() >= self._due:
                self._ours = False
                self.start()

    def end(self) -> None:
        """End what we started and nothing else."""
        if self._process is None:
            return
        with suppress(psutil.NoSuchProcess):
            self._orphans += psutil.Process(self._process.pid).children(recursive=True)
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        _killed(self._orphans)


class Keeper(threading.Thread):
    """Looks after the processes until told to stop."""

    def __init__(self, processes: Sequence[Process]) -> None:
        super().__init__(name="keeper", daemon=True)
        self._processes = processes
        self._stopping = threading.Event()

    def run(self) -> None:
        while not self._stopping.wait(0.05):
            for process in self._processes:
                process.keep()

    def stop(self) -> None:
        self._stopping.set()
        self.join()


class Phones(threading.Thread):
    """Reads along what the stand-in platforms show, so that nothing scrolls away unseen."""

    def __init__(self, standin: str) -> None:
        super().__init__(name="phones", daemon=True)
        self.seen: dict[str, tuple[str, str]] = {}  # message id -> chat, text
        self._standin = standin
        self._cursor = 0
        self._stopping = threading.Event()

    def run(self) -> None:
        while not self._stopping.is_set():
            self.look(0.5)

    def look(self, wait: float = 0.0) -> bool:
        """Read one page; whether there was anything new on it."""
        page = requests.get(f"{self._standin}/since", params={"cursor": self._cursor, "wait": wait}, timeout=10).json()
        self._cursor = page["cursor"]
        for bubble in page["messages"]:
            if bubble["by"] == "bot":
                self.seen[bubble["id"]] = (bubble["chat"], bubble["text"])
        return bool(page["messages"])

    def stop(self) -> None:
        self._stopping.set()
        self.join()
        while self.look():
            pass


def standin(environ: Mapping[str, str]) -> "tuple[subprocess.Popen[str], str]":
    """Start the stand-in platforms; the process and its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "standin", "--port", "0"], env=environ, cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    output: IO[str] | None = process.stdout
    assert output is not None
    return process, output.readline().strip()


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def answers(base: str) -> bool:
    """Whether the web server answers at all, healthy or not."""
    try:
        return requests.get(f"{base}/health", timeout=2).status_code in (200, 503)
    except requests.RequestException:
        return False


def _killed(processes: Sequence[psutil.Process]) -> bool:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    return True
