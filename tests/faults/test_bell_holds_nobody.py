"""A Redis that is dead or hangs costs nobody anything: through the real web process, with messages that ring."""

import http.client
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
import requests

from standin.config import Config
from tests.conftest import RedisServer
from tests.faults import estate
from tests.faults.estate import units
from tests.faults.servers import Process, answers, free_port
from tests.faults.voices import Message, envelope
from tests.plumbing.processes import APP, until

AT_MOST = 0.5  # seconds more than with a healthy Redis

pytestmark = pytest.mark.slow


@dataclass
class Front:
    """A web process of its own on a Redis of its own; nobody works behind it."""

    base: str
    platforms: Config
    said: int = 0

    def ring(self) -> float:
        """A neighbour tells a new matter, so that a line is owed and the bell rung: the seconds until the answer."""
        unit = units()[self.said % len(units())]
        self.said += 1
        text = f"{unit.name}{'电梯又坏了' if self.said <= len(units()) else '楼道灯不亮了'}"
        message = Message(str(self.said), "wechat", f"o-{self.said}", text, None, None, time.time())
        began = time.monotonic()
        answer = self.post(message)
        assert answer.status_code == 200
        assert answer.content.startswith(b"<xml>"), "no ticket, no bell: the message proves nothing"
        return time.monotonic() - began

    def post(self, message: Message) -> requests.Response:
        sealed = envelope(self.platforms, message)
        return requests.post(
            f"{self.base}/hooks/{message.channel}",
            params=dict(sealed.query),
            data=sealed.body,
            headers=dict(sealed.headers),
            timeout=10,
        )

    def slowest(self, seconds: float) -> float:
        """The slowest answer of several, as many as fit into that time (longer than the bell keeps quiet)."""
        until_then, slowest = time.monotonic() + seconds, 0.0
        while time.monotonic() < until_then:
            slowest = max(slowest, self.ring())
            time.sleep(0.1)
        return slowest


@pytest.fixture
def front(sqlite: str, tmp_path: Path, redis: RedisServer, environment: dict[str, str]) -> Iterator[Front]:
    variables = {
        **environment,
        **estate.environ("http://127.0.0.1:9"),
        "DATABASE_URL": sqlite,
        "REDIS_URL": redis.url,
    }
    file, _ = estate.lay(tmp_path, variables)
    port = free_port()
    command = [sys.executable, APP, "serve", "--config", str(file), "--data", str(tmp_path), "--port", str(port)]
    web = Process("web", command, variables, tmp_path / "web.log")
    web.start()
    try:
        until(lambda: answers(f"http://127.0.0.1:{port}"), 60)
        yield Front(f"http://127.0.0.1:{port}", estate.platforms())
    finally:
        web.end()


def test_the_bell_holds_no_callback_while_redis_hangs_and_while_it_is_dead(front: Front, redis: RedisServer) -> None:
    front.ring()
    healthy = front.slowest(2.0)
    redis.pause()
    hanging = front.slowest(6.5)  # once through the bell's quiet time and on
    redis.resume()
    redis.kill()
    dead = front.slowest(6.5)
    assert hanging < healthy + AT_MOST
    assert dead < healthy + AT_MOST


def test_an_oversize_body_is_refused_before_it_is_read_chunked_or_not(front: Front) -> None:
    too_long = 65536 + 1
    whole = requests.post(f"{front.base}/hooks/onebot", data=b"{" * too_long, timeout=5)
    assert whole.status_code == 413
    chunked = requests.post(f"{front.base}/hooks/onebot", data=iter([b"{" * 4096] * 17), timeout=5)
    assert chunked.status_code == 413
    assert announced(front.base, 10**12) == 413


def announced(base: str, length: int) -> int:
    """The status for a request that only announces its length and never sends the body."""
    parts = urlsplit(base)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=5)
    connection.putrequest("POST", "/hooks/onebot?" + urlencode({"a": "b"}))
    connection.putheader("Content-Length", str(length))
    connection.endheaders()
    status = connection.getresponse().status
    connection.close()
    return status
