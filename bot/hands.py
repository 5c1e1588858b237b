"""Many hands on one ticket: calls to organisations and posts beside the one holder, and what becomes of them.

A call is a CoHandler row. It is answered (coming, came, left, cannot), called off when the matter is done, and undone
with the move that made it. `after` is asked by bot.tickets once every move has been made.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from sqlmodel import Session, col, select

from bot import alarms, consequences, deadlines, holders, permits, places, posted, remits, routing
from bot.desk import Desk
from bot.events import write
from bot.masking import fit_for_group, masked
from bot.moves import Verb
from bot.permits import Actor
from bot.routing import Candidate
from bot.telling import area_of, matter_words, tell_posts, tell_reporters
from models import Area, CallKind, CoHandler, Level, Organisation, Post, Status, Ticket, TicketEvent, Urgency

TRACK = "transferred"  # the timer that asks after a transferred ticket


class Answer(StrEnum):
    """What those who were called say."""

    COMING = "coming"
    CAME = "came"
    LEFT = "left"
    CANNOT = "cannot"


# What a move says of the call of whoever made it.
SAYS: Mapping[Verb, Answer] = {Verb.ACCEPT: Answer.COMING, Verb.ATTEND: Answer.CAME, Verb.RESOLVE: Answer.LEFT}
ENDS = frozenset({Verb.RESOLVE, Verb.ANSWER, Verb.CONFIRM, Verb.CLOSE, Verb.WITHDRAW, Verb.DECLINE})
_MOMENTS = ("coming_at", "came_at", "left_at", "refused_at", "called_off_at")


def calls(session: Session, ticket: Ticket) -> list[CoHandler]:
    """Everybody who was ever called to a ticket, the first one first."""
    return list(session.exec(select(CoHandler).where(CoHandler.ticket_id == ticket.id).order_by(col(CoHandler.id))))


def running(call: CoHandler) -> bool:
    """Called, and neither gone again nor excused."""
    return call.left_at is None and call.refused_at is None and call.called_off_at is None


def name_of(session: Session, call: CoHandler) -> str:
    """How a co-handler is called: the organisation, or where the called post is held (云溪社区)."""
    if call.organisation_id is not None:
        return session.get_one(Organisation, call.organisation_id).name
    return session.get_one(Area, session.get_one(Post, call.post_id).area_id).name


def stands_for(call: CoHandler, posts: Sequence[Post]) -> bool:
    """Whether somebody with these posts answers for the called organisation or post."""
    if call.organisation_id is None:
        return any(post.id == call.post_id for post in posts)
    return any(post.organisation_id == call.organisation_id for post in posts)


def call(
    desk: Desk,
    ticket: Ticket,
    event: TicketEvent,
    organisation: Organisation,
    actor: Actor,
    kind: CallKind,
    caller: Post | None = None,
) -> CoHandler:
    """Write down that an organisation is called; whoever calls tells it."""
    row = CoHandler(
        ticket_id=ticket.id,
        organisation_id=organisation.id,
        kind=kind,
        event_id=event.id,
        called_at=desk.now,
        called_by=actor.person_id,
        caller_post_id=caller.id if caller else None,
    )
    desk.session.add(row)
    desk.session.flush()
    return row


def keep(
    desk: Desk, ticket: Ticket, row: CoHandler, answer: Answer, event: TicketEvent, actor: Actor, note: str = ""
) -> None:
    """Write an answer on its call, once, and tell the holder and whoever called."""
    known = {
        Answer.COMING: row.coming_at or row.came_at,
        Answer.CAME: row.came_at,
        Answer.LEFT: row.left_at,
        Answer.CANNOT: row.refused_at,
    }
    if known[answer] is not None:
        return
    if answer == Answer.COMING:
        row.coming_at = desk.now
    if answer in (Answer.CAME, Answer.LEFT):
        row.came_at = row.came_at or desk.now
    if answer == Answer.LEFT:
        row.left_at = desk.now
    if answer == Answer.CANNOT:
        row.refused_at, row.reason = desk.now, masked(note)
    elif note:
        row.note = "；".join(part for part in (row.note, masked(note)) if part)
    desk.session.add(row)
    told = [c for c in _concerned(desk, ticket, row) if c.person_id != actor.person_id]
    said = fit_for_group(note)
    noted = desk.wording("noted", note=said) if said else ""
    organisation = name_of(desk.session, row)
    text = desk.wording(f"hand_{answer.value}", **matter_words(desk, ticket), organisation=organisation, note=noted)
    besides = [actor.chat_id] if actor.chat_id else []
    tell_posts(desk, ticket, event, told, text, besides=besides, tag=f":hand{row.id}")


def after(desk: Desk, ticket: Ticket, verb: Verb, event: TicketEvent, actor: Actor, note: str) -> None:
    """What a move that was just made means for everybody who was called, or has to be."""
    if verb == Verb.DISPATCH:
        _border(desk, ticket, event)
    elif verb == Verb.TRANSFER:
        _handed_over(desk, ticket, event, actor)
    elif verb == Verb.GIVE:
        _back_from(desk, ticket)
    elif verb == Verb.REFUSE:
        _came_back(desk, ticket, event, note)
    elif verb in SAYS:
        own = permits.called(desk, ticket, actor.person_id)
        if own is not None and not (verb == Verb.RESOLVE and own.kind == CallKind.TRANSFER):
            keep(desk, ticket, own, SAYS[verb], event, actor, note)
    if verb in ENDS:
        _call_off(desk, ticket, event)


def undone(desk: Desk, ticket: Ticket, event: TicketEvent) -> None:
    """The move before `event` was taken back: what it wrote on the calls goes with it."""
    before = (
        select(TicketEvent)
        .where(TicketEvent.ticket_id == ticket.id, col(TicketEvent.id) < event.id)
        .order_by(col(TicketEvent.id).desc())
    )
    last = desk.session.exec(before).first()
    if last is None:
        return
    for row in calls(desk.session, ticket):
        if row.event_id == last.id:
            desk.session.delete(row)
            continue
        for name in _MOMENTS:
            if getattr(row, name) == last.at:
                setattr(row, name, None)


def ask_after(desk: Desk, ticket: Ticket) -> None:
    """A transferred ticket is asked after until somebody takes it or hands it back; from the second time on staff
    hear that nothing is heard.
    """
    if ticket.status != Status.TRANSFERRED:
        return
    asked = select(TicketEvent.id).where(TicketEvent.ticket_id == ticket.id, TicketEvent.kind == "asked_after")
    before = len(desk.session.exec(asked).all())
    event = write(desk, ticket, "asked_after", consequences.SERVICE)
    told = holders.company(desk, ticket)
    target = ticket.transferred_to
    text = desk.wording("card_transfer_again", **matter_words(desk, ticket), target=target)
    tell_posts(desk, ticket, event, told, text)
    if before or not told:
        office = holders.office(desk, ticket).told
        text = desk.wording("card_transfer_silent", **matter_words(desk, ticket), target=target)
        tell_posts(desk, ticket, event, office, text, tag=":office")
    alarms.set_timer(desk, ticket, TRACK, deadlines.resolve_anew(desk, ticket), event.id)


def move_to(desk: Desk, ticket: Ticket, into: Ticket) -> None:
    """Two tickets became one: whoever was called to the first is now called to the other."""
    for row in calls(desk.session, ticket):
        row.ticket_id = into.id


def _border(desk: Desk, ticket: Ticket, event: TicketEvent) -> None:
    """A place of two communities: its own one leads, the other's office is the co-handler, and there is one receipt."""
    other = _second_community(desk.session, area_of(desk, ticket))
    if other is None or ticket.private or ticket.silent:
        return
    if any(row.kind == CallKind.BORDER for row in calls(desk.session, ticket)):
        return
    office = routing.route("policy", posted.candidates(desk, other), holders.recused_of(desk, ticket)).holder
    if office is None:
        return
    row = CoHandler(
        ticket_id=ticket.id, post_id=office.post_id, kind=CallKind.BORDER, event_id=event.id, called_at=desk.now
    )
    desk.session.add(row)
    desk.session.flush()
    lead = places.ancestor(desk.session, area_of(desk, ticket), Level.COMMUNITY)
    text = desk.wording("card_border", **matter_words(desk, ticket), lead=lead.name if lead else "")
    tell_posts(desk, ticket, event, [office], text, tag=":border", area=other)


