"""The order in which a message is listened to. The first ear that understands it has it."""

from bot import binding
from bot.channels import Kind
from bot.inbox import codes, commands, dangers, echoes, life, matters, media, questions, residents, turning
from bot.inbox.hearing import Hearing
from models import AccountState, ChatKind

LIFE = {Kind.FOLLOW, Kind.UNFOLLOW, Kind.SCAN, Kind.MENU, Kind.RECALL, Kind.JOINED, Kind.LEFT}


def hear(h: Hearing) -> None:
    """Understand one message and do everything that follows from it, in the open transaction."""
    if h.line.kind in LIFE:
        life.handle(h)
        return
    if h.account.state == AccountState.GONE:
        h.account.state = AccountState.ACTIVE  # they write again: a stranger, as if for the first time
    if binding.looks_like_code(h.line.text) and codes.handle(h):
        return
    if h.chat.kind == ChatKind.UNBOUND:
        return  # stored, silent, listed: nobody has told us whose group this is
    if h.line.kind != Kind.TEXT and media.handle(h):
        return
    for ear in EARS:
        if ear(h):
            return
    matters.fallback(h)


def _settled_danger(h: Hearing) -> bool:
    """Somebody on duty who says "到了，火灭了" reports on an emergency; it is not a second one."""
    return h.verdict.danger is not None and bool(h.posts) and commands.on_emergency(h)


EARS = (
    _settled_danger,
    turning.handle,
    dangers.handle,
    questions.handle,
    commands.handle,
    residents.handle,
    echoes.handle,
    matters.handle,
)
