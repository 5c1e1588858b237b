"""A small town to tell stories in: who lives where, who leads, and what everybody sees when somebody speaks.

Everything is real but the two channels at our own port: an Official Account that answers on the callback, and a
bridge that pushes. The clock stands until a story moves it.
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlmodel import Session, col, func, select

from bot import inbox, jobs, owed
from bot.channels import DeliveryError, Gone, Hook, Incoming, Kind, Line, Media, Reading, Response
from bot.services import Services
from models import (
    Account,
    Area,
    Chat,
    ChatKind,
    Community,
    Level,
    Outgoing,
    OutgoingState,
    Person,
    Post,
    Report,
    Role,
    Slot,
    Ticket,
    TicketEvent,
)

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai


@dataclass
class FakeChannel:
    """A channel at our port: what is sent is kept, and may be refused; what was sent along lies in `holds`."""

    name: str
    answers_passively: bool
    pushes: bool
    hears_groups: bool
    whispers: bool
    sent: list[Line] = field(default_factory=list)
    refuses: dict[str, DeliveryError] = field(default_factory=dict)  # by chat id; "*" for all
    holds: dict[str, bytes | DeliveryError] = field(default_factory=dict)  # by media id
    fetched: list[str] = field(default_factory=list)
    fetches: bool = True

    def read(self, hook: Hook) -> Reading:
        return Reading((), lambda text: Response())

    def send(self, line: Line) -> str | None:
        refusal = self.refuses.get(line.chat_id) or self.refuses.get("*")
        if refusal is not None:
            raise refusal
        self.sent.append(line)
        return f"m{len(self.sent)}-{self.name}"

    def fetch(self, media: Media, wire: Mapping[str, object], most: int) -> bytes:
        self.fetched.append(media.id or "")
        found = self.holds.get(media.id or "", Gone("no such media"))
        if isinstance(found, DeliveryError):
            raise found
        return found


@dataclass(frozen=True)
class Seen:
    """One line that somebody sees: in which chat, what."""

    chat: str
    text: str


class Town:
    """The directory, the voices and the clock of one story."""

    def __init__(self, services: Services, channels: Mapping[str, FakeChannel]) -> None:
        self.services = services
        self.channels = channels
        self._ids = itertools.count(1)
        self.areas: dict[str, int] = {}

    # --- building the town

    def area(self, code: str, level: Level, name: str, parent: str | None = None, label: str | None = None,
             **extra: Any) -> None:  # fmt: skip
        with self.services.transaction() as session:
            above = session.get(Area, self.areas[parent]) if parent else None
            area = Area(code=code, level=level, name=name, label=label, parent_id=above.id if above else None, **extra)
            session.add(area)
            session.flush()
            area.path = f"{above.path if above else '/'}{area.id}/"
            self.areas[code] = area.id
            if level == Level.COMMUNITY:
                session.add(Community(area_id=area.id, code=code))

    def person(self, name: str, *posts: tuple[Role, str, Slot], phone: str | None = None, home: str | None = None,
               channel: str = "oa", bridge: bool = True, heard: bool = True) -> None:  # fmt: skip
        """Somebody with an account on `channel` (private) and one on the bridge, and their posts."""
        with self.services.transaction() as session:
            person = Person(name=name, phone=phone)
            session.add(person)
            session.flush()
            for role, code, slot in posts:
                session.add(
                    Post(
                        person_id=person.id, role=role, area_id=self.areas[code], slot=slot, starts_on=date(2026, 1, 1)
                    )
                )
            names = [channel, "bridge"] if bridge and channel != "bridge" else [channel]
            for own in names:
                account = Account(
                    channel=own,
                    user_id=f"{own}-{name}",
                    person_id=person.id,
                    created_at=MONDAY,
                    area_id=self.areas[home] if home else None,
                )
                session.add(account)
                session.flush()
                if own == channel:
                    session.add(
                        Chat(
                            channel=own,
                            external_id=f"{own}-{name}",
                            kind=ChatKind.PRIVATE,
                            account_id=account.id,
                            created_at=MONDAY,
                            last_heard_at=MONDAY if heard else None,
                        )
                    )

    def group(self, name: str, kind: ChatKind, area: str | None) -> None:
        with self.services.transaction() as session:
            session.add(
                Chat(
                    channel="bridge",
                    external_id=name,
                    kind=kind,
                    name=name,
                    created_at=MONDAY,
                    area_id=self.areas[area] if area else None,
                )
            )

    # --- speaking

    def say(
        self,
        who: str,
        text: str,
        *,
        to: str | None = None,
        quote: str | None = None,
        kind: Kind = Kind.TEXT,
        external_id: str | None = None,
        message_id: str | None = None,
        channel: str = "oa",
        at: datetime | None = None,
        media_id: str | None = None,
        **extra: Any,
    ) -> list[Seen]:
        """`who` says something, in private or in the group `to`; what everybody then sees, in order.

        media_id: what was sent along is called so, and is a picture where the message has words.
        """
        name = "bridge" if to else channel
        n = next(self._ids)
        line = Incoming(
            external_id=external_id or f"{name}-{n}",
            chat_id=to or f"{name}-{who}",
            private=to is None,
            user_id=f"{name}-{who}",
            said_at=at or self.services.now(),
            kind=kind,
            text=text,
            message_id=message_id or f"in{n}",
            reply_to=quote,
            user_name=who,
            to_me=to is None,
            media=(Media(Kind.IMAGE if kind == Kind.TEXT else kind, media_id),) if media_id else (),
        )
        return self.hear(replace(line, **extra), name)

    def hear(self, line: Incoming, channel: str) -> list[Seen]:
        before = self._marks()
        answer = inbox.receive(self.services, self.channels[channel], line)
        seen = [Seen(line.chat_id, answer)] if answer else []
        jobs.drain(self.services, 5)
        return seen + self._since(before)

    def wait(self, **span: float) -> list[Seen]:
        """Time passes: what everybody sees by itself."""
        clock = self.services.now
        clock.forward(**span)  # type: ignore[attr-defined]  # the standing clock of the tests
        return self.drain()

    def wait_in_steps(self, minutes: int, step: int = 1) -> list[Seen]:
        return [seen for _ in range(0, minutes, step) for seen in self.wait(minutes=step)]

    def drain(self) -> list[Seen]:
        before = self._marks()
        for _ in range(3):
            if not jobs.drain(self.services, 5):
                break
        with self.services.transaction() as session:
            owed.forget_chatter(session, self.services.now())
        return self._since(before)

    def _marks(self) -> dict[str, int]:
        return {name: len(channel.sent) for name, channel in self.channels.items()}

    def _since(self, marks: dict[str, int]) -> list[Seen]:
        return [
            Seen(line.chat_id, line.text)
            for name, channel in self.channels.items()
            for line in channel.sent[marks[name] :]
        ]

    # --- looking

    def ticket(self, number: int = 1) -> Ticket:
        with self.services.reading() as session:
            return session.exec(select(Ticket).where(Ticket.number == number).order_by(col(Ticket.id))).one()

    def tickets(self) -> list[Ticket]:
        with self.services.reading() as session:
            return list(session.exec(select(Ticket).order_by(col(Ticket.id))))

    def voices(self) -> list[int]:
        """How many reports stand on each ticket, in the order of the tickets."""
        with self.services.reading() as session:
            count = func.count(col(Report.id))
            query = select(Ticket.id, count).join(Report, col(Report.ticket_id) == col(Ticket.id), isouter=True)
            return [found for _, found in session.exec(query.group_by(col(Ticket.id)).order_by(col(Ticket.id)))]

    def words(self) -> str:
        """All that was said on the first ticket."""
        with self.services.reading() as session:
            query = select(Report.words).where(Report.ticket_id == self.ticket().id).order_by(col(Report.id))
            return "\n".join(words or "" for words in session.exec(query))

    def history(self, number: int = 1) -> list[str]:
        with self.services.reading() as session:
            query = select(TicketEvent.kind).join(Ticket, col(Ticket.id) == col(TicketEvent.ticket_id))
            return list(session.exec(query.where(Ticket.number == number).order_by(col(TicketEvent.id))))

    def undelivered(self) -> list[Outgoing]:
        with self.services.reading() as session:
            return list(session.exec(select(Outgoing).where(col(Outgoing.undelivered_at).is_not(None))))

    def owed(self, state: OutgoingState = OutgoingState.QUEUED) -> list[Outgoing]:
        with self.services.reading() as session:
            return list(session.exec(select(Outgoing).where(Outgoing.state == state)))

    def session(self) -> Session:
        return Session(self.services.engine, expire_on_commit=False)


def said_to(seen: list[Seen], chat: str) -> str:
    """All that was said in one chat, joined: for `in` and `not in`."""
    return "\n".join(line.text for line in seen if line.chat == chat)


def chats(seen: list[Seen]) -> list[str]:
    return sorted({line.chat for line in seen})


def settle(town: Town) -> None:
    """Half a minute passes, so that nothing waits behind anything."""
    town.wait(seconds=timedelta(seconds=30).total_seconds())
