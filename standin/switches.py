"""What a test may switch: refusals, delays, limits, an unverified account, a wrong secret, the clock."""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from threading import Lock

from standin.config import Model

Refusal = int | str  # an errcode or retcode; "http:503" answers that status instead


class ChannelSwitch(Model):
    """One channel's part of POST /control. What is left out stays as it is."""

    fail: list[Refusal] | None = None  # the next sends, one each, then as usual again
    refuse: Refusal | None = None  # every send until switched; 0 ends it
    delay: float | None = None  # seconds before each answer
    unverified: bool | None = None  # wechat: message/custom/send is not allowed (48001)
    expire_token: bool | None = None  # wechat: every token given out so far is void (40001)
    per_minute: int | None = None  # onebot, onebot12, webhook: sends a chat a minute; 0 is no limit
    wrong_secret: bool | None = None  # callbacks are signed with something else, as by a stranger


class ClockSwitch(Model):
    ahead: float  # seconds


class SenderSwitch(Model):
    seconds: float | None = None  # time-out of one try
    tries: int | None = None


@dataclass
class Switch:
    """One channel's state."""

    fail: deque[Refusal] = field(default_factory=deque)
    refuse: Refusal | None = None
    delay: float = 0.0
    unverified: bool = False
    per_minute: int = 0
    wrong_secret: bool = False
    _lock: Lock = field(default_factory=Lock, repr=False)
    _sends: dict[str, deque[float]] = field(default_factory=dict, repr=False)

    def turn(self, wanted: ChannelSwitch) -> None:
        with self._lock:
            if wanted.fail is not None:
                self.fail = deque(wanted.fail)
            if wanted.refuse is not None:
                self.refuse = wanted.refuse or None
            for name in ("delay", "unverified", "per_minute", "wrong_secret"):
                value = getattr(wanted, name)
                if value is not None:
                    setattr(self, name, value)

    def refusal(self) -> Refusal | None:
        """What this send is refused with, or None."""
        with self._lock:
            return self.fail.popleft() if self.fail else self.refuse

    def over_limit(self, chat: str, now: Callable[[], float]) -> bool:
        """Count one send to a chat; True where it is one too many for this minute."""
        with self._lock:
            if not self.per_minute:
                return False
            sends = self._sends.setdefault(chat, deque())
            while sends and sends[0] <= now() - 60:
                sends.popleft()
            if len(sends) >= self.per_minute:
                return True
            sends.append(now())
            return False


def fresh(unverified: Iterable[str], names: Iterable[str]) -> dict[str, Switch]:
    """All channels' switches as at the start; `unverified` names the accounts configured so."""
    accounts = set(unverified)
    return {name: Switch(unverified=name in accounts) for name in names}
