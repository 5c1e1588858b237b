"""What somebody saw on their round: 巡查 3栋楼道灯坏了. And what they settled there and then: 现场已解决: 门禁复位."""

from dataclasses import replace
from typing import Any

from sqlmodel import select

from bot import consequences, people, permits, places, telling
from bot.events import write
from bot.inbox import asking, filing, matters, meant, merging, outages
from bot.inbox.hearing import Hearing
from bot.inbox.where import locate
from bot.moves import Verb
from bot.people import covers
from bot.places import PRECISE, Place
from bot.routing import LADDER, OFFICE
from bot.tickets import Voice, act, join, lock, open_ticket
from intents.verdict import Command, Slots, Verdict
from models import Area, ChatKind, Community, Inbound, Intent, Origin, Post, Report, Role, Ticket

# domain.md, practice 15: leaders, grid members and volunteers. Anybody else's 巡查 is a report like any other.
PATROLLERS = frozenset({*LADDER, *OFFICE, Role.DUTY, Role.VOLUNTEER, Role.LINKED_MEMBER})
WHERE = (ChatKind.PRIVATE, ChatKind.LEADERS, ChatKind.STAFF)
VERBS = {"patrol": False, "solved_here": True}  # whether it says that it is done


def handle(h: Hearing, command: Command) -> bool:
    """File what was seen, or ask where that was. False where it is nobody's round."""
    if not on_a_round(h):
        return False
    _told(h, command)
    return True


def with_photo(h: Hearing, shown: Inbound) -> bool:
    """A photo came first and is now explained as seen on a round. False where it is not."""
    command = h.understanding.handler(h.verdict.text)
    if command is None or command.verb not in VERBS or not on_a_round(h):
        return False
    ticket = _told(h, command)
    if ticket is not None:
        shown.ticket_id, shown.erase_at = ticket.id, None
        write(h.desk, ticket, "photo", h.actor)
    return True


def on_a_round(h: Hearing) -> bool:
    """Whether this is one of those who go on rounds, where they report: alone, or among leaders or staff."""
    return h.chat.kind in WHERE and bool(_patrol_posts(h))


def resumed(h: Hearing, payload: dict[str, Any], verdict: Verdict, place: Place) -> None:
    """The place that was asked for is known now."""
    seen = payload["patrol"]
    _file(h, verdict, place, solved=seen["solved"], for_neighbour=seen["for_neighbour"])


def _told(h: Hearing, command: Command) -> Ticket | None:
    verdict, for_neighbour = _understood(h, command)
    solved = VERBS[command.verb]
    h.verdict = verdict
    place, _, _ = locate(h)
    if not (place.told and place.plain):
        place = _own_place(h, verdict.slots) or place
    if not place.plain:
        seen = {"solved": solved, "for_neighbour": for_neighbour}
        asking.ask_aside(h, "place", {**matters.remember(verdict), "patrol": seen}, h.desk.wording("ask_place"))
        return None
    return _file(h, verdict, place, solved=solved, for_neighbour=for_neighbour)


def _understood(h: Hearing, command: Command) -> tuple[Verdict, bool]:
    """What was seen, without the words around it, and whether it is told for a neighbour."""
    words, beside = command.rest, h.understanding.handler(command.rest)
    for_neighbour = beside is not None and beside.verb == "relay"
    if beside is not None and for_neighbour:
        words = beside.rest
    read = h.understanding.read(words, "private", True)
    if read.intent in (Intent.REPAIR, Intent.DISPUTE, Intent.HELP) and (read.sure or read.intent == Intent.REPAIR):
        return read, for_neighbour
    named = sorted(h.understanding.things(words))
    return meant.verdict(h.understanding, words, "private", "repair", named[0] if named else None), for_neighbour


def _own_place(h: Hearing, slots: Slots) -> Place | None:
    """Who leads one unit, building or spot and says no other place has seen it there."""
    own = {post.area_id for post in _patrol_posts(h)}
    areas = [h.session.get_one(Area, area_id) for area_id in own]
    near = [area for area in areas if area.level in PRECISE]
    if len(near) != 1 or slots.building:
        return None
    return places.resolve(h.session, near[0], slots)


def _file(h: Hearing, verdict: Verdict, place: Place, *, solved: bool, for_neighbour: bool) -> Ticket | None:
    place, area, community = filing.at(h, place)
    if not solved and outages.answered(h, verdict, area):
        return None
    lock(h.session, community.id)
    voice = replace(filing.voice(h, verdict), for_neighbour=for_neighbour)
    known = merging.same_matter(h, verdict, place, area, community)
    if solved and known is not None and permits.handler_post(h.desk, known, people.person_of(h.account)) is not None:
        return _solved(h, known, verdict)
    if known is not None:
        join(h.desk, known, voice)
        _say(h, "patrol_joined", known)
        return known
    post = _post_there(h, area) if solved else None
    ticket = _open(h, verdict, place, area, community, voice)
    if post is not None:
        ticket.holder_post_id = post.id
        return _solved(h, ticket, verdict)
    act(h.desk, ticket, Verb.DISPATCH, consequences.SERVICE, target_name=_whom(ticket))
    _say(h, "patrol_elsewhere" if solved else "patrol_opened", ticket)
    return ticket


def _open(h: Hearing, verdict: Verdict, place: Place, area: Area, community: Community, voice: Voice) -> Ticket:
    private = verdict.intent == Intent.DISPUTE
    matter = replace(filing.matter(verdict, place, area), origin=Origin.PATROL, private=private)
    return open_ticket(h.desk, community, matter, voice)[0]


def _solved(h: Hearing, ticket: Ticket, verdict: Verdict) -> Ticket:
    """Opened and resolved in one line. Whoever solved it is the only one to tell, and need not rate it."""
    h.row.ticket_id = ticket.id
    act(h.desk, ticket, Verb.RESOLVE, h.actor, note=verdict.text)
    own = select(Report).where(Report.ticket_id == ticket.id, Report.account_id == h.account.id)
    for report in h.session.exec(own):
        report.rating_asked_at = h.now
    _say(h, "patrol_solved", ticket)
    return ticket


def _whom(ticket: Ticket) -> str | None:
    """A quarrel seen in passing is for a mediator: nobody else hears of it unasked."""
    return "mediator" if ticket.intent == Intent.DISPUTE else None


def _say(h: Hearing, key: str, ticket: Ticket) -> None:
    """In one line; what is private to whoever told it alone."""
    if ticket.private:
        h.whisper(h.desk.wording(key, **telling.matter_words(h.desk, ticket)), "patrol", ticket)
    else:
        h.answer_about(key, ticket)


def _patrol_posts(h: Hearing) -> list[Post]:
    return [post for post in h.posts if post.role in PATROLLERS]


def _post_there(h: Hearing, area: Area) -> Post | None:
    """The nearest of their posts that has to do with this place: by it they may say that it is done."""
    own = [(post, h.session.get_one(Area, post.area_id)) for post in _patrol_posts(h)]
    fit = [(post, scope) for post, scope in own if covers(scope, area)]
    return max(fit, key=lambda found: len(found[1].path))[0] if fit else None
