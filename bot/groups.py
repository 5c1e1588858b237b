"""The command `chats`: the groups there are, the code that binds one, and whether the service only listens there."""

from collections.abc import Iterator

from sqlmodel import select

from bot import binding
from bot.desk import Desk
from bot.settings import SettingsError
from models import Area, Chat, ChatKind


def listed(desk: Desk) -> Iterator[str]:
    """One line a group: number, channel, id, kind, area, name, and "listen-only" where that is so."""
    for line in binding.groups(desk.session):
        fields = (line.id, line.channel, line.chat, line.kind, line.area_code or "-", line.name)
        yield "\t".join([*(str(field) for field in fields), *(["listen-only"] if line.listen_only else [])])


def code(desk: Desk, chat_id: int, area_code: str | None, kind: str | None) -> str:
    """A one-time code for the group. Raises SettingsError where there is no such group or area."""
    chat = _chat(desk, "--code", chat_id)
    area = desk.session.exec(select(Area).where(Area.code == area_code)).first() if area_code else None
    if area_code and area is None:
        raise SettingsError(f"--area {area_code}: no such area")
    return binding.issue_chat_code(desk, chat, area, ChatKind(kind) if kind else None)


def listen_only(desk: Desk, chat_id: int, on: bool) -> str:
    """Switch it, and say how it stands. Raises SettingsError for what is no residents' group."""
    chat = _chat(desk, "--listen-only", chat_id)
    try:
        binding.listen_only(desk, chat, on, by="command")
    except ValueError as error:
        raise SettingsError(f"--listen-only {chat_id}: {error}") from error
    return f"{chat.id}\tlisten-only {'on' if on else 'off'}"


def _chat(desk: Desk, option: str, chat_id: int) -> Chat:
    chat = desk.session.get(Chat, chat_id)
    if chat is None:
        raise SettingsError(f"{option} {chat_id}: no such group")
    return chat
