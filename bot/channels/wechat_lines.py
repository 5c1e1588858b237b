"""One message or event of the Official Account as a line heard.

Fields and types: https://developers.weixin.qq.com/doc/service/guide/product/message/ (messages, events).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wechatpy import parse_message
from wechatpy.events import BaseEvent
from wechatpy.messages import UnknownMessage

from bot.channels import Incoming, Kind, Media
from bot.channels.fields import Unreadable, identity, joined, media, moment, name, number, words
from bot.channels.wechat_envelope import PARSE_ERRORS

_EVENTS = {
    "subscribe": Kind.FOLLOW,
    "subscribe_scan": Kind.FOLLOW,  # wechatpy's name for a follow by QR code; it takes the qrscene_ away
    "subscribe_scan_product": Kind.FOLLOW,
    "unsubscribe": Kind.UNFOLLOW,
    "scan": Kind.SCAN,
    "click": Kind.MENU,
}
_SCENES = {"subscribe_scan", "scan"}
_MESSAGES = {"text": Kind.TEXT, "image": Kind.IMAGE, "voice": Kind.VOICE, "location": Kind.LOCATION}


@dataclass(frozen=True)
class Heard:
    """A message understood: whom to answer and from whom, when it was said, and the line where it holds one."""

    sender: str
    account: str
    said_at: datetime
    line: Incoming | None


def heard(xml: str) -> Heard:
    """The message in a plain XML text. Raises Unreadable."""
    try:
        message = parse_message(xml)
        sender = identity(message.source, "FromUserName")
        account = identity(message.target, "ToUserName")
        said_at = moment(message.time, "CreateTime")
        line = _event(message, sender, said_at) if _is_event(message) else _spoken(message, sender, said_at)
    except PARSE_ERRORS as error:
        raise Unreadable(f"XML: {type(error).__name__}{_hint(error)}") from None
    return Heard(sender, account, said_at, line)


def _is_event(message: Any) -> bool:
    kind = _field(message, "MsgType").lower()
    return isinstance(message, BaseEvent) or kind == "event" or kind.startswith("device_")


def _event(message: Any, sender: str, said_at: datetime) -> Incoming | None:
    """Events carry no MsgId: WeChat says sender and time; two events may share the second, so name and key as well."""
    kind = None if isinstance(message, UnknownMessage) else _EVENTS.get(message.event)
    if kind is None:
        return None
    key = words(_field(message, "EventKey"))
    return Incoming(
        external_id=joined(sender, str(int(said_at.timestamp())), _field(message, "Event"), key),
        chat_id=sender,
        private=True,
        user_id=sender,
        said_at=said_at,
        kind=kind,
        text=key if kind is Kind.MENU else "",
        scene=(key or None) if message.event in _SCENES else None,
        to_me=True,
    )


def _spoken(message: Any, sender: str, said_at: datetime) -> Incoming | None:
    message_id = message.id
    if isinstance(message, UnknownMessage) and not message_id:
        return None
    if not isinstance(message_id, int) or message_id <= 0:
        raise Unreadable("MsgId: not an id")
    kind = _MESSAGES.get(message.type, Kind.FILE)  # what WeChat invents next is kept like a file, not lost
    return Incoming(
        external_id=identity(message_id, "MsgId"),
        chat_id=sender,
        private=True,
        user_id=sender,
        said_at=said_at,
        kind=kind,
        text=words(_text(message, kind)),
        message_id=identity(message_id, "MsgId"),
        media=_media(message, kind),
        lat=number(_field(message, "Location_X"), 90) if kind is Kind.LOCATION else None,
        lng=number(_field(message, "Location_Y"), 180) if kind is Kind.LOCATION else None,
        to_me=True,
    )


def _media(message: Any, kind: Kind) -> tuple[Media, ...]:
    """Pictures, voice and videos; of links and files the platform gives out no more than their name."""
    media_id = media(_field(message, "MediaId"))
    return (Media(kind, media_id, name=name(_field(message, "Title"))),) if media_id else ()


def _text(message: Any, kind: Kind) -> str:
    field = {Kind.TEXT: "Content", Kind.VOICE: "Recognition", Kind.LOCATION: "Label"}.get(kind)
    return _field(message, field) if field else ""


def _field(message: Any, field: str) -> str:
    """A field as text, "" where it is missing or empty. A repeated or nested element comes as list or dict: Unreadable.

    Read from the parsed fields, since not every message class declares every field.
    """
    value = message._data.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Unreadable(f"{field}: not text")
    return value


def _hint(error: BaseException) -> str:
    if isinstance(error, KeyError) and error.args == ("MsgType",):
        return ", no MsgType (an account in safe mode and a channel in plain mode?)"
    return ""
