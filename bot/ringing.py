"""The second path of an emergency: telephones ring beside the chats, where the installation has a gateway for them.

By night at once, for whoever is on duty; by day the staff's chat is read, so only from the second rung on. Without a
gateway, or without a number, nobody is called and the advice says plainly that nobody may be reading.
"""

from collections.abc import Iterable, Sequence

from sqlmodel import Session, select

from bot import clocks, estates
from bot.desk import Desk
from bot.owed import owe
from bot.routing import OFFICE, Candidate
from bot.telling import matter_words
from models import Chat, ChatKind, Person, Post, Role, Ticket, TicketEvent, Urgency

CALLED_LATER = OFFICE | {Role.DUTY, Role.GRID_LEADER, Role.PROPERTY}


def gateway(desk: Desk) -> str | None:
    """The channel through which telephones ring; None without one."""
    return next((name for name, section in desk.settings.channels.items() if section.kind == "phone"), None)


def reaches(desk: Desk, told: Iterable[Candidate]) -> bool:
    """Whether at least one of those who are called first can be."""
    return gateway(desk) is not None and any(_number(desk, one) for one in _first(told))


def ring(desk: Desk, ticket: Ticket, event: TicketEvent, told: Sequence[Candidate], rung: int) -> None:
    """Owe a call to those of `told` whose turn it is on this rung (0: the alarm itself), once a person."""
    name = gateway(desk)
    if name is None or (rung == 0 and _staff_read(desk)):
        return
    called = _first(told) if rung == 0 else [one for one in told if one.role in CALLED_LATER]
    text = desk.wording("ring_silent" if ticket.silent else "ring", **matter_words(desk, ticket))
    for one in called:
        number = _number(desk, one)
        if number is not None:
            owe(
                desk,
                key=f"event:{event.id}:phone{one.person_id}",
                chat=_chat(desk, name, number),
                text=estates.told_to(desk, one.person_id, ticket, text),
                urgency=Urgency.EMERGENCY,
                ticket=ticket,
                event=event,
                post=desk.session.get_one(Post, one.post_id),
            )


def forget(session: Session, number: str | None) -> None:
    """A number that is erased is not kept as a telephone either."""
    for chat in session.exec(select(Chat).where(Chat.kind == ChatKind.PHONE, Chat.external_id == (number or ""))):
        chat.external_id, chat.listen_only = f"erased-{chat.id}", True


def _first(told: Iterable[Candidate]) -> list[Candidate]:
    """Whoever is on duty; where nobody is, the duty people; where there are none, the office."""
    there = [one for one in told if one.role in OFFICE | {Role.DUTY}]
    turn = [one for one in there if one.on_duty]
    return turn or [one for one in there if one.role == Role.DUTY] or there


def _staff_read(desk: Desk) -> bool:
    """Whether somebody sits before the staff's chat."""
    settings = desk.settings
    working = settings.calendar.day(desk.now.astimezone(settings.zone).date()).working
    return working and clocks.within(desk.now, settings.hours.work, settings.zone)


def _number(desk: Desk, one: Candidate) -> str | None:
    person = desk.session.get(Person, one.person_id)
    return person.phone if person is not None else None


def _chat(desk: Desk, channel: str, number: str) -> Chat:
    """The telephone as a chat, so that calls are owed, leased and tried again like every other line."""
    known = desk.session.exec(select(Chat).where(Chat.channel == channel, Chat.external_id == number)).first()
    if known is not None:
        return known
    chat = Chat(channel=channel, external_id=number, kind=ChatKind.PHONE, name="电话", created_at=desk.now)
    desk.session.add(chat)
    desk.session.flush()
    return chat
