"""Taking back the last move: who, until when, and what is said of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from intents.understanding import Understanding
from models import Status
from tests.stories.more import GROUP, quick_town
from tests.stories.town import Town, said_to

LIFT = "3栋2单元电梯又坏了"


def status_of(town: Town) -> list[str]:
    return [ticket.status.value for ticket in town.tickets()]


@pytest.fixture
def town(sqlite: str, tmp_path: Path, understanding: Understanding) -> Iterator[Town]:
    built = quick_town(sqlite, tmp_path, understanding)
    yield built
    built.services.engine.dispose()


def test_undone_before_it_was_sent_nobody_hears_of_it(town: Town) -> None:
    town.wait(hours=14)  # 23:00, the group sleeps
    town.say("王阿姨", "电梯又坏了，按了没反应", to=GROUP)
    town.say("李姐", "#1 修好了")

    seen = town.say("李姐", "撤销")
    assert "撤掉了" in said_to(seen, "oa-李姐")

    morning = said_to(town.wait(hours=9), GROUP)
    assert "办好了" not in morning
    assert "说早了" not in morning


def test_undo_is_refused_once_somebody_else_has_acted(town: Town) -> None:
    town.say("王阿姨", LIFT)
    town.say("李姐", "#1 我去看看")
    town.say("陈副", "#1 修好了")

    seen = town.say("李姐", "#1 撤销")

    assert "撤不了" in said_to(seen, "oa-李姐")
    assert status_of(town) == ["resolved"]


def test_undo_of_a_reopening_gives_the_promise_back_as_it_was(town: Town) -> None:
    town.say("李姐", LIFT)
    town.say("李姐", "#1 修好了")
    before = town.ticket()
    town.wait(minutes=30)
    town.say("李姐", "没修好")
    assert town.ticket().status == Status.REOPENED

    town.say("李姐", "撤销")

    after = town.ticket()
    assert (after.status, after.resolve_due_at) == (Status.RESOLVED, before.resolve_due_at)
