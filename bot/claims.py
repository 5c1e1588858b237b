"""Who has a request for help: taken on exactly once, given back, closed; and the address, to them alone.

The caller holds the community's lock; beside it every claim is a compare-and-set (bot.takers). Offering it: bot.orders.
"""

from datetime import datetime, timedelta

from sqlmodel import col, select

from bot import alarms, clocks, deadlines, holders, offering, office, permits, reach, takers, telling
from bot.desk import Desk
from bot.moves import NotAllowed
from bot.people import person_of
from bot.permits import Actor
from bot.telling import matter_words, tell_posts
from models import Account, Intent, Mode, Offer, OfferState, Order, Status, Ticket, TicketEvent, Urgency

START_ASK, START = "start_ask", "start"  # kinds of Timer
ASK_AT = 0.8  # of the time to begin: then they are asked once (domain.md, "Clocks")
LAST_WORD = timedelta(minutes=30)  # how long they have after that, at least


def is_order(ticket: Ticket) -> bool:
    """Whether this ticket is one that volunteers could be asked about."""
    return ticket.intent == Intent.HELP and not ticket.danger and ticket.category not in deadlines.OWN_CATEGORIES


def of(desk: Desk, ticket: Ticket) -> Order:
    """The order of a request for help, entered where there is none yet."""
    known = takers.order_of(desk.session, ticket.id)
    if known is not None:
        return known
    terms = offering.terms(ticket.category, ticket.need or "", desk.settings.orders.modes)
    mode = Mode.STAFF if ticket.private else terms.mode  # told in confidence: offered to nobody
    order = Order(ticket_id=ticket.id, mode=mode, reason=terms.reason,
                  skills=sorted(skill.value for skill in terms.skills), visit=terms.visit)  # fmt: skip
    desk.session.add(order)
    desk.session.flush()
    return order


def guard(desk: Desk, ticket: Ticket, actor: Actor) -> None:
    """Before somebody takes a request on: raises NotAllowed where another has it, or it is not theirs to take."""
    if not is_order(ticket) or actor.account_id is None:
        return
    mine = takers.is_taker(desk.session, ticket.id, actor.account_id)
    if ticket.status == Status.ACCEPTED:
        raise NotAllowed("order_yours" if mine else "order_taken")
    if mine:
        return  # it was put aside, and they go on with it
    order = of(desk, ticket)
    if order.taker_id is not None:
        raise NotAllowed("order_taken")
    if claimable(desk, ticket, actor) or permits.handler_post(desk, ticket, actor.person_id) is not None:
        return
    if order.mode == Mode.ASSIGN:
        raise NotAllowed("order_assigned")
    raise NotAllowed("order_not_volunteers")


def claimable(desk: Desk, ticket: Ticket, actor: Actor) -> bool:
    """Whether it is offered to whoever comes first, or to this very person."""
    order = takers.order_of(desk.session, ticket.id)
    return order is None or order.mode == Mode.CLAIM or (order.mode == Mode.ASSIGN and _chosen(desk, order, actor))


def claim(desk: Desk, ticket: Ticket, actor: Actor) -> None:
    """Somebody takes it on: raises NotAllowed("order_taken") for all but one. Staff need not be given it."""
    if not is_order(ticket):
        return
    order = of(desk, ticket)
    office_post = permits.handler_post(desk, ticket, actor.person_id, office=True)
    if actor.account_id is not None and office_post is None:
        own = own_offer(desk, order, actor)
        if order.taker_id == own.id:
            return
        if not takers.take(desk.session, order, own):
            own.state = OfferState.TAKEN
            raise NotAllowed("order_taken")
        own.state, own.account_id, own.answered_at, own.claimed_at = (
            OfferState.CLAIMED, actor.account_id, desk.now, desk.now)  # fmt: skip
        own.expires_at = daytime(desk, desk.now + timedelta(hours=desk.settings.orders.start_hours))
        desk.session.flush()
    close(desk, ticket)


def claimed(desk: Desk, ticket: Ticket, event: TicketEvent) -> None:
    """What follows: the clock until they begin, and the address for them alone, in private, written down."""
    held = takers.taker(desk.session, ticket.id)
    if held is None or held.claimed_at != desk.now or held.expires_at is None:
        return
    ask_at = daytime(desk, desk.now + ASK_AT * (held.expires_at - desk.now))
    alarms.set_timer(desk, ticket, START_ASK, ask_at, event.id)
    alarms.set_timer(desk, ticket, START, max(held.expires_at, ask_at + LAST_WORD), event.id)
    if not tell_address(desk, ticket, held, f"event:{event.id}:address"):
        text = desk.wording("card_no_address", **matter_words(desk, ticket))
        tell_posts(desk, ticket, event, holders.held_by(desk, ticket), text, tag=":address")


