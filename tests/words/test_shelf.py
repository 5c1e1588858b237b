"""What a process holds: the version in force, loaded beside the old one and swapped at once; else what it had."""

import itertools
import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlmodel import Session

from bot import services as building
from bot import shelf, words
from bot import wording as wordings
from bot.bell import Bell
from bot.services import Services
from bot.settings import Settings
from intents.understanding import Understanding
from models import CurrentWords, KeywordVersion, db
from tests.conftest import StandingClock
from tests.words.conftest import SAID, held, publish, rollback
from tests.words.editing import edit


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch, untried: None, understanding: Understanding) -> None:
    """Every look may ask: a test of the pause between two looks sets it itself. The shipped files are loaded once."""
    monkeypatch.setattr(shelf, "EVERY", 0.0)
    files = words.Words(understanding, wordings.load(building.KEYWORDS / words.WORDING))
    monkeypatch.setattr(words, "from_files", lambda _: replace(files))


@pytest.fixture
def live(database: str, tmp_path: Path, clock: StandingClock) -> Iterator[Services]:
    """Services as a process that serves has them."""
    settings = Settings.model_validate({"database": {"url": database}, "data": tmp_path})
    built = building.build(settings, now=clock, bell=Bell(None), live=True)
    yield built
    built.engine.dispose()


def broken(services: Services, folder: Path) -> int:
    """A version of which it turns out only later that it does not load."""
    edit(folder / "repair.toml", "place = true", 'place = "yes"')
    return publish(services, folder)


def test_a_version_is_taken_up_at_the_next_look_and_left_at_the_one_after(live: Services, own: Path) -> None:
    files = held(live)
    assert files.id == 0
    first = publish(live, own)
    assert held(live) is files
    live.words.look()
    assert held(live).id == first
    assert live.understanding.read(SAID, "private").category == "lift"
    assert "记在本子上" in live.wording("receipt_private", place="", matter="", whom="", due="", number=1)
    rollback(live, 0)
    live.words.look()
    assert (held(live).id, held(live).understanding.version) == (0, files.understanding.version)


def test_what_was_begun_with_a_version_ends_with_it(live: Services, own: Path) -> None:
    begun = live.pinned()
    publish(live, own)
    live.words.look()
    begun.words.look()
    assert (begun.words.current.id, live.words.current.id != 0) == (0, True)
    assert begun.understanding is not live.understanding
    assert begun.pinned().understanding is begun.understanding


def test_a_process_that_starts_begins_with_what_is_in_force(live: Services, own: Path) -> None:
    first = publish(live, own)
    assert building.build(live.settings, bell=Bell(None), live=True).words.current.id == first
    assert building.build(live.settings, bell=Bell(None)).words.current.id == 0  # a rehearsal, a command


def test_the_database_is_asked_at_most_once_a_second(live: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "EVERY", 1.0)
    asked: list[float] = []

    def asks(_: Session) -> int:
        asked.append(time.monotonic())
        return 0

    monkeypatch.setattr(words, "current_id", asks)
    until = time.monotonic() + 2.5
    while time.monotonic() < until:
        live.words.look()
        time.sleep(0.01)
    assert 2 <= len(asked) <= 3
    assert all(later - earlier >= 1.0 for earlier, later in itertools.pairwise(asked))


