"""A chat exported as plain text, read into a scene. Pure.

    export = read(text, cast, group="3栋2单元群")      # docs/rehearse.md says which forms are known, and whose they are

What cannot be read is named by its line and costs nothing else.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.channels import Kind
from bot.rehearse.headers import Header, date_line, header, looks_undated, undated
from bot.rehearse.scene import Event, Part, Participant, Scene, SceneError

# A message that is nothing but a placeholder. What follows it in brackets is a file's name or address.
_PLACEHOLDER = re.compile(r"!?\[(?P<what>[^\[\]:：|]{1,8})(?:[:：|][^\[\]]*)?\](?:\([^()]*\))?(?P<rest>.*)", re.S)
MEDIA = {
    "图片": Kind.IMAGE,
    "照片": Kind.IMAGE,
    "语音": Kind.VOICE,
    "视频": Kind.FILE,
    "文件": Kind.FILE,
    "位置": Kind.LOCATION,
}
# Nobody's words: nothing a bot could hear.
WORDLESS = frozenset(
    {"表情", "表情包", "动画表情", "链接", "分享", "音乐分享", "小程序", "红包", "微信红包", "转账", "名片", "聊天记录",
     "视频号", "语音通话", "视频通话", "接龙消息", "拍一拍", "系统消息", "引用",
     "GIF表情", "合并转发", "群公告", "红包封面"}
)  # fmt: skip
# What the platform says, not a neighbour.
_NOTICE = re.compile(
    r"撤回了一条消息|(?:加入|退出)了?群聊|移出了?群聊|修改群名|拍了拍|开启了?.{0,6}(?:验证|确认)|领取了.{0,12}红包|群公告|成为新?群主"
)
NOTICE_MOST = 60  # characters: whoever writes more about a group's notice speaks for themselves
# 「张三：文本」, a line of dashes, the answer: how a quotation is copied from the desktop client.
_COPIED = re.compile(r"^「(?P<name>[^」：:\n]{1,40})[：:]\s*(?P<text>.*?)」\s*\n[-—－\s]{5,}\n(?P<answer>.+)$", re.S)
# The answer, then 引用:张三:文本 on a line of its own.
_REFERRED = re.compile(r"^(?P<answer>.+)\n引用[:：](?P<name>[^:：\n]{1,40})[:：](?P<text>[^\n]*)$", re.S)

# > 张三(wxid_abc) 11-23 09:00:12, the quoted lines with a > before each, then the answer.
_CITED = re.compile(
    r"^> (?P<name>[^\n]{1,40}?)(?:\([\w@.-]{3,}\))? [\d: -]{8,19}\n(?P<text>(?:>[^\n]*\n)+)(?P<answer>.+)$", re.S
)


class Reason(StrEnum):
    """Why a line is not in the rehearsal; what is said about it stands in bot.rehearse.words."""

    BEFORE = "before"  # words before the first message
    TIME = "time"  # no such moment: 2026-13-40
    UNDATED = "undated"  # a time of day, and no date anywhere above it
    EMPTY = "empty"  # a name and a time, and nothing said
    NOTICE = "notice"  # the platform's own words
    WORDLESS = "wordless"  # a sticker, a red packet, a link


@dataclass(frozen=True)
class Problem:
    """A line, counted from 1, that was left out."""

    line: int
    reason: Reason


@dataclass(frozen=True)
class Cast:
    """Who holds a post, by the names in the export; everybody else is a resident."""

    leaders: tuple[str, ...] = ()
    property: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()

    def part(self, name: str) -> Part:
        held = ((Part.LEADER, self.leaders), (Part.PROPERTY, self.property), (Part.STAFF, self.staff))
        return next((part for part, names in held if name in names), Part.RESIDENT)


@dataclass(frozen=True)
class Export:
    """The chat, what was left out of it, and how many messages are pictures, voice and the like."""

    scene: Scene
    problems: tuple[Problem, ...]
    media: int


@dataclass
class _Message:
    header: Header
    at: datetime
    line: int
    words: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Known:
    """A message that a later one may quote."""

    i: int
    name: str
    text: str


def decode(raw: bytes) -> str:
    """The text of a file, whatever a Chinese Windows wrote it in. Raises SceneError."""
    encodings = ("utf-16",) if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SceneError("neither UTF-8, UTF-16 nor GB18030")


def read(text: str, cast: Cast, *, group: str, building: str | None = None, unit: str | None = None) -> Export:
    """Read an export. group: what the chat is called.

    Raises SceneError where not one message is found, or where somebody of the cast never says a word: a misspelt
    leader would make a rehearsal that shows nothing.
    """
    problems: list[Problem] = []
    messages = _messages(text, problems)
    if not messages:
        raise SceneError("no message in a form that is known: see docs/rehearse.md")
    messages.sort(key=lambda one: one.at)  # stable: what was said in one minute keeps its order
    people: dict[str, Participant] = {}
    events: list[Event] = []
    said: list[_Known] = []
    media = 0
    for one in messages:
        body = "\n".join(one.words).strip()
        kind, words, left_out = _understood(one, body)
        if left_out is not None:
            problems.append(Problem(one.line, left_out))
            continue
        answer, quoted = _unquoted(words, said)
        name = one.header.name
        people.setdefault(one.header.user_id, Participant(one.header.user_id, cast.part(name), name))
        minutes = (one.at - messages[0].at) / timedelta(minutes=1)
        events.append(Event(len(events), one.header.user_id, answer, minutes, False, quoted, kind))
        said.append(_Known(len(events) - 1, name, answer))
        media += kind != Kind.TEXT
    _check_cast(cast, people.values())
    scene = Scene(group, group, building, unit, tuple(people.values()), tuple(events), messages[0].at)
    return Export(scene, tuple(sorted(problems, key=lambda one: one.line)), media)


def _messages(text: str, problems: list[Problem]) -> list[_Message]:
    """Cut the text at its headers. What stands under a header that cannot be read is nobody's, and is left out."""
    found: list[_Message] = []
    day: str | None = None
    current: _Message | None = None
    before = True
    for number, line in enumerate(text.split("\n"), start=1):
        shown = line.strip("\ufeff\u200b \t\r")
        if (divider := date_line(shown)) is not None:
            day, current, before = divider, None, False
            continue
        if shown.startswith("> ") and current is not None:
            current.words.append(shown)  # a quotation has a header of its own: it is nobody's new message
            continue
        head = header(shown) or (undated(shown, day) if day else None)
        if head is not None:
            before = False
            at = head.moment()
            current = None
            if at is None:
                problems.append(Problem(number, Reason.TIME))
                continue
            current = _Message(head, at, number, [head.text] if head.text else [])
            found.append(current)
        elif looks_undated(shown) or (current is None and undated(shown, "") is not None):
            current, before = None, False
            problems.append(Problem(number, Reason.UNDATED))
        elif current is not None:
            current.words.append(shown)
        elif shown and before:
            problems.append(Problem(number, Reason.BEFORE))
    return found


