"""Versions of the words: published by one command, taken up by every process, taken back by another.

    row = publish(desk, folder, "周敏", "电梯的新说法", parent=3)   # loads and tests the folder before it is stored
    rollback(desk, 2, by="周敏")                                  # 0: back to the installation's files
    export(desk, 3, folder)                                       # the files of a version, to be edited
    current(session), versions(session)                           # what is in force, and all there are

Version 0 is the installation's keyword files and has no row. A published version is never changed, so whatever was
understood by it can be understood again the same way. bot.shelf loads what is in force.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from bot.desk import Desk
from bot.wording import Wording
from bot.words import bundle, loading, vetting
from bot.words.bundle import WordsError
from bot.words.library import stored
from bot.words.loading import FILES, WORDING, Words, from_content, from_files
from models import AuditEntry, CurrentWords, KeywordVersion, db
from models.words import THE_ONE

__all__ = [
    "FILES",
    "WORDING",
    "Conflict",
    "Current",
    "Listed",
    "Words",
    "WordsError",
    "content_of",
    "current",
    "current_id",
    "export",
    "from_content",
    "from_files",
    "publish",
    "put_in_force",
    "rollback",
    "sentences",
    "stored",
    "versions",
]

AUTHOR, NOTE = 64, 500  # the columns' widths


class Conflict(WordsError):
    """Somebody else has changed what is in force meanwhile; the message says who, when and what to do (a 409)."""


@dataclass(frozen=True)
class Current:
    """What is in force: the version's number (0: the files), since when and by whom; None where it was always so."""

    id: int
    since: datetime | None = None
    by: str | None = None


@dataclass(frozen=True)
class Listed:
    """A published version without what stands in it. parent: what it was made from, 0 for the files."""

    id: int
    digest: str
    author: str
    note: str
    parent: int
    published_at: datetime


def publish(
    desk: Desk, folder: Path, author: str, note: str = "", *, parent: int, person_id: int | None = None
) -> KeywordVersion:
    """Put the words in `folder` in force, if they prove themselves (bot.words.vetting).

    parent: the version that the folder was made from; where another is in force by now, nothing happens. Takes some
    seconds, before the first statement: no lock is held while jieba thinks. Raises WordsError, its Conflict,
    KeywordError or WordingError.
    """
    _check_author(author, note)
    content = bundle.pack(folder)
    today = desk.now.astimezone(desk.settings.zone).date()
    with loading.laid_out(content) as copy:  # exactly what will be served
        digest = vetting.vet(copy, desk.settings.keyword_files, today).version
    return put_in_force(desk, content, digest, author, note, parent=parent, person_id=person_id)


def put_in_force(
    desk: Desk, content: bytes, digest: str, author: str, note: str, *, parent: int, person_id: int | None
) -> KeywordVersion:
    """Store and put in force what has proved itself before; digest: its Understanding.version.

    For those who must not wait within the transaction; all others `publish`. Raises WordsError, its Conflict.
    """
    _check_author(author, note)
    if bundle.files(content) == bundle.files(content_of(desk.session, parent, desk.settings.keyword_files)):
        raise WordsError(f"nothing differs from version {parent}")
    row = KeywordVersion(
        created_at=desk.now,
        author=author,
        person_id=person_id,
        note=note,
        parent_id=parent or None,
        digest=digest,
        content=content,
        published_at=desk.now,
    )
    desk.session.add(row)
    desk.session.flush()
    _move(desk, parent, row.id, author)
    _audit(desk, "words.published", row.id, person_id, {"author": author, "from": parent, "digest": digest})
    return row


def rollback(desk: Desk, version: int, by: str, *, person_id: int | None = None) -> Current:
    """Put an earlier version in force again, 0 for the installation's files. It must still load.

    Loading takes a second, before the desk's first statement. Raises WordsError, its Conflict, KeywordError or
    WordingError.
    """
    _check_author(by, "")
    with Session(db.reading(_engine(desk))) as looking:
        content = stored(looking, version) if version != FILES else None
    installed = desk.settings.keyword_files
    from_files(installed) if content is None else from_content(content, version, installed)
    before = current_id(desk.session)
    if before == version:
        raise WordsError(f"version {version} is in force already")
    _move(desk, before, version, by)
    _audit(desk, "words.rolled_back", version, person_id, {"author": by, "from": before})
    return current(desk.session)


