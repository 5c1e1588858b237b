"""The order in which a message is listened to. The first ear that understands it has it."""

from dataclasses import replace

from bot import binding
from bot.channels import Kind
from bot.inbox import (
    again,
    announcements,
    answering,
    casework,
    codes,
    commands,
    dangers,
    doubts,
    echoes,
    handover,
    hotline,
    lending,
    life,
    listening,
    looking,
    lookouts,
    matters,
    media,
    onduty,
    ordering,
    questions,
    quoting,
    residents,
    reviewing,
    turning,
    whistling,
)
from bot.inbox.hearing import Hearing
from models import AccountState, ChatKind, Intent

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
    if h.chat.listen_only:
        listening.handle(h)
        return
    if h.line.kind != Kind.TEXT and media.handle(h):
        return
    if any(ear(h) for ear in EARS):
        hotline.keep(h)
        casework.keep(h)
    else:
        matters.fallback(h)
    again.notice(h)
    handover.notice(h)


def _settled_danger(h: Hearing) -> bool:
    """Somebody on duty who says "到了，火灭了" reports on an emergency; it is not a second one."""
    if h.verdict.danger is None or not h.posts:
        return False
    if commands.on_emergency(h):
        return True
    if onduty.in_an_emergency(h):
        h.verdict = replace(h.verdict, danger=None, urgent=False, intent=Intent.OTHER.value, sure=False, perhaps=None)
    return False


EARS = (
    lookouts.exposed,
    _settled_danger,
    turning.handle,
    dangers.handle,
    casework.handle,
    whistling.answered,
    lookouts.other_script,
    announcements.handle,
    questions.handle,
    ordering.answered,
    commands.handle,
    looking.answered,
    answering.handle,
    lending.handle,
    onduty.at_work,
    residents.handle,
    quoting.handle,
    echoes.handle,
    hotline.handle,
    matters.handle,
    reviewing.put_aside,
    doubts.handle,
)
