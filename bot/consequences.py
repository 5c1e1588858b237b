"""What follows from each move: whom it makes responsible, who is told, which clock runs. One function a move."""

from collections.abc import Callable, Mapping, Sequence

from bot import alarms, assigned, contradictions, reach, routing, storms, telling
from bot.desk import Desk
from bot.events import write
from bot.masking import fit_for_group
from bot.moves import Verb
from bot.owed import owe
from bot.permits import Actor
from bot.routing import Candidate, Route
from bot.telling import area_of, matter_words, tell_posts, tell_reporters
from models import Area, Intent, Origin, Role, Status, Ticket, TicketEvent, Urgency

# Somebody wants a person, not a thing done.
PERSON = frozenset({"human", "callback", "voice", "press", "account", "meeting", "rumour"})
SERVICE = Actor()  # the service itself acts, or its clock

Consequence = Callable[[Desk, Ticket, TicketEvent, Actor, str, str | None], None]


def _dispatched(desk: Desk, ticket: Ticket, event: TicketEvent, actor: Actor, note: str, whom: str | None) -> None:
    """Find who is responsible and give them the card. whom: a dispute's choice (mediator, leader, secretary)."""
    del actor, note
    if ticket.danger:
        alarm(desk, ticket, event)
        return
    route = _route(desk, ticket, whom)
    _hold(ticket, route)
    _cards(desk, ticket, event, route, _card(ticket, route), split_help=True)
    alarms.wind(desk, ticket, event.id)


def _accepted(desk: Desk, ticket: Ticket, event: TicketEvent, actor: Actor, note: str, _: str | None) -> None:
    title = telling.title_of(desk, actor.person_id, actor.post_id)
    kind = "accepted_danger" if ticket.danger and ticket.attended_at is None else "accepted"
    tell_reporters(desk, ticket, event, kind, note=note, title=title, besides_account=actor.account_id)


def _attended(desk: Desk, ticket: Ticket, event: TicketEvent, actor: Actor, note: str, _: str | None) -> None:
    title = telling.title_of(desk, actor.person_id, actor.post_id)
    tell_reporters(desk, ticket, event, "attended", note=note, title=title, besides_account=actor.account_id)


def _progressed(desk: Desk, ticket: Ticket, event: TicketEvent, actor: Actor, note: str, _: str | None) -> None:
    title = telling.title_of(desk, actor.person_id, actor.post_id)
    tell_reporters(desk, ticket, event, "progressed", note=note, title=title, besides_account=actor.account_id)


def _transferred(desk: Desk, ticket: Ticket, event: TicketEvent, actor: Actor, note: str, to: str | None) -> None:
    """The matter goes to a company or team; it stays tracked, and may come back."""
    del note
    ticket.transferred_to = to or "有关单位"
    everybody = _posts(desk, ticket)
    theirs = "物业" in ticket.transferred_to and not ticket.silent
    told = [c for c in everybody if c.role == Role.PROPERTY] if theirs else []
    if not told:
        # Nobody of theirs can be reached by us: staff pass it on by hand, and see that they must.
        office = routing.route("policy", everybody, ticket.recused_person_ids).holder
        told = [office] if office else []
    text = desk.wording("card_transfer", **matter_words(desk, ticket), target=ticket.transferred_to)
    tell_posts(desk, ticket, event, told, text, besides=[event.chat_id] if event.chat_id else [])
    tell_reporters(desk, ticket, event, "transferred", note=ticket.transferred_to, besides_account=actor.account_id)


def _refused(desk: Desk, ticket: Ticket, event: TicketEvent, actor: Actor, note: str, _: str | None) -> None:
    del actor
    ticket.transferred_to = None
    holder = routing.route("policy", _posts(desk, ticket), ticket.recused_person_ids)
    _hold(ticket, holder)
    # The card may land in the staff's group: a reason that might name somebody stays with the ticket.
    reason = fit_for_group(note) or desk.wording("reason_with_ticket", number=ticket.number)
    text = desk.wording("card_refused", **matter_words(desk, ticket), note=reason)
    tell_posts(desk, ticket, event, holder.told, text)


def _escalated(desk: Desk, ticket: Ticket, event: TicketEvent, actor: Actor, note: str, _: str | None) -> None:
    """The next level takes it over; the former holder is told kindly and may still resolve it."""
    del note
    everybody = _posts(desk, ticket)
    former = next((c for c in everybody if c.post_id == ticket.holder_post_id), None)
    route = _above(ticket, former, everybody)
    _hold(ticket, route)
    _cards(desk, ticket, event, route, "card_escalated")
    if former is not None and former.post_id != ticket.holder_post_id and former.person_id != actor.person_id:
        text = desk.wording("passed_up", **matter_words(desk, ticket))
        tell_posts(desk, ticket, event, [former], text, urgency=Urgency.NOTICE, tag=":former")
    tell_reporters(desk, ticket, event, "escalated", besides_account=actor.account_id)
    if route.holder is not None and route.holder.role not in routing.OFFICE:
        alarms.set_timer(desk, ticket, alarms.OVERDUE, alarms.accept_due(desk, desk.now), event.id)


