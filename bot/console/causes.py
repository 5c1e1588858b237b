"""Why a line did not arrive, as the channels tell it, to what a social worker can do about it.

A channel's cause is written for whoever runs the server. Here it becomes a key of the page's words
(templates/console/causes.html); a cause that nobody has met yet becomes the plain fallback. A test reads every cause
that the channels can give (tests/console/test_causes.py).
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class Helps(StrEnum):
    """What the cause takes to go away."""

    THEM = "them"  # the person: they write again, or are told another way
    TIME = "time"  # passes by itself
    RUNNER = "runner"  # whoever runs the server mends it


@dataclass(frozen=True)
class Cause:
    """key: of the page's words. raw: what the channel said, for whoever runs the server."""

    key: str
    helps: Helps
    raw: str


# WeChat's return codes, as bot.channels.wechat_client knows them.
_WECHAT: dict[int, tuple[str, Helps]] = {
    45015: ("silent_48h", Helps.THEM),
    45047: ("used_up", Helps.THEM),
    48001: ("answers_only", Helps.THEM),
    40003: ("unknown_person", Helps.THEM),
    43004: ("unfollowed", Helps.THEM),
    43019: ("blacklisted", Helps.THEM),
    48002: ("refuses", Helps.THEM),
    45002: ("too_long", Helps.THEM),
    -1: ("busy", Helps.TIME),
    45011: ("busy", Helps.TIME),
    45009: ("day_used_up", Helps.TIME),
    40001: ("keys", Helps.RUNNER),
    40014: ("keys", Helps.RUNNER),
    42001: ("keys", Helps.RUNNER),
    40013: ("keys", Helps.RUNNER),
    40125: ("keys", Helps.RUNNER),
    40243: ("keys", Helps.RUNNER),
    40164: ("address", Helps.RUNNER),
    89503: ("address", Helps.RUNNER),
    50002: ("restricted", Helps.RUNNER),
}
# Everything else a channel, or bot.jobs for it, says: the first that fits.
_SAID: tuple[tuple[str, str, Helps], ...] = (
    (r"no chat$", "nobody", Helps.THEM),
    (r"an unverified account can only answer$|this channel can only answer$", "answers_only", Helps.THEM),
    (r"an Official Account has no groups$", "no_groups", Helps.RUNNER),
    (r"this group is only listened to$", "only_listening", Helps.THEM),
    (r"channel .* is not configured$|no (?:api_base|url) configured$", "unconfigured", Helps.RUNNER),
    (r"no answer in time$|no connection$|no usable answer", "no_answer", Helps.TIME),
    (r"HTTP (?:40[13]\b|\d+: the bridge refuses our token)", "keys", Helps.RUNNER),
    (r"HTTP 404\b|the answer is not JSON", "wrong_place", Helps.RUNNER),
    (r"HTTP (?:429|408|425|5\d\d)$", "busy", Helps.TIME),
    (r"HTTP 4\d\d$", "not_taken", Helps.RUNNER),
    (r"HTTP \d+$", "no_answer", Helps.TIME),
    (r"the bridge refused", "bridge_refused", Helps.RUNNER),
    (r"waits behind an older message$", "waits_turn", Helps.TIME),
    (r"[A-Za-z]+$", "fault", Helps.RUNNER),  # the kind of an error of our own
)
_CODE = re.compile(r"WeChat (-?\d+)\b")


def cause(raw: str | None) -> Cause | None:
    """The cause of a row's or channel's error; None where it has none yet."""
    if not raw:
        return None
    code = _CODE.match(raw)
    if code is not None:
        return Cause(*_WECHAT.get(int(code[1]), ("wechat_other", Helps.RUNNER)), raw)
    found = next(((key, helps) for pattern, key, helps in _SAID if re.match(pattern, raw)), ("other", Helps.RUNNER))
    return Cause(*found, raw)
