"""Two matters told in one breath: a ticket each, and one receipt that names both."""

from collections.abc import Sequence
from dataclasses import replace

from bot import consequences, places, storms, telling
from bot.inbox import filing, merging
from bot.inbox.hearing import Hearing
from bot.inbox.splitting import Part
from bot.moves import Verb
from bot.places import Place
from bot.tickets import act, join, lock, open_ticket
from models import Ticket


def file(h: Hearing, parts: Sequence[Part], whole: Place) -> list[Ticket]:
    """File each part where it says, else at `whole`; the ticket of each. The message belongs to the first of them."""
    tickets, fresh = [], False
    for part in parts:
        verdict = part.verdict
        own = places.resolve(h.session, h.base, verdict.slots, verdict.text)
        place, area, community = filing.at(h, own if own.told and own.area is not None else whole)
        lock(h.session, community.id)
        voice = replace(filing.voice(h, verdict), words=part.words)
        ticket = merging.same_matter(h, verdict, place, area, community)
        if ticket is not None:
            join(h.desk, ticket, voice)
        else:
            ticket, _ = open_ticket(h.desk, community, filing.matter(verdict, place, area), voice)
            act(h.desk, ticket, Verb.DISPATCH, consequences.SERVICE)
            fresh = True
        tickets.append(ticket)
    h.row.ticket_id = tickets[0].id
    _receipt_for_all(h, tickets, fresh=fresh)
    return tickets


def _receipt_for_all(h: Hearing, tickets: Sequence[Ticket], *, fresh: bool) -> None:
    if len(tickets) == 1:
        filing.receipt(h, tickets[0])
        return
    said = [h.desk.wording("both_item", topic=telling.topic(h.desk, t), number=t.number) for t in tickets]
    if h.private:
        due = telling.matter_words(h.desk, tickets[0])["due"]
        h.answer("receipt_both_private", count=len(tickets), matters="、".join(said), due=due)
    elif storms.over(h.desk, h.chat, telling.area_of(h.desk, tickets[0]), h.line.said_at):
        storms.summarise(h.desk, h.chat)
    elif fresh:
        h.answer("receipt_both_group", matters="、".join(said))
