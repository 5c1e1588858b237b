"""Everybody's phones: channels at our own port that keep what was sent, and a bell that notes that it was rung."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.bell import Bell
from bot.channels import Gone, Hook, Line, Media, Reading, Rejected


@dataclass(frozen=True)
class Sent:
    """One line that arrived: where, when, and the id by which it may be quoted."""

    line: Line
    at: datetime
    message_id: str


class Phones:
    """A channel that takes every line. groups: it is the bridge that hears them; else an Official Account."""

    pushes = True
    fetches = False

    def __init__(self, name: str, now: Callable[[], datetime], *, groups: bool) -> None:
        self.name = name
        self.answers_passively = not groups
        self.hears_groups = self.whispers = groups
        self._now = now
        self._sent: list[Sent] = []

    def read(self, hook: Hook) -> Reading:
        """Nobody calls from outside. Raises Rejected."""
        del hook
        raise Rejected("these phones have no hook")

    def send(self, line: Line) -> str:
        """Keep it. Returns the message id."""
        sent = Sent(line, self._now(), f"said:{line.key}"[:128])
        self._sent.append(sent)
        return sent.message_id

    def fetch(self, media: Media, wire: Mapping[str, object], most: int) -> bytes:
        """Nobody looks at pictures here. Raises Gone."""
        raise Gone("these phones hand nothing out")

    def unread(self) -> list[Sent]:
        """What has arrived since this was last asked."""
        sent, self._sent = self._sent, []
        return sent


class Doorbell(Bell):
    """Notes that it was rung: whoever plays worker and clock looks only then."""

    def __init__(self) -> None:
        super().__init__(None)
        self.rung = False

    def ring(self, queue: str) -> None:
        del queue
        self.rung = True
