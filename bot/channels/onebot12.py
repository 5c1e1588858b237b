"""OneBot v12: bridges that push events to a webhook with a bearer token and take actions over HTTP.

github.com/botuniverse/onebot, specs/connect/communication/http-webhook.md and http.md. There is no signature over the
body, so the token is all the proof there is. All ids are strings.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.channels import Channel, DeliveryError, Gone, Hook, Incoming, Kind, Line, Media, Reading, Rejected
from bot.channels.courier import Answer, Courier
from bot.channels.downloads import Downloads
from bot.channels.fields import Unreadable, fit, identity, joined, json_object, moment, name, optional_identity, section
from bot.channels.onebot import no_content
from bot.channels.onebot_actions import call
from bot.channels.onebot_media import by_address, handed_out
from bot.channels.onebot_segments import Segment, said, segments_to_send
from bot.channels.proof import same
from bot.channels.token_store import TokenStore
from bot.settings import ChannelSection

_RECALLS = {"group_message_delete", "private_message_delete"}
_MEMBERS = {"group_member_increase": Kind.JOINED, "group_member_decrease": Kind.LEFT}

# The bridge does not hand out files this way (10002 action, 10003 and 10004 parameter, 10005 to 10007 likewise).
_CANNOT_INLINE = {10002, 10003, 10004, 10005, 10006, 10007}

# The bridge cannot quote (10004 parameter, 10005 segment, 10006 and 10007 its data): the words still have to arrive.
_CANNOT_QUOTE = {10004, 10005, 10006, 10007}


def connect(name: str, section: ChannelSection, token_store: TokenStore | None = None) -> Channel:
    """The bridge of this section; one fixed token serves both ways, so the token store stays unused."""
    return OneBot12(name, section.token.get_secret_value(), section.api_base, section.media_hosts)


class OneBot12:
    answers_passively = False
    hears_groups = True
    whispers = True
    fetches = True

    def __init__(self, name: str, token: str, api_base: str, media_hosts: tuple[str, ...] = ()) -> None:
        self.name = name
        self.pushes = bool(api_base)
        self._token = token
        self._api_base = api_base
        self._courier = Courier()
        self._downloads = Downloads(media_hosts, api_base)

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
        _check(answer)
        return optional_identity(section(dict(answer.fields), "data").get("message_id"))

    def fetch(self, media: Media, wire: Mapping[str, object], most: int) -> bytes:
        """From an address that came with it, else by `get_file`: the bytes, or where they lie. Raises DeliveryError."""
        found = by_address(media, self._downloads, most)
        if found is not None:
            return found
        if media.id is None or not self._api_base:
            raise Gone("no address and nothing to ask the bridge by")
        answer = self._get_file(media.id, "data", wire)
        if answer.fields.get("retcode") in _CANNOT_INLINE:
            answer = self._get_file(media.id, "url", wire)
        _check(answer)
        return handed_out(section(dict(answer.fields), "data"), self._downloads, most)

    def _get_file(self, file_id: str, form: str, wire: Mapping[str, object]) -> Answer:
        return self._do("get_file", {"file_id": file_id, "type": form}, wire)

    def _call(self, line: Line, reply_to: str | None) -> Answer:
        reply: Segment | None = ("reply", {"message_id": reply_to}) if reply_to else None
        params: dict[str, object] = {
            "detail_type": "private" if line.private else "group",
            "user_id" if line.private else "group_id": line.chat_id,
            "message": segments_to_send(fit(line.text), reply),
        }
        return self._do("send_message", params, line.wire, line.key)

    def _do(self, action: str, params: Mapping[str, object], wire: Mapping[str, object], echo: str = "") -> Answer:
        asked: dict[str, object] = {"action": action, "params": params, "echo": echo}
        if isinstance(wire.get("self"), dict):  # which of its accounts a bridge shall speak with
            asked["self"] = wire["self"]
        return call(self._courier, self._api_base, asked, {"Authorization": f"Bearer {self._token}"})


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
        media=tuple(message.media),
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


def _check(answer: Answer) -> None:
    """Raises DeliveryError unless the bridge did it. A refusal is tried again: it may be a passing one."""
    if answer.fields.get("status") == "ok" or answer.fields.get("retcode") == 0:
        return
    retcode = answer.fields.get("retcode")
    shown = retcode if isinstance(retcode, int) else "none"
    raise DeliveryError(f"the bridge refused, retcode {shown}", retry_after=answer.retry_after)


def _bearer(hook: Hook) -> str:
    """The token given: from the header, else from the query (the standard allows both)."""
    scheme, _, token = hook.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else hook.args.get("access_token", "")
