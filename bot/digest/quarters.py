"""Moments by the quarter of an hour, in SQL: zones differ by whole quarters, so any zone's days are made of them."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, SQLColumnExpression, cast, func, literal_column


def of(dialect: str, moment: SQLColumnExpression[Any]) -> ColumnElement[Any]:
    """SQL: the quarter of an hour (UTC) that a moment lies in, as `moment` reads it."""
    if dialect == "postgresql":
        return func.date_bin(
            literal_column("interval '15 minutes'"), moment, literal_column("timestamptz '2000-01-01 00:00:00+00'")
        )
    # SQLite keeps a moment as text: 2026-11-23 01:07:00.000000
    quarter = cast(func.substr(moment, 15, 2), Integer) // 15 * 15
    return func.printf("%s%02d", func.substr(moment, 1, 14), quarter)


def moment(found: Any) -> datetime:
    """What `of` gave, as an aware moment: its beginning."""
    at = found if isinstance(found, datetime) else datetime.fromisoformat(found)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
