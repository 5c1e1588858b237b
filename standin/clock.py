"""The stand-in's time: the machine's, and as far ahead as a test wants it."""

import time
from dataclasses import dataclass


@dataclass
class Clock:
    """`ahead` seconds are added, so that two days pass in a test without waiting."""

    ahead: float = 0.0

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time() + self.ahead
