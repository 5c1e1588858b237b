"""Leaders, staff and property people work by talking: every command is checked against that person's posts."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot import office, permits
from bot.inbox import (
    appointments,
    asking,
    atwork,
    leaves,
    ordering,
    refining,
    relaying,
    rescues,
    rounds,
    shown,
    untangling,
    which,
    whistling,
    worklist,
)
from bot.inbox.hearing import Hearing, Wait
from bot.moves import OPEN, NotAllowed, Verb
from bot.tickets import act, lock
from intents.verdict import Command
from models import ChatKind, Status, Ticket

# What is heard of a refusal is its reason: 退回 不归我们管.
BETWEEN = re.compile(r"[,，;；。\n]")
NUMBERED = re.compile(r"\s*#?\d{1,6}号?")
REFUSING = re.compile(r"^\s*退回去?[\s,，:：]+(?=\S)")
# Words that move a ticket, as commands.toml calls them.
MOVING = {
    "accept": Verb.ACCEPT,
    "attend": Verb.ATTEND,
    "progress": Verb.PROGRESS,
    "resolve": Verb.RESOLVE,
    "release": Verb.RELEASE,
    "escalate": Verb.ESCALATE,
    "transfer": Verb.TRANSFER,
    "refuse": Verb.REFUSE,
    "wait": Verb.WAIT,
    "pause": Verb.PAUSE,
    "undo": Verb.UNDO,
}
# What else is said, each by whoever acts on it.
HANDLERS: Mapping[str, Callable[[Hearing, Command], bool]] = {
    "assign": ordering.assign,
    **leaves.HANDLERS,
    **rounds.HANDLERS,
    **whistling.HANDLERS,
}


def handle(h: Hearing) -> bool:
    """Do what a person with a post wants done. False where it is no command, or no post of theirs has to do with it."""
    if worklist.working(h) and _each(h):
        return True
    command = atwork.command(h)
    if command is None:
        return False
    if not worklist.working(h) and (command.verb == "relay" or not worklist.helping(h)):
        return _claim_help(h, command) or ordering.heard(h, command)
    if command.verb == "relay":
        return h.private and relaying.relay(h, command.rest)
    if command.verb == "human":
        return False  # the residents' ear has it
    if command.verb == "rescued":
        return rescues.by_handler(h)
    if command.verb == "list":
        return _list(h)
    if command.verb == "details":
        return _details(h, command)
    if command.verb in HANDLERS:
        return HANDLERS[command.verb](h, command)
    if command.verb in untangling.HANDLERS:
        return untangling.HANDLERS[command.verb](h, command, shown.last(h))
    if command.verb not in MOVING:
        return False
    return _move(h, command)


def _each(h: Hearing) -> bool:
    """Several matters in one message, each by its number ("1号转物业，2号我自己弄"): each is done as if said alone."""
    whole = h.verdict
    clauses = [clause.strip() for clause in BETWEEN.split(whole.text) if clause.strip()]
    if len(clauses) < 2 or any(NUMBERED.match(clause) is None for clause in clauses):  # noqa: PLR2004 - several
        return False
    said = [h.understanding.handler(clause) for clause in clauses]
    numbers = {command.number for command in said if command is not None and command.verb in MOVING}
    if len(numbers) < len(clauses) or None in numbers:
        return False
    for clause, command in zip(clauses, said, strict=True):
        h.verdict = replace(whole, text=clause)
        if command is not None:
            _move(h, command)
    h.verdict = whole
    return True


def on_emergency(h: Hearing) -> bool:
    """Whether this is somebody on duty speaking about a running emergency, and if so, do what they say."""
    command = atwork.command(h)
    if command is None or command.verb not in ("attend", "resolve", "progress", "accept", "rescued"):
        return False
    if command.verb == "rescued":
        return rescues.by_handler(h)
    running = [ticket for ticket in worklist.mine(h) if ticket.danger and ticket.status in OPEN]
    return bool(running) and _move(h, command)


def _move(h: Hearing, command: Command) -> bool:
    verb, command = MOVING[command.verb], atwork.without_room(h, command)
    found = which.choose(h, command.number, lambda: worklist.mine(h), lambda ticket: worklist.fits(h, ticket, verb))
    if command.bare and command.number is None:
        return _bare(h, command, found)
    could = found
    if command.number is None:
        found = atwork.narrowed(h, command, verb, found)
    if not found and could and h.private:
        return _ask_which(h, command, could)  # they name something else: better asked than taken
    if not found:
        return _none(h, command)
    if len(found) > 1:
        return _ask_which(h, command, found)
    do(h, found[0], command)
    return True


def do(h: Hearing, ticket: Ticket, command: Command) -> None:
    """Make the move and say so where the speaker can be told without troubling others."""
    lock(h.session, ticket.community_id)
    h.session.refresh(ticket)
    h.row.ticket_id = ticket.id
    verb = ordering.verb_of(ticket, MOVING[command.verb])
    try:
        if verb in (Verb.PROGRESS, Verb.RESOLVE) and ticket.status == Status.RESOLVED:
            raise NotAllowed("already_resolved")
        said = _said(h, command)
        note = said if verb == Verb.PROGRESS else REFUSING.sub("", command.note)
        if verb == Verb.ESCALATE and _tells_more(h, note):
            act(h.desk, ticket, Verb.PROGRESS, h.actor, note=note)  # the cause is told before it goes up
        refining.by_handler(h, ticket)
        until = appointments.until(h, verb, command)
        act(h.desk, ticket, verb, h.actor, note=note, target_name=command.target, until=until, said=said)
    except NotAllowed as refusal:
        if refusal.reason == "move_not_possible" and verb == Verb.ACCEPT and ticket.danger:
            _acknowledge(h, ticket, verb)  # a second 收到 on an emergency: theirs to say, and nothing new
            return
        if not ordering.refused(h, ticket, refusal):
            _refuse(h, ticket, refusal)
        return
    if not ordering.acknowledged(h, ticket, verb):
        _acknowledge(h, ticket, verb)


def _said(h: Hearing, command: Command) -> str:
    """All that was said; only what was kept of it where this message merely says which ticket was meant."""
    spoken = h.understanding.handler(h.verdict.text)
    return h.verdict.text if spoken is not None and spoken.verb == command.verb else command.note


def _tells_more(h: Hearing, note: str) -> bool:
    """Whether what was said beside a move is news of its own: "查了是主板烧了，这个得报社区"."""
    beside = h.understanding.handler(note) if note else None
    return beside is not None and beside.verb == "progress"


def _acknowledge(h: Hearing, ticket: Ticket, verb: Verb) -> None:
    """A short word in private and in the leaders' and staff's chats; silence among residents, who heard it too."""
    if h.chat.kind == ChatKind.RESIDENTS or (ticket.private and h.chat.kind == ChatKind.LEADERS):
        return
    if ticket.danger and ticket.attended_at is None and verb in (Verb.ACCEPT, Verb.PROGRESS):
        h.answer_about("done_accept_emergency", ticket)
        return
    h.answer_about(f"done_{verb.value}", ticket)


def _refuse(h: Hearing, ticket: Ticket, refusal: NotAllowed) -> None:
    """Whoever may not is told so in private or not at all."""
    if h.private:
        if refusal.reason == "not_yours":
            h.answer("not_yours", number=ticket.number)
        else:
            h.answer_about(refusal.reason, ticket)


def _bare(h: Hearing, command: Command, found: Sequence[Ticket]) -> bool:
    """A bare 收到 takes what it plainly answers: the quoted card, or the card with nothing said in between."""
    if command.verb == "resolve":
        done = atwork.plainly_done(h, command, found)
        if done is not None:
            do(h, done, command)
        return done is not None
    plain = which.quoted(h) if h.line.reply_to else shown.last(h)
    if plain is not None and worklist.fits(h, plain, Verb.ACCEPT):
        do(h, plain, command)
        return True
    if not h.private or not found:
        return False
    if len(found) == 1 and found[0].danger and found[0].attended_at is None:
        # It takes nothing and stops no clock; in an emergency it is not met with a question either.
        h.row.ticket_id = found[0].id
        _acknowledge(h, found[0], Verb.ACCEPT)
        return True
    asking.ask(h, "which_ticket", h.chat, _payload(command, found[:9]))
    h.answer("ask_which_taken_one" if len(found) == 1 else "ask_which_taken", choices=_numbered_list(h, found[:9]))
    return True


def _none(h: Hearing, command: Command) -> bool:
    if _claim_help(h, command) or ordering.heard(h, command):
        return True
    if which.pending(h):
        raise Wait
    if command.number is not None and h.private:
        h.answer("no_such_ticket", number=command.number)
        return True
    return False


def _ask_which(h: Hearing, command: Command, found: Sequence[Ticket]) -> bool:
    chat = h.own_chat() if h.chat.kind == ChatKind.RESIDENTS else h.chat
    if chat is None:
        return True  # nobody can be asked without troubling the group; the matter stays as it is
    asking.ask(h, "which_ticket", chat, _payload(command, found[:9]))
    text = h.desk.wording("ask_which_ticket", choices=_numbered_list(h, found[:9]))
    if chat.id == h.chat.id:
        h.answer("ask_which_ticket", choices=_numbered_list(h, found[:9]))
    else:
        h.whisper(text, "ask")
    return True


def _payload(command: Command, found: Sequence[Ticket]) -> dict[str, object]:
    return {
        "verb": command.verb,
        "note": command.note,
        "target": command.target,
        "tickets": [ticket.id for ticket in found],
    }


def _numbered_list(h: Hearing, found: Sequence[Ticket]) -> str:
    lines = []
    for n, ticket in enumerate(found, 1):
        lines.append(ordering.choice(h, n, ticket))
    return "\n".join(lines)


def _list(h: Hearing) -> bool:
    if h.chat.kind == ChatKind.RESIDENTS:
        return False
    mine = [ticket for ticket in worklist.mine(h) if ticket.status in OPEN]
    if not mine:
        h.answer("list_empty")
        return True
    h.answer("list", choices=_numbered_list(h, mine[:20]), count=len(mine))
    return True


def _details(h: Hearing, command: Command) -> bool:
    """Room, phone and words, to the current holder in a bound private chat alone; every look is written down."""
    if not h.private:
        return h.chat.kind != ChatKind.RESIDENTS  # never where others read
    found = which.choose(h, command.number, lambda: worklist.mine(h), lambda ticket: ticket.status in OPEN)
    if len(found) > 1:
        return _ask_which(h, command, found)
    if not found:
        h.answer("no_such_ticket", number=command.number or "")
        return True
    ticket = found[0]
    if not office.may_see_details(h.desk, ticket, h.account):
        h.answer("not_yours", number=ticket.number)
        return True
    h.answer_about("details", ticket, lines=office.details(h.desk, ticket, h.account.person_id))
    ordering.suggest(h, ticket)
    return True


def _claim_help(h: Hearing, command: Command) -> bool:
    """我来: on help, any neighbour of that chat may take it, except whoever asked."""
    if command.verb != "accept" or command.bare or h.chat.kind != ChatKind.RESIDENTS:
        return False
    found = [t for t in worklist.open_help(h) if not permits.is_reporter(h.desk, t, h.account.id)]
    said = which.quoted(h)
    if said is not None:
        found = [t for t in found if t.id == said.id]
    if len(found) != 1:
        return False
    do(h, found[0], command)
    return True
