"""Staff say who is to have a matter: 12号派给网格刘. By the name, or by the office where only one holds it."""

from collections.abc import Sequence

from bot import holders, permits
from bot.inbox import which
from bot.inbox.hearing import Hearing
from bot.moves import OPEN, NotAllowed, Verb
from bot.people import person_of
from bot.routing import TITLES, Candidate
from bot.tickets import act, lock
from intents.verdict import Command
from models import Person


def give(h: Hearing, command: Command) -> bool:
    """False where no one matter is meant, the speaker is not of its office, or nobody there is called so."""
    found = which.choose(h, command.number, list, lambda ticket: ticket.status in OPEN)
    if len(found) != 1 or permits.handler_post(h.desk, found[0], person_of(h.account), office=True) is None:
        return False
    ticket = found[0]
    lock(h.session, ticket.community_id)
    h.session.refresh(ticket)
    named = _meant(h, holders.posts(h.desk, ticket), command.target or "")
    if not named:
        return False
    h.row.ticket_id = ticket.id
    chosen = next((one for one in holders.choices(h.desk, ticket) if one in named), None)
    if chosen is None:
        h.answer_about("give_unfit", ticket)
        return True
    try:
        act(h.desk, ticket, Verb.GIVE, h.actor, target_name=str(chosen.post_id))
    except NotAllowed as refusal:
        h.answer_about(refusal.reason, ticket)
        return True
    h.answer_about("give_done", ticket, title=TITLES[chosen.role])
    return True


def _meant(h: Hearing, there: Sequence[Candidate], words: str) -> list[Candidate]:
    """The posts of the one person whose name it is, or its end; else of the one who holds an office called so."""
    names = {one.post_id: h.session.get_one(Person, one.person_id).name or "" for one in there}
    for same in (
        [one for one in there if names[one.post_id] == words],
        [one for one in there if len(words) > 1 and names[one.post_id].endswith(words)],
        [one for one in there if TITLES[one.role] == words],
    ):
        if len({one.person_id for one in same}) == 1:
            return same
    return []
