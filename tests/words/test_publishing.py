"""Versions in the database: published whole, one after the other, never over somebody else's, and taken back."""

import threading
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot import words
from bot.services import KEYWORDS, Services
from bot.words import Conflict, WordsError, vetting
from intents.keyfile import KeywordError
from intents.understanding import version_of
from models import AuditEntry, CurrentWords, KeywordVersion
from tests.conftest import StandingClock
from tests.words.conftest import in_force, publish, rollback
from tests.words.editing import edit


def another(folder: Path, what: str = "一句新的") -> Path:
    """The folder with one more line in it."""
    with (folder / "dialects.toml").open("a", encoding="utf-8") as file:
        file.write(f"# {what}\n")
    return folder


def test_before_anything_is_published_the_files_are_in_force(services: Services) -> None:
    with services.reading() as session:
        assert words.current(session) == words.Current(0)
        assert words.versions(session) == []


def test_a_version_is_kept_whole_with_who_made_it_and_from_what(
    services: Services, own: Path, clock: StandingClock, quick: list[bytes]
) -> None:
    first = publish(services, own, note="电梯的新说法")
    clock.forward(hours=1)
    second = publish(services, another(own), parent=first, author="小邹")

    with services.reading() as session:
        current, (newest, oldest) = words.current(session), words.versions(session)
        assert words.stored(session, second) == words.bundle.pack(own)
        entries = session.exec(select(AuditEntry).order_by(col(AuditEntry.id))).all()
    assert current == words.Current(second, clock(), "小邹")
    assert (newest.id, newest.author, newest.note, newest.parent) == (second, "小邹", "", first)
    assert (oldest.author, oldest.note, oldest.parent) == ("周敏", "电梯的新说法", 0)
    assert newest.digest == version_of(own) != oldest.digest
    assert newest.published_at == clock()
    assert [(entry.action, entry.subject) for entry in entries] == [
        ("words.published", f"words:{first}"),
        ("words.published", f"words:{second}"),
    ]
    assert entries[1].detail["from"] == first


def test_what_is_tried_out_is_what_is_stored(services: Services, own: Path, quick: list[bytes]) -> None:
    publish(services, own)
    assert quick == [(own / "wording.toml").read_bytes()]


def test_what_fails_is_not_stored(services: Services, own: Path) -> None:
    edit(own / "repair.toml", "examples = [", 'examples = [ "早上好呀各位",')
    with pytest.raises(WordsError, match="早上好呀各位"):
        publish(services, own)
    assert in_force(services) == 0
    with services.reading() as session:
        assert session.exec(select(KeywordVersion)).all() == []


def test_who_publishes_over_somebody_elses_is_told_whose(services: Services, own: Path, quick: list[bytes]) -> None:
    theirs = publish(services, own, author="小邹", note="粤语的说法")
    with pytest.raises(Conflict) as caught:
        publish(services, another(own), parent=0)
    for word in (f"version {theirs}", "小邹", "粤语的说法", "made from version 0"):
        assert word in str(caught.value)
    assert in_force(services) == theirs
    with services.reading() as session:
        assert len(words.versions(session)) == 1


def test_of_two_at_the_same_instant_one_is_told(services: Services, own: Path, quick: list[bytes]) -> None:
    """Also where nothing was ever published, and the row they fight over is not there yet."""
    gate = threading.Barrier(2)
    outcomes: list[object] = []

    def act() -> None:
        gate.wait()
        try:
            outcomes.append(publish(services, own))
        except Conflict as conflict:
            outcomes.append(conflict)

    threads = [threading.Thread(target=act) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict", "int"]
    with services.reading() as session:
        assert len(session.exec(select(CurrentWords)).all()) == 1
        assert len(words.versions(session)) == 1


def test_a_rollback_meanwhile_is_told_too(services: Services, own: Path, quick: list[bytes]) -> None:
    first = publish(services, own)
    rollback(services, 0)
    with pytest.raises(Conflict, match="version 0 is in force"):
        publish(services, another(own), parent=first)


def test_a_rollback_puts_any_version_in_force_and_says_so_in_the_log(
    services: Services, own: Path, quick: list[bytes]
) -> None:
    first = publish(services, own)
    second = publish(services, another(own), parent=first)
    for version in (first, 0, second):
        rollback(services, version)
        assert in_force(services) == version
    with services.reading() as session:
        query = select(AuditEntry).where(AuditEntry.action == "words.rolled_back").order_by(col(AuditEntry.id))
        assert [(entry.subject, entry.detail["from"]) for entry in session.exec(query)] == [
            (f"words:{first}", second),
            ("words:0", first),
            (f"words:{second}", 0),
        ]


def test_a_rollback_to_what_is_not_there_or_in_force_already_is_refused(
    services: Services, own: Path, quick: list[bytes]
) -> None:
    first = publish(services, own)
    with pytest.raises(WordsError, match="no version 99"):
        rollback(services, 99)
    with pytest.raises(WordsError, match=f"version {first} is in force already"):
        rollback(services, first)


def test_a_rollback_to_what_this_program_can_no_longer_load_is_refused(
    services: Services, own: Path, untried: None
) -> None:
    edit(own / "repair.toml", "place = true", 'place = "yes"')
    broken = publish(services, own)
    rollback(services, 0)
    with pytest.raises(KeywordError, match="place"):
        rollback(services, broken)
    assert in_force(services) == 0


def test_a_folder_in_which_nothing_was_changed_is_refused(
    services: Services, folder: Path, own: Path, quick: list[bytes]
) -> None:
    first = publish(services, own)
    with pytest.raises(WordsError, match=f"nothing differs from version {first}"):
        publish(services, own, parent=first)
    with pytest.raises(WordsError, match="no version 99"):
        publish(services, own, parent=99)


@pytest.mark.parametrize(
    ("author", "note"), [("", ""), ("  ", ""), ("x" * 65, ""), ("a\nb", ""), ("周敏", "x" * 501), ("周敏", "a\tb")]
)
def test_an_author_and_a_note_stand_on_a_line(services: Services, own: Path, author: str, note: str) -> None:
    with pytest.raises(WordsError, match=r"^--(author|note)"):
        publish(services, own, author=author, note=note)


def test_an_export_is_what_was_published_and_the_files_can_be_exported_too(
    services: Services, own: Path, tmp_path: Path, quick: list[bytes]
) -> None:
    first = publish(services, own)
    with services.reading() as session:
        desk = services.desk(session)
        words.export(desk, first, tmp_path / "first")
        words.export(desk, 0, tmp_path / "files")
        with pytest.raises(WordsError, match="is not empty"):
            words.export(desk, first, tmp_path / "first")
        with pytest.raises(WordsError, match="no version 99"):
            words.export(desk, 99, tmp_path / "none")
    assert version_of(tmp_path / "first") == version_of(own)
    assert version_of(tmp_path / "files") == version_of(KEYWORDS)
    assert (tmp_path / "first" / "wording.toml").read_bytes() == (own / "wording.toml").read_bytes()


def test_trying_out_holds_no_lock(services: Services, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes seconds, in which messages must go on being stored."""
    stored: list[bool] = []

    def look_around(*_: object) -> object:
        with services.transaction() as session:
            session.add(AuditEntry(at=services.now(), action="x", subject="x"))
        stored.append(True)
        return type("Tried", (), {"version": "x"})

    monkeypatch.setattr(vetting, "vet", look_around)
    monkeypatch.setattr(words, "from_content", look_around)
    monkeypatch.setattr(words, "from_files", look_around)
    first = publish(services, own)
    rollback(services, 0)
    rollback(services, first)
    assert stored == [True, True, True]
