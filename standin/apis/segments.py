"""What a OneBot message shows on the screen: segments of v11 and v12, and v11's strings with CQ codes."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

CQ = re.compile(r"\[CQ:(\w+)((?:,[^,\]]*)*)\]")
ESCAPES = {"&#44;": ",", "&#91;": "[", "&#93;": "]", "&amp;": "&"}
SHOWN = {
    "image": "[图片]",
    "record": "[语音]",
    "voice": "[语音]",
    "video": "[视频]",
    "location": "[位置]",
    "face": "[表情]",
}


class Unreadable(Exception):
    """The message is neither a string nor a list of segments."""


@dataclass(frozen=True)
class Shown:
    text: str
    quoted: str | None


def show(message: Any, *, auto_escape: bool, name_of: Callable[[str], str]) -> Shown:
    """Render a message as a phone does. A string is parsed for CQ codes unless auto_escape is set: echoing a
    resident's text in one is an injection, and here it shows."""
    if isinstance(message, str):
        message = [_segment("text", text=message)] if auto_escape else _from_cq(message)
    if not isinstance(message, list) or not all(isinstance(part, dict) and "type" in part for part in message):
        raise Unreadable
    quoted = None
    text = []
    for part in message:
        kind, data = str(part["type"]), part.get("data") or {}
        if kind == "reply":
            quoted = str(data.get("id") or data.get("message_id"))
        elif kind == "text":
            text.append(str(data.get("text", "")))
        elif kind in ("at", "mention"):
            user = str(data.get("qq") or data.get("user_id"))
            text.append("@所有人" if user == "all" else f"@{name_of(user)}")
        elif kind == "mention_all":
            text.append("@所有人")
        else:
            text.append(SHOWN.get(kind, f"[{kind}]"))
    return Shown("".join(text), quoted)


def _from_cq(text: str) -> list[dict[str, object]]:
    parts: list[dict[str, object]] = []
    end = 0
    for match in CQ.finditer(text):
        if match.start() > end:
            parts.append(_segment("text", text=_unescape(text[end : match.start()])))
        pairs = (pair.split("=", 1) for pair in match[2].split(",") if "=" in pair)
        parts.append(_segment(match[1], **{key: _unescape(value) for key, value in pairs}))
        end = match.end()
    if end < len(text):
        parts.append(_segment("text", text=_unescape(text[end:])))
    return parts


def _unescape(text: str) -> str:
    for escaped, plain in ESCAPES.items():
        text = text.replace(escaped, plain)
    return text


def _segment(kind: str, **data: object) -> dict[str, object]:
    return {"type": kind, "data": data}
