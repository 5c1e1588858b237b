"""Values from strangers: what a channel makes of text, ids, times and JSON before anything else touches them.

Everything here is linear in its input and raises nothing but Unreadable, which names a field and never quotes it.
"""

import hashlib
import json
import math
import re
from datetime import UTC, datetime

MAX_TEXT = 4000  # characters; a longer message is cut
MAX_ID = 128  # what the columns for chats, users and messages hold
MAX_MEDIA_ID = 255
MAX_URL = 2000
MAX_EXTERNAL_ID = 255
MAX_NAME = 100

# Forbidden in XML, refused by PostgreSQL (NUL), or half a character that no encoder takes ("\ud83d" alone in JSON).
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_CONTROL = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_DIGITS = re.compile(r"[0-9]{1,12}", re.ASCII)

# A message said outside these years is a mistake of the sender; sums with such a date overflow later.
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_LATEST = datetime(2100, 1, 1, tzinfo=UTC)


class Unreadable(Exception):
    """A genuine request that cannot be understood. The message names the field, never its content."""


def fit(text: str) -> str:
    """The text without characters that cannot be stored, sent or put into XML; line ends as newlines."""
    return _UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def words(text: str) -> str:
    """What somebody said: fit, trimmed, at most MAX_TEXT characters."""
    return fit(text).strip()[:MAX_TEXT]


def name(value: object) -> str | None:
    """A display name on one line, or None where there is none."""
    if not isinstance(value, str):
        return None
    return _CONTROL.sub("", value).strip()[:MAX_NAME] or None


def identity(value: object, field: str) -> str:
    """An id as a string; platforms give numbers or strings. Raises Unreadable for anything else.

    Unfit characters are not taken out: two different ids must never become one.
    """
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**MAX_ID:
        value = str(value)
    if not isinstance(value, str) or not value or len(value) > MAX_ID or _CONTROL.search(value):
        raise Unreadable(f"{field}: not an id")
    return value


def optional_identity(value: object) -> str | None:
    """An id that may be missing; one that cannot be kept counts as missing."""
    try:
        return identity(value, "")
    except Unreadable:
        return None


def media(*candidates: object) -> str | None:
    """The first candidate that can be kept as a media id. Inlined data is none."""
    for value in candidates:
        if not isinstance(value, str) or value.startswith(("base64://", "data:")):
            continue
        if 0 < len(value) <= MAX_MEDIA_ID and not _CONTROL.search(value):
            return value
    return None


def address(value: object) -> str | None:
    """An http address that can be kept; None for anything else."""
    fits = isinstance(value, str) and len(value) <= MAX_URL and not _CONTROL.search(value)
    return value if isinstance(value, str) and fits and value.startswith(("http://", "https://")) else None


def moment(value: object, field: str) -> datetime:
    """Epoch seconds (number or digits) as an aware moment in UTC. Raises Unreadable."""
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        value = int(value)
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise Unreadable(f"{field}: not a time")
    try:
        if not math.isfinite(value):
            raise Unreadable(f"{field}: not a time")
        at = datetime.fromtimestamp(value, tz=UTC)
    except (OverflowError, ValueError, OSError):
        raise Unreadable(f"{field}: not a time") from None
    return plausible(at, field)


def plausible(at: datetime, field: str) -> datetime:
    """The moment in UTC; Unreadable outside this century."""
    try:
        at = at.astimezone(UTC)
    except (OverflowError, ValueError):
        raise Unreadable(f"{field}: out of range") from None
    if not _EARLIEST <= at < _LATEST:
        raise Unreadable(f"{field}: out of range")
    return at


def number(value: object, limit: float) -> float | None:
    """A coordinate: a number or its digits with an absolute value up to limit, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) and abs(found) <= limit else None


def joined(*parts: str) -> str:
    """One external id out of several parts. Different parts never give the same id; a long one becomes a digest."""
    whole = "|".join(part.replace("%", "%25").replace("|", "%7C") for part in parts)
    if len(whole) <= MAX_EXTERNAL_ID:
        return whole
    return "sha256:" + hashlib.sha256(whole.encode("utf-8", "backslashreplace")).hexdigest()


def json_object(body: bytes) -> dict[str, object]:
    """The JSON object in a body. Raises Unreadable, also for NaN, for endless nesting and for other encodings."""
    try:
        found = json.loads(body.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"body: not JSON ({type(error).__name__})") from None
    if not isinstance(found, dict):
        raise Unreadable("body: not a JSON object")
    return found


def section(parent: dict[str, object], field: str) -> dict[str, object]:
    """An object inside an object; a missing or different one reads as empty."""
    value = parent.get(field)
    return value if isinstance(value, dict) else {}


def _refuse_constant(constant: str) -> object:
    raise ValueError(f"{constant} is not JSON")