def test_who_asks_while_another_loads_does_not_wait(live: Services, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A message goes on with the old words until the new ones are there."""
    publish(live, own)
    loading, free = threading.Event(), threading.Event()
    load = words.from_content

    def slowly(content: bytes, number: int, installed: Path) -> words.Words:
        loading.set()
        assert free.wait(20)
        return load(content, number, installed)

    monkeypatch.setattr(words, "from_content", slowly)
    other = threading.Thread(target=live.words.look)
    other.start()
    try:
        assert loading.wait(20)
        live.words.look()  # would hang here
        assert held(live).id == 0
        assert live.understanding.read("3栋2单元电梯停了", "private").category == "lift"
    finally:
        free.set()
        other.join()
    assert held(live).id != 0


def test_what_does_not_load_changes_nothing_and_is_said_once(
    live: Services, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    files = held(live)
    number = broken(live, folder)
    for _ in range(3):
        live.words.look()
    assert held(live) is files
    assert live.words.trouble is not None
    assert live.words.trouble.startswith(f"version {number}: repair.toml:")
    errors = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert len(errors) == 1
    assert "repair.toml" in errors[0].getMessage()
    rollback(live, 0)
    live.words.look()
    assert live.words.trouble is None


def test_a_process_that_starts_with_what_does_not_load_takes_the_files(live: Services, folder: Path) -> None:
    broken(live, folder)
    fresh = building.build(live.settings, bell=Bell(None), live=True)
    assert fresh.words.current.id == 0
    assert fresh.words.trouble is not None
    assert fresh.understanding.read("电梯停了", "private").intent == "repair"


def test_what_the_machine_kept_from_loading_is_tried_again(
    live: Services, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = publish(live, own)
    with monkeypatch.context() as full:
        full.setattr(words, "from_content", _no_space)
        live.words.look()
    assert live.words.trouble == f"version {first}: OSError"  # no message of the system's: it names paths
    live.words.look()
    assert held(live).id == 0  # not at once
    later = time.monotonic() + shelf.AGAIN + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    live.words.look()
    assert held(live).id == first
    assert live.words.trouble is None


def _no_space(*_: object) -> None:
    raise OSError(28, "No space left on device", "/tmp/danyuan-words-x")  # noqa: S108 - only a text


def test_a_damaged_version_changes_nothing(live: Services, own: Path) -> None:
    first = publish(live, own)
    with live.transaction() as session:
        session.execute(update(KeywordVersion).values(content=b"not a zip"))
    live.words.look()
    assert held(live).id == 0
    assert live.words.trouble is not None
    assert live.words.trouble.startswith(f"version {first}: this version cannot be unpacked")
    with building.at_desk(live.settings) as desk:  # commands go on, to take it back
        words.rollback(desk, 0, "周敏")


def test_a_database_that_is_away_changes_nothing(live: Services, caplog: pytest.LogCaptureFixture) -> None:
    files = held(live)
    away = shelf.Shelf(live.engine, live.settings.keyword_files)
    away._engine = db.connect("postgresql://nobody:hidden@127.0.0.1:1/none")
    before = away.current
    for _ in range(2):
        away.look()
    assert away.current is before
    assert before.understanding.version == files.understanding.version
    warnings = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert len(warnings) == 1
    assert "hidden" not in warnings[0]


def test_a_thread_watches_once_a_process(live: Services, own: Path) -> None:
    def watchers() -> list[threading.Thread]:
        return [thread for thread in threading.enumerate() if thread.name == "words"]

    before = len(watchers())
    live.words.watch()
    live.words.watch()
    assert len(watchers()) == before + 1
    first = publish(live, own)
    end = time.monotonic() + 30
    while held(live).id != first:
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_rehearsal_and_a_single_message_never_ask(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "current_id", lambda _: pytest.fail("asked"))
    services.words.look()
    services.words.watch()
    assert services.pinned().words is services.words.current
    assert services.words.trouble is None


def test_sentences_of_an_older_program_are_said_where_they_can_be(live: Services, own: Path) -> None:
    """The program was changed since: what it says anew, and what it fills in no more, is said as installed."""
    edit(own / "wording.toml", "receipt_group =", "gone_since =")
    edit(own / "wording.toml", 'unsure = "', 'unsure = "{gone_since}')
    content = words.bundle.pack(own)
    said = words.from_content(content, 7, live.settings.keyword_files).wording
    assert said("receipt_group", topic="电梯", number=1) == live.wording("receipt_group", topic="电梯", number=1)
    assert said("unsure") == live.wording("unsure")
    assert not said.has("gone_since")
    assert "记在本子上" in said("receipt_private", place="", matter="", whom="", due="", number=1)


def test_a_command_speaks_by_the_sentences_in_force(live: Services, own: Path) -> None:
    publish(live, own)
    with building.at_desk(live.settings) as desk:
        assert "记在本子上" in desk.wording("receipt_private", place="", matter="", whom="", due="", number=1)


def test_no_version_in_the_row_means_the_files(live: Services, clock: StandingClock) -> None:
    with Session(live.engine) as session:
        session.add(CurrentWords(version_id=None, since=clock(), by="x"))
        session.commit()
        assert words.current(session) == words.Current(0, clock(), "x")
    live.words.look()
    assert held(live).id == 0
    assert replace(live).words is live.words
