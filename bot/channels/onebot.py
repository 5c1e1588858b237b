"""OneBot v11: bridges to group chats that push events by HTTP POST and take actions over HTTP.

Events carry X-Signature, the HMAC-SHA1 of the raw body (github.com/botuniverse/onebot-11, communication/http-post.md).
Ids are numbers in the standard and strings at WeChat bridges: kept as strings, sent back in the type they came in.
"""

from collections.abc import Mapping
from datetime import datetime

from bot.channels import Channel, DeliveryError, Gone, Hook, Incoming, Kind, Line, Media, Reading, Rejected, Response
from bot.channels.courier import Answer, Courier
from bot.channels.downloads import Downloads
from bot.channels.fields import (
    Unreadable,
    fit,
    identity,
    joined,
    json_object,
    moment,
    name,
    optional_identity,
    section,
)
from bot.channels.onebot_actions import call
from bot.channels.onebot_media import asked_for, by_address, handed_out
from bot.channels.onebot_segments import Segment, said, segments_to_send
from bot.channels.proof import signs_body
from bot.channels.token_store import TokenStore
from bot.settings import ChannelSection

_ASYNC = 1  # retcode: taken, and done later


def connect(name: str, section: ChannelSection, token_store: TokenStore | None = None) -> Channel:
    """The bridge of this section; its access token is fixed, so the token store stays unused."""
    secret, token = section.secret.get_secret_value(), section.access_token.get_secret_value()
    return OneBot11(name, secret, section.api_base, token, section.media_hosts)


class OneBot11:
    answers_passively = False
    hears_groups = True
    whispers = True
    fetches = True

    def __init__(
        self, name: str, secret: str, api_base: str, access_token: str, media_hosts: tuple[str, ...] = ()
    ) -> None:
        self.name = name
        self.pushes = bool(api_base)
        self._secret = secret
        self._api_base = api_base.rstrip("/")
        self._headers = {"Authorization": f"Bearer {access_token}"} if access_token else {}
        self._courier = Courier()
        self._downloads = Downloads(media_hosts, api_base)

    def read(self, hook: Hook) -> Reading:
        """One event. Everything genuine is answered with 204: what we say goes out as an action."""
        signature = hook.headers.get("x-signature", "")
        if hook.method != "POST" or not signs_body(signature, self._secret, hook.body, "sha1"):
            raise Rejected("X-Signature is missing or does not match")
        try:
            line = heard(json_object(hook.body))
        except Unreadable as unreadable:
            return Reading((), no_content, unreadable=str(unreadable))
        return Reading((line,) if line else (), no_content)

    def send(self, line: Line) -> str | None:
        """A line as segments through `send_msg`; the id the bridge gives it."""
        if not self._api_base:
            raise DeliveryError("no api_base configured", permanent=True)
        answer = call(self._courier, f"{self._api_base}/send_msg", self._message(line), self._headers)
        _check(answer)
        return optional_identity(section(dict(answer.fields), "data").get("message_id"))

    def fetch(self, media: Media, wire: Mapping[str, object], most: int) -> bytes:
        """From the address that came with it, else by asking the bridge. Raises DeliveryError."""
        found = by_address(media, self._downloads, most)
        if found is not None:
            return found
        asked = asked_for(media)
        if asked is None or not self._api_base:
            raise Gone("no address and nothing to ask the bridge by")
        answer = call(self._courier, f"{self._api_base}/{asked[0]}", asked[1], self._headers)
        _check(answer)
        return handed_out(section(dict(answer.fields), "data"), self._downloads, most)

    def _message(self, line: Line) -> dict[str, object]:
        reply: Segment | None = ("reply", {"id": line.reply_to}) if line.reply_to else None
        chat: str | int = line.chat_id
        if line.wire.get("numeric") and line.chat_id.removeprefix("-").isdecimal():
            chat = int(line.chat_id)
        return {
            "message_type": "private" if line.private else "group",
            "user_id" if line.private else "group_id": chat,
            "message": segments_to_send(fit(line.text), reply),
            "auto_escape": False,
        }


