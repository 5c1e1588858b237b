"""Rows of external cases onto tickets, whole or not at all: the matter that is there, or a new one. Counted once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from sqlmodel import col, select

from bot import cases, places, tickets
from bot.casesheet.table import CASES, CaseRow
from bot.consequences import SERVICE
from bot.desk import Desk
from bot.inbox import filing, recusal
from bot.inbox.merging import SHARED
from bot.moves import OPEN, Verb
from bot.places import Place
from bot.roster import Problem, RosterRefused
from bot.tickets import Matter, Voice
from intents.understanding import Understanding
from intents.verdict import Slots, Verdict
from models import Area, AuditEntry, Community, Intent, Status, Ticket

TAKES = (*OPEN, Status.RESOLVED, Status.CLOSED, Status.DECLINED)


@dataclass
class Outcome:
    """What an import did, in rows; and on how many matters they stand now."""

    opened: int = 0
    attached: int = 0  # to a matter that was there
    changed: int = 0  # known already, with another deadline
    unchanged: int = 0
    matters: int = 0


def apply(desk: Desk, understood: Understanding, rows: Sequence[CaseRow]) -> Outcome:
    """Keep every row on its ticket, opening those that are new. Twice changes nothing.

    Raises RosterRefused with every problem at once, and nothing written.
    """
    problems = sorted(_problems(desk, rows), key=lambda problem: problem.row)
    if problems:
        raise RosterRefused(problems)
    outcome, matters = Outcome(), set()
    for row in rows:
        matters.add(_one(desk, understood, row, outcome).id)
    outcome.matters = len(matters)
    desk.session.flush()
    detail = {"opened": outcome.opened, "attached": outcome.attached, "changed": outcome.changed}
    desk.session.add(AuditEntry(at=desk.now, action="cases.imported", subject="cases", detail=detail))
    return outcome


def received(desk: Desk, row: CaseRow) -> datetime:
    """When they received it: a day alone began at midnight, nothing written is now."""
    at = row.received
    if at is None:
        return desk.now
    return _aware(desk, at if isinstance(at, datetime) else datetime.combine(at, time(0)))


def due(desk: Desk, row: CaseRow) -> datetime | None:
    """Until when they want an answer: of a day alone, until the office closes."""
    at = row.due
    if at is None or isinstance(at, datetime):
        return None if at is None else _aware(desk, at)
    hours = desk.settings.hours.work
    return _aware(desk, datetime.combine(at, hours[-1][1] if hours else time(23, 59)))


def _one(desk: Desk, understood: Understanding, row: CaseRow, outcome: Outcome) -> Ticket:
    known = cases.find(desk.session, row.source, row.number)
    told = cases.Told(row.source, row.number, received(desk, row), due(desk, row))
    if known is not None:
        ticket, before = desk.session.get_one(Ticket, known.ticket_id), known.due_at
    elif row.ref is not None:
        named, before = _by_ref(desk, row.ref), None
        assert named is not None  # noqa: S101 - _problems has looked
        ticket = named
        outcome.attached += 1
    else:
        (ticket, fresh), before = _filed(desk, understood, row), None
        outcome.opened += fresh
        outcome.attached += not fresh
    tickets.lock(desk.session, ticket.community_id)
    cases.attach(desk, ticket, told, SERVICE)
    if known is not None:
        same = told.due_at in (None, before)
        outcome.unchanged += same
        outcome.changed += not same
    return ticket


def _filed(desk: Desk, understood: Understanding, row: CaseRow) -> tuple[Ticket, bool]:
    """The open ticket that is the same matter, or a new one, dispatched; and whether it is new."""
    at = desk.session.exec(select(Area).where(Area.code == row.area)).one()
    words = row.words or ""
    verdict = understood.read(words, "private", True)
    place = _place(desk, at, verdict)
    area = place.area or at
    community = places.community_of(desk.session, area)
    assert community is not None  # noqa: S101 - _problems has looked
    community = tickets.lock(desk.session, community.id)
    phone = row.phone or verdict.slots.phone
    voice = Voice(None, None, None, words, desk.now, verdict.slots.room, phone)
    same = _same(desk, verdict, place, area, community)
    if same is not None:
        tickets.join(desk, same, voice)
        return same, False
    matter, whom = _matter(desk, understood, verdict, place, area)
    ticket, _ = tickets.open_ticket(desk, community, matter, voice)
    tickets.act(desk, ticket, Verb.DISPATCH, SERVICE, target_name=whom)
    return ticket, True


def _place(desk: Desk, at: Area, verdict: Verdict) -> Place:
    """What the words name, where that lies in the area that was written beside them; else that area."""
    found = places.resolve(desk.session, at, verdict.slots, verdict.text)
    if found.area is None or found.candidates or not found.area.path.startswith(at.path):
        return places.resolve(desk.session, at, Slots(), "")
    return found


def _same(desk: Desk, verdict: Verdict, place: Place, area: Area, community: Community) -> Ticket | None:
    """A matter of what everybody there shares, open at the very same place; anything less sure is one of its own."""
    if verdict.intent != Intent.REPAIR or verdict.category not in SHARED or verdict.danger is not None:
        return None
    since = desk.now - timedelta(hours=desk.settings.times.merge_hours)
    query = (
        select(Ticket)
        .where(
            Ticket.community_id == community.id,
            Ticket.intent == Intent.REPAIR,
            Ticket.category == verdict.category,
            Ticket.area_id == area.id,
            col(Ticket.private).is_(False),
            col(Ticket.danger).is_(None),
            col(Ticket.status).in_(list(OPEN)),
            Ticket.last_report_at >= since,
        )
        .order_by(col(Ticket.id).desc())
    )
    return next((t for t in desk.session.exec(query) if t.location == place.location and t.unit == place.unit), None)


def _matter(
    desk: Desk, understood: Understanding, verdict: Verdict, place: Place, area: Area
) -> tuple[Matter, str | None]:
    """What a new ticket is about, and for whom it is, where that is not the ordinary way. Nobody can be asked."""
    if verdict.danger is not None:
        kind = understood.danger[verdict.danger.kind]
        return Matter(Intent(kind.intent), kind.category, kind.matter, place, area, urgent=True, private=True), "policy"
    if verdict.intent == Intent.OTHER:
        words = desk.wording("case_matter")
        return Matter(Intent.HELP, "human", words, place, area, private=True), "policy"
    matter = filing.matter(verdict, place, area)
    if verdict.intent != Intent.DISPUTE:
        return matter, None
    offices = recusal.concerned(verdict.text)
    recused = recusal.around(desk, offices, [area])
    return replace(matter, private=True, recused=recused), "secretary" if offices else "nobody"


def _by_ref(desk: Desk, ref: str) -> Ticket | None:
    """The ticket with this ref, or the one it lives on in."""
    ticket = desk.session.exec(select(Ticket).where(Ticket.ref == ref)).first()
    while ticket is not None and ticket.merged_into_id is not None:
        ticket = desk.session.get_one(Ticket, ticket.merged_into_id)
    return ticket


def _problems(desk: Desk, rows: Sequence[CaseRow]) -> Iterator[Problem]:
    """All that is wrong across rows, and with what is there."""
    first: dict[tuple[str, str], int] = {}
    for row in rows:
        key = (row.source, row.number)
        if key in first:
            yield _at(row, "number", f"跟第{first[key]}行重复")
        first.setdefault(key, row.at)
        yield from _when(desk, row)
        yield from _where(desk, row)


def _when(desk: Desk, row: CaseRow) -> Iterator[Problem]:
    began, ends = received(desk, row), due(desk, row)
    if began > desk.now + timedelta(days=1):
        yield _at(row, "received", "收到的时间还没到")
    elif ends is not None and row.received is not None and ends <= began:
        yield _at(row, "due", "期限比收到的时间还早")


def _where(desk: Desk, row: CaseRow) -> Iterator[Problem]:
    known = cases.find(desk.session, row.source, row.number)
    named = _by_ref(desk, row.ref) if row.ref else None
    if row.ref and named is None:
        yield _at(row, "ref", f"没有“{row.ref[:20]}”这件")
    elif known is not None and named is not None and known.ticket_id != named.id:
        there = desk.session.get_one(Ticket, known.ticket_id)
        yield _at(row, "ref", f"这个编号已经记在 {there.ref} 上")
    elif known is None and named is not None and named.status not in TAKES:
        yield _at(row, "ref", "这件已经撤回了")
    elif known is None and named is None:
        yield from _new(desk, row)


def _new(desk: Desk, row: CaseRow) -> Iterator[Problem]:
    if not row.words:
        yield _at(row, "words", "新的事要写内容；已经有的写社区工单号")
    if not row.area:
        yield _at(row, "area", "新的事要写区域编号；已经有的写社区工单号")
        return
    area = desk.session.exec(select(Area).where(Area.code == row.area)).first()
    if area is None:
        yield _at(row, "area", f"没有编号是“{row.area[:20]}”的区域")
    elif places.community_of(desk.session, area) is None:
        yield _at(row, "area", "这个区域不在哪个社区里，要写到社区或更细")


def _at(row: CaseRow, field: str, reason: str) -> Problem:
    return Problem(CASES.title, row.at, CASES.heading(field), reason)


def _aware(desk: Desk, at: datetime) -> datetime:
    """A moment of the sheet in the community's zone; a spreadsheet knows none."""
    return at.replace(tzinfo=desk.settings.zone) if at.tzinfo is None else at
