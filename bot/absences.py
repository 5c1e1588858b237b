"""Leave: what somebody holds is handed over when it begins, and what nobody took meanwhile comes back when it ends.

Who stands in says bot.routing (the other slot, else the next level up, chained). The one who stands in gets one message
with all of it, the one who goes gets one; residents hear who is on in the next line they get anyway (bot.standins).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, or_, select

from bot import alarms, clocks, confided, estates, holders, people, places, posted, reach, routing, telling
from bot.desk import Desk
from bot.events import write
from bot.moves import OPEN
from bot.owed import owe
from bot.permits import Actor
from bot.routing import Candidate, Route
from bot.standins import HANDED_BACK, HANDED_OVER
from bot.tickets import lock
from models import Absence, Area, ChatKind, Post, Ticket, TicketEvent

SERVICE = Actor()
MOST_SHOWN = 20
LAST_MOMENT = timedelta(seconds=1)  # a leave that ends at midnight lasts to the day before


@dataclass(frozen=True)
class Handed:
    """What changed hands: each ticket with whose it is now. left: what nobody could be found for."""

    moved: tuple[tuple[Ticket, Candidate], ...] = ()
    left: tuple[Ticket, ...] = ()

    @property
    def titles(self) -> str:
        """Who has it now, by office: 单元长B岗、社工."""
        return "、".join(dict.fromkeys(routing.named(candidate) for _, candidate in self.moved))


def running(desk: Desk, person_id: int) -> list[Absence]:
    """The leaves of a person that are not over, those to come among them, the first to begin first."""
    query = select(Absence).where(Absence.person_id == person_id, col(Absence.closed_at).is_(None))
    return list(desk.session.exec(query.order_by(col(Absence.starts_at), col(Absence.id))))


def record(
    desk: Desk,
    person_id: int,
    starts_at: datetime,
    ends_at: datetime | None,
    *,
    post_id: int | None = None,
    by: int | None = None,
) -> tuple[Absence, Handed]:
    """Keep a leave, and hand over at once where it begins now. One that meets another of theirs is the same, corrected.

    post_id: of one post only. by: the staff who recorded it, None: their own word.
    """
    for known in running(desk, person_id):
        if known.post_id == post_id and _meet(known, starts_at, ends_at):
            known.starts_at, known.ends_at = min(known.starts_at, starts_at), ends_at
            return known, _begin_if_due(desk, known)
    absence = Absence(
        person_id=person_id,
        post_id=post_id,
        starts_at=starts_at,
        ends_at=ends_at,
        recorded_at=desk.now,
        recorded_by=by,
    )
    desk.session.add(absence)
    desk.session.flush()
    return absence, _begin_if_due(desk, absence)


def begin(desk: Desk, absence: Absence) -> Handed:
    """Hand over every open ticket that they hold; each who stands in is told once, of all of it."""
    absence.begun_at = desk.now
    desk.session.flush()
    posts = {post.id: post for post in _posts(desk, absence)}
    moved: list[tuple[Ticket, Candidate]] = []
    left: list[Ticket] = []
    for ticket in _locked(desk, select(Ticket).where(col(Ticket.holder_post_id).in_(list(posts)))):
        gone = next((c for c in holders.posts(desk, ticket) if c.post_id == ticket.holder_post_id), None)
        if ticket.status not in OPEN or gone is None:
            continue
        route = holders.stand_in(desk, ticket, gone)
        holders.hold(ticket, route)
        if route.holder is None:
            if not confided.to_heads(desk.session, ticket):  # nobody else may read it: it waits for them
                left.append(ticket)
            continue
        write(desk, ticket, HANDED_OVER, SERVICE)  # its clocks run on: nobody waits longer for it
        moved.append((ticket, route.holder))
    handed = Handed(tuple(moved), tuple(left))
    _tell_stand_ins(desk, absence, handed)
    if left:
        _tell_office(desk, absence, left)
    return handed


def end(desk: Desk, absence: Absence) -> Handed:
    """They are back, or it was taken back: what nobody took in hand meanwhile is theirs again."""
    began, absence.closed_at = absence.begun_at, desk.now
    absence.ends_at = desk.now if absence.ends_at is None else min(absence.ends_at, desk.now)
    desk.session.flush()
    if began is None:
        return Handed()
    posts = {post.id for post in _posts(desk, absence)}
    changed = select(TicketEvent.ticket_id).where(TicketEvent.kind == HANDED_OVER, TicketEvent.at >= began)
    back: list[tuple[Ticket, Candidate]] = []
    from_whom: dict[int, list[Ticket]] = defaultdict(list)
    for ticket in _locked(desk, select(Ticket).where(col(Ticket.id).in_(changed))):
        own = _theirs_again(desk, ticket, posts)
        if own is not None and ticket.holder_post_id is not None:
            from_whom[ticket.holder_post_id].append(ticket)
            holders.hold(ticket, Route(own, (own,), (f"{routing.named(own)}回来了，还没人接手，交还",)))
            write(desk, ticket, HANDED_BACK, SERVICE)
            back.append((ticket, own))
    for post_id, tickets in from_whom.items():
        stood_in = next((c for c in holders.posts(desk, tickets[0]) if c.post_id == post_id), None)
        if stood_in is not None:
            text = desk.wording("card_given_back", who=_who(desk, tickets[0].holder_post_id), count=len(tickets),
                                choices=numbered(desk, tickets, stood_in.person_id))  # fmt: skip
            _tell(desk, stood_in, tickets, f"absence:{absence.id}:back:{post_id}", text)
    return Handed(tuple(back))


def due(session: Session, now: datetime, most: int = 50) -> list[int]:
    """The ids of leaves that begin or end by now and were not handled yet."""
    begins = (col(Absence.begun_at).is_(None)) & (col(Absence.starts_at) <= now)
    ends = (col(Absence.ends_at).is_not(None)) & (col(Absence.ends_at) <= now)
    query = select(Absence.id).where(col(Absence.closed_at).is_(None), or_(begins, ends)).order_by(col(Absence.id))
    return list(session.exec(query.limit(most)))


def tell_person(desk: Desk, absence: Absence, key: str, text: str) -> None:
    """Say something to whoever the leave is of, in private, never at night."""
    chats = reach.private_chats(desk.session, absence.person_id)
    if chats:
        due_at = clocks.after_silence(desk.now, desk.settings.hours, desk.settings.zone)
        line = owe(desk, key=f"absence:{absence.id}:{key}", chat=chats[0], text=text, due_at=due_at)
        if line is not None:
            line.overdue_at = None  # nobody else need hear it


def handed_words(desk: Desk, handed: Handed) -> str:
    """What is said to whoever goes about what they held."""
    if not handed.moved:
        return ""
    return desk.wording("leave_handed", count=len(handed.moved), whom=handed.titles)


def by_office(desk: Desk, ends_at: datetime | None, handed: Handed) -> str:
    """What somebody hears whose leave staff have recorded."""
    return desk.wording("leave_by_office", until=until(desk, ends_at), handed=handed_words(desk, handed))


def until(desk: Desk, ends_at: datetime | None) -> str:
    """到11月27日; 这段时间 where nobody knows."""
    if ends_at is None:
        return desk.wording("leave_open")
    return desk.wording("leave_until", day=day(desk, ends_at - LAST_MOMENT))


def day(desk: Desk, at: datetime) -> str:
    """11月27日."""
    local = at.astimezone(desk.settings.zone)
    return f"{local.month}月{local.day}日"


def _begin_if_due(desk: Desk, absence: Absence) -> Handed:
    desk.session.flush()
    if absence.begun_at is None and absence.starts_at <= desk.now:
        return begin(desk, absence)
    return Handed()


def _meet(known: Absence, starts_at: datetime, ends_at: datetime | None) -> bool:
    return (known.ends_at is None or starts_at <= known.ends_at) and (ends_at is None or known.starts_at <= ends_at)


def _posts(desk: Desk, absence: Absence) -> list[Post]:
    own = people.posts_of(desk.session, absence.person_id, posted.today(desk))
    return [post for post in own if absence.post_id in (None, post.id)]


def _locked(desk: Desk, query) -> list[Ticket]:  # type: ignore[no-untyped-def]  # any select of tickets
    """These tickets, each read again under its community's lock; communities in one order, so that two never cross."""
    found = sorted(desk.session.exec(query).all(), key=lambda ticket: (ticket.community_id, ticket.id))
    for community_id in dict.fromkeys(ticket.community_id for ticket in found):
        lock(desk.session, community_id)
    for ticket in found:
        desk.session.refresh(ticket)
    return found


