"""What an import would do, seen by doing it: the rows are written, watched, and taken back by the caller.

with watched(session) as seen:
    outcome = apply(desk, roster)
changes = seen.changes(roster)                 # ordered as the sheets are; the same changes give the same digest
"""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import event, inspect
from sqlmodel import Session, SQLModel, col, delete, select

from bot.masking import masked
from bot.roster.rows import Roster
from bot.routing import TITLES
from models import Account, Area, Chat, DutyShift, Organisation, Person, Post, RosterUpload

KEPT = timedelta(hours=1)  # an uploaded file, until it is confirmed
# What is shown of a row, by the sheet it came from.
SHEETS: Mapping[type[SQLModel], tuple[str, tuple[str, ...]]] = {
    Area: ("areas", ("name", "level", "parent_id", "label", "aliases", "phones", "co_area_id")),
    Organisation: ("organisations", ("name", "kind", "area_id", "phone")),
    Chat: ("chats", ("name", "kind", "area_id")),
    Person: ("people", ("name", "phone", "contact_note", "area_id")),
    Account: ("accounts", ("channel", "person_id")),
    Post: ("posts", ("starts_on", "ends_on", "organisation_id", "duties", "skills")),
    DutyShift: ("shifts", ("starts", "ends", "from_on", "to_on")),
}
_ORDER = [name for name, _ in SHEETS.values()]


@dataclass(frozen=True)
class Change:
    """One row that would be added, or changed: which, where it stands in the file (0: not known), and what of it.

    paths: of the areas it belongs to, so that somebody else's are seen.
    """

    sheet: str
    row: int
    what: str
    added: bool
    fields: tuple[tuple[str, str, str], ...]  # column, before, after
    paths: tuple[str, ...]


@dataclass
class Seen:
    """The rows that were written while it watched, with what stood in them before."""

    session: Session
    rows: dict[int, tuple[SQLModel, dict[str, Any] | None]] = field(default_factory=dict)  # None: new

    def note(self, *_: object) -> None:
        for row in self.session.new:
            if type(row) in SHEETS:
                self.rows.setdefault(id(row), (row, None))
        for row in self.session.dirty:
            if type(row) in SHEETS and (before := _before(row)):
                known = self.rows.setdefault(id(row), (row, {}))[1]
                if known is not None:
                    self.rows[id(row)] = (row, {**before, **known})

    def changes(self, roster: Roster) -> list[Change]:
        """Everything that differs from before, in the order of the sheets."""
        where = _where(roster)
        made = [_change(self.session, row, before, where) for row, before in self.rows.values()]
        return sorted(
            (one for one in made if one.added or one.fields),
            key=lambda one: (_ORDER.index(one.sheet), one.row, one.what),
        )


@contextmanager
def watched(session: Session) -> Iterator[Seen]:
    """Watch what is flushed."""
    seen = Seen(session)
    event.listen(session, "before_flush", seen.note)
    try:
        yield seen
        session.flush()
    finally:
        event.remove(session, "before_flush", seen.note)


def digest(changes: list[Change]) -> str:
    """The same for the same changes: whoever confirms gets what they saw.

    Without the paths, which hold ids: PostgreSQL gives none of them twice, also not after a dry run.
    """
    shown = [(one.sheet, one.row, one.what, one.added, one.fields) for one in changes]
    return hashlib.sha256(repr(shown).encode()).hexdigest()


def gone(session: Session, roster: Roster) -> tuple[list[Area], list[Person]]:
    """The areas and people of earlier imports that are not in the file. They stay; an import deletes nothing."""
    areas, people = {row.code for row in roster.areas}, {row.code for row in roster.people}
    left_areas = [one for one in session.exec(select(Area).order_by(col(Area.path))) if one.code not in areas]
    listed = session.exec(select(Person).where(col(Person.code).is_not(None)).order_by(col(Person.id)))
    left_people = [one for one in listed if one.code not in people]
    return (left_areas if roster.areas else []), (left_people if roster.people else [])


def forget_uploads(session: Session, now: datetime) -> None:
    """Files that nobody confirmed: they are full of names and numbers."""
    session.execute(delete(RosterUpload).where(col(RosterUpload.uploaded_at) <= now - KEPT))


def upload_waits(session: Session, now: datetime) -> bool:
    """Whether `forget_uploads` would find one."""
    return session.exec(select(RosterUpload.id).where(RosterUpload.uploaded_at <= now - KEPT)).first() is not None


