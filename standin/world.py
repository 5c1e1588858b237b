"""What the phones show: all messages of all chats, in order, in memory, safe for many threads."""

import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Condition
from typing import Literal

from standin.config import Chat, Config, Person

MessageKind = Literal["text", "image", "voice", "location", "note"]
State = Literal["pending", "sent", "failed", "recalled"]

KEPT = 5000  # messages; the oldest go first
PAGE = 500  # messages in one answer


@dataclass(frozen=True)
class Message:
    """One bubble. `by` is a person's id, "bot" or "" (a note by the platform); `quoted` another message's id."""

    id: str
    seq: int  # of its last change: a reader asks for what changed after its cursor
    chat: str
    kind: MessageKind
    by: str
    text: str
    time: float
    quoted: str | None = None
    state: State = "sent"
    reason: str = ""  # why it failed, in plain Chinese
    media: str = ""  # media id


class World:
    """The cast and their messages."""

    def __init__(self, config: Config, now: Callable[[], float]) -> None:
        self.people: dict[str, Person] = {person.id: person for person in config.people}
        self.chats: dict[str, Chat] = {chat.id: chat for chat in config.rooms()}
        self.name = secrets.token_hex(8)  # tells a reader that the world began anew
        self._now = now
        self._changed = Condition()  # its lock may be taken twice by one thread
        self._messages: OrderedDict[str, Message] = OrderedDict()
        self._seq = 0
        self._ids = int(now()) * 1000  # ids must not come again after a restart: the service keeps what it heard

    def new_id(self) -> str:
        """A message id: digits, unique over restarts."""
        with self._changed:
            self._ids += 1
            return str(self._ids)

    def post(
        self,
        chat: str,
        by: str,
        text: str,
        *,
        message_id: str | None = None,
        kind: MessageKind = "text",
        quoted: str | None = None,
        state: State = "sent",
        media: str = "",
    ) -> Message:
        """Put a message into a chat and return it."""
        with self._changed:
            self._seq += 1
            message = Message(
                id=message_id or self.new_id(), seq=self._seq, chat=chat, kind=kind, by=by, text=text, time=self._now(),
                quoted=quoted, state=state, media=media,
            )  # fmt: skip
            self._messages[message.id] = message
            if len(self._messages) > KEPT:
                self._messages.popitem(last=False)
            self._changed.notify_all()
            return message

    def settle(self, message_id: str, state: State, reason: str = "") -> Message | None:
        """Change a message's state; None where it is gone already."""
        with self._changed:
            message = self._messages.get(message_id)
            if message is None:
                return None
            self._seq += 1
            message = replace(message, seq=self._seq, state=state, reason=reason)
            self._messages[message_id] = message
            self._changed.notify_all()
            return message

    def message(self, message_id: str) -> Message | None:
        with self._changed:
            return self._messages.get(message_id)

    def since(self, cursor: int, wait: float = 0.0) -> tuple[int, list[Message]]:
        """Messages new or changed after the cursor, at most PAGE, and the next cursor. Waits for one if asked to."""
        with self._changed:
            self._changed.wait_for(lambda: self._seq > cursor, timeout=wait)
            changed = sorted((m for m in self._messages.values() if m.seq > cursor), key=lambda m: m.seq)[:PAGE]
            return (changed[-1].seq if changed else cursor), changed

    def person_at(self, channel: str, user_id: str) -> Person | None:
        """Who has this user id on this channel."""
        return next((p for p in self.people.values() if p.account(channel) == user_id), None)

    def private_room(self, channel: str, user_id: str) -> Chat | None:
        person = self.person_at(channel, user_id)
        if person is None:
            return None
        rooms = (c for c in self.chats.values() if c.kind == "private" and c.channel == channel)
        return next((c for c in rooms if person.id in c.members), None)

    def group(self, channel: str, chat_id: str) -> Chat | None:
        chat = self.chats.get(chat_id)
        return chat if chat and chat.kind == "group" and chat.channel == channel else None
