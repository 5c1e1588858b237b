"""The same person with the same fear for the twentieth time: never turned away, and one social worker, by name, rings
(behaviour.md, "Everybody else"; daily life 36).
"""

from sqlmodel import col, select

from bot import posted, reach, routing, telling
from bot.inbox.hearing import Hearing
from bot.permits import accounts_of_same_person
from models import Inbound, Person, Ticket

TIMES = 20  # and every twentieth time after that


def notice(h: Hearing) -> None:
    """Look whether this message was the twentieth of its kind by this person, and if so have them rung. Whatever else
    follows from the message is not touched.
    """
    if h.row.ticket_id is None or h.row.intent == "other":
        return
    ticket = h.session.get_one(Ticket, h.row.ticket_id)
    if ticket.silent or ticket.recused_person_ids:
        return
    told = _told_before(h, ticket)
    if len(told) < TIMES or len(told) % TIMES:
        return
    _have_them_rung(h, ticket, len(told), sorted(set(told)))


def _told_before(h: Hearing, ticket: Ticket) -> list[int]:
    """The number of the ticket for each message of theirs about this kind of matter here, this one included."""
    query = (
        select(Ticket.number)
        .join(Inbound, col(Inbound.ticket_id) == col(Ticket.id))
        .where(
            col(Inbound.account_id).in_(accounts_of_same_person(h.desk, h.account.id)),
            Inbound.intent != "other",
            Ticket.community_id == ticket.community_id,
            Ticket.intent == ticket.intent,
            Ticket.category == ticket.category,
            Ticket.danger == ticket.danger if ticket.danger else col(Ticket.danger).is_(None),
        )
    )
    return list(h.session.exec(query))


def _have_them_rung(h: Hearing, ticket: Ticket, count: int, numbers: list[int]) -> None:
    area = telling.area_of(h.desk, ticket)
    holder = routing.route("policy", posted.candidates(h.desk, area)).holder
    if holder is None:
        return
    person = h.session.get_one(Person, holder.person_id)
    chats = reach.reach(h.session, h.desk.settings, holder, area, private=True)
    own = reach.private_chats(h.session, holder.person_id) or chats
    if not own:
        return
    before = "、".join(f"#{number}" for number in numbers if number != ticket.number)
    name = person.name or h.desk.wording("a_social_worker")
    text = h.desk.wording("card_same_fear", count=count, name=name, before=before,
                          **telling.matter_words(h.desk, ticket))  # fmt: skip
    telling.say(h.desk, own[0], f"same:{ticket.id}:{count}", text, ticket=ticket)
    if h.private:
        h.answer("same_fear_heard", name=name)
