"""The clock does by itself what nobody else did."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from bot import deadlines, heartbeat, inbox
from bot.bell import Bell
from bot.clock import Clock
from models import Area, Community, Heartbeat, Inbound, InboundState, Intent, Level, Ticket, Urgency
from tests.conftest import RedisServer, StandingClock
from tests.plumbing.conftest import Hand, Platform, build


def until(true: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def test_without_a_queue_a_line_is_delivered_within_the_second(hand: Hand, paper: Platform) -> None:
    clock = Clock(hand.services)
    running = threading.Thread(target=clock.run)
    running.start()
    try:
        began = time.monotonic()
        hand.owe("x", hand.chat("a"))
        until(lambda: paper.texts == ["x"])
        assert time.monotonic() - began < 1.5
    finally:
        clock.stop()
        running.join()
    with hand.services.reading() as session:
        assert session.exec(select(Heartbeat)).all() == []  # it said goodbye


def test_with_a_queue_the_clock_rings_first_and_delivers_what_is_five_seconds_overdue(
    database: str, tmp_path: Path, redis: RedisServer, clock: StandingClock
) -> None:
    paper = Platform()
    hand = Hand(build(database, tmp_path, {"paper": paper}, clock, Bell(redis.url)))
    redis.kill()
    hand.owe("x", hand.chat("a"))
    ticking = Clock(hand.services)
    ticking.sweep()
    time.sleep(0.3)
    assert paper.texts == []
    clock.forward(seconds=6)
    ticking.sweep()
    until(lambda: paper.texts == ["x"])


def test_two_clocks_deliver_a_line_once(hand: Hand, paper: Platform) -> None:
    for number in range(20):
        hand.owe(f"x{number}", hand.chat(f"c{number}"))
    clocks = [Clock(hand.services), Clock(hand.services)]
    threads = [threading.Thread(target=clock.run) for clock in clocks]
    for thread in threads:
        thread.start()
    until(lambda: len(paper.sent) >= 20)
    time.sleep(0.5)
    for clock in clocks:
        clock.stop()
    for thread in threads:
        thread.join()
    assert sorted(paper.texts) == sorted(f"x{number}" for number in range(20))


def test_the_clock_passes_on_what_lies_too_long_and_forgets_chatter(
    hand: Hand, clock: StandingClock, paper: Platform
) -> None:
    a, b = hand.chat("a"), hand.chat("b")
    hand.owe("fire", a, Urgency.EMERGENCY, reach=(b.id,))
    with hand.services.transaction() as session:
        session.add(
            Inbound(
                channel="paper",
                external_id="1",
                kind="text",
                text="吃了吗",
                said_at=clock(),
                received_at=clock(),
                erase_at=clock() + timedelta(seconds=30),
            )
        )
    clock.forward(seconds=61)
    Clock(hand.services).tick()
    assert hand.line("fire:r1").chat_id == b.id
    with hand.services.reading() as session:
        assert session.exec(select(Inbound.text)).all() == [None]


def test_the_clock_hands_stored_messages_to_the_inbox(
    hand: Hand, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hand.services.transaction() as session:
        for number, later in ((1, 0), (2, 60)):
            session.add(
                Inbound(
                    channel="paper",
                    external_id=str(number),
                    kind="text",
                    said_at=clock(),
                    received_at=clock(),
                    state=InboundState.PENDING,
                    due_at=clock() + timedelta(seconds=later),
                )
            )
    resumed: list[int] = []
    monkeypatch.setattr(inbox, "resume", lambda services, inbound_id: resumed.append(inbound_id))
    Clock(hand.services).sweep()
    with hand.services.reading() as session:
        first = session.exec(select(Inbound.id).where(Inbound.external_id == "1")).one()
    assert resumed == [first]


def test_a_duty_that_fails_does_not_hold_the_others(
    hand: Hand, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(services: object) -> int:
        raise OperationalError("x", None, RuntimeError("gone"))

    monkeypatch.setattr(inbox, "clockwork", fail)
    b = hand.chat("b")
    hand.owe("x", hand.chat("a"), reach=(b.id,))
    clock.forward(minutes=11)
    Clock(hand.services).tick()
    assert hand.line("x:r1").chat_id == b.id


def test_a_scheduled_run_is_claimed_by_one_of_many_clocks(hand: Hand, clock: StandingClock) -> None:
    won: list[bool] = []
    gate = threading.Barrier(8)

    def claim() -> None:
        gate.wait()
        with hand.services.transaction() as session:
            won.append(heartbeat.claim_run(session, "digest", clock()))

    threads = [threading.Thread(target=claim) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert won.count(True) == 1


def test_a_heartbeat_is_one_row_a_process_and_old_ones_go(hand: Hand, clock: StandingClock) -> None:
    with hand.services.transaction() as session:
        session.add(Heartbeat(name="worker:elsewhere:1", kind="worker", seen_at=clock()))
    clock.forward(hours=2)
    for _ in range(2):
        with hand.services.transaction() as session:
            heartbeat.beat(session, "clock", clock())
    with hand.services.reading() as session:
        rows = session.exec(select(Heartbeat)).all()
    assert [(row.kind, row.seen_at) for row in rows] == [("clock", clock())]


def test_due_times_by_another_calendar_are_counted_again_after_the_start_and_once_a_day(
    hand: Hand, clock: StandingClock
) -> None:
    ticket_id = _ticket(hand)
    ticking = Clock(hand.services)

    ticking.tick()
    counted = _calendar(hand, ticket_id)
    assert counted == deadlines.work(hand.services.settings).fingerprint

    _calendar(hand, ticket_id, "elsewhere")
    ticking.tick()
    assert _calendar(hand, ticket_id) == "elsewhere"  # asked once a day is enough
    clock.forward(days=1)
    ticking.tick()
    assert _calendar(hand, ticket_id) == counted


def _ticket(hand: Hand) -> int:
    with hand.services.transaction() as session:
        area = Area(level=Level.COMMUNITY, code="XF", name="XF")
        session.add(area)
        session.flush()
        area.path = f"/{area.id}/"
        community = Community(area_id=area.id, code="XF")
        session.add(community)
        session.flush()
        ticket = Ticket(ref="2026-XF-1", number=1, year=2026, community_id=community.id, intent=Intent.REPAIR,
                        category="lift", area_id=area.id, matter="电梯停了", opened_at=hand.services.now(),
                        last_report_at=hand.services.now())  # fmt: skip
        session.add(ticket)
        session.flush()
        return ticket.id


def _calendar(hand: Hand, ticket_id: int, changed: str | None = None) -> str | None:
    with hand.services.transaction() as session:
        ticket = session.get_one(Ticket, ticket_id)
        ticket.calendar = changed or ticket.calendar
        return ticket.calendar