def no_content(text: str | None) -> Response:
    """204, whatever there is to say: with a body the bridge would take it for a quick operation."""
    return Response(204)


def heard(event: Mapping[str, object]) -> Incoming | None:
    """The line in an event; None for heartbeats, requests, our own messages and what is unknown. Raises Unreadable."""
    event = dict(event)
    kind = event.get("post_type")
    if not isinstance(kind, str):
        raise Unreadable("post_type: not text")
    if kind not in {"message", "notice"}:
        return None
    self_id = identity(event.get("self_id"), "self_id")
    said_at = moment(event.get("time"), "time")
    if kind == "notice":
        return _notice(event, self_id, said_at)
    if identity(event.get("user_id"), "user_id") == self_id or event.get("sub_type") == "notice":
        return None
    return _message(event, self_id, said_at)


def _message(event: dict[str, object], self_id: str, said_at: datetime) -> Incoming | None:
    if event.get("message_type") not in ("group", "private"):
        return None
    private = event["message_type"] == "private"
    user_id = identity(event.get("user_id"), "user_id")
    chat = event.get("user_id") if private else event.get("group_id")
    chat_id = identity(chat, "group_id")
    message_id = identity(event.get("message_id"), "message_id")
    message = said(event.get("message"), self_id)
    sender = section(event, "sender")
    return Incoming(
        # message_id alone may be a counter that starts again with the bridge.
        external_id=joined(self_id, chat_id, user_id, str(event.get("time")), message_id),
        chat_id=chat_id,
        private=private,
        user_id=user_id,
        said_at=said_at,
        kind=message.kind,
        text=message.text,
        message_id=message_id,
        reply_to=message.reply_to,
        user_name=name(sender.get("card")) or name(sender.get("nickname")),
        chat_name=None if private else name(event.get("group_name")),
        media=tuple(message.media),
        lat=message.lat,
        lng=message.lng,
        to_me=private or message.to_me,
        wire=_wire(chat),
    )


def _notice(event: dict[str, object], self_id: str, said_at: datetime) -> Incoming | None:
    """A recall, or the bot itself taken into a group or put out; user_id: whose message, or who did it."""
    kind = str(event.get("notice_type"))
    user_id = optional_identity(event.get("user_id"))
    if kind in {"group_recall", "friend_recall"} and user_id != self_id:
        return _recall(event, self_id, said_at, private=kind == "friend_recall")
    if kind not in {"group_increase", "group_decrease"} or user_id != self_id:
        return None
    group = event.get("group_id")
    chat_id = identity(group, "group_id")
    return Incoming(
        external_id=joined(self_id, chat_id, kind, str(event.get("time"))),
        chat_id=chat_id,
        private=False,
        user_id=optional_identity(event.get("operator_id")) or self_id,
        said_at=said_at,
        kind=Kind.JOINED if kind == "group_increase" else Kind.LEFT,
        wire=_wire(group),
    )


def _recall(event: dict[str, object], self_id: str, said_at: datetime, *, private: bool) -> Incoming:
    user_id = identity(event.get("user_id"), "user_id")
    chat = event.get("user_id") if private else event.get("group_id")
    chat_id = identity(chat, "group_id")
    message_id = identity(event.get("message_id"), "message_id")
    return Incoming(
        external_id=joined(self_id, chat_id, user_id, "recall", message_id, str(event.get("time"))),
        chat_id=chat_id,
        private=private,
        user_id=user_id,
        said_at=said_at,
        kind=Kind.RECALL,
        message_id=message_id,
        to_me=private,
        wire=_wire(chat),
    )


def _wire(chat: object) -> dict[str, object]:
    return {"numeric": True} if isinstance(chat, int) else {}


def _check(answer: Answer) -> None:
    """Raises DeliveryError unless the bridge did it. A refusal is tried again: it may be a passing one."""
    retcode = answer.fields.get("retcode")
    status = answer.fields.get("status")
    if status == "ok" or retcode in (0, _ASYNC) or status == "async":
        return
    shown = retcode if isinstance(retcode, int) else "none"
    raise DeliveryError(f"the bridge refused, retcode {shown}", retry_after=answer.retry_after)
