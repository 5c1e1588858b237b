"""OneBot v12: bridges that push events to a webhook with a bearer token and take actions over HTTP.

github.com/botuniverse/onebot, specs/connect/communication/http-webhook.md and http.md. There is no signature over the
body, so the token is all the proof there is. All ids are strings.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.channels import Channel, DeliveryError, Hook, Incoming, Kind, Line, Reading, Rejected
from bot.channels.courier import Answer, Courier
from bot.channels.fields import Unreadable, fit, identity, joined, json_object, moment, name, optional_identity, section
from bot.channels.onebot import no_content
from bot.channels.onebot_actions import call
from bot.channels.onebot_segments import Segment, said, segments_to_send
from bot.channels.proof import same
from bot.channels.token_store import TokenStore
from bot.settings import ChannelSection

_RECALLS = {"group_message_delete", "private_message_delete"}
_MEMBERS = {"group_member_increase": Kind.JOINED, "group_member_decrease": Kind.LEFT}

# The bridge cannot quote (10004 parameter, 10005 segment, 10006 and 10007 its data): the words still have to arrive.
_CANNOT_QUOTE = {10004, 10005, 10006, 10007}


def connect(name: str, section: ChannelSection, token_store: TokenStore | None = None) -> Channel:
    """The bridge of this section; one fixed token serves both ways, so the token store stays unused."""
    return OneBot12(name, section.token.get_secret_value(), section.api_base)


class OneBot12:
    answers_passively = False
    hears_groups = True
    whispers = True

    def __init__(self, name: str, token: str, api_base: str) -> None:
        self.name = name
        self.pushes = bool(api_base)
        self._token = token
        self._api_base = api_base
        self._courier = Courier()

    def read(self, hook: Hook) -> Reading:
        """One event. Everything genuine is answered with 204."""
        if hook.method != "POST" or not same(_bearer(hook), self._token):
            raise Rejected("the access token is missing or wrong")
        try:
            line = heard(json_object(hook.body))
        except Unreadable as unreadable:
            return Reading((), no_content, unreadable=str(unreadable))
        return Reading((line,) if line else (), no_content)

    def send(self, line: Line) -> str | None:
        """A line through `send_message`; the id the bridge gives it (ComWeChat gives none)."""
        if not self._api_base:
            raise DeliveryError("no api_base configured", permanent=True)
        answer = self._call(line, line.reply_to)
        if line.reply_to and answer.fields.get("retcode") in _CANNOT_QUOTE:
            answer = self._call(line, None)
        if answer.fields.get("status") != "ok" and answer.fields.get("retcode") != 0:
            retcode = answer.fields.get("retcode")
            shown = retcode if isinstance(retcode, int) else "none"
            raise DeliveryError(f"the bridge refused, retcode {shown}", retry_after=answer.retry_after)
        return optional_identity(section(dict(answer.fields), "data").get("message_id"))

    def _call(self, line: Line, reply_to: str | None) -> Answer:
        reply: Segment | None = ("reply", {"message_id": reply_to}) if reply_to else None
        action: dict[str, object] = {
            "action": "send_message",
            "params": {
                "detail_type": "private" if line.private else "group",
                "user_id" if line.private else "group_id": line.chat_id,
                "message": segments_to_send(fit(line.text), reply),
            },
            "echo": line.key,
        }
        if isinstance(line.wire.get("self"), dict):  # which of its accounts a bridge shall speak with
            action["self"] = line.wire["self"]
        return call(self._courier, self._api_base, action, {"Authorization": f"Bearer {self._token}"})


@dataclass(frozen=True)
class _Event:
    """What every event of a bridge's account has in common."""

    fields: dict[str, object]
    detail: str
    event_id: str
    said_at: datetime
    self_id: str
    platform: str

    @property
    def external_id(self) -> str:
        return joined(self.self_id, self.event_id)

    @property
    def wire(self) -> dict[str, object]:
        return {"self": {"platform": self.platform, "user_id": self.self_id}}

    def identity(self, field: str) -> str:
        return identity(self.fields.get(field), field)


def heard(fields: dict[str, object]) -> Incoming | None:
    """The line in an event; None for meta events, requests, our own messages and what is unknown. Raises Unreadable."""
    kind, detail = fields.get("type"), fields.get("detail_type")
    if not isinstance(kind, str) or not isinstance(detail, str):
        raise Unreadable("type, detail_type: not text")
    event_id, said_at = identity(fields.get("id"), "id"), moment(fields.get("time"), "time")
    if kind not in {"message", "notice"}:
        return None  # meta events come from no account
    bot = section(fields, "self")
    self_id = identity(bot.get("user_id"), "self.user_id")
    event = _Event(fields, detail, event_id, said_at, self_id, name(bot.get("platform")) or "")
    own = optional_identity(fields.get("user_id")) == self_id
    if kind == "message":
        return None if own or detail not in {"group", "private"} else _message(event)
    if detail in _RECALLS and not own:
        return _recall(event)
    return _membership(event) if detail in _MEMBERS and own else None


def _message(event: _Event) -> Incoming:
    private = event.detail == "private"
    user_id = event.identity("user_id")
    message = said(event.fields.get("message"), event.self_id)
    return Incoming(
        external_id=event.external_id,
        chat_id=user_id if private else event.identity("group_id"),
        private=private,
        user_id=user_id,
        said_at=event.said_at,
        kind=message.kind,
        text=message.text,
        message_id=event.identity("message_id"),
        reply_to=message.reply_to,
        user_name=name(event.fields.get("user_name")),
        chat_name=None if private else name(event.fields.get("group_name")),
        media_id=message.media_id,
        lat=message.lat,
        lng=message.lng,
        to_me=private or message.to_me,
        wire=event.wire,
    )


def _recall(event: _Event) -> Incoming:
    """Somebody's message taken back; user_id is whose it was, even where an owner took it back."""
    private = event.detail == "private_message_delete"
    user_id = event.identity("user_id")
    return Incoming(
        external_id=event.external_id,
        chat_id=user_id if private else event.identity("group_id"),
        private=private,
        user_id=user_id,
        said_at=event.said_at,
        kind=Kind.RECALL,
        message_id=event.identity("message_id"),
        to_me=private,
        wire=event.wire,
    )


def _membership(event: _Event) -> Incoming:
    """The bot itself taken into a group or put out; user_id is who did it, where that is told."""
    return Incoming(
        external_id=event.external_id,
        chat_id=event.identity("group_id"),
        private=False,
        user_id=optional_identity(event.fields.get("operator_id")) or event.self_id,
        said_at=event.said_at,
        kind=_MEMBERS[event.detail],
        wire=event.wire,
    )


def _bearer(hook: Hook) -> str:
    """The token given: from the header, else from the query (the standard allows both)."""
    scheme, _, token = hook.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else hook.args.get("access_token", "")