def _before(row: SQLModel) -> dict[str, Any]:
    """What the columns that are shown held, as far as this flush changes them."""
    found = {}
    for name in (*SHEETS[type(row)][1], *(["path"] if isinstance(row, Area) else [])):
        history = inspect(row).attrs[name].history
        if history.has_changes():
            found[name] = history.deleted[0] if history.deleted else None
    return found


def _change(
    session: Session, row: SQLModel, before: dict[str, Any] | None, where: Mapping[tuple[str, object], int]
) -> Change:
    sheet, columns = SHEETS[type(row)]
    fields = [(name, _said(session, name, (before or {}).get(name)), _said(session, name, getattr(row, name)))
              for name in columns if before is None or name in before]  # fmt: skip
    kept = [one for one in fields if one[1] != one[2]]
    at = where.get((sheet, _key(session, row)), 0)
    paths = [*_paths(session, row), *_paths_before(session, before or {})]
    return Change(sheet, at, _called(session, row), before is None, tuple(kept), tuple(paths))


def _said(session: Session, name: str, value: Any) -> str:
    """A value as people read it."""
    if value is None or value in ("", [], {}):
        return ""
    if name.endswith("area_id") or name == "parent_id":
        return session.get_one(Area, value).name
    if name == "person_id":
        return session.get_one(Person, value).name or ""
    if name == "organisation_id":
        return session.get_one(Organisation, value).name
    if isinstance(value, list):
        return "、".join(str(one) for one in value)
    if isinstance(value, dict):
        return "、".join(str(one) for one in value.values())
    return masked(str(value)) if name == "phone" else str(value)


def _called(session: Session, row: SQLModel) -> str:
    if isinstance(row, Post):
        person, area = session.get_one(Person, row.person_id), session.get_one(Area, row.area_id)
        return f"{person.name or ''} {TITLES[row.role]} {area.name}"
    if isinstance(row, DutyShift):
        return f"{session.get_one(Person, row.person_id).name or ''} {session.get_one(Area, row.area_id).name}"
    if isinstance(row, Account):
        return row.user_id
    if isinstance(row, Chat):
        return row.name or row.external_id
    return str(getattr(row, "name", "") or getattr(row, "code", ""))


def _key(session: Session, row: SQLModel) -> object:
    """By what a row of the file is told from others."""
    if isinstance(row, Area | Organisation | Person):
        return row.code
    if isinstance(row, Chat):
        return (row.channel, row.external_id)
    if isinstance(row, Account):
        return (row.channel, row.user_id)
    if isinstance(row, Post | DutyShift):
        person, area = session.get_one(Person, row.person_id), session.get_one(Area, row.area_id)
        return (person.code, row.role if isinstance(row, Post) else row.starts, area.code)
    return None


def _where(roster: Roster) -> dict[tuple[str, object], int]:
    """On which row of its sheet each stands."""
    found: dict[tuple[str, object], int] = {}
    for name, keyed in (
        ("areas", [(row.code, row.at) for row in roster.areas]),
        ("organisations", [(row.code, row.at) for row in roster.organisations]),
        ("people", [(row.code, row.at) for row in roster.people]),
        ("chats", [((row.channel, row.chat), row.at) for row in roster.chats]),
        ("accounts", [((row.channel, row.user), row.at) for row in roster.accounts]),
        ("posts", [((row.person, row.role, row.area), row.at) for row in roster.posts]),
        ("shifts", [((row.person, row.starts, row.area), row.at) for row in roster.shifts]),
    ):
        for key, at in keyed:
            found.setdefault((name, key), at)
    return found


def _paths_before(session: Session, before: Mapping[str, Any]) -> Iterator[str]:
    """Where it was: nobody takes what is another's by moving it."""
    if before.get("path"):
        yield before["path"]
    if before.get("area_id"):
        yield session.get_one(Area, before["area_id"]).path


def _paths(session: Session, row: SQLModel) -> Iterator[str]:
    if isinstance(row, Area):
        yield row.path
        return
    area_id = getattr(row, "area_id", None)
    if area_id is not None:
        yield session.get_one(Area, area_id).path
    person_id = row.id if isinstance(row, Person) else getattr(row, "person_id", None)
    if person_id is not None and not isinstance(row, Post | DutyShift):
        posts = select(Area.path).join(Post, col(Post.area_id) == col(Area.id)).where(Post.person_id == person_id)
        yield from sorted(set(session.exec(posts)))