def _theirs_again(desk: Desk, ticket: Ticket, posts: set[int]) -> Candidate | None:
    """Their post, where it handed this ticket over last and nobody has taken it since."""
    if ticket.status not in alarms.UNTAKEN or not ticket.former_post_ids or ticket.former_post_ids[-1] not in posts:
        return None
    found = next((c for c in holders.posts(desk, ticket) if c.post_id == ticket.former_post_ids[-1]), None)
    return found if found is not None and not found.away else None


def _tell_stand_ins(desk: Desk, absence: Absence, handed: Handed) -> None:
    theirs: dict[int, list[Ticket]] = defaultdict(list)
    by_post = {candidate.post_id: candidate for _, candidate in handed.moved}
    for ticket, candidate in handed.moved:
        theirs[candidate.post_id].append(ticket)
    for post_id, tickets in theirs.items():
        text = desk.wording("card_stand_in", who=_who(desk, tickets[0].former_post_ids[-1]), count=len(tickets),
                            choices=numbered(desk, tickets, by_post[post_id].person_id))  # fmt: skip
        _tell(desk, by_post[post_id], tickets, f"absence:{absence.id}:to:{post_id}", text)


def _tell(desk: Desk, candidate: Candidate, tickets: Sequence[Ticket], key: str, text: str) -> None:
    """One line for several matters, to the post's own phone first; never by night, unless there is a danger in it.

    Of a single matter that was handed over it is the card: a bare 收到 behind it takes it.
    """
    area = telling.area_of(desk, tickets[0])
    chats = reach.reach(desk.session, desk.settings, candidate, area, private=True)
    if any(ticket.recused_person_ids or confided.to_heads(desk.session, ticket) for ticket in tickets):
        chats = [chat for chat in chats if chat.kind == ChatKind.PRIVATE]
    only = tickets[0] if len(tickets) == 1 else None
    pressing = any(ticket.danger and ticket.attended_at is None for ticket in tickets)
    owe(
        desk,
        key=key,
        chat=chats[0] if chats else None,
        text=text,
        ticket=only,
        event=_handing_over(desk, only) if only is not None else None,
        post=desk.session.get_one(Post, candidate.post_id),
        reach=[chat.id for chat in chats[1:]],
        due_at=None if pressing else clocks.after_silence(desk.now, desk.settings.hours, desk.settings.zone),
    )


