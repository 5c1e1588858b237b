"""How many customer-service messages an Official Account may still send to somebody.

Rules as published for message/custom/send: five within 48 hours of the user's message, three within one minute of a
follow, a menu click or a scan; a new message gives five again, it does not add up.
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

MESSAGE_SENDS, MESSAGE_SECONDS = 5, 48 * 3600
ACTION_SENDS, ACTION_SECONDS = 3, 60

TAKEN, OUT_OF_TIME, USED_UP = 0, 45015, 45047


@dataclass
class Grant:
    left: int
    until: float


class Budgets:
    """One pair of grants an openid: for what they wrote and for what they tapped."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._lock = Lock()
        self._wrote: dict[str, Grant] = {}
        self._tapped: dict[str, Grant] = {}

    def wrote(self, openid: str) -> None:
        with self._lock:
            self._wrote[openid] = Grant(MESSAGE_SENDS, self._now() + MESSAGE_SECONDS)

    def tapped(self, openid: str) -> None:
        with self._lock:
            self._tapped[openid] = Grant(ACTION_SENDS, self._now() + ACTION_SECONDS)

    def left(self, openid: str) -> None:
        """They unfollowed: nothing may be sent any more."""
        with self._lock:
            self._wrote.pop(openid, None)
            self._tapped.pop(openid, None)

    def spend(self, openid: str) -> int:
        """Take one send; 0, or the errcode: 45015 outside any window, 45047 where the window's sends are used up."""
        with self._lock:
            grants = [g for g in (self._tapped.get(openid), self._wrote.get(openid)) if g and g.until > self._now()]
            if not grants:
                return OUT_OF_TIME
            for grant in grants:
                if grant.left > 0:
                    grant.left -= 1
                    return TAKEN
            return USED_UP

    def clear(self) -> None:
        with self._lock:
            self._wrote.clear()
            self._tapped.clear()
