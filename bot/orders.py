"""Requests for help, offered: in waves to those who fit, or to whom staff choose; and offered anew (domain.md, 12).

Whom to ask first and why is bot.offering's; who has it, bot.claims'. The caller holds the community's lock.
"""

from datetime import timedelta

from sqlmodel import col, select

from bot import alarms, claims, clocks, deadlines, holders, offering, permits, takers, telling, volunteers
from bot.claims import daytime, is_order, of, offer_to, open_offers, own_offer
from bot.desk import Desk
from bot.events import write
from bot.moves import NotAllowed
from bot.permits import Actor
from bot.routing import Candidate
from bot.telling import matter_words, tell_posts
from models import Mode, Offer, OfferState, Order, Post, Skill, Status, Ticket, TicketEvent

WAVE = "wave"  # a kind of Timer
SERVICE = Actor()


def card(desk: Desk, ticket: Ticket) -> str:
    """The key of the sentence by which staff learn of it: how it is offered, or why it is not."""
    order = of(desk, ticket)
    if order.mode == Mode.STAFF:
        return f"card_help_{order.reason}" if order.reason in offering.FORBIDDEN else "card_help_staff"
    if order.mode == Mode.ASSIGN or not volunteers.fitting(desk, ticket, order):
        return "card_help_assign"
    return "card_help"


def offer(desk: Desk, ticket: Ticket, event: TicketEvent) -> None:
    """Begin to offer it, unless somebody has it. At night nobody is asked: the clock does it in the morning."""
    if not is_order(ticket):
        return
    order = of(desk, ticket)
    if order.mode != Mode.CLAIM or order.taker_id is not None or open_offers(desk, order):
        return
    morning = clocks.after_silence(desk.now, desk.settings.hours, desk.settings.zone)
    if morning > desk.now:
        alarms.set_timer(desk, ticket, WAVE, morning, event.id)
        return
    _ask_next(desk, ticket, order, event)


def wave_due(desk: Desk, ticket: Ticket) -> None:
    """The clock: those asked have had their time. The next are asked; when there are none, staff."""
    order = takers.order_of(desk.session, ticket.id)
    if order is None or order.taker_id is not None or ticket.status not in alarms.UNTAKEN:
        return
    lapsed = _lapse(desk, order)
    if any(one.assigned for one in lapsed):
        event = write(desk, ticket, "unanswered", SERVICE)
        _tell_holder(desk, ticket, event, "card_unanswered")
    elif order.mode == Mode.CLAIM and not open_offers(desk, order):  # a wave that was begun since has its own time
        _ask_next(desk, ticket, order, None)


def told_more(desk: Desk, ticket: Ticket, words: str) -> None:
    """What is added to a request may make it one that no volunteer may do: then it is the staff's from here on."""
    order = takers.order_of(desk.session, ticket.id)
    reason = offering.forbidden(words)
    if order is None or reason is None or order.mode == Mode.STAFF:
        return
    order.mode, order.reason = Mode.STAFF, reason
    claims.close(desk, ticket)
    event = write(desk, ticket, "not_volunteers", SERVICE)
    _tell_holder(desk, ticket, event, f"card_help_{reason}")


def assign(desk: Desk, ticket: Ticket, post: Post, actor: Actor) -> Offer:
    """Staff choose whom to ask; the address still waits for their 我来.

    Raises NotAllowed: not_yours without an office here, order_taken, order_forbidden for what no volunteer may do,
    order_unfit for somebody who does not volunteer here, is a party, said no, or cannot be reached.
    """
    if not is_order(ticket) or ticket.status not in (*alarms.UNTAKEN, Status.WAITING, Status.PAUSED):
        raise NotAllowed("order_taken" if takers.taker(desk.session, ticket.id) else "move_not_possible")
    if permits.handler_post(desk, ticket, actor.person_id, office=True) is None:
        raise NotAllowed("not_yours")
    order = of(desk, ticket)
    if order.taker_id is not None:
        raise NotAllowed("order_taken")
    if order.mode == Mode.STAFF:
        raise NotAllowed("order_forbidden")
    chosen = next((r for r in volunteers.choice(desk, ticket, order) if r.volunteer.post_id == post.id), None)
    if chosen is None:
        raise NotAllowed("order_unfit")
    expires = daytime(desk, desk.now + timedelta(minutes=desk.settings.orders.answer_minutes))
    own = offer_to(desk, order, post.person_id, post.id, expires, ("社区选的", *chosen.why))
    own.assigned, own.state, own.expires_at = True, OfferState.ASKED, expires
    event = write(desk, ticket, "assigned", actor)
    key = "card_assigned" if order.mode == Mode.ASSIGN else "card_volunteer"
    tell_posts(
        desk, ticket, event, [_candidate(post)], desk.wording(key, what=_what(order, ticket), number=ticket.number)
    )
    alarms.set_timer(desk, ticket, WAVE, expires, event.id)
    return own


