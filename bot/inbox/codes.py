"""One-time codes: said in a group they bind the group, written in private they bind the account."""

from bot import binding, places
from bot.binding import Refusal
from bot.inbox import handover
from bot.inbox.hearing import Hearing
from models import Area, ChatKind


def handle(h: Hearing) -> bool:
    """Redeem a code. In a group that is bound already the text is heard like any other."""
    return _person(h) if h.private else _group(h)


def _group(h: Hearing) -> bool:
    if h.chat.kind is not ChatKind.UNBOUND:
        return False
    area = binding.redeem_chat(h.desk, h.chat, h.line.text, h.account)
    if area is None:
        return False
    if _residents(h):
        h.answer("group_greeting", name=h.desk.settings.service.name, phone=_phone(h, area))
    else:
        h.answer("office_greeting", name=h.desk.settings.service.name, place=places.label_in_full(h.session, area))
    return True


def _person(h: Hearing) -> bool:
    """A right code makes this account that person's; a wrong one is said to be wrong, nothing more."""
    outcome = binding.redeem(h.desk, h.account, h.line.text)
    if isinstance(outcome, Refusal):
        h.answer(f"code_{outcome.value}")
    else:
        h.row.text = None  # a code has no business in the history
        h.answer("bound")
        handover.taken_over(h)
    return True


def _residents(h: Hearing) -> bool:
    return h.chat.kind == ChatKind.RESIDENTS


def _phone(h: Hearing, area: Area) -> str:
    numbers = places.phones(h.session, area, h.desk.settings.phones.model_dump())
    return numbers.get("contact") or numbers.get("staff_duty") or h.desk.wording("no_phone")
