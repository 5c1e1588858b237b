"""A passage of the policy store, written by people on the console: kept while it is being written, tried, published.

    save(desk, Draft(...), revision=0)             # so that a colleague can go on with it; raises Overtaken
    tried(understanding, policy, today)            # what it would change, before anybody is answered from it
    made = prepared(session, files, policy, base)  # a look, before anything is locked
    with laid_out(made) as folder:
        words.publish(desk, folder, author, note, parent=made.parent)

A passage is one file of a version: publishing it is publishing the version in force with this file in it. Where
somebody published other files meanwhile, nothing is lost by that; where it was this file, `Overtaken` says so.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from bot.desk import Desk
from bot.words import FILES, bundle, content_of, current_id, loading
from intents.passages import Policy, parsed, written
from intents.understanding import Understanding
from models import PolicyDraft

OWN = "own-"  # what the ids of passages begin with that were written on the console


class Overtaken(Exception):
    """Somebody else wrote the same passage meanwhile. `by`: whoever saved a draft; None: it was published."""

    def __init__(self, by: str | None = None) -> None:
        super().__init__("overtaken")
        self.by = by


@dataclass(frozen=True)
class Prepared:
    """A passage, and the files of the version `parent` that it is laid into."""

    policy: Policy
    parent: int
    content: bytes


@dataclass(frozen=True)
class Tried:
    """What a passage would change. `understanding` answers with it."""

    understanding: Understanding
    missed: tuple[tuple[str, str], ...]  # its own examples that find another passage (its title), or none ("")
    taken: tuple[tuple[str, str], ...]  # examples of others (with the title) that would no longer find theirs

    @property
    def good(self) -> bool:
        return not self.missed and not self.taken


def tried(understanding: Understanding, policy: Policy, today: date) -> Tried:
    """Put it among the passages there are and ask all examples that are to be answered on `today`."""
    others = [other for other in understanding.passages if other.id != policy.id]
    fresh = understanding.with_passages(sorted([*others, policy], key=lambda one: one.id))
    day = max(today, policy.in_force)  # one that is not in force yet is asked when it is
    right = {policy.id, *(other.id for other in others if other.instead == policy.id and other.holds(day))}
    missed = []
    for text in policy.examples if policy.until is None or policy.until >= today else ():
        found = fresh.policy(text, day)
        if found is None or found.id not in right:
            missed.append((text, found.title if found else ""))
    taken = [
        (text, other.title)
        for other in others
        if other.holds(day) and other.id != policy.instead
        for text in other.examples
        if _finds(understanding, text, day, other.id) and not _finds(fresh, text, day, other.id)
    ]
    return Tried(fresh, tuple(missed), tuple(taken))


def prepared(session: Session, installed: Path, policy: Policy, base: int) -> Prepared:
    """The version in force, for this passage to be laid into it.

    base: the version that its writer saw. Raises Overtaken where that one's passage is no longer in force.
    """
    parent = current_id(session)
    seen, now = (file_of(session, version, policy.id, installed) for version in (base, parent))
    if seen != now:
        raise Overtaken
    return Prepared(policy, parent, content_of(session, parent, installed))


@contextmanager
def laid_out(made: Prepared) -> Iterator[Path]:
    """The version with the passage in it, in a folder that goes again."""
    with loading.laid_out(made.content) as folder:
        path = folder / _name(made.policy.id)
        path.parent.mkdir(exist_ok=True)
        path.write_text(written(made.policy), encoding="utf-8")
        yield folder


def file_of(session: Session, version: int, passage: str, installed: Path) -> Policy | None:
    """The passage in a version, None where it has none of that id. Raises WordsError or KeywordError."""
    name = _name(passage)
    if version == FILES:
        path = installed / name
        return parsed(path.name, path.read_text(encoding="utf-8")) if path.is_file() else None
    found = bundle.files(content_of(session, version, installed)).get(name)
    return None if found is None else parsed(f"{passage}.md", found.decode("utf-8"))


@dataclass(frozen=True)
class Draft:
    """What somebody wrote so far: the form's fields, and the version of the words it was written on."""

    passage: str
    fields: Mapping[str, str]
    base: int
    author: str
    person_id: int | None = None


def save(desk: Desk, draft: Draft, revision: int) -> PolicyDraft:
    """Keep it. revision: of the draft that its writer saw, 0 for none. Raises Overtaken where there is another."""
    row = _row(desk.session, draft.passage, lock=True)
    if (row.revision if row else 0) != revision:
        raise Overtaken(row.author if row else "")
    if row is None:
        row = PolicyDraft(passage=draft.passage, content="", revision=0, saved_at=desk.now, author=draft.author)
    row.content, row.base_id = json.dumps(dict(draft.fields), ensure_ascii=False), draft.base or None
    row.author, row.person_id = draft.author, draft.person_id
    row.revision, row.saved_at = row.revision + 1, desk.now
    desk.session.add(row)
    try:
        desk.session.flush()
    except IntegrityError as error:  # another one wrote the first draft of it at the same moment
        raise Overtaken("") from error
    return row


def draft_of(session: Session, passage: str) -> PolicyDraft | None:
    """What is being written of this passage."""
    return _row(session, passage, lock=False)


def drafts(session: Session) -> list[PolicyDraft]:
    """Everything that is being written, the latest first."""
    return list(session.exec(select(PolicyDraft).order_by(col(PolicyDraft.saved_at).desc())))


def drop(session: Session, passage: str) -> bool:
    """Throw a draft away, or take it off once it is published. Whether there was one."""
    row = _row(session, passage, lock=True)
    if row is not None:
        session.delete(row)
        session.flush()
    return row is not None


def next_id(session: Session, installed: Path) -> str:
    """An id for a passage that is new: by what is in force, not by what this process has loaded of it so far."""
    version = current_id(session)
    if version == FILES:
        names = [path.stem for path in installed.glob("policies/*.md")]
    else:
        names = [Path(name).stem for name in bundle.files(content_of(session, version, installed))]
    known = [*names, *(row.passage for row in drafts(session))]
    numbers = [int(one.removeprefix(OWN)) for one in known if one.startswith(OWN) and one[len(OWN) :].isdecimal()]
    return f"{OWN}{max(numbers, default=0) + 1}"


def _row(session: Session, passage: str, *, lock: bool) -> PolicyDraft | None:
    query = select(PolicyDraft).where(PolicyDraft.passage == passage)
    return session.exec(query.with_for_update() if lock else query).first()


def _finds(understanding: Understanding, text: str, day: date, passage: str) -> bool:
    found = understanding.policy(text, day)
    return found is not None and found.id == passage


def _name(passage: str) -> str:
    return f"policies/{passage}.md"
