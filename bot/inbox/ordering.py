"""Volunteers and neighbours about requests for help: 我来, 不方便, 去不了了, and staff who choose somebody (派小马)."""

from datetime import timedelta

from sqlmodel import col, select

from bot import alarms, claims, office, orders, permits, ratings, takers, telling, volunteers
from bot.inbox import beginning, given, offered, which
from bot.inbox.hearing import Hearing
from bot.moves import OPEN, NotAllowed, Verb
from bot.people import person_of
from bot.routing import OFFICE
from bot.tickets import act, lock
from intents.verdict import Command
from models import (
    ChatKind,
    Intent,
    Mode,
    Offer,
    OfferState,
    Outgoing,
    OutgoingState,
    Person,
    Post,
    Report,
    Role,
    Status,
    Ticket,
)

LATE = timedelta(days=1)  # so long somebody's 我来 may still be about what they were asked
JUST_NOW = timedelta(hours=2)  # and a neighbour's in a group about what was said there
ANSWERABLE = (OfferState.ASKED, OfferState.LAPSED, OfferState.TAKEN)
TAKEN = ("order_taken", "order_yours")


def verb_of(ticket: Ticket, verb: Verb) -> Verb:
    """去不了了: a request for help is given back, anything else goes to the community."""
    return Verb.ESCALATE if verb == Verb.RELEASE and ticket.intent != Intent.HELP else verb


def answered(h: Hearing) -> bool:
    """An ear: 方便, 好, 不方便, 我去, in private, to what one was asked last in this chat."""
    said = _said(h) if h.private else None
    if said is None:
        return False
    begun = beginning.was_asked(h)
    if begun is not None and _shown_last(h, begun.id):
        return _goes_or_not(h, _locked(h, begun.id), goes=said != "no")
    own = _last_asked(h)
    plainly = own is not None and ("方便" in h.verdict.text or _shown_last(h, own.ticket_id))
    if said == "asks" and own is not None and plainly:
        h.answer_about("order_before_taking", h.session.get_one(Ticket, own.ticket_id))
        return True
    if said in ("accept", "asks") or own is None or not plainly:
        return False  # 我来 is a command, and may name another
    ticket = _locked(h, own.ticket_id)
    h.row.ticket_id = ticket.id
    if said == "yes":
        _take(h, ticket)
    else:
        _decline(h, ticket, own)
    return True


def heard(h: Hearing, command: Command) -> bool:
    """What is about no matter of theirs that could be moved: 我来 too late, and 去不了 before they had said 我来."""
    if command.verb == "release":
        return h.private and _cannot(h)
    if command.verb != "accept":
        return False
    begun = beginning.was_asked(h) if h.private else None
    if begun is not None:
        return _goes_or_not(h, _locked(h, begun.id), goes=True)
    return _late_in_private(h, command) if h.private else _late_in_group(h, command)


def refused(h: Hearing, ticket: Ticket, refusal: NotAllowed) -> bool:
    """Kindly, and to them alone: it is taken, it is theirs already, staff choose, or nobody unpaid may do it."""
    if not claims.is_order(ticket) or not refusal.reason.startswith("order_"):
        return False
    if refusal.reason == "order_assigned":
        orders.willing(h.desk, ticket, h.actor)
    h.whisper(h.desk.wording(refusal.reason, **telling.matter_words(h.desk, ticket)), refusal.reason, ticket)
    return True


def acknowledged(h: Hearing, ticket: Ticket, verb: Verb) -> bool:
    """The word to whoever took a request on: the address follows by itself."""
    if verb != Verb.ACCEPT or not takers.is_taker(h.session, ticket.id, h.account.id):
        return False
    bound = person_of(h.account) is not None
    key = "order_yours_now" if bound else "order_ask_address"
    h.whisper(h.desk.wording(key, **telling.matter_words(h.desk, ticket)), key, ticket)
    return True


