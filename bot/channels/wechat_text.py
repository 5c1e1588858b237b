"""WeChat counts bytes, not characters: a text longer than 2048 bytes of UTF-8 shows the user a fault message.

The limit is undocumented; it was measured by others for passive replies and for customer-service texts.
"""

from bot.channels.fields import words

PASSIVE_BYTES = 2048
PUSH_BYTES = 1900  # customer-service texts are split, so there is room for some headroom
_LONGEST_CHARACTER = 4


def split_bytes(text: str, limit: int) -> list[str]:
    """The text in parts of at most `limit` bytes of UTF-8, cut between lines where possible, else between characters.

    Nothing but the line end at a cut is lost. limit: at least 4, the longest character.
    """
    if limit < _LONGEST_CHARACTER:
        raise ValueError(f"a part needs room for one character: {limit}")
    parts = []
    rest = text.encode("utf-8", "ignore")
    while len(rest) > limit:
        part = rest[:limit].decode("utf-8", "ignore")  # without the character that was cut through
        if rest[len(part.encode()) : len(part.encode()) + 1] != b"\n" and part.rfind("\n") > 0:
            part = part[: part.rfind("\n")]
        rest = rest[len(part.encode()) :].removeprefix(b"\n")
        parts.append(part)
    return [part for part in (*parts, rest.decode()) if part.strip()]


def cut_bytes(text: str, limit: int) -> str:
    """The text as it is where it fits into `limit` bytes of UTF-8, else its beginning and an ellipsis."""
    if len(text.encode("utf-8", "ignore")) <= limit:
        return text
    return split_bytes(text, limit - len("…".encode()))[0] + "…"


def passive_text(text: str | None) -> str:
    """What can stand in a passive reply: fit for XML and short enough. Empty for silence."""
    return cut_bytes(words(text or ""), PASSIVE_BYTES)


def in_cdata(text: str) -> str:
    """The text for a CDATA section. wechatpy writes it raw, so `]]>` would end the section and begin elements."""
    return text.replace("]]>", "]]]]><![CDATA[>")