def tell_address(desk: Desk, ticket: Ticket, held: Offer, key: str) -> bool:
    """Room, phone and words to whoever has it, in a bound private chat. False where there is none."""
    account = desk.session.get(Account, held.account_id) if held.account_id else None
    person_id = person_of(account) if account is not None else None
    chats = reach.private_chats(desk.session, person_id) if person_id is not None else []
    if not chats:
        return False
    lines = office.details(desk, ticket, person_id)
    text = desk.wording("order_address", **matter_words(desk, ticket), lines=lines)
    telling.say(desk, chats[0], key, text, ticket=ticket)
    return True


def thank(desk: Desk, ticket: Ticket, event: TicketEvent) -> None:
    """The neighbour who took it on hears that it was right."""
    held = takers.taker(desk.session, ticket.id)
    account = desk.session.get(Account, held.account_id) if held is not None and held.account_id else None
    chat = telling.private_chat(desk, account) if account is not None else None
    if chat is not None:
        text = desk.wording("card_confirmed", **matter_words(desk, ticket))
        telling.say(desk, chat, f"event:{event.id}:{chat.id}:thanks", text, ticket=ticket, urgency=Urgency.NOTICE)


def free(desk: Desk, ticket: Ticket, state: OfferState) -> None:
    """Take it off whoever has it; a new round begins."""
    order = takers.order_of(desk.session, ticket.id)
    held = takers.taker(desk.session, ticket.id)
    if order is None or held is None or not takers.give_back(desk.session, order, held):
        return
    held.state, held.released_at = state, desk.now
    order.round, order.wave = order.round + 1, 0
    desk.session.flush()


def close(desk: Desk, ticket: Ticket) -> None:
    """It is in hand, or not wanted any more: whoever has not answered need not, and hears so only if they do."""
    order = takers.order_of(desk.session, ticket.id)
    if order is None:
        return
    for one in open_offers(desk, order):
        if one.id != order.taker_id:
            one.state = OfferState.TAKEN


def offer_to(
    desk: Desk, order: Order, person_id: int | None, post_id: int | None, expires: datetime | None, why: tuple[str, ...]
) -> Offer:
    """The offer of this person in this round; a new one where they were not asked yet."""
    known = None
    if person_id is not None:
        query = select(Offer).where(Offer.ticket_id == order.ticket_id, Offer.round == order.round)
        known = desk.session.exec(query.where(Offer.person_id == person_id)).first()
    if known is None:
        known = Offer(ticket_id=order.ticket_id, person_id=person_id, post_id=post_id, round=order.round,
                      wave=order.wave, why=list(why), offered_at=desk.now, expires_at=expires)  # fmt: skip
        desk.session.add(known)
    desk.session.flush()
    return known


def own_offer(desk: Desk, order: Order, actor: Actor) -> Offer:
    """The offer of whoever comes forward, asked or not; a neighbour without a record is known by account."""
    if actor.person_id is None:
        query = select(Offer).where(Offer.ticket_id == order.ticket_id, Offer.round == order.round)
        known = desk.session.exec(query.where(Offer.account_id == actor.account_id)).first()
        if known is not None:
            return known
    return offer_to(desk, order, actor.person_id, None, None, ("自己说我来",))


def _chosen(desk: Desk, order: Order, actor: Actor) -> bool:
    """Whether staff asked this person in this round."""
    if actor.person_id is None:
        return False
    query = select(Offer.id).where(
        Offer.ticket_id == order.ticket_id,
        Offer.round == order.round,
        Offer.person_id == actor.person_id,
        col(Offer.assigned).is_(True),
    )
    return desk.session.exec(query).first() is not None


def open_offers(desk: Desk, order: Order) -> list[Offer]:
    query = select(Offer).where(Offer.ticket_id == order.ticket_id, Offer.state == OfferState.ASKED)
    return list(desk.session.exec(query.order_by(col(Offer.id))))


def daytime(desk: Desk, at: datetime) -> datetime:
    return clocks.after_silence(at, desk.settings.hours, desk.settings.zone)
