"""Our own neutral webhook: JSON in, JSON out, both with the HMAC-SHA256 of the raw body in X-Signature.

In:  {"id", "time", "chat": {"id", "kind": "private|group", "name"?}, "user": {"id", "name"?}, "text", "reply_to"?,
      "media"?: {"kind": "image|voice|file", "id"?, "url"?, "name"?}}
Out: {"key", "chat", "text", "reply_to"} to the configured url; `chat` is the chat's id, `key` the same when sent again.
     Any 2xx has taken it; {"id": ...} in the answer is what a quotation of it will name.
     What was sent along is fetched from media.url by a GET, the HMAC of that address in X-Signature.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ValidationError

from bot.channels import (
    Channel,
    DeliveryError,
    FetchError,
    Hook,
    Incoming,
    Kind,
    Line,
    Media,
    Reading,
    Rejected,
    Reply,
    Response,
)
from bot.channels.courier import Answer, Courier
from bot.channels.downloads import Downloads
from bot.channels.fields import (
    MAX_ID,
    Unreadable,
    address,
    fit,
    identity,
    json_object,
    media,
    moment,
    name,
    optional_identity,
    plausible,
    words,
)
from bot.channels.proof import body_signature, signs_body
from bot.channels.token_store import TokenStore
from bot.settings import ChannelSection

_JSON = "application/json; charset=utf-8"


def connect(name: str, section: ChannelSection, token_store: TokenStore | None = None) -> Channel:
    """The webhook of this section; it needs no token store."""
    return Webhook(name, section.secret.get_secret_value(), section.url, section.media_hosts)


class Webhook:
    answers_passively = False
    hears_groups = True
    whispers = False  # what a private chat is called, only the other side knows
    fetches = True

    def __init__(self, name: str, secret: str, url: str, media_hosts: tuple[str, ...] = ()) -> None:
        self.name = name
        self.pushes = bool(url)
        self._secret = secret
        self._url = url
        self._courier = Courier()
        self._downloads = Downloads(media_hosts, url)

    def read(self, hook: Hook) -> Reading:
        """One message. What is genuine but wrong gets 400 and the field: a developer sits at the other end."""
        signature = hook.headers.get("x-signature", "")
        if hook.method != "POST" or not signs_body(signature, self._secret, hook.body, "sha256"):
            raise Rejected("X-Signature is missing or does not match")
        try:
            line = heard(json_object(hook.body))
        except Unreadable as unreadable:
            return Reading((), _answer(400, {"error": str(unreadable)}), unreadable=str(unreadable))
        return Reading((line,), _answer(200, {"ok": True}))

    def send(self, line: Line) -> str | None:
        """A line to the url; the id the other side gives it in a JSON answer, so that it can be quoted."""
        if not self._url:
            raise DeliveryError("no url configured", permanent=True)
        told = {"key": line.key, "chat": line.chat_id, "text": fit(line.text), "reply_to": line.reply_to}
        body = json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")
        headers = {"X-Signature": body_signature(self._secret, body, "sha256")}
        answer = self._courier.post(self._url, body, headers)
        _check(answer)
        return optional_identity(answer.fields.get("id"))

    def fetch(self, media: Media, wire: Mapping[str, object], most: int) -> bytes:
        """From the address that came with it. Raises DeliveryError."""
        if media.url is None:
            raise FetchError("the message gave no url for it", permanent=True)
        signature = body_signature(self._secret, media.url.encode("utf-8", "replace"), "sha256")
        return self._downloads.get(media.url, most, {"X-Signature": signature})


def _id(value: object) -> str:
    try:
        return identity(value, "")
    except Unreadable:
        raise ValueError(f"must be an id: text or a whole number, at most {MAX_ID} characters") from None


def _time(value: object) -> datetime:
    """Epoch seconds, or ISO 8601 with its offset. The message never quotes the value."""
    try:
        if not isinstance(value, str) or value.isdecimal():
            return moment(value, "")
        at = datetime.fromisoformat(value)
        if at.tzinfo is not None:
            return plausible(at, "")
    except (ValueError, OverflowError, Unreadable):
        pass
    raise ValueError("must be epoch seconds or ISO 8601 with an offset, in this century")


def _media_id(value: object) -> str | None:
    return media(value)


def _address(value: object) -> str | None:
    return address(value)


def _words(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("must be text")
    return words(value)


Id = Annotated[str, BeforeValidator(_id)]
Name = Annotated[str | None, BeforeValidator(name)]


class _Chat(BaseModel):
    id: Id
    kind: Literal["private", "group"]
    name: Name = None


class _User(BaseModel):
    id: Id
    name: Name = None


class _Media(BaseModel):
    """Something sent along: its id where the sender can find it again, the address where we can."""

    kind: Literal["image", "voice", "file"]
    id: Annotated[str | None, BeforeValidator(_media_id)] = None
    url: Annotated[str | None, BeforeValidator(_address)] = None
    name: Name = None


class _Message(BaseModel):
    """What comes in; other fields are left alone, so that a sender may add its own."""

    id: Id
    time: Annotated[datetime, BeforeValidator(_time)]
    chat: _Chat
    user: _User
    text: Annotated[str, BeforeValidator(_words)]
    reply_to: Annotated[str, BeforeValidator(_id)] | None = None
    media: _Media | None = None
    to_me: bool = False


def heard(event: dict[str, object]) -> Incoming:
    """The line in a message. Raises Unreadable naming every field that is wrong."""
    try:
        message = _Message.model_validate(event)
    except ValidationError as error:
        raise Unreadable(_explained(error)) from None
    private = message.chat.kind == "private"
    return Incoming(
        external_id=message.id,
        chat_id=message.chat.id,
        private=private,
        user_id=message.user.id,
        said_at=message.time,
        kind=Kind(message.media.kind) if message.media and not message.text else Kind.TEXT,
        text=message.text,
        message_id=message.id,
        reply_to=message.reply_to,
        user_name=message.user.name,
        chat_name=None if private else message.chat.name,
        media=_sent_along(message.media),
        to_me=private or message.to_me,
    )


def _sent_along(sent: _Media | None) -> tuple[Media, ...]:
    if sent is None or not (sent.id or sent.url):
        return ()
    return (Media(Kind(sent.kind), sent.id, sent.url, sent.name),)


def _explained(error: ValidationError) -> str:
    problems = error.errors(include_input=False, include_url=False, include_context=False)
    return "; ".join(
        f"{'.'.join(str(part) for part in problem['loc'])}: {problem['msg'].removeprefix('Value error, ')}"
        for problem in problems
    )


def _answer(status: int, fields: dict[str, object]) -> Reply:
    response = Response(status, json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace"), _JSON)

    def reply(text: str | None) -> Response:
        return response

    return reply


def _check(answer: Answer) -> None:
    """Raises DeliveryError unless taken (2xx). 408, 425, 429, 5xx and redirects: later; other 4xx: never."""
    if 200 <= answer.status < 300:  # noqa: PLR2004 - the classes of HTTP statuses
        return
    never = 400 <= answer.status < 500 and answer.status not in (408, 425, 429)  # noqa: PLR2004 - likewise
    raise DeliveryError(f"HTTP {answer.status}", permanent=never, retry_after=answer.retry_after)