def _resolved(desk: Desk, ticket: Ticket, event: TicketEvent, actor: Actor, note: str, _: str | None) -> None:
    title = telling.title_of(desk, actor.person_id, actor.post_id)
    tell_reporters(desk, ticket, event, "resolved", note=note, title=title, besides_account=actor.account_id)
    alarms.set_close(desk, ticket, event.id)


def _answered(desk: Desk, ticket: Ticket, event: TicketEvent, *_: object) -> None:
    alarms.set_close(desk, ticket, event.id)


def _confirmed(desk: Desk, ticket: Ticket, event: TicketEvent, actor: Actor, *_: object) -> None:
    """The neighbours say it is fixed: whoever handled it hears the thanks, once."""
    if ticket.silent:
        return
    text = desk.wording("card_confirmed", **matter_words(desk, ticket))
    tell_posts(desk, ticket, event, held_by(desk, ticket), text, urgency=Urgency.NOTICE,
               besides=[actor.chat_id] if actor.chat_id else [])  # fmt: skip


def _reopened(desk: Desk, ticket: Ticket, event: TicketEvent, actor: Actor, note: str, _: str | None) -> None:
    """The holder hears it first, and the level above with them; the promise begins anew."""
    del note
    ticket.resolve_due_at = alarms.resolve_due(desk, desk.now)
    ticket.accept_due_at = alarms.accept_due(desk, desk.now)
    everybody = _posts(desk, ticket)
    if ticket.holder_post_id is None:
        _hold(ticket, _route(desk, ticket, None))  # the service had answered it by itself: now a person does
    holder = held_by(desk, ticket)
    above = _above(ticket, holder[0] if holder else None, everybody)
    told = [*holder, *(c for c in above.told if c not in holder)]
    text = desk.wording("card_reopened", **matter_words(desk, ticket))
    tell_posts(desk, ticket, event, told, text, besides=[event.chat_id] if event.chat_id else [])
    tell_reporters(desk, ticket, event, "reopened", besides_account=actor.account_id)
    alarms.set_timer(desk, ticket, alarms.OVERDUE, alarms.accept_due(desk, desk.now), event.id)


def _withdrawn(desk: Desk, ticket: Ticket, event: TicketEvent, *_: object) -> None:
    text = desk.wording("card_withdrawn", **matter_words(desk, ticket))
    told = held_by(desk, ticket) if event.old != Status.NEW else []
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
    Verb.ESCALATE: _escalated,
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
    route = _route(desk, ticket, None)
    _hold(ticket, route)
    _cards(desk, ticket, event, route, "card_emergency_silent" if ticket.silent else "card_emergency")
    alarms.wind(desk, ticket, event.id)


