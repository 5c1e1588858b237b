"""What a OneBot message is made of: segments, or in v11 also a string with CQ codes.

v11: github.com/botuniverse/onebot-11/blob/master/message (string.md, array.md, segment.md);
v12: github.com/botuniverse/onebot/blob/main/specs/interface/message/segments.md. Their names never contradict
each other, so one reading serves both.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.channels import Kind, Media
from bot.channels.fields import Unreadable, address, media, name, number, optional_identity, words

Segment = tuple[str, Mapping[str, object]]  # type, data

_KINDS = {
    "image": Kind.IMAGE,
    "record": Kind.VOICE,
    "voice": Kind.VOICE,
    "audio": Kind.VOICE,
    "location": Kind.LOCATION,
    "video": Kind.FILE,
    "file": Kind.FILE,
    "share": Kind.FILE,
    "music": Kind.FILE,
    "forward": Kind.FILE,
    "contact": Kind.FILE,
    "json": Kind.FILE,
    "xml": Kind.FILE,
}

_SENT_ALONG = (Kind.IMAGE, Kind.VOICE, Kind.FILE)
MOST_MEDIA = 9  # in one message; WeChat itself sends nine at most at once

# No "[" inside: in a CQ code it is written &#91;, and so no character is looked at twice.
_CQ = re.compile(r"\[CQ:([A-Za-z0-9_.-]+)((?:,[^\[\],]*)*)\]")


@dataclass
class Said:
    """What a message says. A message with text is TEXT, whatever else hangs on it: the words are what counts."""

    pieces: list[str] = field(default_factory=list)
    attached: Kind | None = None
    media: list[Media] = field(default_factory=list)
    reply_to: str | None = None
    to_me: bool = False
    label: str = ""
    lat: float | None = None
    lng: float | None = None

    @property
    def text(self) -> str:
        return words("".join(self.pieces)) or words(self.label)

    @property
    def kind(self) -> Kind:
        spoken = words("".join(self.pieces))
        return Kind.TEXT if spoken or self.attached is None else self.attached


def said(message: object, self_id: str) -> Said:
    """The message of an event: a string with CQ codes, a list of segments or one segment. Raises Unreadable.

    A segment of a wrong shape is passed over; a mention of the bot itself is noted and left out of the text.
    """
    whole = Said()
    for kind, data in _segments(message):
        _take(whole, kind, data, self_id)
    return whole


def segments_to_send(text: str, reply: Segment | None) -> list[dict[str, object]]:
    """A line as segments. Never as a CQ string: a resident's `[CQ:at,qq=all]` in it would be obeyed."""
    sent: list[Segment] = [reply] if reply else []
    sent.append(("text", {"text": text}))
    return [{"type": kind, "data": dict(data)} for kind, data in sent]


def from_cq(text: str) -> Iterator[Segment]:
    """The segments of a CQ string, in order."""
    end = 0
    for found in _CQ.finditer(text):
        if found.start() > end:
            yield "text", {"text": _unescaped(text[end : found.start()])}
        yield found[1], dict(_parameters(found[2]))
        end = found.end()
    if end < len(text):
        yield "text", {"text": _unescaped(text[end:])}


def _segments(message: object) -> Iterator[Segment]:
    if isinstance(message, str):
        yield from from_cq(message)
    elif isinstance(message, dict):
        yield from _from_array([message])
    elif isinstance(message, list):
        yield from _from_array(message)
    else:
        raise Unreadable("message: neither text nor segments")


def _from_array(segments: Sequence[object]) -> Iterator[Segment]:
    for segment in segments:
        if not isinstance(segment, dict):
            continue
        kind, data = segment.get("type"), segment.get("data")
        if isinstance(kind, str):
            yield kind, data if isinstance(data, dict) else {}


def _take(whole: Said, kind: str, data: Mapping[str, object], self_id: str) -> None:
    if kind == "text":
        whole.pieces.append(_string(data.get("text")))
    elif kind in {"at", "mention", "mention_all"}:
        _take_mention(whole, kind, data, self_id)
    elif kind == "reply":
        whole.reply_to = optional_identity(data.get("id", data.get("message_id")))
    elif kind in _KINDS:
        _take_attachment(whole, kind, data)


def _take_mention(whole: Said, kind: str, data: Mapping[str, object], self_id: str) -> None:
    whom = optional_identity(data.get("qq", data.get("user_id")))
    if whom == self_id:
        whole.to_me = True
    elif kind == "mention_all" or whom == "all":
        whole.pieces.append("@所有人 ")
    elif called := name(data.get("name")):
        whole.pieces.append(f"@{called} ")


def _take_attachment(whole: Said, kind: str, data: Mapping[str, object]) -> None:
    """The first says what a message without words is; pictures after it are kept as well."""
    found = Media(
        _KINDS[kind],
        media(data.get("file_id"), data.get("file"), data.get("url")),
        address(data.get("url")),
        name(data.get("name")),
    )
    if (found.id or found.url) and found.kind in _SENT_ALONG and len(whole.media) < MOST_MEDIA:
        whole.media.append(found)
    if whole.attached is not None:
        return
    whole.attached = _KINDS[kind]
    if kind == "location":
        whole.label = _string(data.get("title")) or _string(data.get("content"))
        whole.lat = number(data.get("lat", data.get("latitude")), 90)
        whole.lng = number(data.get("lon", data.get("longitude")), 180)


def _parameters(text: str) -> Iterator[tuple[str, str]]:
    for pair in text.split(",")[1:]:
        key, _, value = pair.partition("=")
        yield key, _unescaped(value).replace("&#44;", ",")


def _unescaped(text: str) -> str:
    # The ampersand last, or "&amp;#91;" would be unescaped twice.
    return text.replace("&#91;", "[").replace("&#93;", "]").replace("&#44;", ",").replace("&amp;", "&")


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""