def export(desk: Desk, version: int, folder: Path) -> list[str]:
    """Write the files of a version into a new or empty folder. Returns their names. Raises WordsError."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WordsError(f"{folder}: is not empty")
    return bundle.unpack(content_of(desk.session, version, desk.settings.keyword_files), folder)


def current(session: Session) -> Current:
    """What is in force."""
    row = session.exec(select(CurrentWords)).first()
    return Current(FILES) if row is None else Current(row.version_id or FILES, row.since, row.by)


def current_id(session: Session) -> int:
    """The number of the version in force, which every process asks for once a second."""
    return session.exec(select(CurrentWords.version_id)).first() or FILES


def versions(session: Session) -> list[Listed]:
    """Every published version, the newest first."""
    light = defer(KeywordVersion.content)  # type: ignore[arg-type]  # a column, which the class types as its value
    rows = session.exec(select(KeywordVersion).options(light).order_by(col(KeywordVersion.id).desc()))
    return [
        Listed(row.id, row.digest, row.author, row.note, row.parent_id or FILES, row.published_at)
        for row in rows
        if row.published_at is not None
    ]


def sentences(session: Session, installed: Wording) -> Wording:
    """How the version in force speaks, without loading how it understands. Raises WordsError or WordingError."""
    version = current_id(session)
    return installed if version == FILES else loading.sentences(stored(session, version), installed)


def content_of(session: Session, version: int, installed: Path) -> bytes:
    """All files of a version as a zip, 0 being the installation's in `installed`. Raises WordsError."""
    return bundle.pack(installed) if version == FILES else stored(session, version)


def _move(desk: Desk, before: int, after: int, by: str) -> None:
    """Compare and set: of two who publish at once the second is told. Raises Conflict."""
    insert = postgresql.insert if desk.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    first = insert(CurrentWords).values(id=THE_ONE, version_id=None, since=desk.now, by=by)
    desk.session.execute(first.on_conflict_do_nothing())
    moved = desk.session.execute(
        update(CurrentWords)
        .where(col(CurrentWords.version_id).is_not_distinct_from(before or None))
        .values(version_id=after or None, since=desk.now, by=by)
        .returning(col(CurrentWords.id)),
        execution_options={"synchronize_session": False},
    )
    if moved.first() is None:
        raise Conflict(_meanwhile(desk, before))
    desk.session.expire_all()


def _meanwhile(desk: Desk, expected: int) -> str:
    now = current(desk.session)
    since = f"{now.since.astimezone(desk.settings.zone):%Y-%m-%d %H:%M}" if now.since else "the start"
    notes = {listed.id: listed.note for listed in versions(desk.session)}
    note = f" ({notes[now.id]})" if notes.get(now.id) else ""
    return (
        f"this was made from version {expected}, but version {now.id}{note} is in force since {since}, by {now.by}: "
        f"bring your changes into it (words export) and publish that"
    )


def _check_author(author: str, note: str) -> None:
    for what, text, most in (("author", author, AUTHOR), ("note", note, NOTE)):
        if len(text) > most or not text.isprintable():
            raise WordsError(f"--{what}: at most {most} characters on one line")
    if not author.strip():
        raise WordsError("--author: who publishes this?")


def _audit(desk: Desk, action: str, version: int, person_id: int | None, detail: dict[str, object]) -> None:
    desk.session.add(
        AuditEntry(at=desk.now, person_id=person_id, action=action, subject=f"words:{version}", detail=detail)
    )
    desk.session.flush()


def _engine(desk: Desk) -> Engine:
    """For a look of its own: on SQLite the desk's first statement would lock out everybody else."""
    bind = desk.session.get_bind()
    return bind.engine