def assign(h: Hearing, command: Command) -> bool:
    """Staff say whom to ask: by name, or by the number in the list that 详情 shows."""
    if h.chat.kind == ChatKind.RESIDENTS or not command.target:
        return False
    found = which.choose(h, command.number, lambda: _open_orders(h), lambda ticket: ticket.status in OPEN)
    found = [t for t in found if claims.is_order(t) and _in_office(h, t)]
    if not found:
        return given.give(h, command)
    if len(found) > 1:
        h.answer("order_which")
        return True
    ticket = _locked(h, found[0].id)
    h.row.ticket_id = ticket.id
    post = _post_named(h, ticket, command.target)
    try:
        if post is None:
            raise NotAllowed("order_unfit")
        orders.assign(h.desk, ticket, post, h.actor)
    except NotAllowed as refusal:
        h.answer_about(refusal.reason, ticket)
        return True
    h.answer_about("order_assigned_done", ticket)
    return True


def suggest(h: Hearing, ticket: Ticket) -> None:
    """Behind the details, for staff alone and in private: how it was rated, or whom they could ask, and why."""
    if not h.private or not _in_office(h, ticket):
        return
    rating = ratings.label(h.desk, ticket)
    if rating:
        h.answer("details_rating", rating=rating)
    if not claims.is_order(ticket) or ticket.status not in OPEN:
        return
    order = claims.of(h.desk, ticket)
    if order.mode == Mode.STAFF or order.taker_id is not None:
        return
    lines = []
    for n, ranked in enumerate(volunteers.choice(h.desk, ticket, order)[:9], 1):
        name = h.session.get_one(Person, ranked.volunteer.person_id).name or ""
        lines.append(h.desk.wording("order_candidate", n=n, name=name, why="，".join(ranked.why)))
    if lines:
        h.answer("order_candidates", lines="\n".join(lines), number=ticket.number)


def choice(h: Hearing, n: int, ticket: Ticket) -> str:
    """A line of a list of matters. Whoever is only asked to help reads no place there."""
    words = telling.matter_words(h.desk, ticket)
    handles = permits.handler_post(h.desk, ticket, person_of(h.account)) is not None
    if claims.is_order(ticket) and not handles and not office.may_see_details(h.desk, ticket, h.account):
        return h.desk.wording("choice_order", n=n, **words)
    return h.in_this_chat(ticket, h.desk.wording("choice_ticket", n=n, **words))


def _take(h: Hearing, ticket: Ticket) -> None:
    try:
        act(h.desk, ticket, Verb.ACCEPT, h.actor)
    except NotAllowed as refusal:
        if not refused(h, ticket, refusal):
            h.answer_about("order_taken", ticket)
        return
    acknowledged(h, ticket, Verb.ACCEPT)


def _said(h: Hearing) -> str | None:
    """yes, no, accept, asks (where, when: before they decide), or nothing of the kind."""
    if plain := offered.said(h.verdict.text):
        return plain
    command = h.understanding.resident(h.verdict.text)
    if command is not None and command.verb in ("yes", "no"):
        return command.verb
    word = h.understanding.handler(h.verdict.text)
    return "accept" if word is not None and word.verb == "accept" and word.number is None else None


def _cannot(h: Hearing) -> bool:
    """去不了, of what they were asked and have not taken on; said after it was taken off them it changes nothing."""
    own = _last_asked(h)
    if own is not None:
        ticket = _locked(h, own.ticket_id)
        h.row.ticket_id = ticket.id
        _decline(h, ticket, own)
        return True
    person_id = person_of(h.account)
    query = select(Offer).where(Offer.person_id == person_id, Offer.offered_at >= h.now - LATE)
    last = h.session.exec(query.order_by(col(Offer.id).desc())).first() if person_id is not None else None
    if last is None:
        return False
    ticket = h.session.get_one(Ticket, last.ticket_id)
    h.row.ticket_id = ticket.id
    h.answer_about("order_declined", ticket)
    return True


def _decline(h: Hearing, ticket: Ticket, own: Offer) -> None:
    orders.decline(h.desk, ticket, own)
    h.answer_about("order_declined", ticket)


def _goes_or_not(h: Hearing, ticket: Ticket, *, goes: bool) -> bool:
    if goes:
        beginning.goes(h, ticket)
        return True
    h.row.ticket_id = ticket.id
    act(h.desk, ticket, Verb.RELEASE, h.actor)
    h.answer_about("done_release", ticket)
    return True


