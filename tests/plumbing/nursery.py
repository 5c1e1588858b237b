"""Commands as processes of their own that need not load the program each: one process has loaded it, and forks.

    command = Nursery().run(["migrate"], environ, folder)

What is shared is what `import` leaves behind and the two dictionaries that jieba and pypinyin read from their own
packages. A child has its own environment, folder and standard streams, runs app.py as `__main__` from its first line,
and ends as a process ends. What a module reads from the environment while it is imported a child cannot know:
`Nursery.knows` says whether it would have to.
"""

import atexit
import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import IO

from intents import homophones, policies, tokens

ROOT = Path(__file__).parent.parent.parent
APP = str(ROOT / "app.py")
READ_AT_IMPORT = ("DANYUAN_CRASH_AT", "PROMETHEUS_MULTIPROC_DIR", "PYPINYIN_NO_PHRASES")
SECONDS = 60


class Nursery:
    """The client's side. Its process lives as long as ours."""

    def __init__(self) -> None:
        folder = Path(tempfile.mkdtemp(prefix="dyn"))  # short: a unix socket's path may have a hundred bytes
        self._address = str(folder / "s")
        environ = {**os.environ, "PYTHONPATH": str(ROOT)}
        for name in (*READ_AT_IMPORT, "PYTHONDONTWRITEBYTECODE"):
            environ.pop(name, None)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.plumbing.nursery", self._address],
            env=environ,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        atexit.register(self.close)
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == b"ready\n"

    def close(self) -> None:
        """It ends when nobody holds the other end of its standard input."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)
        Path(self._address).unlink(missing_ok=True)
        Path(self._address).parent.rmdir()

    @staticmethod
    def knows(environ: Mapping[str, str]) -> bool:
        """Whether a process with this environment would have imported the same."""
        return environ.get("PYTHONPATH") == str(ROOT) and not any(environ.get(name) for name in READ_AT_IMPORT)

    def run(
        self, arguments: Sequence[str], environ: Mapping[str, str], folder: Path, text: str | None
    ) -> "subprocess.CompletedProcess[str]":
        """`python app.py ARGUMENTS` to its end, as subprocess.run."""
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
            given.write((text or "").encode())
            given.seek(0)
            called = [APP, *arguments]
            order = {"arguments": called, "environ": dict(environ), "folder": str(folder)}
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(SECONDS)
                line.connect(self._address)
                socket.send_fds(line, [b" "], [given.fileno(), out.fileno(), errors.fileno()])
                line.sendall(f"{json.dumps(order)}\n".encode())
                code = _awaited(line, called)
            return subprocess.CompletedProcess(called, code, _all(out), _all(errors))


@lru_cache(maxsize=1)
def nursery() -> Nursery:
    """The one of this test process, started when it is first wanted."""
    return Nursery()


def _awaited(line: socket.socket, called: Sequence[str]) -> int:
    with line.makefile("r") as answers:
        child = int(answers.readline())
        try:
            return int(answers.readline())
        except TimeoutError as error:
            os.kill(child, signal.SIGKILL)
            raise subprocess.TimeoutExpired(called, SECONDS) from error


def _all(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


def serve(address: str) -> None:
    """The nursery's side: fork for everybody who calls, until our standard input ends."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address)
    listener.listen(16)
    print("ready", flush=True)  # noqa: T201 - to whoever started us
    tending = 0
    while sys.stdin not in select.select([sys.stdin, listener], [], [])[0]:
        line, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            tend(line)
            return
        line.close()
        tending += 1
        while tending and os.waitpid(-1, os.WNOHANG)[0]:
            tending -= 1
    for _ in range(tending):
        os.wait()


def tend(line: socket.socket) -> None:
    """One call, in a process of its own: the child's process id goes out, and at its end its exit code."""
    _, streams, _, _ = socket.recv_fds(line, 1, 3)
    with line.makefile("r") as orders:
        order = json.loads(orders.readline())
    child = os.fork()
    if child == 0:
        line.close()
        live(order["arguments"], order["environ"], order["folder"], streams)
        return
    line.sendall(f"{child}\n".encode())
    _, status = os.waitpid(child, 0)
    line.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def live(arguments: Sequence[str], environ: Mapping[str, str], folder: str, streams: Sequence[int]) -> None:
    """The command itself."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environ)
    sys.argv[:] = arguments
    runpy.run_path(APP, run_name="__main__")


if __name__ == "__main__":
    for module in ("app", "models.schema"):
        importlib.import_module(module)
    homophones._beginnings()
    tokens._loaded()
    policies.bm25s()
    gc.freeze()
    serve(sys.argv[1])
