"""What follows from each move: whom it makes responsible, who is told, which clock runs. One function a move."""

from collections.abc import Callable, Mapping

from bot import (
    alarms,
    cards,
    claims,
    confided,
    deadlines,
    endings,
    holders,
    orders,
    posted,
    reach,
    ringing,
    routing,
    story,
    telling,
)
from bot.desk import Desk
from bot.events import write
from bot.masking import fit_for_group
from bot.moves import Verb
from bot.owed import owe, told_of
from bot.permits import Actor
from bot.routing import Candidate, Route
from bot.telling import matter_words, tell_posts, tell_reporters
from models import Area, OfferState, Role, Status, Ticket, TicketEvent, Urgency

SERVICE = Actor()  # the service itself acts, or its clock

Consequence = Callable[[Desk, Ticket, TicketEvent, Actor, str, str | None], None]


def _dispatched(desk: Desk, ticket: Ticket, event: TicketEvent, actor: Actor, note: str, whom: str | None) -> None:
    """Find who is responsible and give them the card. whom: a dispute's choice (mediator, leader, secretary)."""
    del actor, note
    if ticket.danger:
        alarm(desk, ticket, event)
        return
    route = holders.route(desk, ticket, whom)
    holders.hold(ticket, route)
    cards.lay(desk, ticket, event, route, cards.key(desk, ticket, route, whom))
    if whom is None:
        orders.offer(desk, ticket, event)
    cards.ask_anew(desk, ticket, event)


def _accepted(desk: Desk, ticket: Ticket, event: TicketEvent, actor: Actor, note: str, _: str | None) -> None:
    title = telling.title_of(desk, actor.person_id, actor.post_id)
    kind = "accepted_danger" if ticket.danger and ticket.attended_at is None else "accepted"
    tell_reporters(desk, ticket, event, kind, note=note, title=title, besides_account=actor.account_id)
    claims.claimed(desk, ticket, event)


def _attended(desk: Desk, ticket: Ticket, event: TicketEvent, actor: Actor, note: str, _: str | None) -> None:
    if ticket.danger and ticket.attended_at == desk.now:
        deadlines.begin(desk, ticket)  # the ladder ends here; what is left to do has its time from now on
        alarms.wind(desk, ticket, event.id)
    title = telling.title_of(desk, actor.person_id, actor.post_id)
    tell_reporters(desk, ticket, event, "attended", note=note, title=title, besides_account=actor.account_id)


def _progressed(desk: Desk, ticket: Ticket, event: TicketEvent, actor: Actor, note: str, _: str | None) -> None:
    title = telling.title_of(desk, actor.person_id, actor.post_id)
    tell_reporters(desk, ticket, event, "progressed", note=note, title=title, besides_account=actor.account_id)


def _transferred(desk: Desk, ticket: Ticket, event: TicketEvent, actor: Actor, note: str, to: str | None) -> None:
    """The matter goes to a company or team; it stays tracked, and may come back."""
    del note
    partner, told = holders.transfer(desk, ticket, to or "有关单位")
    text = desk.wording("card_transfer", **matter_words(desk, ticket), target=ticket.transferred_to)
    if not told:
        # Nobody of theirs can be reached by us: staff pass it on by hand, and see that they must.
        office = holders.office(desk, ticket).holder
        told = [office] if office else []
        if partner is not None and partner.phone:
            text = desk.wording("card_transfer_by_hand", **matter_words(desk, ticket), target=partner.name,
                                phone=partner.phone)  # fmt: skip
    else:
        cards.ask_anew(desk, ticket, event)
    tell_posts(desk, ticket, event, told, text, besides=[event.chat_id] if event.chat_id else [])
    title = fit_for_group(ticket.transferred_to or "") or desk.wording("somebody_else")
    tell_reporters(desk, ticket, event, "transferred", title=title, besides_account=actor.account_id)


def _refused(desk: Desk, ticket: Ticket, event: TicketEvent, actor: Actor, note: str, _: str | None) -> None:
    del actor
    ticket.transferred_to = None
    holder = holders.office(desk, ticket)
    holders.hold(ticket, holder)
    # The card may land in the staff's group: a reason that might name somebody stays with the ticket.
    reason = fit_for_group(note) or desk.wording("reason_with_ticket", number=ticket.number)
    text = desk.wording("card_refused", **matter_words(desk, ticket), note=reason)
    tell_posts(desk, ticket, event, holder.told, text)
    cards.ask_anew(desk, ticket, event)


