"""Lines owed: once, in order, to somebody at last."""

import threading
from datetime import timedelta

import pytest
from sqlmodel import select

from bot import delivery, owed
from bot.channels import DeliveryError, Line
from bot.jobs import deliver
from models import Inbound, OutgoingState, Urgency
from tests.conftest import StandingClock
from tests.plumbing.conftest import Hand, Platform

SECONDS = 5.0


def test_a_line_is_owed_once_however_often_it_is_said(hand: Hand) -> None:
    chat = hand.chat("a")
    assert hand.owe("event:1:1", chat)
    assert not hand.owe("event:1:1", chat)
    deliver(hand.services, SECONDS)
    assert not hand.owe("event:1:1", chat)


def test_two_at_the_same_moment_owe_one_line_and_neither_fails(hand: Hand) -> None:
    chat = hand.chat("a")
    owed_it: list[bool] = []
    gate = threading.Barrier(8)

    def say() -> None:
        gate.wait()
        owed_it.append(hand.owe("event:1:1", chat))

    threads = [threading.Thread(target=say) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(owed_it) == [False] * 7 + [True]


def test_nothing_is_owed_and_no_bell_rings_when_the_transaction_fails(hand: Hand) -> None:
    chat = hand.chat("a")

    def owe_and_fail() -> None:
        with hand.services.transaction() as session:
            owed.owe(hand.services.desk(session), key="x", chat=chat, text="x")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        owe_and_fail()
    assert deliver(hand.services, SECONDS) == 0


def test_thirty_two_claim_one_line_and_one_wins(hand: Hand) -> None:
    hand.owe("x", hand.chat("a"))
    won: list[int] = []
    gate = threading.Barrier(32)

    def take() -> None:
        gate.wait()
        with hand.services.transaction() as session:
            line = delivery.claim(session, hand.services.now())
            if line is not None:
                won.append(line.id)

    threads = [threading.Thread(target=take) for _ in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1


def test_a_slow_sender_is_overtaken_and_cannot_settle(hand: Hand, clock: StandingClock) -> None:
    hand.owe("x", hand.chat("a"))
    with hand.services.transaction() as session:
        slow = delivery.claim(session, clock())
    clock.forward(seconds=21)
    with hand.services.transaction() as session:
        quick = delivery.claim(session, clock())
    assert slow is not None
    assert quick is not None
    with hand.services.transaction() as session:
        assert not delivery.settle_later(hand.services.desk(session), slow, "too late")
        assert delivery.settle_done(hand.services.desk(session), quick, "m7")
        assert not delivery.settle_given_up(hand.services.desk(session), slow, "too late")
    line = hand.line("x")
    assert (line.state, line.message_id, line.attempts) == (OutgoingState.DONE, "m7", 2)


def test_lines_of_one_chat_and_class_keep_their_order_while_one_is_on_its_way(hand: Hand, clock: StandingClock) -> None:
    a, b = hand.chat("a"), hand.chat("b")
    for key, chat in (("a1", a), ("a2", a), ("b1", b)):
        hand.owe(key, chat)

    def take() -> str | None:
        with hand.services.transaction() as session:
            line = delivery.claim(session, clock(), timedelta(seconds=300))
            return None if line is None else line.key

    assert [take(), take(), take()] == ["a1", "b1", None]
    clock.forward(seconds=61)
    assert take() == "a2"  # waited longer than a minute: no longer held


def test_emergencies_go_before_answers_before_notices(hand: Hand, paper: Platform) -> None:
    chat = hand.chat("a")
    for number, urgency in enumerate([Urgency.NOTICE, Urgency.ANSWER, Urgency.EMERGENCY, Urgency.ANSWER]):
        hand.owe(f"{number}{urgency.name}", chat, urgency)
    with hand.services.transaction() as session:
        order = []
        while (line := delivery.claim(session, hand.services.now())) is not None:
            order.append(line.key)
            delivery.settle_done(hand.services.desk(session), line)
    assert order == ["2EMERGENCY", "1ANSWER", "3ANSWER", "0NOTICE"]


def test_a_line_for_the_morning_holds_nobody(hand: Hand, clock: StandingClock, paper: Platform) -> None:
    chat = hand.chat("a")
    with hand.services.transaction() as session:
        owed.owe(hand.services.desk(session), key="later", chat=chat, text="later", due_at=clock() + timedelta(hours=9))
    hand.owe("now", chat)
    deliver(hand.services, SECONDS)
    assert paper.texts == ["now"]
    clock.forward(hours=9)
    deliver(hand.services, SECONDS)
    assert paper.texts == ["now", "later"]


def test_what_fails_is_tried_again_after_a_growing_pause_and_given_up_the_eighth_time(
    hand: Hand, clock: StandingClock, paper: Platform
) -> None:
    hand.owe("x", hand.chat("a"))
    paper.refusal = DeliveryError("line busy")
    pauses = []
    for _ in range(8):
        deliver(hand.services, SECONDS)
        line = hand.line("x")
        pauses.append(round((line.due_at - clock()).total_seconds()))
        clock.at = max(clock.at, line.due_at)
    assert pauses[:7] == [5, 30, 120, 600, 3600, 3600, 3600]
    assert (line.state, line.error) == (OutgoingState.GIVEN_UP, "line busy")
    assert line.undelivered_at is not None


def test_the_platforms_own_pause_is_kept(hand: Hand, clock: StandingClock, paper: Platform) -> None:
    hand.owe("x", hand.chat("a"))
    paper.refusal = DeliveryError("slow down", retry_after=77)
    deliver(hand.services, SECONDS)
    assert hand.line("x").due_at == clock() + timedelta(seconds=77)


def test_a_slow_platform_does_not_hold_the_others(hand: Hand, paper: Platform) -> None:
    other = hand.services.channels["other"]
    assert isinstance(other, Platform)
    told = threading.Event()
    paper.before = lambda line: None if told.wait(10) else pytest.fail("the other channel was held")
    other.before = lambda line: told.set()
    for number in range(4):
        hand.owe(f"slow{number}", hand.chat(f"s{number}"))
    hand.owe("quick", hand.chat("q", channel="other"))
    deliver(hand.services, SECONDS)
    assert other.texts == ["quick"]
    assert len(paper.sent) == 4


def test_an_emergency_passes_two_answers_that_hang(hand: Hand, paper: Platform) -> None:
    told = threading.Event()

    def hang_or_tell(line: Line) -> None:
        if line.text == "fire":
            told.set()
        else:
            assert told.wait(10)

    paper.before = hang_or_tell
    for number in range(2):
        hand.owe(f"slow{number}", hand.chat(f"s{number}"))
    hand.owe("fire", hand.chat("f"), Urgency.EMERGENCY)
    deliver(hand.services, SECONDS)
    assert sorted(paper.texts) == ["fire", "slow0", "slow1"]


def test_a_fault_in_a_channel_is_a_failed_attempt_like_any_other(hand: Hand, paper: Platform) -> None:
    def fault(line: Line) -> None:
        raise ZeroDivisionError

    paper.before = fault
    hand.owe("x", hand.chat("a"))
    deliver(hand.services, SECONDS)
    assert (hand.line("x").state, hand.line("x").error) == (OutgoingState.QUEUED, "ZeroDivisionError")


def test_a_line_to_a_channel_that_is_no_longer_configured_waits(hand: Hand) -> None:
    hand.owe("x", hand.chat("a", channel="removed"))
    deliver(hand.services, SECONDS)
    assert hand.line("x").error == "channel removed is not configured"
    assert hand.line("x").state == OutgoingState.QUEUED


def test_chatter_is_forgotten_when_its_time_is_up_and_not_before(hand: Hand, clock: StandingClock) -> None:
    with hand.services.transaction() as session:
        for number, hours in ((1, 1), (2, 3)):
            session.add(
                Inbound(
                    channel="paper",
                    external_id=str(number),
                    kind="text",
                    text="吃了吗",
                    said_at=clock(),
                    received_at=clock(),
                    erase_at=clock() + timedelta(hours=hours),
                )
            )
    clock.forward(hours=2)
    with hand.services.transaction() as session:
        assert owed.any_chatter(session, clock())
        assert owed.forget_chatter(session, clock()) == 1
        assert not owed.any_chatter(session, clock())
    with hand.services.reading() as session:
        texts = {row.external_id: row.text for row in session.exec(select(Inbound))}
    assert texts == {"1": None, "2": "吃了吗"}
