"""The whistle (吹哨报到): organisations are called to a ticket by their remit, and each of them answers.

The holder stays the one who is responsible; whoever is called checks in and out. The caller holds the community's lock.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot import hands, permits, remits
from bot.desk import Desk
from bot.events import write
from bot.hands import Answer
from bot.moves import OPEN, NotAllowed, Verb
from bot.permits import Actor
from bot.routing import LADDER, OFFICE
from bot.telling import area_of, matter_words, tell_posts
from bot.tickets import act
from models import CallKind, CoHandler, Organisation, Post, Role, Status, Ticket, TicketEvent

BLOWERS = frozenset({*LADDER, *OFFICE, Role.DUTY})
UNTAKEN = (Status.NEW, Status.DISPATCHED, Status.REOPENED)
MOST = 9  # organisations at one whistle


@dataclass(frozen=True)
class Whistled:
    """What became of a whistle: who was told, who is called already, who has nobody we could tell, what nobody is."""

    called: tuple[CoHandler, ...] = ()
    already: tuple[Organisation, ...] = ()
    unreachable: tuple[Organisation, ...] = ()
    unknown: tuple[str, ...] = ()


def whistle(desk: Desk, ticket: Ticket, actor: Actor, words: Sequence[str]) -> Whistled:
    """Call the organisations that these words mean at the ticket's place, each along its reach.

    Raises NotAllowed: not_yours without a leader's, the duty's or an office post there, whistle_private for what was
    told in confidence, move_not_possible for what is not open.
    """
    post = may_blow(desk, ticket, actor)
    found = {word: remits.named(desk.session, area_of(desk, ticket), word) for word in dict.fromkeys(words[:MOST])}
    meant = {one.id: one for several in found.values() for one in several}
    there = {row.organisation_id for row in hands.calls(desk.session, ticket) if hands.running(row)}
    staffed = {one.id for one in meant.values() if remits.staffed(desk, one, ticket.recused_person_ids)}
    fresh = [one for one in meant.values() if one.id not in there and one.id in staffed]
    called: list[CoHandler] = []
    if fresh:
        event = write(desk, ticket, "whistled", actor, note="、".join(one.name for one in fresh))
        called = [_call(desk, ticket, event, one, actor, post) for one in fresh]
    return Whistled(
        called=tuple(called),
        already=tuple(one for one in meant.values() if one.id in there),
        unreachable=tuple(one for one in meant.values() if one.id not in there and one.id not in staffed),
        unknown=tuple(word for word, several in found.items() if not several),
    )


def may_blow(desk: Desk, ticket: Ticket, actor: Actor) -> Post:
    """The post by which somebody may blow the whistle on a ticket. Raises NotAllowed, see `whistle`."""
    post = permits.handler_post(desk, ticket, actor.person_id, chat_id=actor.chat_id)
    if post is None or post.role not in BLOWERS:
        raise NotAllowed("not_yours", "a whistle without a post for it")
    if ticket.private or ticket.silent:
        raise NotAllowed("whistle_private")
    if ticket.status not in OPEN:
        raise NotAllowed("move_not_possible")
    return post


def heard(
    desk: Desk, ticket: Ticket, row: CoHandler, said: Answer, actor: Actor, note: str = "", *, by_hand: bool = False
) -> None:
    """Keep what the called say, with the move that it is: who comes takes what nobody has taken, who came attends.

    by_hand: staff write down what they heard by phone; that moves nothing. Raises NotAllowed: reason_missing for a
    refusal without one, move_not_possible where the call or the ticket is over.
    """
    if ticket.status not in OPEN or not hands.running(row):
        raise NotAllowed("move_not_possible")
    if said == Answer.CANNOT and not note:
        raise NotAllowed("reason_missing")
    if said == Answer.COMING and ticket.status in UNTAKEN and not by_hand:
        act(desk, ticket, Verb.ACCEPT, actor, note=note)
    elif said == Answer.CAME and ticket.attended_at is None and not by_hand:
        act(desk, ticket, Verb.ATTEND, actor, note=note)
    else:
        event = write(desk, ticket, said.value, actor, note=note or None)
        hands.keep(desk, ticket, row, said, event, actor, note)


def _call(
    desk: Desk, ticket: Ticket, event: TicketEvent, organisation: Organisation, actor: Actor, post: Post
) -> CoHandler:
    row = hands.call(desk, ticket, event, organisation, actor, CallKind.WHISTLE, post)
    text = desk.wording("card_whistle", **matter_words(desk, ticket), organisation=organisation.name)
    tell_posts(desk, ticket, event, hands.called_posts(desk, ticket, row), text, tag=f":hand{row.id}")
    return row