def _escalated(desk: Desk, ticket: Ticket, event: TicketEvent, actor: Actor, note: str, _: str | None) -> None:
    """The next level takes it over; the former holder is told and may still resolve it."""
    del note
    everybody = holders.posts(desk, ticket)
    former = next((c for c in everybody if c.post_id == ticket.holder_post_id), None)
    late = actor.service and deadlines.is_late(desk, ticket)
    below = [*([former] if former else []), *(holders.bound(desk, ticket) if actor.service else [])]
    route = holders.above(desk, ticket, former, everybody)
    if holders.hold(ticket, route):
        deadlines.pass_up(desk, ticket, late=late)
        alarms.wind(desk, ticket, event.id)
    cards.lay(desk, ticket, event, route, "card_late" if late else "card_escalated", story.so_far(desk, ticket))
    # Whom the clock binds sees it go up and works on (one line is enough in a chat they share); a leader is relieved.
    for one in dict.fromkeys(c for c in below if c.post_id != ticket.holder_post_id and c.person_id != actor.person_id):
        works_on = actor.service and one.role in holders.BOUND
        words = matter_words(desk, ticket)
        below_it = desk.wording("card_late_below" if late else "card_untaken_below", **words)
        text = below_it if works_on else desk.wording("passed_up", **words)
        tell_posts(desk, ticket, event, [one], text, urgency=Urgency.NOTICE, tag=":former",
                   besides=told_of(desk, event) if works_on else ())  # fmt: skip
    # Those who reported it hear once that the community takes it over; later only where a promised word was broken.
    if story.first_up(desk, ticket, event) and not (former and former.role in routing.OFFICE):
        tell_reporters(desk, ticket, event, "escalated", besides_account=actor.account_id)
    elif late:
        tell_reporters(desk, ticket, event, "escalated_again", besides_account=actor.account_id)


def _given(desk: Desk, ticket: Ticket, event: TicketEvent, actor: Actor, note: str, post: str | None) -> None:
    """Staff chose who has it. Whoever had it hears that they need not go any more."""
    new, before = holders.chosen(desk, ticket, post), holders.held_by(desk, ticket)
    ticket.transferred_to = None
    route = Route(new, (new,), (desk.wording("why_given", title=routing.TITLES[new.role]),))
    holders.hold(ticket, route)
    if not ticket.danger:
        cards.ask_anew(desk, ticket, event)
    said = desk.wording("given_note", note=note[:80]) if fit_for_group(note) else ""
    cards.lay(desk, ticket, event, route, cards.of_given(desk, ticket, route), said)
    known = {actor.person_id, new.person_id}
    relieved = [c for c in before if c.role not in routing.OFFICE and c.person_id not in known]
    text = desk.wording("given_away", **matter_words(desk, ticket))
    tell_posts(desk, ticket, event, relieved, text, urgency=Urgency.NOTICE, tag=":former", besides=told_of(desk, event))


def _resolved(desk: Desk, ticket: Ticket, event: TicketEvent, actor: Actor, note: str, _: str | None) -> None:
    title = telling.title_of(desk, actor.person_id, actor.post_id)
    kind = endings.kind(ticket, note)
    tell_reporters(desk, ticket, event, kind, note=note, title=title, besides_account=actor.account_id)
    alarms.set_close(desk, ticket, event.id)


def _answered(desk: Desk, ticket: Ticket, event: TicketEvent, *_: object) -> None:
    alarms.set_close(desk, ticket, event.id)


def _confirmed(desk: Desk, ticket: Ticket, event: TicketEvent, actor: Actor, *_: object) -> None:
    """The neighbours say it is fixed: whoever handled it hears the thanks, once."""
    if ticket.silent:
        return
    claims.thank(desk, ticket, event)
    text = desk.wording("card_confirmed", **matter_words(desk, ticket))
    tell_posts(desk, ticket, event, holders.held_by(desk, ticket), text, urgency=Urgency.NOTICE,
               besides=[actor.chat_id] if actor.chat_id else [])  # fmt: skip


def _reopened(desk: Desk, ticket: Ticket, event: TicketEvent, actor: Actor, note: str, _: str | None) -> None:
    """The holder hears it first, and the level above with them; the promise begins anew."""
    del note
    deadlines.begin(desk, ticket)
    everybody = holders.posts(desk, ticket)
    claims.free(desk, ticket, OfferState.DONE)
    if ticket.holder_post_id is None:
        # The service had answered it by itself: now a person does.
        holders.hold(ticket, holders.route(desk, ticket, None))
    holder = holders.held_by(desk, ticket)
    above = holders.above(desk, ticket, holder[0] if holder else None, everybody)
    told = [*holder, *(c for c in above.told if c not in holder)]
    text = desk.wording("card_reopened", **matter_words(desk, ticket))
    tell_posts(desk, ticket, event, told, text, besides=[event.chat_id] if event.chat_id else [])
    tell_reporters(desk, ticket, event, "reopened", besides_account=actor.account_id)
    alarms.wind(desk, ticket, event.id)


def _withdrawn(desk: Desk, ticket: Ticket, event: TicketEvent, *_: object) -> None:
    text = desk.wording("card_withdrawn", **matter_words(desk, ticket))
    told = holders.held_by(desk, ticket) if event.old != Status.NEW else []
    tell_posts(desk, ticket, event, told, text, urgency=Urgency.NOTICE)


