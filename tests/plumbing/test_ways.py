"""What cannot be delivered goes the next way, rides on an answer, or stands on the list at last."""

from sqlmodel import select

from bot import delivery, owed
from bot.channels import DeliveryError
from bot.jobs import deliver
from models import Outgoing, OutgoingState, Urgency
from tests.conftest import StandingClock
from tests.plumbing.conftest import Hand, Platform

SECONDS = 5.0


def test_a_permanent_refusal_goes_the_next_way_at_once(hand: Hand, paper: Platform) -> None:
    first, second = hand.chat("gone"), hand.chat("staff", channel="other")
    hand.owe("x", first, reach=(second.id,))
    paper.refusal = DeliveryError("no such chat", permanent=True)
    deliver(hand.services, SECONDS)
    other = hand.services.channels["other"]
    assert isinstance(other, Platform)
    assert other.texts == ["x"]
    line, stand_in = hand.line("x"), hand.line("x:r1")
    assert (line.state, line.overdue_at, line.undelivered_at) == (OutgoingState.GIVEN_UP, None, None)
    assert (stand_in.first_id, stand_in.state, stand_in.reach) == (line.id, OutgoingState.DONE, [])


def test_a_channel_that_only_answers_parks_and_the_line_rides_on_the_next_answer(
    hand: Hand, paper: Platform, clock: StandingClock
) -> None:
    paper.pushes = False
    chat = hand.chat("leader", private=True)
    hand.owe("x", chat)
    hand.owe("y", chat)
    deliver(hand.services, SECONDS)
    assert paper.texts == []
    assert hand.line("x").state == OutgoingState.PARKED
    # The person may write any moment: it is listed only once it is overdue.
    assert hand.line("x").undelivered_at is None
    clock.forward(minutes=11)
    with hand.services.transaction() as session:
        owed.overdue(hand.services.desk(session))
    assert hand.line("x").undelivered_at is not None
    with hand.services.transaction() as session:
        carried = owed.carry(hand.services.desk(session), chat, len("\n\nx"))
    assert [line.key for line in carried] == ["x"]
    x, y = hand.line("x"), hand.line("y")
    assert (x.state, x.undelivered_at) == (OutgoingState.DONE, None)
    assert y.state == OutgoingState.PARKED
    with hand.services.transaction() as session:
        assert owed.unpark(hand.services.desk(session), chat) == 1
    paper.pushes = True
    deliver(hand.services, SECONDS)
    assert paper.texts == ["y"]


def test_what_somebody_is_sending_does_not_also_ride_on_an_answer(hand: Hand, clock: StandingClock) -> None:
    chat = hand.chat("leader", private=True)
    hand.owe("x", chat)
    with hand.services.transaction() as session:
        line = delivery.claim(session, clock())
    assert line is not None
    with hand.services.transaction() as session:
        assert owed.carry(hand.services.desk(session), chat, 2000) == []
        delivery.settle_later(hand.services.desk(session), line, "busy", retry_after=600)
    with hand.services.transaction() as session:
        assert [line.key for line in owed.carry(hand.services.desk(session), chat, 2000)] == ["x"]


def test_an_unsent_line_goes_along_its_reach_and_at_last_on_the_list(
    hand: Hand, clock: StandingClock, paper: Platform
) -> None:
    a, b, c = hand.chat("a"), hand.chat("b"), hand.chat("c")
    hand.owe("x", a, reach=(b.id, c.id))
    paper.refusal = DeliveryError("down", retry_after=7200)

    def turn() -> None:
        deliver(hand.services, SECONDS)
        clock.forward(seconds=600)
        with hand.services.transaction() as session:
            owed.overdue(hand.services.desk(session))

    turn()
    assert hand.line("x:r1").chat_id == b.id
    turn()
    assert hand.line("x:r2").chat_id == c.id
    assert hand.line("x").undelivered_at is None
    turn()
    assert hand.line("x").undelivered_at == clock()
    turn()  # and nothing more
    with hand.services.reading() as session:
        assert len(session.exec(select(Outgoing)).all()) == 3
    paper.refusal = None
    clock.forward(hours=3)
    deliver(hand.services, SECONDS)
    assert hand.line("x").undelivered_at is None  # heard after all


def test_an_emergency_does_not_wait_ten_minutes(hand: Hand, clock: StandingClock, paper: Platform) -> None:
    a, b = hand.chat("a"), hand.chat("b")
    hand.owe("fire", a, Urgency.EMERGENCY, reach=(b.id,))
    hand.owe("lamp", a, Urgency.ANSWER, reach=(b.id,))
    clock.forward(seconds=60)
    with hand.services.transaction() as session:
        assert owed.overdue(hand.services.desk(session)) == 1
    assert hand.line("fire:r1").urgency == Urgency.EMERGENCY


def test_a_line_for_nobody_is_on_the_list_from_the_start(hand: Hand) -> None:
    assert hand.owe("x", None)
    assert hand.line("x").undelivered_at is not None
    assert deliver(hand.services, SECONDS) == 0
