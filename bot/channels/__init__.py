"""The port between us and whatever carries a neighbour's words: one file a channel kind.

A channel is three verbs. `read` turns one HTTP request into lines heard (pure: no I/O, no clock), `send` takes one
line to one chat and `fetch` brings what was sent along with one (I/O, never inside a transaction).
`bot/channels/<kind>.py` offers `connect(name, settings) -> Channel`
and is found by its name; a kind that is not configured is not imported.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Kind(StrEnum):
    """What a line heard is. Everything but TEXT may have no text at all."""

    TEXT = "text"
    IMAGE = "image"
    VOICE = "voice"  # text holds the platform's recognition where it gave one
    LOCATION = "location"  # text holds the label, lat/lng are set
    FILE = "file"  # video, file, link: never interpreted
    FOLLOW = "follow"  # scene: the QR code's, where there was one
    UNFOLLOW = "unfollow"
    SCAN = "scan"
    MENU = "menu"  # text holds the menu entry's key
    RECALL = "recall"  # message_id names the message taken back
    JOINED = "joined"  # the bot was taken into a group
    LEFT = "left"  # the bot was put out of a group


@dataclass(frozen=True)
class Hook:
    """One HTTP request, free of any framework. Header names are lower case; the body is the raw bytes."""

    method: str
    args: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Media:
    """A picture, a recording or a file sent along, as its platform calls it: by an id, an address, or both."""

    kind: Kind  # IMAGE, VOICE or FILE
    id: str | None = None
    url: str | None = None  # where it lies for the moment; who may be asked there, the channel's settings say
    name: str | None = None  # as whoever sent it called it


@dataclass(frozen=True)
class Incoming:
    """One line heard, the same whatever carried it. All ids are strings; said_at is aware."""

    external_id: str  # unique in its channel for ever: a repeat of the callback has the same
    chat_id: str
    private: bool
    user_id: str
    said_at: datetime
    kind: Kind = Kind.TEXT
    text: str = ""
    message_id: str | None = None  # what a later quotation or recall will name
    reply_to: str | None = None  # the message id that is quoted
    user_name: str | None = None
    chat_name: str | None = None
    media: tuple[Media, ...] = ()
    lat: float | None = None
    lng: float | None = None
    scene: str | None = None
    to_me: bool = False  # the bot was @-mentioned (always true in private)
    wire: Mapping[str, object] = field(default_factory=dict)  # kept on the Chat: what `send` needs, e.g. numeric ids

    @property
    def media_id(self) -> str | None:
        """What the platform calls the first thing sent along."""
        return self.media[0].id if self.media else None


@dataclass(frozen=True)
class Response:
    """What the HTTP layer answers, byte for byte."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"


class Reply(Protocol):
    """Renders the passive answer. None is silence. Called after the commit; must not fail."""

    def __call__(self, text: str | None) -> Response: ...


@dataclass(frozen=True)
class Reading:
    """What one request held: no line (a handshake, a heartbeat, something unknown), one, or several."""

    lines: tuple[Incoming, ...]
    reply: Reply
    unreadable: str | None = None  # genuine but not understood: logged with this cause, answered with reply(None)


class Rejected(Exception):
    """The request is not genuine: 403, nothing stored. The message goes to the log, never to the caller."""


class DeliveryError(Exception):
    """A line was not taken, or what was sent along was not handed out.

    parked: the platform takes nothing for this chat until the person writes again (45015, 45047, 48001).
    permanent: never try this line here again. Otherwise: try later, after retry_after seconds where given.
    The message names the cause without any token, secret or text.
    """

    def __init__(
        self, message: str, *, permanent: bool = False, parked: bool = False, retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.parked = parked
        self.retry_after = retry_after


class FetchError(DeliveryError):
    """What was sent along is not handed out, for a reason that no line can have."""


class Gone(FetchError):
    """The platform has it no more: never ask again."""

    def __init__(self, message: str) -> None:
        super().__init__(message, permanent=True)


class TooLarge(FetchError):
    """It is larger than what is kept: never ask again."""

    def __init__(self, most: int) -> None:
        super().__init__(f"larger than {most} bytes", permanent=True)


@dataclass(frozen=True)
class Line:
    """One line to one chat. `key` is the row's unique key: a platform that de-duplicates may use it."""

    key: str
    chat_id: str
    private: bool
    text: str
    reply_to: str | None = None
    wire: Mapping[str, object] = field(default_factory=dict)


class Channel(Protocol):
    """A connected channel."""

    name: str  # as configured and as in /hooks/<name>
    answers_passively: bool  # a private line's answer rides on the callback's own response
    pushes: bool  # can send on its own at all; False: only passive answers (an unverified Official Account)
    hears_groups: bool
    whispers: bool  # a member of a group can be written to in private by their user id alone
    fetches: bool  # hands out what was sent along; False: only the platform's own pages show it

    def read(self, hook: Hook) -> Reading:
        """Check and parse one request. Raises Rejected for a stranger, nothing else."""
        ...

    def send(self, line: Line) -> str | None:
        """Take a line to its chat; the platform's message id where it gives one. Raises DeliveryError, nothing else."""
        ...

    def fetch(self, media: Media, wire: Mapping[str, object], most: int) -> bytes:
        """What was sent along, at most `most` bytes of it; wire: of the chat it was said in. Raises DeliveryError."""
        ...
