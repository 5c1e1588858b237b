"""What the database says to the questions of a digest (bot.digest.snapshot): plain rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from models import Area, ChannelState, Chat, Intent, Role, Ticket


@dataclass(frozen=True)
class Counted:
    """How many of one kind in one area. at: the week (0: the last seven days), where weeks are told apart. raised: of
    them, those that no recurring duty opened.
    """

    intent: Intent
    category: str
    area: int
    count: int
    raised: int = 0
    at: int = 0


@dataclass(frozen=True)
class Held:
    """Open matters of one kind, in one area, held by one post."""

    intent: Intent
    category: str
    area: int
    post: int | None
    count: int
    overdue: int
    due_today: int
    emergencies: int
    reopened: int
    late: int  # past the promised time, or passed up for it; none that a recurring duty opened


@dataclass(frozen=True)
class Again:
    area: int
    building: str | None
    unit: str | None
    category: str
    times: int


@dataclass(frozen=True)
class Holder:
    post: int
    role: Role
    area: int


@dataclass(frozen=True)
class Snapshot:
    """What the database said. areas: the community's own, by id."""

    community: str
    name: str
    areas: Mapping[int, Area]
    opened: Sequence[Counted]
    solved: Sequence[Counted]
    open: Sequence[Held]
    taken: tuple[int, int]
    satisfied: tuple[int, int, int]
    again: Sequence[Again]
    weeks: Sequence[Counted]
    reopened: Sequence[Ticket]
    rated: Sequence[Ticket]
    undelivered: int
    channels: Mapping[str, ChannelState]
    silent_groups: Sequence[Chat]
    holders: Sequence[Holder]
    opened_at: Mapping[datetime, int]  # by the quarter of an hour
    resolved_at: Mapping[datetime, int]