def _late_in_private(h: Hearing, command: Command) -> bool:
    """They were asked, and somebody was quicker: said once, with thanks."""
    own = _last_asked(h)
    if own is None and not command.bare and any(post.role == Role.VOLUNTEER for post in h.posts):
        h.answer("list_empty")
        return True
    if own is None or (command.bare and not _shown_last(h, own.ticket_id)):
        return False
    ticket = h.session.get_one(Ticket, own.ticket_id)
    if ticket.status in alarms.UNTAKEN:
        return False
    own.answered_at = h.now
    h.row.ticket_id = ticket.id
    h.answer_about("order_taken" if ticket.status in OPEN else "order_over", ticket)
    return True


def _late_in_group(h: Hearing, command: Command) -> bool:
    """Somebody was quicker in the group: a word to this one alone; the group has read who goes."""
    if command.bare or h.chat.kind != ChatKind.RESIDENTS:
        return False
    said = select(Report.ticket_id).where(Report.chat_id == h.chat.id, Report.at >= h.now - JUST_NOW)
    query = select(Ticket).where(col(Ticket.id).in_(said), Ticket.status == Status.ACCEPTED)
    found = [t for t in h.session.exec(query.where(Ticket.intent == Intent.HELP)) if claims.is_order(t)]
    quoted = which.quoted(h)
    found = [t for t in found if quoted is None or t.id == quoted.id]
    if len(found) != 1 or permits.is_reporter(h.desk, found[0], h.account.id):
        return False
    if takers.is_taker(h.session, found[0].id, h.account.id):
        return True
    return refused(h, found[0], NotAllowed("order_taken"))


def _last_asked(h: Hearing) -> Offer | None:
    """What this person was asked last and has not answered."""
    person_id = person_of(h.account)
    if person_id is None:
        return None
    query = (
        select(Offer)
        .where(
            Offer.person_id == person_id,
            col(Offer.state).in_(ANSWERABLE),
            col(Offer.answered_at).is_(None),
            col(Offer.post_id).is_not(None),
            Offer.offered_at >= h.now - LATE,
        )
        .order_by(col(Offer.id).desc())
    )
    return h.session.exec(query).first()


def _shown_last(h: Hearing, ticket_id: int) -> bool:
    """Whether the last line about a matter that this chat read is about this one."""
    query = (
        select(Outgoing.ticket_id)
        .where(
            Outgoing.chat_id == h.chat.id, Outgoing.state == OutgoingState.DONE, col(Outgoing.ticket_id).is_not(None)
        )
        .order_by(col(Outgoing.sent_at).desc(), col(Outgoing.id).desc())
    )
    return h.session.exec(query).first() == ticket_id


def _open_orders(h: Hearing) -> list[Ticket]:
    """Requests that nobody has, of the places the speaker's office is for."""
    query = select(Ticket).where(Ticket.intent == Intent.HELP, col(Ticket.status).in_(list(alarms.UNTAKEN)))
    found = h.session.exec(query.order_by(col(Ticket.id).desc()).limit(100))
    return [t for t in found if claims.is_order(t) and _in_office(h, t)]


def _in_office(h: Hearing, ticket: Ticket) -> bool:
    post = permits.handler_post(h.desk, ticket, person_of(h.account), office=True)
    return post is not None and post.role in OFFICE


def _post_named(h: Hearing, ticket: Ticket, target: str) -> Post | None:
    """The volunteer meant by a name (of which an end may do: 小马), or by their number in the list."""
    found = volunteers.choice(h.desk, ticket, claims.of(h.desk, ticket))
    if target.isdigit():
        n = int(target)
        return h.session.get_one(Post, found[n - 1].volunteer.post_id) if 0 < n <= len(found) else None
    names = {r.volunteer.post_id: h.session.get_one(Person, r.volunteer.person_id).name or "" for r in found}
    posts = [post_id for post_id, name in names.items() if name == target] or [
        post_id for post_id, name in names.items() if len(target) > 1 and name.endswith(target)
    ]
    return h.session.get_one(Post, posts[0]) if len(posts) == 1 else None


def _locked(h: Hearing, ticket_id: int) -> Ticket:
    ticket = h.session.get_one(Ticket, ticket_id)
    lock(h.session, ticket.community_id)
    h.session.refresh(ticket)
    return ticket
