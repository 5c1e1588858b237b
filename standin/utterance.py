"""Between the page and the wires: what somebody did, and the HTTP request that a platform makes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from standin.config import Chat, Person

Deed = Literal["text", "image", "voice", "location", "follow", "unfollow", "scan", "menu", "recall", "join"]


@dataclass(frozen=True)
class Utterance:
    """Somebody says or does something in a chat. message_id is the new message's, or the recalled one's."""

    deed: Deed
    person: Person
    chat: Chat
    message_id: str
    at: float  # seconds since 1970
    text: str = ""  # voice: the recognition, mostly empty; scan, follow: the scene; menu: the key; location: the label
    reply_to: str | None = None
    to_bot: str = ""  # the bot's name, where the text mentions it
    media: str = ""
    lat: float = 0.0
    lng: float = 0.0


@dataclass(frozen=True)
class Envelope:
    """One signed request to a hook, free of its host."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
