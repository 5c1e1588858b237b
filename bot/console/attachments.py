"""Pictures, voice and files of a ticket. Channels keep the platform's number of them, never the thing itself: so it is
said what came, from whom and when, and where somebody can look at it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.channels import Kind
from bot.settings import Settings
from bot.web.api_schemas import TicketDetail

KINDS = (Kind.IMAGE, Kind.VOICE, Kind.FILE)
# So long WeChat hands out what was sent to an Official Account; later it is gone there as well.
WECHAT_KEEPS = timedelta(days=3)


@dataclass(frozen=True)
class Attachment:
    """One of them. way: the kind of its channel, "" where there is none any more. gone: the platform's time is up."""

    at: datetime
    who: str
    kind: str
    way: str
    gone: bool


def attachments(settings: Settings, detail: TicketDetail, names: Mapping[str, str], now: datetime) -> list[Attachment]:
    """What came with a ticket's messages, oldest first. names: of people by the channel's number."""
    found = []
    for message in detail.messages:
        if message.kind not in KINDS or (message.kind == Kind.FILE and message.media_id is None):
            continue
        section = settings.channels.get(message.channel)
        way = section.kind if section else ""
        gone = way == "wechat" and message.at < now - WECHAT_KEEPS
        found.append(Attachment(message.at, names.get(message.by or "", ""), message.kind, way, gone))
    return sorted(found, key=lambda one: one.at)
