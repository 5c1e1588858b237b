"""The whole service under load: stand-in platforms, Redis, web, worker and clock, each a process of its own."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot import crash, redis_server
from bot.settings import Settings
from standin.config import Config
from tests.faults import estate
from tests.faults.servers import Keeper, Phones, Process, answers, free_port, standin
from tests.plumbing.processes import APP, until


@dataclass
class Town:
    """What a test holds in its hands. counts: where the passings of the crash points are counted, by process kind."""

    base: str
    settings: Settings
    platforms: Config
    processes: dict[str, Process]
    phones: Phones
    counts: Path

    def crashes(self, kind: str, point: str) -> int:
        """How many processes of that kind ended at that point."""
        killed = self.counts / kind / f"{point}{crash.KILLED}"
        return killed.stat().st_size if killed.exists() else 0


@contextmanager
def living(folder: Path, environ: Mapping[str, str], points: Mapping[str, str]) -> Iterator[Town]:
    """Start everything, keep it running, and end it. points: DANYUAN_CRASH_AT by process kind.

    environ: as of the test's own processes, with DATABASE_URL where it is not to be SQLite.
    """
    platforms, port = estate.platforms(), free_port()
    with tempfile.TemporaryDirectory(prefix="dyf", dir="/tmp") as short:
        beside, address = standin({**environ, **estate.standin_environ(platforms)})
        redis = Path(short) / "s"
        variables = {**environ, **estate.environ(address), "REDIS_URL": redis_server.url(redis)}
        file, settings = estate.lay(folder, variables)
        processes = _processes(folder, file, variables, port, redis, points)
        keeper, phones = Keeper(list(processes.values())), Phones(address)
        try:
            for process in processes.values():
                process.start()
            base = f"http://127.0.0.1:{port}"
            until(lambda: answers(base), 60)
            keeper.start()
            phones.start()
            yield Town(base, settings, platforms, processes, phones, folder / "counts")
        finally:
            if keeper.is_alive():
                keeper.stop()
            for process in processes.values():
                process.end()
            if phones.is_alive():
                phones.stop()
            _end(beside)


def _processes(
    folder: Path, file: Path, variables: Mapping[str, str], port: int, redis: Path, points: Mapping[str, str]
) -> dict[str, Process]:
    binary = redis_server.find()
    assert binary is not None, "no redis-server to be found"
    own = [sys.executable, APP, "--config", str(file), "--data", str(folder)]
    commands = {
        "redis": redis_server.command(binary, redis),
        "worker": [*own, "work"],
        "clock": [*own, "clock"],
        "web": [*own, "serve", "--port", str(port)],
    }
    found = {}
    for kind, command in commands.items():
        counts = folder / "counts" / kind
        counts.mkdir(parents=True)
        extra = {crash.AT: points.get(kind, ""), crash.COUNTS: str(counts)}
        found[kind] = Process(kind, command, {**variables, **extra}, folder / f"{kind}.log")
    return found


def _end(process: "subprocess.Popen[str]") -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
