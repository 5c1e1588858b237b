"""Pages by key, newest first: a cursor names the last row seen, so new rows never shift or repeat a page."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import Mapped
from sqlmodel import col

from bot.web.api_errors import ApiError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_ID = 2**31 - 1  # what an INTEGER column of PostgreSQL holds
_LAST_MICROSECOND = (datetime(2200, 1, 1, tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)


@dataclass(frozen=True)
class Position:
    """The last row of a page: its moment and its id."""

    at: datetime
    id: int


def question(name: str, filters: Mapping[str, object]) -> str:
    """A digest of which list is asked with which filters: a cursor is good for that alone."""
    words = "\n".join(f"{key}={filters[key]!r}" for key in sorted(filters))
    return hashlib.sha256(f"{name}\n{words}".encode()).hexdigest()[:12]


def cursor(asked: str, position: Position) -> str:
    """The opaque cursor after `position`. It carries no right and no secret, so a checksum is enough of a seal."""
    microseconds = (position.at - EPOCH) // timedelta(microseconds=1)
    body = f"{microseconds}.{position.id}"
    return base64.urlsafe_b64encode(f"{body}.{_seal(asked, body)}".encode()).decode().rstrip("=")


def position(asked: str, text: str | None) -> Position | None:
    """Where a cursor points; None without one. Raises ApiError (400) for any that we did not write for this list."""
    if text is None:
        return None
    try:
        padded = text + "=" * (-len(text) % 4)
        microseconds, row_id, _ = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii").split(".")
        found = Position(EPOCH + timedelta(microseconds=_number(microseconds)), _number(row_id))
    except (ValueError, binascii.Error, OverflowError) as error:
        raise ApiError("bad_cursor", field="cursor") from error
    if found.id > _LAST_ID or cursor(asked, found) != text:  # written again, it must come out the same, seal and all
        raise ApiError("bad_cursor", field="cursor")
    return found


def after(
    position: Position | None, at: Mapped[datetime] | Mapped[datetime | None], row_id: Mapped[int]
) -> ColumnElement[bool] | None:
    """SQL: the rows behind `position` in the order (at, id) descending; None for the first page."""
    if position is None:
        return None
    return or_(col(at) < position.at, and_(col(at) == position.at, col(row_id) < position.id))


def _number(digits: str) -> int:
    number = int(digits)
    if not 0 <= number <= _LAST_MICROSECOND:
        raise ValueError("out of range")
    return number


def _seal(asked: str, body: str) -> str:
    return hashlib.sha256(f"danyuan cursor {asked} {body}".encode()).hexdigest()[:16]
