"""The whistle in words: "吹哨 物业 派出所" from a leader or staff, and the answers of whoever was called."""

import re
from collections.abc import Callable, Mapping, Sequence

from sqlmodel import col, select

from bot import hands, permits, whistles
from bot.hands import Answer
from bot.inbox import which, worklist
from bot.inbox.hearing import Hearing, Wait
from bot.moves import OPEN, NotAllowed
from bot.places import said
from bot.routing import HANDLERS as WORKERS
from bot.routing import OFFICE
from bot.tickets import lock
from bot.whistles import Whistled
from intents.verdict import Command
from models import CallKind, ChatKind, CoHandler, Inbound, Organisation, Outgoing, OutgoingState, Ticket, TicketEvent

BETWEEN = re.compile(r"[ ,，、;；和跟与及]+|还有|以及")
AROUND = re.compile(
    r"^(?:叫|喊|请|找|让|通知)|(?:都|一起|马上|赶紧|快)?(?:来|过来|到场|支援|帮忙|处理)?(?:一下|一趟|吧|了|看看?)?$"
)
ANSWERS = frozenset(Answer)  # the verbs of [called] in commands.toml
SHOWN = ("whistled", "dispatched")  # the cards that call somebody


def blow(h: Hearing, command: Command) -> bool:
    """吹哨 物业 派出所: call them to the ticket that is meant. False where there is none, or nobody is named."""
    words = [word for part in BETWEEN.split(command.rest) if (word := AROUND.sub("", part.strip()))]
    if not words:
        if h.chat.kind == ChatKind.RESIDENTS:
            return False
        h.answer("whistle_whom")
        return True
    found = which.choose(h, command.number, lambda: worklist.mine(h), lambda ticket: ticket.status in OPEN)
    if command.number is None and not h.line.reply_to:
        found = _talked_of(h, found)
    if len(found) != 1:
        return _which(h, found)
    ticket = found[0]
    lock(h.session, ticket.community_id)
    h.session.refresh(ticket)
    h.row.ticket_id = ticket.id
    try:
        told = whistles.whistle(h.desk, ticket, h.actor, words)
    except NotAllowed as refusal:
        _refuse(h, ticket, refusal)
        return True
    _report(h, ticket, told)
    return True


HANDLERS: Mapping[str, Callable[[Hearing, Command], bool]] = {"whistle": blow}


def answered(h: Hearing) -> bool:
    """到了, 收到 派人, 来不了 加原因, 撤了: from somebody of a called organisation. False where it is none of these."""
    if not h.posts:
        return False
    command = h.understanding.called(h.verdict.text)
    return command is not None and take(h, command)


def take(h: Hearing, command: Command) -> bool:
    """Keep an answer on the call it means. False where the speaker was called to nothing that it could be about."""
    mine = open_calls(h)
    if not mine:
        return False
    meant = _meant(h, command, mine)
    if not meant:
        return False
    if len(meant) > 1:
        if h.private:
            h.answer("ask_which_call", choices=_listed(h, [ticket for _, ticket in meant]))
        return h.private
    row, ticket = meant[0]
    lock(h.session, ticket.community_id)
    h.session.refresh(ticket)
    h.session.refresh(row)
    h.row.ticket_id = ticket.id
    answer = Answer(command.verb)
    try:
        whistles.heard(h.desk, ticket, row, answer, h.actor, command.note)
    except NotAllowed as refusal:
        _refuse(h, ticket, refusal)
        return True
    if h.chat.kind != ChatKind.RESIDENTS:
        _thank(h, ticket, answer)
    return True


def open_calls(h: Hearing) -> list[tuple[CoHandler, Ticket]]:
    """The running calls to an organisation or a post of the speaker, the last one first, with their open tickets."""
    found = []
    for row in permits.calls_to(h.desk, h.actor.person_id):
        ticket = h.session.get_one(Ticket, row.ticket_id)
        # What was handed over is none: the ordinary words take it, solve it or give it back.
        if row.kind != CallKind.TRANSFER and hands.running(row) and ticket.status in OPEN:
            found.append((row, ticket))
    return [(row, t) for row, t in found if permits.called(h.desk, t, h.actor.person_id) is not None]


