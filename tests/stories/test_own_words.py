"""A community teaches the service its own word for the lift, and how it wants to be spoken to; and takes it back."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot import services as building
from bot import shelf, words
from bot.bell import Bell
from bot.inbox import ears
from bot.inbox.hearing import Hearing
from models import Inbound
from tests.conftest import StandingClock
from tests.stories.conftest import people, settings
from tests.stories.more import GROUP
from tests.stories.town import MONDAY, FakeChannel, Town, said_to
from tests.words.editing import edit

OWN = "3栋2单元哐叽笼停了"
ME = "oa-王阿姨"


@pytest.fixture
def town(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """The town as a process that serves holds it: with the words that are in force."""
    monkeypatch.setattr(shelf, "EVERY", 0.0)
    channels = {
        "oa": FakeChannel("oa", answers_passively=True, pushes=True, hears_groups=False, whispers=False),
        "bridge": FakeChannel("bridge", answers_passively=False, pushes=True, hears_groups=True, whispers=True),
    }
    live = building.build(settings(database, tmp_path), now=StandingClock(MONDAY), bell=Bell(None), live=True)
    built = Town(replace(live, channels=channels), channels)
    people(built)
    yield built
    built.services.engine.dispose()


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    shutil.copytree(building.KEYWORDS, folder)
    edit(folder / "dialects.toml", '"冇得" = "没有"', '"哐叽笼" = "电梯"\n"冇得" = "没有"')
    edit(folder / "wording.toml", "我记下了", "我记在本子上了")
    return folder


def publish(town: Town, folder: Path, parent: int = 0) -> int:
    with town.services.transaction() as session:
        version = words.publish(town.services.desk(session), folder, "周敏", "哐叽笼", parent=parent).id
    town.services.words.look()
    return version


def kept(town: Town) -> list[str | None]:
    """Which version each message was understood by, in order."""
    with town.services.reading() as session:
        return list(session.exec(select(Inbound.lexicon_version).order_by(col(Inbound.id))))


def test_a_word_of_their_own_is_understood_and_said_to_them_in_their_way_until_it_is_taken_back(
    town: Town, own: Path
) -> None:
    files = town.services.understanding.version

    before = town.say("王阿姨", OWN)
    assert "电梯" not in said_to(before, ME)

    publish(town, own)
    published = town.services.understanding.version
    after = town.say("张伯", OWN)
    assert "电梯" in said_to(after, "oa-张伯")
    assert "我记在本子上了" in said_to(after, "oa-张伯")
    assert [ticket.category for ticket in town.tickets()][-1] == "lift"

    with town.services.transaction() as session:
        words.rollback(town.services.desk(session), 0, "周敏")
    town.services.words.look()
    again = town.say("王阿姨", "3栋2单元楼道灯不亮了")
    assert "我记下了" in said_to(again, ME)

    assert kept(town) == [files, published, files]
    assert files != published


def test_a_message_that_waited_is_understood_by_the_words_of_the_moment_and_keeps_their_version(
    town: Town, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("bot.inbox.taking.hear", lambda _: 1 / 0)
        assert town.say("张伯", OWN, to=GROUP) == []
    assert town.tickets() == []

    publish(town, own)
    town.wait(minutes=1)

    assert [ticket.category for ticket in town.tickets()] == ["lift"]
    assert kept(town) == [town.services.understanding.version]


def test_words_that_change_while_a_message_is_heard_change_nothing_for_it(
    town: Town, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read by one version, looked up by another: a danger of the first might not be there in the second."""
    files = town.services.understanding.version
    heard: list[str] = []
    monkeypatch.setattr("bot.inbox.taking.hear", swapping(town, own, heard))

    town.say("王阿姨", "3栋2单元楼道灯不亮了")

    assert heard == [files, files]
    assert kept(town) == [files]
    assert town.services.understanding.version != files
    assert "我记下了" in (town_answer(town) or "")


def swapping(town: Town, own: Path, heard: list[str]) -> Callable[[Hearing], None]:
    """In place of `hear`: another version comes into force while a message is being heard."""

    def during(h: Hearing) -> None:
        heard.append(h.understanding.version)
        _swap(town, own)
        ears.hear(h)
        heard.append(h.understanding.version)

    return during


def _swap(town: Town, own: Path) -> None:
    held = town.services.words
    held._current = words.from_content(words.bundle.pack(own), 1, building.KEYWORDS)  # type: ignore[union-attr]  # it is a Shelf


def town_answer(town: Town) -> str | None:
    with town.services.reading() as session:
        return session.exec(select(Inbound.answer).order_by(col(Inbound.id).desc())).first()