def decline(desk: Desk, ticket: Ticket, own: Offer) -> None:
    """Somebody who was asked cannot. The next are not asked before their time; staff hear of a choice of theirs."""
    waits = own.state == OfferState.ASKED
    own.state, own.answered_at = OfferState.DECLINED, desk.now
    desk.session.flush()
    if own.assigned and waits:
        event = write(desk, ticket, "unanswered", SERVICE)
        _tell_holder(desk, ticket, event, "card_cannot")


def willing(desk: Desk, ticket: Ticket, actor: Actor) -> bool:
    """Somebody said 我来 on what staff assign: kept for staff to see. False where they were known to be already."""
    order = of(desk, ticket)
    own = own_offer(desk, order, actor)
    if own.state == OfferState.WILLING:
        return False
    own.state, own.account_id, own.answered_at = OfferState.WILLING, actor.account_id, desk.now
    event = write(desk, ticket, "offered_help", actor)
    _tell_holder(desk, ticket, event, "card_willing")
    return True


def released(desk: Desk, ticket: Ticket, event: TicketEvent, actor: Actor, *_: object) -> None:
    """Somebody gave it back, or never began: those who asked hear it, and others are asked."""
    claims.free(desk, ticket, OfferState.EXPIRED if actor.service else OfferState.RELEASED)
    telling.tell_reporters(desk, ticket, event, "released", besides_account=actor.account_id)
    deadlines.begin_accept(desk, ticket)
    alarms.wind(desk, ticket, event.id)
    if of(desk, ticket).mode == Mode.CLAIM:
        offer(desk, ticket, event)
    else:
        _tell_holder(desk, ticket, event, "card_order_back")


def undone(desk: Desk, ticket: Ticket, event: TicketEvent, actor: Actor) -> None:
    """The last move was taken back: a claim is free again, what was given back is theirs again."""
    order = takers.order_of(desk.session, ticket.id)
    if order is None:
        return
    if event.note == "accepted" and takers.is_taker(desk.session, ticket.id, actor.account_id):
        claims.free(desk, ticket, OfferState.RELEASED)
        offer(desk, ticket, event)
    elif event.note == "released" and order.taker_id is None:
        mine = permits.accounts_of_same_person(desk, actor.account_id) if actor.account_id else []
        last = (
            select(Offer)
            .where(Offer.ticket_id == ticket.id, Offer.state == OfferState.RELEASED, col(Offer.account_id).in_(mine))
            .order_by(col(Offer.id).desc())
        )
        held = desk.session.exec(last).first()
        if held is not None:
            held.state, held.released_at = OfferState.CLAIMED, None
            takers.take(desk.session, order, held)
            claims.close(desk, ticket)


def _ask_next(desk: Desk, ticket: Ticket, order: Order, event: TicketEvent | None) -> None:
    size = offering.wave(desk.settings.orders.waves, order.wave)
    found = volunteers.fitting(desk, ticket, order)[:size]
    if not found:
        if event is None or event.kind not in ("dispatched", "rerouted"):  # else the card itself says so
            _tell_holder(desk, ticket, event or write(desk, ticket, "unclaimed", SERVICE), "card_unclaimed")
        return
    event = event or write(desk, ticket, "offered", SERVICE)
    order.wave += 1
    expires = daytime(desk, desk.now + timedelta(minutes=desk.settings.orders.wave_minutes))
    posts = []
    for ranked in found:
        v = ranked.volunteer
        offer_to(desk, order, v.person_id, v.post_id, expires, ranked.why)
        posts.append(_candidate(desk.session.get_one(Post, v.post_id)))
    text = desk.wording("card_volunteer", what=_what(order, ticket), number=ticket.number)
    tell_posts(desk, ticket, event, posts, text, tag=":offer")
    alarms.set_timer(desk, ticket, WAVE, expires, event.id)


def _what(order: Order, ticket: Ticket) -> str:
    """What is asked for, as whoever is only asked may read it: the skill, without a place."""
    skills = [offering.SAID[skill] for skill in Skill if skill.value in order.skills]
    return ticket.matter if order.visit or not skills else "、".join(skills)


def _lapse(desk: Desk, order: Order) -> list[Offer]:
    lapsed = [o for o in open_offers(desk, order) if o.expires_at is not None and o.expires_at <= desk.now]
    for one in lapsed:
        one.state = OfferState.LAPSED
    desk.session.flush()
    return lapsed


def _tell_holder(desk: Desk, ticket: Ticket, event: TicketEvent, key: str) -> None:
    text = desk.wording(key, **matter_words(desk, ticket))
    told = holders.held_by(desk, ticket)
    if told:
        tell_posts(desk, ticket, event, told, text, tag=":order")
    else:
        telling.owe_nobody(desk, ticket, event, text)


def _candidate(post: Post) -> Candidate:
    return Candidate(post.id, post.person_id, post.role, post.slot, 0)