def _declined(desk: Desk, ticket: Ticket, event: TicketEvent, actor: Actor, note: str, _: str | None) -> None:
    tell_reporters(desk, ticket, event, "declined", note=note, besides_account=actor.account_id)


def _paused(desk: Desk, ticket: Ticket, event: TicketEvent, actor: Actor, note: str, _: str | None) -> None:
    tell_reporters(desk, ticket, event, "paused", note=note, besides_account=actor.account_id)


def _nothing(*_: object) -> None:
    """A move that nobody need hear of."""


CONSEQUENCES: Mapping[Verb, Consequence] = {
    Verb.DISPATCH: _dispatched,
    Verb.ACCEPT: _accepted,
    Verb.ATTEND: _attended,
    Verb.PROGRESS: _progressed,
    Verb.WAIT: _paused,
    Verb.PAUSE: _paused,
    Verb.TRANSFER: _transferred,
    Verb.REFUSE: _refused,
    Verb.RELEASE: orders.released,
    Verb.ESCALATE: _escalated,
    Verb.GIVE: _given,
    Verb.RESOLVE: _resolved,
    Verb.ANSWER: _answered,
    Verb.CONFIRM: _confirmed,
    Verb.CLOSE: _nothing,
    Verb.REOPEN: _reopened,
    Verb.WITHDRAW: _withdrawn,
    Verb.DECLINE: _declined,
}


def alarm(desk: Desk, ticket: Ticket, event: TicketEvent) -> None:
    """Everybody who must know of an emergency, in this very transaction, and the ladder that goes on asking."""
    deadlines.alarm(desk, ticket)
    route = holders.route(desk, ticket, None)
    holders.hold(ticket, route)
    cards.lay(desk, ticket, event, route, "card_emergency_silent" if ticket.silent else "card_emergency")
    ringing.ring(desk, ticket, event, route.told, 0)
    alarms.wind(desk, ticket, event.id)


def ring_again(desk: Desk, ticket: Ticket, event: TicketEvent, rung: int) -> None:
    """A rung of an emergency's ladder: everybody of the first alarm again, and the secretary from the second on."""
    route = holders.route(desk, ticket, None, widen=rung > 0)
    told: list[Candidate] = list(route.told)
    if rung > 0:
        told += [c for c in holders.posts(desk, ticket) if c.role == Role.SECRETARY and c not in told]
    minutes = int((desk.now - ticket.opened_at).total_seconds() // 60)
    key = "card_alarm_silent" if ticket.silent else "card_alarm"
    text = desk.wording(key, **matter_words(desk, ticket), minutes=minutes)
    tell_posts(desk, ticket, event, told, text, urgency=Urgency.EMERGENCY)
    ringing.ring(desk, ticket, event, told, rung + 1)


def remind(desk: Desk, ticket: Ticket, event: TicketEvent, key: str) -> None:
    """Say `key` to whoever holds the ticket."""
    tell_posts(desk, ticket, event, holders.held_by(desk, ticket), desk.wording(key, **matter_words(desk, ticket)))


def chase(desk: Desk, ticket: Ticket, actor: Actor) -> TicketEvent:
    """Write down that somebody chased a ticket."""
    return write(desk, ticket, "urged", actor)


def reroute(desk: Desk, ticket: Ticket, event: TicketEvent) -> None:
    """The place was another: the right holder gets the card."""
    whom = confided.whom(desk.session, ticket)
    ticket.holder_post_id = None
    if ticket.danger:
        alarm(desk, ticket, event)
        return
    route = holders.route(desk, ticket, whom)
    holders.hold(ticket, route)
    cards.lay(desk, ticket, event, route, cards.key(desk, ticket, route, whom))
    orders.offer(desk, ticket, event)
    cards.ask_anew(desk, ticket, event)


def status_line(desk: Desk, ticket: Ticket) -> str:
    """Where a matter stands, in one line, with what was done last."""
    done = desk.wording("status_progress", progress=ticket.progress[:60]) if ticket.progress else ""
    state = desk.wording(f"state_{ticket.status.value}", whom=holders.whom_words(desk, ticket))
    return desk.wording("status", **matter_words(desk, ticket), state=state, done=done)


def tell_area_office(desk: Desk, area: Area, key: str, text: str) -> None:
    """Say something to the community's staff that is about no ticket."""
    office = routing.route("policy", posted.candidates(desk, area)).holder
    chats = reach.reach(desk.session, desk.settings, office, area, private=False) if office else []
    owe(desk, key=key, chat=chats[0] if chats else None, text=text, reach=[chat.id for chat in chats[1:]])


def tell_office(desk: Desk, ticket: Ticket, event: TicketEvent, text: str) -> None:
    """Say something about a ticket to the community's staff, whoever holds it."""
    tell_posts(desk, ticket, event, holders.office(desk, ticket).told, text)