def _second_community(session: Session, area: Area) -> Area | None:
    near = next((above for above in places.ancestors(session, area) if above.co_area_id is not None), None)
    return session.get(Area, near.co_area_id) if near is not None else None


def _back_from(desk: Desk, ticket: Ticket) -> None:
    """Whoever it was handed to before has no more to do with it."""
    for row in calls(desk.session, ticket):
        if row.kind == CallKind.TRANSFER and running(row):
            row.called_off_at = desk.now


def _handed_over(desk: Desk, ticket: Ticket, event: TicketEvent, actor: Actor) -> None:
    """Whom it was handed to may take it, solve it or hand it back; and somebody asks after it."""
    _back_from(desk, ticket)
    for organisation in remits.handed_to(desk, ticket):
        call(desk, ticket, event, organisation, actor, CallKind.TRANSFER)
    alarms.set_timer(desk, ticket, TRACK, deadlines.accept_anew(desk, ticket), event.id)


def _came_back(desk: Desk, ticket: Ticket, event: TicketEvent, note: str) -> None:
    for row in calls(desk.session, ticket):
        if row.kind == CallKind.TRANSFER and running(row):
            row.refused_at, row.reason = desk.now, masked(note)
    target = str((event.was or {}).get("transferred_to") or "")
    title = fit_for_group(target) or desk.wording("somebody_else")
    tell_reporters(desk, ticket, event, "refused", note=note, title=title)


def _call_off(desk: Desk, ticket: Ticket, event: TicketEvent) -> None:
    """The matter is done: who was called and is not there yet need not come."""
    text = desk.wording("hand_called_off", **matter_words(desk, ticket))
    for row in calls(desk.session, ticket):
        if not running(row):
            continue
        row.called_off_at = desk.now
        if row.came_at is None and row.kind != CallKind.TRANSFER:
            told = called_posts(desk, ticket, row)
            tell_posts(desk, ticket, event, told, text, urgency=Urgency.NOTICE, tag=f":hand{row.id}")


def called_posts(desk: Desk, ticket: Ticket, row: CoHandler) -> list[Candidate]:
    """Who is told of what concerns a call: the organisation's posts, or the called post."""
    if row.organisation_id is not None:
        organisation = desk.session.get_one(Organisation, row.organisation_id)
        return remits.staffed(desk, organisation, ticket.recused_person_ids)
    post = desk.session.get_one(Post, row.post_id)
    return [Candidate(post.id, post.person_id, post.role, post.slot, 0)]


def _concerned(desk: Desk, ticket: Ticket, row: CoHandler) -> list[Candidate]:
    """The holder, and whoever blew the whistle."""
    wanted = {ticket.holder_post_id, row.caller_post_id}
    return [
        c for c in holders.posts(desk, ticket) if c.post_id in wanted and c.person_id not in ticket.recused_person_ids
    ]
