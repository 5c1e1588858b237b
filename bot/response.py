"""How reliably organisations answer a whistle (吹哨报到, domain.md practice 13). Pure: calls go in, rates come out.

The rule, as it is shown beside every figure: of the calls made in a period, those count whose time to answer is over
or which were answered; the rate is how many of them were answered in time. An answer is "到了", "收到 派人" or
"来不了" with its reason: saying no honestly is an answer. A call that was taken back before its time was over
counts for nobody. Organisations are counted, persons never.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Call:
    """One organisation called to one ticket; moments are aware."""

    organisation: int
    called_at: datetime
    coming_at: datetime | None = None
    came_at: datetime | None = None
    refused_at: datetime | None = None
    called_off_at: datetime | None = None

    @property
    def answered_at(self) -> datetime | None:
        """The first word of any kind."""
        return min((at for at in (self.coming_at, self.came_at, self.refused_at) if at is not None), default=None)


@dataclass(frozen=True)
class Rate:
    """One organisation in one period. numerator of denominator answered in time."""

    numerator: int = 0  # answered in time
    denominator: int = 0  # due or answered
    came: int = 0  # of the denominator: was there
    refused: int = 0  # of the denominator: said that it could not
    late: int = 0  # of the denominator: answered, but not in time

    @property
    def rate(self) -> float | None:
        """None where nothing could be counted yet."""
        return self.numerator / self.denominator if self.denominator else None


def rates(
    calls: Iterable[Call], starts: datetime, ends: datetime, allowed: timedelta, now: datetime
) -> dict[int, Rate]:
    """The rate of every organisation called from `starts` (inclusive) until `ends`, by its id.

    allowed: how long an answer may take. now: calls that may still be answered are left out.
    """
    counted: dict[int, list[Call]] = defaultdict(list)
    for call in calls:
        if starts <= call.called_at < ends:
            counted[call.organisation] += [call] if _counts(call, allowed, now) else []
    return {organisation: _rate(of_it, allowed) for organisation, of_it in counted.items()}


def _counts(call: Call, allowed: timedelta, now: datetime) -> bool:
    due = call.called_at + allowed
    if call.answered_at is not None:
        return True
    if call.called_off_at is not None and call.called_off_at < due:
        return False
    return now >= due


def _rate(calls: Iterable[Call], allowed: timedelta) -> Rate:
    calls = list(calls)
    answered = [call for call in calls if call.answered_at is not None]
    late = sum(call.answered_at is not None and call.answered_at > call.called_at + allowed for call in answered)
    return Rate(
        numerator=len(answered) - late,
        denominator=len(calls),
        came=sum(call.came_at is not None for call in calls),
        refused=sum(call.refused_at is not None for call in calls),
        late=late,
    )
