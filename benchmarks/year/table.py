"""What happened in a year, as tables in Markdown and as one object."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import Any

from sqlmodel import Session, col, func, select

from benchmarks.year.law import Day, Story
from benchmarks.year.life import SPRING_FESTIVAL, fortnight
from benchmarks.year.running import Outcome
from bot import clocks
from bot.calendar import WEEKDAYS
from bot.holders import BOUND
from bot.moves import OPEN
from bot.routing import TITLES
from models import Inbound, InboundState, Outgoing, Post, Status, Ticket, TicketEvent
from models import Reminder as Gathered

REMIND = "remind:"  # the keys of what somebody is reminded of, gathered into one line a day
PROVISIONAL = "暂按平日计算"

_OPENED = ("", "opened", "emergencies", "answered at once", "taken in time", "late", "never", "off a leader once",
           "twice", "more", "so up to the office", "office late, up")  # fmt: skip
_ENDED = (
    "",
    "word in time",
    "late",
    "none yet",
    "ended otherwise",
    "closed by the clock",
    "reopened",
    "open at the end",
)
_SAID = ("", "reminders", "outside the hours", "rungs", "minutes until attended: median", "longest", "nobody came")
_BY_DAY = ("", "", "counted as", "opened", "taken", "off leaders", "reminders", "rungs", "words given",
           "promised for that day", "open at midnight")  # fmt: skip
_LAWS = {
    "day off": "due times on a day off or out of hours",
    "nobody": "open without anybody responsible",
    "move": "illegal moves",
}


@dataclass(frozen=True)
class Reminder:
    """One line that reminded somebody. leaders: whoever it reminded is bound by no clock."""

    at: datetime
    leaders: bool
    danger: bool


def tables(outcome: Outcome) -> str:
    """Everything, in Markdown."""
    with outcome.play.services.reading() as session:
        reminders = list(_reminders(session))
        whole = totals(outcome)
        still = _still_open(session)
    months = sorted({_month(outcome, story.opened) for story in outcome.law.stories.values()})
    parts = [
        _told(months, outcome),
        _ends(months, outcome),
        _pressed(months, outcome, reminders),
        _festival(outcome, reminders),
        "\n".join(f"- {name}: {value}" for name, value in whole.items()),
        "Still open at the end, with whom: " + ("; ".join(f"{who} {n}" for who, n in still) or "nothing"),
    ]
    return "\n\n".join(part for part in parts if part)


def totals(outcome: Outcome) -> dict[str, Any]:
    """What holds of the whole year, and how often it did not (which is never)."""
    law = outcome.law
    with outcome.play.services.reading() as session:
        outside = sum(not may_be_said(outcome, one) for one in _reminders(session))
        shown = session.exec(select(func.count()).where(col(Outgoing.text).contains(PROVISIONAL))).one()
        recounted = session.exec(select(func.count()).where(TicketEvent.kind == "recounted")).one()
        failed = session.exec(select(func.count()).where(col(Inbound.state) != InboundState.DONE)).one()
        unreached = session.exec(select(func.count()).where(col(Outgoing.undelivered_at).is_not(None))).one()
    return {
        "tickets": len(law.stories),
        "steps looked at": law.looked,
        "due moments": len(law.dues),
        **{words: law.broken[key] for key, words in _LAWS.items()},
        "reminders outside the hours in which they may": outside,
        "due moments over a year whose holidays are unknown": len(law.provisional),
        f"lines that said {PROVISIONAL}": shown,
        "promises moved when the holidays were known": recounted,
        "messages not handled": failed,
        "lines that reached nobody": unreached,
    }


def may_be_said(outcome: Outcome, reminder: Reminder) -> bool:
    """Whether it came in the hours for it: staff's and companies' in working time, leaders' in theirs.

    A leader is never reminded in the festival. An emergency knows no hours.
    """
    settings = outcome.play.services.settings
    local = reminder.at.astimezone(settings.zone)
    if reminder.danger:
        return True
    if reminder.leaders:
        festival = settings.calendar.day(local.date()).why == SPRING_FESTIVAL
        return clocks.within(local, settings.hours.leaders, settings.zone) and not festival
    in_hours = any(
        begin <= local.time() <= end for begin, end in settings.hours.work
    )  # a deadline's word is at its end
    return outcome.law.works(local.date()) and in_hours


def _reminders(session: Session) -> Iterator[Reminder]:
    """Each line once, by the posts of whoever it reminded: REMIND, the person's id, the day."""
    roles: dict[str, set[str]] = defaultdict(set)
    said = select(Gathered.settled_at, Post.person_id, Post.role).join(Post, col(Post.id) == col(Gathered.post_id))
    for at, person_id, role in session.exec(said.where(col(Gathered.said).is_(True))):
        if at is not None:
            roles[f"{person_id}:{at.isoformat()}"].add(role)
    lines = select(Outgoing.sent_at, Outgoing.created_at, Outgoing.key).where(col(Outgoing.key).startswith(REMIND))
    for sent_at, owed_at, key in session.exec(lines):
        if sent_at is not None:
            whose = roles[f"{key.split(':')[1]}:{owed_at.isoformat()}"]
            yield Reminder(sent_at, not whose & BOUND, danger=False)


