"""Where a platform's access token is kept: in this process, or in Redis for all of them."""

import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Protocol

from redis import Redis
from redis.exceptions import RedisError

_LOCK_SECONDS = 20.0  # longer than one fetch may take
_WAIT_SECONDS = 10.0


class TokenStore(Protocol):
    """Keeps short strings for some seconds. `lock` lets one fetch at a time, and gives way rather than block."""

    def get(self, key: str) -> str | None: ...

    def set(self, key: str, value: str, seconds: int) -> None: ...

    def lock(self, key: str) -> AbstractContextManager[None]: ...


class MemoryTokenStore:
    """In this process alone."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, float]] = {}
        self._lock = threading.Lock()

    def get(self, key: str) -> str | None:
        value, until = self._kept.get(key, ("", 0.0))
        return value if value and time.monotonic() < until else None

    def set(self, key: str, value: str, seconds: int) -> None:
        self._kept[key] = (value, time.monotonic() + seconds)

    @contextmanager
    def lock(self, key: str) -> Iterator[None]:
        held = self._lock.acquire(timeout=_WAIT_SECONDS)
        try:
            yield
        finally:
            if held:
                self._lock.release()


class RedisTokenStore:
    """Shared through Redis (give it a client with short time-outs). Without Redis each process keeps its own.

    That is only slower: WeChat's stable_token gives every caller the same token while it is valid.
    """

    def __init__(self, client: Redis) -> None:
        self._redis = client
        self._own = MemoryTokenStore()

    def get(self, key: str) -> str | None:
        try:
            value = self._redis.get(f"danyuan:token:{key}")
        except RedisError:
            return self._own.get(key)
        return value.decode("utf-8", "replace") if isinstance(value, bytes) else value or self._own.get(key)

    def set(self, key: str, value: str, seconds: int) -> None:
        self._own.set(key, value, seconds)
        try:
            self._redis.set(f"danyuan:token:{key}", value, ex=seconds)
        except RedisError:
            return

    @contextmanager
    def lock(self, key: str) -> Iterator[None]:
        shared = self._redis.lock(f"danyuan:token-lock:{key}", timeout=_LOCK_SECONDS, blocking_timeout=_WAIT_SECONDS)
        with self._own.lock(key):
            held = False
            with suppress(RedisError):
                held = shared.acquire()
            try:
                yield
            finally:
                if held:
                    with suppress(RedisError):  # also LockError: it ran out meanwhile
                        shared.release()