def ring_again(desk: Desk, ticket: Ticket, event: TicketEvent, rung: int) -> None:
    """A rung of an emergency's ladder: everybody of the first alarm again, and the secretary from the second on."""
    route = _route(desk, ticket, None)
    told: list[Candidate] = list(route.told)
    if rung > 0:
        told += [c for c in _posts(desk, ticket) if c.role == Role.SECRETARY and c not in told]
    minutes = int((desk.now - ticket.opened_at).total_seconds() // 60)
    key = "card_alarm_silent" if ticket.silent else "card_alarm"
    text = desk.wording(key, **matter_words(desk, ticket), minutes=minutes)
    tell_posts(desk, ticket, event, told, text, urgency=Urgency.EMERGENCY)


def remind(desk: Desk, ticket: Ticket, event: TicketEvent, key: str) -> None:
    """Say `key` to whoever holds the ticket."""
    tell_posts(desk, ticket, event, held_by(desk, ticket), desk.wording(key, **matter_words(desk, ticket)))


def chase(desk: Desk, ticket: Ticket, actor: Actor) -> TicketEvent:
    """Write down that somebody chased a ticket."""
    return write(desk, ticket, "urged", actor)


def whom_words(desk: Desk, ticket: Ticket) -> str:
    """Who has it now, by office: 单元长, 社区."""
    holder = held_by(desk, ticket)
    if not holder or holder[0].role in routing.OFFICE:
        return "社区"
    return routing.TITLES[holder[0].role]


def reroute(desk: Desk, ticket: Ticket, event: TicketEvent) -> None:
    """The place was another: the right holder gets the card."""
    ticket.holder_post_id = None
    if ticket.danger:
        alarm(desk, ticket, event)
        return
    route = _route(desk, ticket, None)
    _hold(ticket, route)
    _cards(desk, ticket, event, route, _card(ticket, route), split_help=True)


def status_line(desk: Desk, ticket: Ticket) -> str:
    """Where a matter stands, in one line, with what was done last."""
    done = desk.wording("status_progress", progress=ticket.progress[:60]) if ticket.progress else ""
    state = desk.wording(f"state_{ticket.status.value}", whom=whom_words(desk, ticket))
    return desk.wording("status", **matter_words(desk, ticket), state=state, done=done)


def tell_area_office(desk: Desk, area: Area, key: str, text: str) -> None:
    """Say something to the community's staff that is about no ticket."""
    day = desk.now.astimezone(desk.settings.zone).date()
    office = routing.route("policy", reach.candidates(desk.session, area, day)).holder
    chats = reach.reach(desk.session, desk.settings, office, area, private=False) if office else []
    owe(desk, key=key, chat=chats[0] if chats else None, text=text, reach=[chat.id for chat in chats[1:]])


def tell_office(desk: Desk, ticket: Ticket, event: TicketEvent, text: str) -> None:
    """Say something about a ticket to the community's staff, whoever holds it."""
    office = routing.route("policy", _posts(desk, ticket), ticket.recused_person_ids)
    tell_posts(desk, ticket, event, office.told, text)


def _route(desk: Desk, ticket: Ticket, whom: str | None) -> Route:
    posts, recused = _posts(desk, ticket), ticket.recused_person_ids
    if ticket.danger:
        return routing.emergency(posts, recused, trained_only=ticket.silent)
    if whom == "secretary":
        return routing.about_leader(posts, recused)
    if ticket.intent == "dispute":
        return routing.mediation(posts, whom or "mediator", recused)
    return assigned.route(whom, posts, recused) or routing.route(whom or ticket.intent.value, posts, recused)


def _above(ticket: Ticket, holder: Candidate | None, posts: Sequence[Candidate]) -> Route:
    """The next level up. A repair climbs the whole ladder; what was told in confidence, or asked, only the office."""
    if ticket.private or ticket.silent or ticket.intent != Intent.REPAIR:
        posts = [c for c in posts if c.role in routing.OFFICE]
    role, depth = (holder.role, holder.depth) if holder else (None, 99)
    return routing.next_up(role, depth, posts, ticket.recused_person_ids)


def _hold(ticket: Ticket, route: Route) -> None:
    former = ticket.holder_post_id
    if route.holder is not None and route.holder.post_id != former:
        if former is not None:
            ticket.former_post_ids = [*ticket.former_post_ids, former]
        ticket.holder_post_id = route.holder.post_id
    ticket.why = [*ticket.why, *route.why]


def _card(ticket: Ticket, route: Route) -> str:
    """Which sentence the card is: a repair that lands with staff is not asked of a volunteer leader."""
    if ticket.intent == Intent.HELP and ticket.category in PERSON:
        return "card_person"
    office = route.holder is not None and route.holder.role in routing.OFFICE
    if ticket.intent == Intent.REPAIR and office and ticket.origin != Origin.DUTY:
        return "card_office"
    return "card_duty" if ticket.origin == Origin.DUTY else f"card_{ticket.intent.value}"


def _cards(desk: Desk, ticket: Ticket, event: TicketEvent, route: Route, key: str, *, split_help: bool = False) -> None:
    blanks = {**matter_words(desk, ticket), "voices": _voices(desk, ticket)}
    volunteers = [c for c in route.told if c.role == Role.VOLUNTEER] if split_help else []
    rest = [c for c in route.told if c not in volunteers]
    if not rest:
        # Nobody is responsible: the undelivered list is where staff find it.
        telling.owe_nobody(desk, ticket, event, desk.wording(key, **blanks))
    tell_posts(desk, ticket, event, rest, desk.wording(key, **blanks), gathered=storms.may_wait(ticket, event))
    if volunteers:
        tell_posts(desk, ticket, event, volunteers, desk.wording("card_volunteer", **blanks))


def _voices(desk: Desk, ticket: Ticket) -> str:
    """What a card adds to place and matter: how many say it, and what was said of its place and has to be checked."""
    count, said = telling.voices(desk, ticket), contradictions.said(desk, ticket)
    several = desk.wording("voices", count=count) if count > 1 else ""
    return several + (desk.wording("place_to_check", said=said) if said else "")


def _posts(desk: Desk, ticket: Ticket) -> list[Candidate]:
    day = desk.now.astimezone(desk.settings.zone).date()
    return reach.candidates(desk.session, area_of(desk, ticket), day)


def held_by(desk: Desk, ticket: Ticket) -> list[Candidate]:
    """The post that holds the ticket, where it is in force."""
    return [c for c in _posts(desk, ticket) if c.post_id == ticket.holder_post_id]
