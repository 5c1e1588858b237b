"""The figures against a slow and obvious count of the same tickets, on both databases; and the rules by themselves."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import mean

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event
from sqlmodel import Session, col, select

from bot import ledger_table
from bot.digest import rules, text
from bot.digest.build import Circumstances, build, drawn_since
from bot.digest.figures import Digest
from bot.digest.periods import Period, Window
from bot.digest.rules import Load
from bot.digest.snapshot import Questions
from bot.services import Services
from models import (
    Area,
    Community,
    Intent,
    Level,
    Origin,
    Person,
    Post,
    Rating,
    Role,
    Status,
    Ticket,
    TicketEvent,
)
from tests.conftest import START

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
ENDS = START
WINDOW = Window(Period.DAY, ENDS.date(), ENDS - 72 * HOUR, ENDS, ENDS)
OVER = {Status.RESOLVED, Status.CLOSED, Status.WITHDRAWN, Status.DECLINED}
OPEN = set(Status) - OVER
FLAGS = ["silent", "merged", "private", "duty", "danger", "elsewhere"]
KINDS = [(Intent.REPAIR, "lift"), (Intent.REPAIR, "drain"), (Intent.DISPUTE, "noise"), (Intent.HELP, "human")]
ROLES = (Role.UNIT_LEADER, Role.UNIT_LEADER, Role.STAFF)


@dataclass(frozen=True)
class Told:
    """A ticket and all that the reckoning looks at. Hours are before the end of the window (negative: after it)."""

    kind: int
    unit: int
    opened: int
    status: Status
    resolved: int | None
    took: int | None  # hours after it came up that somebody took it
    accept: int  # hours after it came up until somebody was to have it
    due: int
    passed_up: bool
    score: int | None
    holder: int | None
    flags: frozenset[str] = field(default_factory=frozenset)

    @property
    def opened_at(self) -> datetime:
        return ENDS - self.opened * HOUR - timedelta(minutes=7)

    @property
    def accept_due_at(self) -> datetime:
        return self.opened_at + self.accept * HOUR

    @property
    def due_at(self) -> datetime:
        return self.opened_at + self.due * HOUR

    @property
    def resolved_at(self) -> datetime | None:
        return None if self.resolved is None else ENDS - self.resolved * HOUR - timedelta(minutes=3)


def told() -> st.SearchStrategy[Told]:
    hours = st.one_of(st.integers(0, 80), st.integers(0, 24 * 40))
    return st.builds(
        Told,
        kind=st.integers(0, len(KINDS) - 1),
        unit=st.integers(0, 3),
        opened=hours,
        status=st.sampled_from(Status),
        resolved=hours,
        took=st.none() | st.integers(0, 60),
        accept=st.integers(1, 60),
        due=st.integers(1, 100),
        passed_up=st.booleans(),
        score=st.none() | st.integers(1, 5),
        holder=st.none() | st.integers(0, len(ROLES) - 1),
        flags=st.frozensets(st.sampled_from(FLAGS), max_size=1),
    ).map(_sensible)


def _sensible(one: Told) -> Told:
    solved = one.status in (Status.RESOLVED, Status.CLOSED)
    return Told(**{**vars(one), "resolved": min(one.resolved or 0, one.opened) if solved else None})


@dataclass
class Ground:
    """Two communities, a building with two units in one of them, and whoever holds posts there."""

    mine: Community
    other: Community
    units: list[Area]
    posts: list[Post]


def ground(session: Session) -> Ground:
    communities = []
    for code in ("a", "b"):
        area = Area(level=Level.COMMUNITY, code=code, name=f"{code}社区")
        session.add(area)
        session.flush()
        area.path = f"/{area.id}/"
        communities.append(Community(area_id=area.id, code=code))
    session.add_all(communities)
    top = session.exec(select(Area).where(Area.code == "a")).one()
    units = []
    for label in ("1", "2"):
        building = Area(level=Level.BUILDING, code=f"B{label}", name=f"{label}栋", label=label, parent_id=top.id)
        session.add(building)
        session.flush()
        building.path = f"{top.path}{building.id}/"
        for unit in ("1", "2"):
            row = Area(level=Level.UNIT, code=f"U{label}{unit}", name=f"{unit}单元", label=unit, parent_id=building.id)
            session.add(row)
            session.flush()
            row.path = f"{building.path}{row.id}/"
            units.append(row)
    person = Person(name="李")
    session.add(person)
    session.flush()
    posts = [
        Post(person_id=person.id, role=role, area_id=units[n].id, starts_on=START.date() - timedelta(days=n))
        for n, role in enumerate(ROLES)
    ]
    session.add_all(posts)
    session.flush()
    return Ground(communities[0], communities[1], units, posts)


def put(session: Session, where: Ground, number: int, one: Told) -> None:
    """A ticket with its events and its rating."""
    intent, category = KINDS[one.kind]
    ticket = Ticket(
        ref=f"t{number}", number=number, year=2026, intent=intent, category=category, matter="一件事",
        community_id=(where.other if "elsewhere" in one.flags else where.mine).id,
        area_id=where.units[one.unit].id, status=one.status, opened_at=one.opened_at, last_report_at=one.opened_at,
        accept_due_at=one.accept_due_at, resolve_due_at=one.due_at, resolve_from_at=one.opened_at,
        resolved_at=one.resolved_at, silent="silent" in one.flags, private="private" in one.flags,
        danger="fire" if "danger" in one.flags else None,
        origin=Origin.DUTY if "duty" in one.flags else Origin.REPORT,
        holder_post_id=None if one.holder is None else where.posts[one.holder].id,
    )  # fmt: skip
    session.add(ticket)
    session.flush()
    if "merged" in one.flags:
        ticket.merged_into_id = ticket.id
    events = [(one.opened_at, "opened")]
    if one.took is not None:
        events.append((one.opened_at + one.took * HOUR, "accepted"))
    if one.passed_up:
        events.append((one.opened_at + one.accept // 2 * HOUR, "escalated"))
    session.add_all(TicketEvent(ticket_id=ticket.id, at=at, kind=kind) for at, kind in sorted(events))
    if one.score is not None:
        session.add(Rating(ticket_id=ticket.id, at=one.opened_at + 5 * HOUR, score=one.score))
    session.flush()


def reckoned(session: Session, services: Services, where: Ground) -> Digest:
    around = Circumstances(
        zone=services.settings.zone,
        now=ENDS,
        kinds=ledger_table.kinds(services.understanding),
        rules=text.rules(services.wording),
        channels={},
        relieve_from=2,
    )
    asked = Questions(session, services.settings, where.mine, WINDOW, ENDS)
    return build(asked.all(drawn_since(WINDOW, around.zone)), WINDOW, around)


def within(at: datetime | None) -> bool:
    return at is not None and WINDOW.starts <= at < WINDOW.ends


@pytest.fixture
def where(services: Services) -> Ground:
    with services.transaction() as session:
        return ground(session)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tickets=st.lists(told(), max_size=25))
def test_the_same_as_counted_by_hand(services: Services, where: Ground, tickets: list[Told]) -> None:
    with Session(services.engine) as session:
        for number, one in enumerate(tickets):
            put(session, where, number, one)
        digest = reckoned(session, services, where)
        session.rollback()
    mine = [one for one in tickets if not one.flags & {"silent", "merged", "elsewhere"}]
    raised = [one for one in mine if "duty" not in one.flags]
    still = [one for one in mine if one.status in OPEN]
    new = [one for one in mine if within(one.opened_at)]
    solved = [one for one in mine if within(one.resolved_at)]
    assert (digest.new, digest.solved, digest.open) == (len(new), len(solved), len(still))
    assert digest.emergencies == sum("danger" in one.flags for one in still)
    assert digest.overdue == sum(_overdue(one) for one in still)
    assert sum(line.new for line in digest.categories) == sum(line.new for line in digest.areas) == len(new)
    assert {line.intent: line.open for line in digest.intents if line.open} == Counter(
        KINDS[one.kind][0] for one in still
    )
    assert {line.code: line.solved for line in digest.areas if line.solved} == Counter(
        f"B{one.unit // 2 + 1}" for one in solved
    )
    rates = {rate.name: (rate.numerator, rate.denominator) for rate in digest.rates}
    asked = [one for one in raised if within(one.accept_due_at) and _counts(one)]
    assert rates["response"] == (sum(_taken(one) for one in asked), len(asked))
    done = len([one for one in raised if within(one.resolved_at)])
    late = len([one for one in raised if one.status in OPEN and one.due_at < ENDS])
    assert rates["solution"] == (done, done + late)
    scores = [one.score for one in mine if one.score is not None and within(one.opened_at + 5 * HOUR)]
    assert rates["satisfaction"] == (sum(score >= 3 for score in scores), len(scores))
    unhappy = [one for one in mine if one.status == Status.REOPENED or _rated_poorly(one)]
    assert digest.unhappy_count == len(unhappy)
    assert len(digest.unhappy) == min(5, sum("private" not in one.flags for one in unhappy))
    first = digest.days[0].on
    zone = services.settings.zone
    by_day = Counter(one.opened_at.astimezone(zone).date() for one in mine)
    assert {day.on: day.new for day in digest.days if day.new} == {d: n for d, n in by_day.items() if d >= first}
    assert sum(digest.hours) == sum(day.new for day in digest.days)
    assert {(topic.category, topic.week) for topic in digest.topics} == _rising(raised)
    assert {(one.area, one.open) for one in digest.burdens} == _carrying(still)


def _overdue(one: Told) -> bool:
    untaken = one.status in (Status.NEW, Status.DISPATCHED, Status.REOPENED) and one.accept_due_at < ENDS
    return "danger" not in one.flags and (one.due_at < ENDS or untaken)


def _counts(one: Told) -> bool:
    return one.status not in (Status.WITHDRAWN, Status.DECLINED)


def _taken(one: Told) -> bool:
    in_time = one.took is not None and one.took <= one.accept
    before_it_was_passed_up = not one.passed_up or (one.took is not None and one.took <= one.accept // 2)
    return in_time and before_it_was_passed_up


def _rated_poorly(one: Told) -> bool:
    return one.score is not None and one.score <= 2 and within(one.opened_at + 5 * HOUR)


def _rising(raised: list[Told]) -> set[tuple[str, int]]:
    weeks: Counter[tuple[int, int]] = Counter()
    for one in raised:
        weeks[one.kind, int((ENDS - one.opened_at) / timedelta(days=7))] += 1
    found = set()
    for kind, (_, category) in enumerate(KINDS[:3]):  # the fourth has no name in the keyword files
        week, before = weeks[kind, 0], [weeks[kind, n] for n in (1, 2, 3, 4)]
        if week >= 5 and week > max(before) and week >= 2 * mean(before):
            found.add((category, week))
    return found


def _carrying(still: list[Told]) -> set[tuple[str, int]]:
    held = Counter(one.holder for one in still if one.holder is not None)
    names = ["1栋1单元", "1栋2单元", "2栋1单元"]
    found = set()
    for holder, count in held.items():
        others = [n for other, n in held.items() if other != holder and ROLES[other] == ROLES[holder]]
        if count >= 2 and (not others or count >= 2 * mean(others)):
            found.add((names[holder], count))
    return found


def test_a_place_that_has_it_again_and_again_is_told_and_one_that_has_it_twice_is_not(
    services: Services, where: Ground
) -> None:
    plain = {"status": Status.CLOSED, "resolved": 0, "took": 1, "accept": 2, "due": 9, "passed_up": False,
             "score": None, "holder": None}  # fmt: skip
    with Session(services.engine) as session:
        came = [(0, 600), (0, 300), (0, 10), (1, 500), (1, 20), (3, 660), (3, 400), (3, 90)]
        for number, (unit, opened) in enumerate(came):
            put(session, where, number, Told(kind=0, unit=unit, opened=opened, **plain))  # type: ignore[arg-type]
        digest = reckoned(session, services, where)
    assert [(one.place, one.times) for one in digest.repeats] == [("1栋1单元", 3)]  # the last of unit 3 is older


def test_a_word_that_was_overdue_and_passed_up_is_still_late(services: Services, where: Ground) -> None:
    """The next level promises anew, and the old promise was broken all the same."""
    with Session(services.engine) as session:
        put(session, where, 1, Told(0, 0, 70, Status.DISPATCHED, None, None, 5, 200, False, None, None))
        ticket = session.exec(select(Ticket).where(col(Ticket.ref) == "t1")).one()
        before = reckoned(session, services, where)
        ticket.resolve_from_at = ENDS - 30 * HOUR
        session.add(TicketEvent(ticket_id=ticket.id, at=ENDS - 30 * HOUR, kind="escalated"))
        session.flush()
        after = reckoned(session, services, where)
    assert [rate.denominator for rate in (before.rates[1], after.rates[1])] == [0, 1]


@pytest.mark.parametrize(
    ("week", "before", "rises"),
    [
        (2, (1, 1, 1, 1), False),  # 1 -> 2 is chance
        (4, (0, 0, 0, 0), False),
        (5, (0, 0, 0, 0), True),
        (5, (5, 0, 0, 0), False),  # as in the liveliest week
        (6, (5, 0, 0, 0), True),
        (9, (5, 5, 5, 5), False),  # not twice as many
        (10, (5, 5, 5, 5), True),
        (20, (19, 19, 19, 19), False),
    ],
)
def test_what_rises(week: int, before: tuple[int, ...], rises: bool) -> None:
    assert rules.rises(week, before) is rises


def test_who_carries_too_much() -> None:
    leaders = [Load(1, Role.UNIT_LEADER, 7), Load(2, Role.UNIT_LEADER, 1), Load(3, Role.UNIT_LEADER, 2)]
    loads = [*leaders, Load(4, Role.STAFF, 30), Load(5, Role.STAFF, 28), Load(6, Role.MEDIATOR, 6)]
    assert rules.overburdened(loads, 6) == {1: 1.5, 6: 0.0}
    assert rules.overburdened(loads, 8) == {}


def test_moments_come_by_the_quarter_of_an_hour(services: Services, where: Ground) -> None:
    """Zones differ by quarters: what is told apart by them is a day or an hour anywhere."""
    with Session(services.engine) as session:
        for number, hours in enumerate((1, 1, 30)):
            put(session, where, number, Told(0, 0, hours, Status.ACCEPTED, None, 1, 5, 9, False, None, None))
        asked = Questions(session, services.settings, where.mine, WINDOW, ENDS).all(WINDOW.starts)
    assert asked.opened_at == {ENDS - 75 * MINUTE: 2, ENDS - 30 * HOUR - 15 * MINUTE: 1}


def test_as_many_questions_for_much_as_for_nothing(services: Services, where: Ground) -> None:
    asked: list[str] = []

    def note(*about: object) -> None:
        asked.append(str(about[2]))

    event.listen(services.engine, "before_cursor_execute", note)
    counts = []
    with Session(services.engine) as session:
        for number in range(30):
            if number in (0, 29):
                asked.clear()
                reckoned(session, services, where)
                counts.append(len(asked))
            status = Status.REOPENED if number % 2 else Status.ACCEPTED
            put(
                session,
                where,
                number,
                Told(number % 3, number % 4, number, status, None, 1, 5, 9, False, 1, number % 3),
            )
    event.remove(services.engine, "before_cursor_execute", note)
    assert counts[0] == counts[1] <= 22


def test_what_is_written_meanwhile_is_not_seen(services: Services, where: Ground) -> None:
    one = Told(0, 0, 3, Status.ACCEPTED, None, 1, 5, 9, False, None, None)
    with services.snapshot() as session:
        before = reckoned(session, services, where)
        with services.transaction() as other:
            put(other, where, 1, one)
        assert reckoned(session, services, where) == before
    with services.snapshot() as session:
        assert reckoned(session, services, where).new == 1
