"""One row written or left as it is, and counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from sqlmodel import Session, SQLModel

M = TypeVar("M", bound=SQLModel)


@dataclass
class Counts:
    added: int = 0
    changed: int = 0
    unchanged: int = 0


def put(session: Session, counts: Counts, there: M | None, model: type[M], wanted: Mapping[str, object]) -> M:
    """Add the row, or change what differs. In `wanted` None leaves what is there and "" makes it None."""
    said = {name: (None if value == "" else value) for name, value in wanted.items() if value is not None}
    if there is None:
        there = model(**said)
        session.add(there)
        counts.added += 1
        return there
    differs = {name: value for name, value in said.items() if getattr(there, name) != value}
    for name, value in differs.items():
        setattr(there, name, value)
    if differs:
        session.add(there)
        counts.changed += 1
    else:
        counts.unchanged += 1
    return there
