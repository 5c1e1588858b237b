"""Tickets as two years leave them: 98 of a hundred closed, with what was said, what happened and what was sent.

Written past the inbox, in bulk, for a million messages take hours; what the pages read is in every row. The same size
gives the same rows.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import Connection, Engine
from sqlmodel import Session, SQLModel

from benchmarks.console.street import CHANNEL, Home, Street
from intents.searching import words_of
from models import (
    Inbound,
    InboundState,
    Intent,
    Outgoing,
    OutgoingState,
    Rating,
    Report,
    Status,
    Ticket,
    TicketEvent,
    TicketSearch,
)

SPAN = timedelta(days=730)
OPEN_SHARE = 50  # every so manieth ticket is open still, and these are the newest
BATCH = 2_000  # tickets that are in memory at once
TOLD = timedelta(minutes=1)
TAKEN, SOLVED, CLOSED = timedelta(minutes=30), timedelta(hours=6), timedelta(days=3)
PRIME = 7919  # spreads what is said, where and by whom

# What is said, how it is filed, what it is called; "{rare}" marks one ticket in ten thousand.
MATTERS: tuple[tuple[Intent, str, str, str], ...] = (
    (Intent.REPAIR, "lift", "电梯停了", "电梯又停了，老人上不了楼"),
    (Intent.REPAIR, "light", "楼道灯不亮", "三楼楼道灯不亮，黑得看不见"),
    (Intent.REPAIR, "water", "水管漏水", "厨房外面的水管一直漏水"),
    (Intent.REPAIR, "sewer", "下水道堵了", "下水道又堵了，院子里全是脏水"),
    (Intent.REPAIR, "door", "单元门关不上", "单元门关不上，谁都能进来"),
    (Intent.DISPUTE, "noise", "噪音扰民", "楼上半夜装修，吵得睡不着"),
    (Intent.DISPUTE, "parking", "停车纠纷", "车位被别人占了，说了也不听"),
    (Intent.POLICY, "residence", "户籍居住证咨询", "居住证到期了怎么续签"),
    (Intent.HELP, "care", "照护", "老人一个人在家，想请人看看"),
    (Intent.HELP, "errand", "上门代办", "脚扭了，想请人帮忙买点菜"),
)
RARE = "窨井盖翘起来了"
OPEN_STATES = (Status.DISPATCHED, Status.ACCEPTED, Status.ACCEPTED, Status.WAITING, Status.REOPENED)


@dataclass
class Rows:
    """What is written for some tickets, table by table, in the order in which they may be inserted."""

    by_table: dict[type[SQLModel], list[dict[str, Any]]] = field(
        default_factory=lambda: {
            table: [] for table in (Ticket, Inbound, Report, TicketEvent, Outgoing, Rating, TicketSearch)
        }
    )

    def add(self, table: type[SQLModel], **columns: Any) -> None:
        self.by_table[table].append(columns)

    def write(self, connection: Connection) -> None:
        for table, rows in self.by_table.items():
            if rows:
                connection.execute(table.__table__.insert(), rows)  # type: ignore[attr-defined]  # SQLModel hides it


def fill(engine: Engine, street: Street, size: int, now: datetime) -> None:
    """`size` tickets, the newest of which were told within the last minutes."""
    numbers = iter(range(1, size + 1))
    while batch := [number for _, number in zip(range(BATCH), numbers, strict=False)]:
        rows = Rows()
        for number in batch:
            _ticket(rows, street, number, size, now)
        with engine.begin() as connection:
            rows.write(connection)
    _settled(engine, size)


def _ticket(rows: Rows, street: Street, number: int, size: int, now: datetime) -> None:
    home = street.homes[number * PRIME % len(street.homes)]
    intent, category, matter, said = MATTERS[number * PRIME // 11 % len(MATTERS)]
    said = RARE if number % 10_000 == 1 else said
    opened = now - SPAN * ((size - number) / size) - timedelta(seconds=number % 60)
    is_open = number > size - size // OPEN_SHARE
    status = OPEN_STATES[number % len(OPEN_STATES)] if is_open else Status.CLOSED
    resident, place = number * PRIME % street.residents + 1, f"{home.building}栋{home.unit}单元"
    rows.add(
        Ticket,
        id=number,
        ref=f"{opened.year}-{home.community_code}-{number}",
        number=number,
        year=opened.year,
        community_id=home.community_id,
        intent=intent,
        category=category,
        danger="lift_trapped" if is_open and number % 400 == 0 else None,
        private=intent is Intent.DISPUTE and number % 5 == 0,
        silent=False,
        urgent=False,
        area_id=home.area_id,
        building=home.building,
        unit=home.unit,
        matter=matter,
        status=status,
        holder_post_id=home.leader_post_id if number % 3 else home.staff_post_id,
        why=["单元长A岗在任"],
        opened_at=opened,
        accept_due_at=opened + TAKEN * 4,
        resolve_due_at=(now + timedelta(hours=number % 72 - 6)) if is_open else opened + SOLVED * 4,
        resolved_at=None if is_open else opened + SOLVED,
        closed_at=None if is_open else opened + CLOSED,
        last_report_at=opened,
    )
    _said(rows, number, resident, f"{place}{said}", opened)
    _happened(rows, number, resident, is_open=is_open, opened=opened)
    rows.add(TicketSearch, ticket_id=number, tokens=_tokens(matter, home.building, home.unit, said))
    if not is_open and number % 4 == 0:
        rows.add(Rating, ticket_id=number, account_id=resident, at=opened + CLOSED, score=2 if number % 40 == 0 else 5)


@cache  # the same few thousand again and again
def _tokens(matter: str, building: str, unit: str, said: str) -> str:
    return words_of(matter, None, building, unit, [said])


def _said(rows: Rows, number: int, resident: int, words: str, at: datetime) -> None:
    rows.add(
        Inbound,
        id=number,
        channel=CHANNEL,
        external_id=f"m{number}",
        chat_id=resident,
        account_id=resident,
        kind="text",
        text=words,
        said_at=at,
        received_at=at,
        ticket_id=number,
        listened=False,
        state=InboundState.DONE,
        attempts=0,
    )
    rows.add(Report, ticket_id=number, origin_ticket_id=number, account_id=resident, inbound_id=number,
             chat_id=resident, at=at, words=words, for_neighbour=False)  # fmt: skip


def _happened(rows: Rows, number: int, resident: int, *, is_open: bool, opened: datetime) -> None:
    steps = [("opened", None, Status.NEW, opened), ("dispatched", Status.NEW, Status.DISPATCHED, opened + TOLD)]
    if not is_open:
        steps += [
            ("accepted", Status.DISPATCHED, Status.ACCEPTED, opened + TAKEN),
            ("resolved", Status.ACCEPTED, Status.RESOLVED, opened + SOLVED),
            ("closed", Status.RESOLVED, Status.CLOSED, opened + CLOSED),
        ]
    for kind, old, new, at in steps:
        rows.add(TicketEvent, ticket_id=number, at=at, kind=kind, old=old, new=new)
    for kind, at in (("opened", opened), ("resolved", opened + SOLVED))[: 1 if is_open else 2]:
        rows.add(
            Outgoing,
            key=f"{kind}:{number}",
            chat_id=resident,
            urgency=1,
            text=f"好的，我记下了。(#{number})",
            ticket_id=number,
            reach=[],
            created_at=at,
            due_at=at,
            state=OutgoingState.DONE,
            attempts=1,
            sent_at=at + TOLD,
        )


def _settled(engine: Engine, size: int) -> None:
    """What a database that has grown by itself knows: the next numbers, and on PostgreSQL its statistics."""
    with engine.begin() as connection:
        connection.execute(text("UPDATE community SET number_year = 9999, last_number = :size"), {"size": size})
        if engine.dialect.name == "postgresql":
            for table in ("ticket", "inbound"):
                connection.execute(text(f"SELECT setval('{table}_id_seq', :size)"), {"size": size})
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("SET statement_timeout = 0"))  # longer than a callback may take
            connection.execute(text("VACUUM ANALYZE"))
        engine.dispose()


def ref_of(session: Session, number: int) -> str:
    """The ref of the ticket of that number."""
    return session.get_one(Ticket, number).ref


def home_of(street: Street, number: int) -> Home:
    """Where a ticket of that number is."""
    return street.homes[number * PRIME % len(street.homes)]
