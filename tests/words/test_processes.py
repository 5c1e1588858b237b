"""Real processes, each of which takes up what another one published: two web servers, the clock, a worker."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlmodel import Session, col, select

from bot.bell import INBOUND, Bell
from bot.channels import Incoming
from bot.inbox.taking import _to_json
from bot.services import system_now
from models import Inbound, InboundState, db
from tests.conftest import RedisServer
from tests.faults.servers import answers, free_port
from tests.plumbing.processes import APP, command, until

pytestmark = pytest.mark.slow

CONFIG = '[channels.paper]\nkind = "webhook"\n'
SECRET = "a-secret-for-the-words"


@contextmanager
def process(arguments: list[str], environ: Mapping[str, str], folder: Path) -> Iterator[None]:
    """One of our processes, ended as it should be."""
    with (folder / f"{arguments[0]}-{free_port()}.log").open("w") as log:
        started = subprocess.Popen(
            [sys.executable, APP, *arguments, "--config", str(folder / "c.toml"), "--data", str(folder)],
            env=environ,
            cwd=folder,
            stdout=log,
            stderr=log,
        )
        try:
            yield
        finally:
            started.terminate()
            started.wait(20)


@pytest.fixture
def environ(database: str, tmp_path: Path, environment: dict[str, str]) -> dict[str, str]:
    (tmp_path / "c.toml").write_text(CONFIG, encoding="utf-8")
    return {**environment, "DATABASE_URL": database, "WEBHOOK_SECRET": SECRET}


def words_of(base: str) -> dict[str, Any]:
    found: dict[str, Any] = requests.get(f"{base}/health", timeout=5).json()["words"]
    return found


def every_worker(bases: list[str]) -> list[dict[str, Any]]:
    """A server has a worker a core on PostgreSQL, and each looks for itself: asked so often that all have answered."""
    return [words_of(base) for base in bases for _ in range(10)]


def publish(folder: Path, own: Path, environ: Mapping[str, str]) -> int:
    result = command(["words", "publish", str(own), "--author", "周敏", "--parent", "0"], environ, cwd=folder)
    assert result.returncode == 0, result.stderr
    return int(result.stdout.split()[1])


class Post:
    """Messages that were only stored, and what became of them."""

    def __init__(self, url: str) -> None:
        self._engine = db.connect(url)
        self._told = 0

    def leave(self) -> int:
        """One message more, to be understood by whoever comes first."""
        self._told += 1
        now = system_now()
        line = Incoming(f"m{self._told}", "a", True, "a", now, text="早上好")
        with Session(self._engine) as session:
            row = Inbound(
                channel="paper",
                external_id=line.external_id,
                kind=line.kind.value,
                text=line.text,
                line=_to_json(line),
                said_at=now,
                received_at=now,
                due_at=now - timedelta(minutes=1),
                state=InboundState.PENDING,
            )
            session.add(row)
            session.commit()
            return row.id

    def understood_by(self, number: int) -> str | None:
        with Session(db.reading(self._engine)) as session:
            return session.exec(select(Inbound.lexicon_version).where(col(Inbound.id) == number)).one()

    def close(self) -> None:
        self._engine.dispose()


@pytest.fixture
def post(database: str) -> Iterator[Post]:
    made = Post(database)
    yield made
    made.close()


def test_two_web_servers_and_the_clock_take_up_what_is_published_and_taken_back(
    environ: dict[str, str], tmp_path: Path, own: Path, post: Post
) -> None:
    ports = [free_port(), free_port()]
    bases = [f"http://127.0.0.1:{port}" for port in ports]
    with ExitStack() as running:
        for port in ports:
            running.enter_context(process(["serve", "--port", str(port)], environ, tmp_path))
        running.enter_context(process(["clock"], environ, tmp_path))
        until(lambda: all(answers(base) for base in bases), 60)
        files = words_of(bases[0])["version"]
        first = post.leave()
        until(lambda: post.understood_by(first), 30)
        assert post.understood_by(first) == files

        number = publish(tmp_path, own, environ)
        until(lambda: {words["id"] for words in every_worker(bases)} == {number}, 60)
        (published,) = {words["version"] for words in every_worker(bases)}
        assert published != files

        def by_the_clock() -> bool:
            left = post.leave()
            until(lambda: post.understood_by(left), 30)
            understood: bool = post.understood_by(left) == published
            return understood

        until(by_the_clock, 60)

        assert command(["words", "rollback", "0"], environ, cwd=tmp_path).returncode == 0
        until(lambda: {words["version"] for words in every_worker(bases)} == {files}, 60)


def test_a_worker_loads_before_it_forks(
    environ: dict[str, str], tmp_path: Path, own: Path, post: Post, redis: RedisServer
) -> None:
    environ["REDIS_URL"] = redis.url
    bell = Bell(redis.url)

    def understood() -> str | None:
        left = post.leave()

        def heard() -> str | None:
            bell.ring(INBOUND)
            return post.understood_by(left)

        until(heard, 60)
        return post.understood_by(left)

    with process(["work"], environ, tmp_path):
        files = understood()
        publish(tmp_path, own, environ)
        until(lambda: understood() not in (None, files), 60)