def _handing_over(desk: Desk, ticket: Ticket) -> TicketEvent | None:
    """The last change of hands."""
    query = select(TicketEvent).where(
        TicketEvent.ticket_id == ticket.id, col(TicketEvent.kind).in_((HANDED_OVER, HANDED_BACK))
    )
    return desk.session.exec(query.order_by(col(TicketEvent.id).desc())).first()


def _tell_office(desk: Desk, absence: Absence, left: Sequence[Ticket]) -> None:
    """Nobody stands in: the undelivered list is where staff find it."""
    text = desk.wording(
        "card_stand_in", who=_who(desk, left[0].holder_post_id), count=len(left), choices=numbered(desk, left)
    )
    owe(desk, key=f"absence:{absence.id}:nobody", chat=None, text=text)


def _who(desk: Desk, post_id: int | None) -> str:
    """Whose matters they are, by place and office: 3栋2单元的单元长."""
    post = desk.session.get_one(Post, post_id)
    area = desk.session.get_one(Area, post.area_id)
    return f"{places.label_of(desk.session, area)}的{routing.TITLES[post.role]}"


def numbered(desk: Desk, tickets: Sequence[Ticket], person_id: int | None = None) -> str:
    """Matters as a list with numbers, one a line, as that person needs to read them."""
    lines = []
    for n, ticket in enumerate(tickets[:MOST_SHOWN], 1):
        line = desk.wording("choice_ticket", n=n, **telling.matter_words(desk, ticket))
        lines.append(line if person_id is None else estates.told_to(desk, person_id, ticket, line))
    return "\n".join(lines)
