"""The channel of a rehearsal: it answers like a bridge for groups, and keeps what would have been sent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.channels import Gone, Hook, Line, Media, Reading, Rejected

NAME = "rehearsal"


@dataclass(frozen=True)
class Sent:
    """One line that would have gone out, and when."""

    line: Line
    at: datetime


class RehearsalChannel:
    """Takes every line to its list, nowhere else. Whoever is in the group can be written to in private."""

    answers_passively = False
    pushes = True
    hears_groups = True
    whispers = True
    fetches = False

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.name = NAME
        self.sent: list[Sent] = []
        self._now = now

    def read(self, hook: Hook) -> Reading:
        """Nobody calls a rehearsal from outside. Raises Rejected."""
        del hook
        raise Rejected("a rehearsal has no hook")

    def send(self, line: Line) -> str:
        """Keep it. Returns the message id, by which a leader may quote it."""
        self.sent.append(Sent(line, self._now()))
        return f"said:{line.key}"[:128]

    def fetch(self, media: Media, wire: Mapping[str, object], most: int) -> bytes:
        """In a rehearsal there is nothing to be had. Raises Gone."""
        raise Gone("a rehearsal hands nothing out")