def _meant(h: Hearing, command: Command, mine: Sequence[tuple[CoHandler, Ticket]]) -> list[tuple[CoHandler, Ticket]]:
    """The number, then the quotation, then the card shown last, then the only one; a worker's own matters go first."""
    if command.number is not None:
        return [pair for pair in mine if pair[1].number == command.number]
    if h.line.reply_to:
        quoted = which.quoted(h)
        return [pair for pair in mine if quoted is not None and pair[1].id == quoted.id]
    shown = [pair for pair in mine if pair[1].id == _shown_last(h)]
    if shown and not (command.bare and _said_since(h)):
        return shown[:1]
    if command.bare and not h.private:
        return []  # 收到 among others may answer anybody
    going = [pair for pair in mine if pair[0].came_at is not None]
    fit = (going or list(mine)) if command.verb == Answer.LEFT else list(mine)
    if any(post.role in WORKERS | OFFICE for post in h.posts) and _other_matters(h, mine):
        return []  # 到了 may be about any of theirs: the ordinary ear finds out which
    return fit if h.private or len(fit) == 1 else []


def _other_matters(h: Hearing, mine: Sequence[tuple[CoHandler, Ticket]]) -> bool:
    called = {ticket.id for _, ticket in mine}
    return any(ticket.status in OPEN and ticket.id not in called for ticket in worklist.mine(h))


def _shown_last(h: Hearing) -> int | None:
    """The ticket of the card that this chat was shown last, where that card called somebody."""
    query = (
        select(Outgoing.ticket_id, TicketEvent.kind)
        .join(TicketEvent, col(TicketEvent.id) == col(Outgoing.event_id))
        .where(Outgoing.chat_id == h.chat.id, Outgoing.state == OutgoingState.DONE)
        .order_by(col(Outgoing.sent_at).desc(), col(Outgoing.id).desc())
    )
    last = h.session.exec(query).first()
    return last[0] if last is not None and last[1] in SHOWN else None


def _said_since(h: Hearing) -> bool:
    """Whether anybody has spoken in this chat since it was shown its last line."""
    sent = select(Outgoing.sent_at).where(Outgoing.chat_id == h.chat.id, Outgoing.state == OutgoingState.DONE)
    last = h.session.exec(sent.order_by(col(Outgoing.sent_at).desc())).first()
    said = select(Inbound.id).where(Inbound.chat_id == h.chat.id, Inbound.id != h.row.id)
    return last is not None and h.session.exec(said.where(Inbound.received_at > last)).first() is not None


def _talked_of(h: Hearing, found: Sequence[Ticket]) -> list[Ticket]:
    """Where several could be meant: the one whose card this chat was shown last."""
    shown = [ticket for ticket in found if ticket.id == _shown_last(h)] if len(found) > 1 else []
    return shown or list(found)


def _which(h: Hearing, found: Sequence[Ticket]) -> bool:
    if not found and which.pending(h):
        raise Wait
    if h.chat.kind == ChatKind.RESIDENTS:
        return True  # never a question among neighbours
    if found:
        h.answer("ask_which_whistle", choices=_listed(h, found))
    else:
        h.answer("whistle_for_what")
    return True


def _listed(h: Hearing, found: Sequence[Ticket]) -> str:
    return "\n".join(f"#{ticket.number} {said(h.session, ticket)}{ticket.matter}" for ticket in found[:9])


def _report(h: Hearing, ticket: Ticket, told: Whistled) -> None:
    """Who was told, and for whom somebody has to ring. Among residents nothing: they see who comes."""
    if h.chat.kind == ChatKind.RESIDENTS:
        return
    names = [hands.name_of(h.session, row) for row in told.called]
    missing = [*(one.name for one in told.unreachable), *told.unknown]
    if names:
        h.answer_about("done_whistle", ticket, organisations="、".join(names))
    if told.already:
        h.answer_about("whistled_already", ticket, organisations=_names(told.already))
    if missing:
        h.answer_about("whistle_by_phone", ticket, organisations="、".join(missing))


def _names(organisations: Sequence[Organisation]) -> str:
    return "、".join(one.name for one in organisations)


def _thank(h: Hearing, ticket: Ticket, answer: Answer) -> None:
    if answer == Answer.COMING:
        h.answer_about("done_coming", ticket)
    elif answer == Answer.CAME:
        h.answer_about("done_came", ticket)
    elif answer == Answer.LEFT:
        h.answer_about("done_left", ticket)
    else:
        h.answer_about("done_cannot", ticket)


def _refuse(h: Hearing, ticket: Ticket, refusal: NotAllowed) -> None:
    """Whoever may not is told so in private or not at all."""
    if not h.private:
        return
    if refusal.reason == "not_yours":
        h.answer("not_yours", number=ticket.number)
    else:
        h.answer_about(refusal.reason, ticket)
