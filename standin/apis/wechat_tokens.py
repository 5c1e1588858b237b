"""WeChat's access tokens: 7200 s, of two kinds that know nothing of each other."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

TOKEN_SECONDS = 7200
EARLY_SECONDS = 300  # stable_token hands out a new one so long before the end; token keeps the old one as long


@dataclass
class Token:
    text: str
    until: float


class Tokens:
    """Stable ones, and those of /token, where a new one ends the old."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._lock = Lock()
        self._stable: Token | None = None
        self._live: list[Token] = []

    def stable(self, force: bool) -> tuple[str, int]:
        """The stable token and its seconds left; force makes another one and voids the former."""
        with self._lock:
            now = self._now()
            if force or self._stable is None or self._stable.until - EARLY_SECONDS <= now:
                if force and self._stable in self._live:
                    self._live.remove(self._stable)
                self._stable = self._new()
            return self._stable.text, int(self._stable.until - now)

    def plain(self) -> tuple[str, int]:
        with self._lock:
            for token in self._live:
                if token is not self._stable:
                    token.until = min(token.until, self._now() + EARLY_SECONDS)
            return self._new().text, TOKEN_SECONDS

    def valid(self, text: str) -> bool:
        with self._lock:
            return any(token.text == text and token.until > self._now() for token in self._live)

    def void(self) -> None:
        with self._lock:
            self._live.clear()
            self._stable = None

    def _new(self) -> Token:
        self._live = [token for token in self._live if token.until > self._now()]
        token = Token("standin_" + secrets.token_urlsafe(64), self._now() + TOKEN_SECONDS)
        self._live.append(token)
        return token
