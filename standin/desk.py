"""What every platform's API needs at hand: the world, the switches, the log of calls."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from standin.budgets import Budgets
from standin.config import Channel, Config
from standin.switches import ChannelSwitch, Refusal, Switch, fresh
from standin.world import World

CALLS_KEPT = 2000


@dataclass(frozen=True)
class Call:
    """One call of the service to a platform: what it was and what it was answered (errcode, retcode or status)."""

    channel: str
    call: str
    answer: int | str


@dataclass
class Desk:
    """Shared by all platforms of one process."""

    config: Config
    world: World
    now: Callable[[], float]
    switches: dict[str, Switch] = field(default_factory=dict)
    budgets: dict[str, Budgets] = field(default_factory=dict)
    on_expire: dict[str, Callable[[], None]] = field(default_factory=dict)  # wechat: voids all tokens
    _calls: deque[Call] = field(default_factory=lambda: deque(maxlen=CALLS_KEPT))
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """All switches as at the start, all budgets and the log of calls empty. Messages stay."""
        channels = self.config.channels
        unverified = [name for name, channel in channels.items() if channel.account == "unverified"]
        self.switches.update(fresh(unverified, channels))
        for name, channel in channels.items():
            if channel.kind == "wechat":
                self.budgets.setdefault(name, Budgets(self.now)).clear()
        with self._lock:
            self._calls.clear()

    def turn(self, name: str, wanted: ChannelSwitch) -> None:
        self.switches[name].turn(wanted)
        if wanted.expire_token and name in self.on_expire:
            self.on_expire[name]()

    def channel(self, name: str) -> Channel:
        return self.config.channels[name]

    def note(self, channel: str, call: str, answer: int | str) -> None:
        with self._lock:
            self._calls.append(Call(channel, call, answer))

    def calls(self) -> list[Call]:
        with self._lock:
            return list(self._calls)

    def hold_up(self, name: str) -> None:
        """Wait as long as the channel's switch says."""
        time.sleep(self.switches[name].delay)

    def refusal(self, name: str) -> Refusal | None:
        return self.switches[name].refusal()


def http_status(refusal: Refusal) -> int | None:
    """The status in "http:503"; None for an errcode or retcode."""
    return int(refusal.removeprefix("http:")) if isinstance(refusal, str) else None
