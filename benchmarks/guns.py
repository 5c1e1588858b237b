"""The load: prepared requests over kept-open connections, from a few processes with a few threads each."""

import math
import re
import socket
import threading
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from types import TracebackType
from typing import Self

from benchmarks.letters import Letter

OK = 200
AIM = 0.1  # seconds until everybody is connected and begins at the same moment
PATIENCE = 10.0  # seconds for one answer: then it counts as failed
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CLOSES = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)


@dataclass(frozen=True)
class Hit:
    """What became of one request. status 0: no answer. seconds: from the first byte sent to the last one read."""

    number: int
    status: int
    seconds: float
    answered: bool  # with more than WeChat's "success", which means silence


@dataclass(frozen=True)
class Volley:
    """All requests of one turn."""

    seconds: float
    hits: tuple[Hit, ...]
    accepted: tuple[Letter, ...]  # those that got a 200

    @property
    def rate(self) -> float:
        """Accepted messages a second."""
        return len(self.accepted) / self.seconds

    @property
    def failed(self) -> int:
        return len(self.hits) - len(self.accepted)

    @property
    def unanswered(self) -> int:
        return sum(hit.status == OK and not hit.answered for hit in self.hits)


class Connection:
    """One connection, kept open for as long as the other side keeps it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None

    def open(self) -> None:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), PATIENCE)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def ask(self, request: bytes) -> tuple[int, bytes]:
        """Status and body; status 0 where there was no answer."""
        try:
            self.open()
            return self._ask(request)
        except OSError:
            self.close()
            return 0, b""

    def _ask(self, request: bytes) -> tuple[int, bytes]:
        assert self._socket is not None  # noqa: S101 - opened above; tells mypy
        self._socket.sendall(request)
        data = self._more()
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        head, body = data[: end + 2], data[end + 4 :]
        told = _LENGTH.search(head)
        if told is None:
            raise OSError("an answer without a length")
        while len(body) < int(told[1]):
            body += self._more()
        if _CLOSES.search(head):
            self.close()
        return int(head[9:12]), body

    def _more(self) -> bytes:
        assert self._socket is not None  # noqa: S101 - as above
        data = self._socket.recv(65536)
        if not data:
            raise ConnectionError("closed by the other side")
        return data


class Guns:
    """Processes that send. `with Guns(senders) as guns: guns.fire(port, letters)`."""

    def __init__(self, senders: int) -> None:
        """senders: connections in all."""
        self._processes = min(2, senders)
        self._threads = [senders // self._processes + (n < senders % self._processes) for n in range(self._processes)]
        self._pool = ProcessPoolExecutor(self._processes, mp_context=get_context("spawn"))

    def __enter__(self) -> Self:
        list(self._pool.map(_ready, range(self._processes)))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._pool.shutdown()

    def fire(self, port: int, letters: Sequence[Letter], within: float = math.inf) -> Volley:
        """Send every letter once, as fast as the answers come; after `within` seconds none is begun any more."""
        shares = [
            (port, [(n, letter.request()) for n, letter in enumerate(letters) if n % self._processes == share], threads)
            for share, threads in enumerate(self._threads)
        ]
        begin = time.monotonic() + AIM
        runs = [self._pool.submit(_fire, *share, begin, begin + within) for share in shares]
        results = [run.result() for run in runs]
        hits = tuple(hit for found, _ in results for hit in found)
        accepted = tuple(letters[hit.number] for hit in hits if hit.status == OK)
        return Volley(max(end for _, end in results) - begin, hits, accepted)


def _ready(_: int) -> None:
    """Has the pool start its processes before anything is measured."""
    time.sleep(AIM)


def _fire(
    port: int, requests: list[tuple[int, bytes]], threads: int, begin: float, end: float
) -> tuple[list[Hit], float]:
    waiting, hits = deque(requests), list[Hit]()
    shooters = [threading.Thread(target=_shoot, args=(port, waiting, hits, begin, end)) for _ in range(threads)]
    for shooter in shooters:
        shooter.start()
    for shooter in shooters:
        shooter.join()
    return hits, time.monotonic()


def _shoot(port: int, waiting: "deque[tuple[int, bytes]]", hits: list[Hit], begin: float, end: float) -> None:
    connection = Connection(port)
    connection.open()
    time.sleep(max(0.0, begin - time.monotonic()))
    while waiting and time.monotonic() < end:
        try:
            number, request = waiting.popleft()
        except IndexError:  # another thread took the last one
            break
        sent = time.monotonic()
        status, body = connection.ask(request)
        hits.append(Hit(number, status, time.monotonic() - sent, body not in (b"", b"success")))
    connection.close()