def _understood(message: _Message, body: str) -> tuple[Kind, str, Reason | None]:
    """The kind and the words of a message, or why it is left out."""
    whole = f"{message.header.name} {body}".strip()
    if not body or message.header.name.startswith(('"', "“")):
        return Kind.TEXT, "", Reason.NOTICE if _NOTICE.search(whole) else Reason.EMPTY
    if _NOTICE.search(body) and len(body) < NOTICE_MOST and body.startswith(('"', "“", "你", message.header.name)):
        return Kind.TEXT, "", Reason.NOTICE
    hit = _PLACEHOLDER.fullmatch(body)
    if hit is None:
        return Kind.TEXT, body, None
    what, rest = hit["what"].strip(), hit["rest"].strip()
    if what in MEDIA:
        return MEDIA[what], rest, None
    if what in WORDLESS:
        return Kind.TEXT, "", Reason.WORDLESS
    return Kind.TEXT, body, None  # [捂脸] and the like stand within words


def _unquoted(text: str, said: list[_Known]) -> tuple[str, int | None]:
    """The answer without the words it quotes, and which message those were; None where it cannot be told."""
    hit = _COPIED.match(text) or _CITED.match(text) or _REFERRED.match(text)
    if hit is None:
        return text, None
    name = hit["name"].strip()
    words = "\n".join(line.removeprefix("> ") for line in hit["text"].strip().split("\n"))
    for one in reversed(said):
        if one.name == name and words and (one.text == words or one.text.startswith(words.rstrip(".…"))):
            return hit["answer"].strip(), one.i
    return hit["answer"].strip(), None


def _check_cast(cast: Cast, people: Iterable[Participant]) -> None:
    names = {one.name for one in people}
    for title, wanted in (("leader", cast.leaders), ("property", cast.property), ("staff", cast.staff)):
        for name in wanted:
            if name not in names:
                raise SceneError(f"--{title} {name}: nobody of that name says anything in this chat")