def _told(months: Sequence[str], outcome: Outcome) -> str:
    """How matters were taken in hand, by the month in which they were told."""
    rows = []
    for month, stories in _by_month(months, outcome):
        ordinary = [story for story in stories if not story.danger]
        asked = [story for story in ordinary if not story.answered]
        off = Counter(min(story.off_leaders, 3) for story in stories)
        rows.append((
            month, len(stories), len(stories) - len(ordinary), len(ordinary) - len(asked),
            sum(_in_time(story) for story in asked),
            sum(story.accepted is not None and not _in_time(story) for story in asked),
            sum(story.accepted is None for story in asked), off[1], off[2], off[3],
            sum(story.at_office for story in stories), sum(story.off_office > 0 for story in stories),
        ))  # fmt: skip
    return "How matters were taken in hand\n\n" + _markdown(_OPENED, rows)


def _ends(months: Sequence[str], outcome: Outcome) -> str:
    rows = []
    for month, stories in _by_month(months, outcome):
        worded = [story for story in stories if story.resolved is not None]
        open_ = sum(story.status in OPEN for story in stories)
        others = sum(
            story.status in (Status.WITHDRAWN, Status.DECLINED) and story.resolved is None for story in stories
        )
        rows.append((
            month, sum(story.in_time for story in worded), sum(not story.in_time for story in worded),
            len(stories) - len(worded) - others, others, sum(story.closed_by_clock for story in stories),
            sum(story.reopened > 0 for story in stories), open_,
        ))  # fmt: skip
    return "What became of them (by the month in which they were told)\n\n" + _markdown(_ENDED, rows)


def _pressed(months: Sequence[str], outcome: Outcome, reminders: Sequence[Reminder]) -> str:
    rows = []
    for month, stories in _by_month(months, outcome):
        dangers = [story for story in stories if story.danger]
        waited = [round((s.attended - s.opened).total_seconds() / 60) for s in dangers if s.attended is not None]
        said = [one for one in reminders if month in ("all", _month(outcome, one.at))]
        rows.append((
            month, len(said), sum(not may_be_said(outcome, one) for one in said), sum(s.rungs for s in dangers),
            f"{median(waited):g}" if waited else "-", max(waited, default="-"),
            sum(s.attended is None for s in dangers),
        ))  # fmt: skip
    return "Reminders, and emergencies\n\n" + _markdown(_SAID, rows)


def _festival(outcome: Outcome, reminders: Sequence[Reminder]) -> str:
    settings, length = outcome.play.services.settings, outcome.length
    first = length.first
    last = date.fromordinal(first.toordinal() + length.days - 1)
    days = fortnight(settings.calendar, first, last)
    said = Counter(one.at.astimezone(settings.zone).date() for one in reminders)
    rows = []
    for on in days:
        day, kept = settings.calendar.day(on), outcome.law.days.get(on) or Day()
        counts = kept.counts
        rows.append((
            f"{on:%m-%d}", WEEKDAYS[on.weekday()], day.why, counts["opened"], counts["accepted"], counts["taken off"],
            said[on], counts["alarmed"], counts["resolved"], len(kept.due), kept.open,
        ))  # fmt: skip
    return f"{SPRING_FESTIVAL}, day by day\n\n" + _markdown(_BY_DAY, rows) if rows else ""


def _still_open(session: Session) -> list[tuple[str, int]]:
    from_holder: Counter[str] = Counter()
    query = select(Ticket, Post).join(Post, col(Post.id) == col(Ticket.holder_post_id), isouter=True)
    for ticket, post in session.exec(query.where(col(Ticket.status).in_(list(OPEN)))):
        from_holder[f"{TITLES[post.role] if post else 'nobody'} ({ticket.status.value})"] += 1
    return sorted(from_holder.items())


def _by_month(months: Sequence[str], outcome: Outcome) -> Iterator[tuple[str, list[Story]]]:
    stories = list(outcome.law.stories.values())
    for month in months:
        yield month, [story for story in stories if _month(outcome, story.opened) == month]
    yield "all", stories


def _month(outcome: Outcome, at: datetime) -> str:
    return f"{at.astimezone(outcome.play.services.settings.zone):%Y-%m}"


def _in_time(story: Story) -> bool:
    return story.accepted is not None and (story.accept_due is None or story.accepted <= story.accept_due)


def _markdown(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)
