"""The stricter clock: what we promised, and until when the law wants an answer. Pure."""

from collections.abc import Iterable
from datetime import datetime


def stricter(ours: datetime | None, legal: Iterable[datetime | None]) -> datetime | None:
    """The earliest of our own deadline and those set from outside; all aware. None where nobody set any.

    behaviour.md: "a case has its external number and legal deadline, the stricter clock wins".
    """
    return min((due for due in (ours, *legal) if due is not None), default=None)


def warn_at(received: datetime, due: datetime) -> datetime:
    """When four fifths of the time are over (domain.md, "Clocks": at 80 % one reminder)."""
    return received + (due - received) * 4 / 5 if due > received else due
