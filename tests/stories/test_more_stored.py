"""Messages that were only stored: understood later, answered once, nothing lost and nothing out of turn."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from bot import tickets
from intents.understanding import Understanding
from models import Inbound, InboundState, Status
from tests.stories.more import GROUP, LEADERS, quick_town
from tests.stories.town import Town, said_to

LIFT = "3栋2单元电梯又坏了"
GAS = "楼道里好大的煤气味"


@pytest.fixture
def town(sqlite: str, tmp_path: Path, understanding: Understanding) -> Iterator[Town]:
    built = quick_town(sqlite, tmp_path, understanding)
    yield built
    built.services.engine.dispose()


@pytest.fixture
def unverified(sqlite: str, tmp_path: Path, understanding: Understanding) -> Iterator[Town]:
    """No bridge, no group, an account that can only answer."""
    built = quick_town(sqlite, tmp_path, understanding, pushes=False, groups=False)
    yield built
    built.services.engine.dispose()


# --- only stored


def fail_once(monkeypatch: pytest.MonkeyPatch, times: int = 1) -> None:
    """The database is busy at the moment a ticket is to be opened."""
    genuine, left = tickets.lock, [times]

    def busy(*args: object) -> object:
        if left[0]:
            left[0] -= 1
            raise OperationalError("lock", {}, Exception("busy"))
        return genuine(*args)  # type: ignore[arg-type]

    for module in ("matters", "dangers", "commands", "voices"):
        monkeypatch.setattr(f"bot.inbox.{module}.lock", busy)


def test_a_message_that_could_only_be_stored_is_understood_later_and_answered_by_a_line(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_once(monkeypatch)
    first = town.say("王阿姨", LIFT, external_id="24000000077")
    assert said_to(first, "oa-王阿姨") == ""
    assert town.tickets() == []

    later = town.wait(seconds=3)
    assert "(#1)" in said_to(later, "oa-王阿姨")
    assert "电梯" in said_to(later, LEADERS)

    town.say("王阿姨", LIFT, external_id="24000000077")
    assert len(town.tickets()) == 1
    with town.session() as session:
        assert session.exec(select(Inbound)).one().state == InboundState.DONE


def test_on_an_account_that_can_only_answer_the_late_receipt_rides_on_the_next_answer(
    unverified: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_once(monkeypatch)
    assert said_to(unverified.say("王阿姨", LIFT), "oa-王阿姨") == ""
    unverified.wait(seconds=3)

    assert "(#1)" in said_to(unverified.say("王阿姨", "在吗"), "oa-王阿姨")


def test_what_follows_a_stored_message_waits_its_turn(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """我家也是 and 我去看看 mean the matter that is not there yet."""
    fail_once(monkeypatch)
    town.say("王阿姨", "电梯又坏了，按了没反应", to=GROUP)
    town.say("张伯", "我家也是", to=GROUP)
    town.say("李姐", "我去看看", to=GROUP)
    assert town.tickets() == []

    town.wait(seconds=10)
    town.wait(seconds=10)

    assert len(town.tickets()) == 1
    assert town.ticket().status == Status.ACCEPTED
    assert "joined" in town.history()


def test_danger_waits_behind_nothing(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_once(monkeypatch)
    town.say("王阿姨", "电梯又坏了，按了没反应", to=GROUP)

    seen = town.say("张伯", GAS, to=GROUP)

    assert "000-1111" in said_to(seen, GROUP)


def test_a_message_that_fails_again_and_again_is_given_up_and_seen(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_once(monkeypatch, times=99)
    town.say("王阿姨", LIFT)
    for hours in (0.01, 0.1, 0.5, 1, 2, 2, 2, 2, 2):
        town.wait(hours=hours)

    with town.session() as session:
        row = session.exec(select(Inbound)).one()
    assert row.state == InboundState.GIVEN_UP
    assert row.text == LIFT


def test_the_answer_to_a_repeated_callback_is_the_same_and_carries_nothing_new(town: Town) -> None:
    first = said_to(town.say("王阿姨", LIFT, external_id="24000000088"), "oa-王阿姨")
    town.say("李姐", "#1 修好了", to=LEADERS)

    again = said_to(town.say("王阿姨", LIFT, external_id="24000000088"), "oa-王阿姨")

    assert again == first
    assert len(town.tickets()) == 1
