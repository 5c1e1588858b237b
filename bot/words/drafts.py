"""Drafts: what people are changing in the words, kept as what differs from a version, so that it can go on to another.

    draft = begin(desk, "电梯的新说法", who)
    add(desk, draft, "repair.toml", "categories/lift/things", "哐叽笼", who)
    changes(session, draft)                      # with bot.words.editing.edited they are files

Whoever changes something holds the draft's row (`locked`). Words come to lists and go from them without anybody being
in anybody's way; a sentence or a file is set only over what its page showed (Overtaken). A change and its opposite
leave nothing. Nothing here reads a keyword file: what a list holds is what the caller has seen.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import Session, col, select

from bot.desk import Desk
from bot.words.bundle import WordsError
from bot.words.editing import LINES
from bot.words.loading import FILES
from models import AuditEntry, ChangeKind, CurrentWords, DraftState, WordsChange, WordsDraft

MOST_CHANGES = 2000
AUTHOR_LENGTH = 64  # the columns' width
EXAMPLES = "examples"  # and counter_examples
OPPOSITE = {ChangeKind.ADD: ChangeKind.STRIKE, ChangeKind.STRIKE: ChangeKind.ADD}


class Overtaken(WordsError):
    """Somebody else has set it since the page was drawn: what it is now, by whom."""

    def __init__(self, now: str, by: str) -> None:
        super().__init__("changed meanwhile")
        self.now, self.by = now, by


class Closed(WordsError):
    """The draft is published or dropped: nothing is changed in it any more."""


@dataclass(frozen=True)
class Who:
    """Who changes something."""

    name: str
    person_id: int | None


@dataclass(frozen=True)
class Where:
    """A place in a file."""

    file: str
    place: str


def begin(desk: Desk, title: str, who: Who) -> WordsDraft:
    """A draft without a change yet, of the version that is in force."""
    draft = WordsDraft(
        created_at=desk.now,
        author=who.name,
        person_id=who.person_id,
        title=title,
        base_id=desk.session.exec(select(CurrentWords.version_id)).first(),
        changed_at=desk.now,
        changed_by=who.name,
    )
    desk.session.add(draft)
    desk.session.flush()
    _audit(desk, draft, "begun", who, {"title": title, "base": base_of(draft)})
    return draft


def base_of(draft: WordsDraft) -> int:
    return draft.base_id or FILES


def open_ones(session: Session) -> list[WordsDraft]:
    """The drafts that are being worked at, the last changed first."""
    query = select(WordsDraft).where(WordsDraft.state == DraftState.OPEN)
    return list(session.exec(query.order_by(col(WordsDraft.changed_at).desc(), col(WordsDraft.id).desc())))


def locked(session: Session, draft_id: int) -> WordsDraft | None:
    """The row as it is now that nobody else can change the draft."""
    query = select(WordsDraft).where(WordsDraft.id == draft_id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).first()


def changes(session: Session, draft: WordsDraft) -> list[WordsChange]:
    """What differs from its base, in the order in which it came."""
    return list(session.exec(select(WordsChange).where(WordsChange.draft_id == draft.id).order_by(col(WordsChange.id))))


def enter(desk: Desk, draft: WordsDraft, kind: ChangeKind, where: Where, value: str, who: Who) -> bool:
    """Add an entry to a list, or strike one. False where the draft says so already. Raises Closed, WordsError."""
    _require_open(draft)
    there = _same(desk.session, draft, where, value)
    if kind in there:
        return False
    opposite = there.get(OPPOSITE[kind])
    if opposite is not None:
        desk.session.delete(opposite)
    else:
        _keep(desk, draft, kind, where, value, who, None)
    _note(desk, draft, kind.value, where, value, who)
    return True


def put(
    desk: Desk, draft: WordsDraft, kind: ChangeKind, where: Where, value: str, who: Who, *, base: str | None, shown: str
) -> None:
    """Set a sentence (SET) or a file (FILE). base: what stands in the base, of a file its digest; shown: what the page
    showed, which must still be so. Raises Overtaken, Closed, WordsError.
    """
    _require_open(draft)
    kept = _set(desk.session, draft, kind, where)
    now = kept.value if kept is not None else base
    if kind == ChangeKind.SET and (now or "") != shown and now != value:
        raise Overtaken(now or "", kept.by if kept is not None else "")
    if kept is not None:
        desk.session.delete(kept)
    if kind == ChangeKind.FILE:
        _forget_parts(desk.session, draft, where)
    if value != base:
        _keep(desk, draft, kind, where, value, who, kept.was if kept is not None else base)
    _note(desk, draft, kind.value, where, value[:200], who)


def take_back(desk: Desk, draft: WordsDraft, change_id: int, who: Who) -> bool:
    """One change less. False where it is gone already. Raises Closed."""
    _require_open(draft)
    query = select(WordsChange).where(WordsChange.id == change_id, WordsChange.draft_id == draft.id)
    found = desk.session.exec(query).first()
    if found is None:
        return False
    desk.session.delete(found)
    _note(desk, draft, "taken_back", Where(found.file, found.place), found.value[:200], who)
    return True


def withdraw(session: Session, values: Collection[str]) -> None:
    """These entries are added by no open draft any more: whoever taught them has taken them back."""
    open_ids = select(WordsDraft.id).where(WordsDraft.state == DraftState.OPEN)
    query = select(WordsChange).where(WordsChange.kind == ChangeKind.ADD, col(WordsChange.value).in_(values))
    for change in session.exec(query.where(col(WordsChange.draft_id).in_(open_ids))):
        session.delete(change)


def carry_over(desk: Desk, draft: WordsDraft, base: int, settled: Collection[tuple[int, str | None]], who: Who) -> None:
    """Go on from another version. settled: for each change that stays although that version has something else there,
    what it has. Raises Closed.
    """
    _require_open(draft)
    known = dict(settled)
    for change in changes(desk.session, draft):
        if change.id in known:
            change.was = known[change.id]
            desk.session.add(change)
    before, draft.base_id = base_of(draft), base or None
    _touch(desk, draft, who)
    _audit(desk, draft, "carried_over", who, {"from": before, "to": base})


def close(desk: Desk, draft: WordsDraft, who: Who, *, version: int | None) -> None:
    """It became a version, or (None) is dropped. Raises Closed."""
    _require_open(draft)
    draft.state = DraftState.DROPPED if version is None else DraftState.PUBLISHED
    draft.version_id = version
    _touch(desk, draft, who)
    _audit(desk, draft, draft.state.value, who, {"version": version})


def _same(session: Session, draft: WordsDraft, where: Where, value: str) -> dict[ChangeKind, WordsChange]:
    """What the draft says of this entry, by kind."""
    query = select(WordsChange).where(
        WordsChange.draft_id == draft.id,
        WordsChange.file == where.file,
        WordsChange.place == where.place,
        WordsChange.value == value,
    )
    return {row.kind: row for row in session.exec(query)}


def _set(session: Session, draft: WordsDraft, kind: ChangeKind, where: Where) -> WordsChange | None:
    query = select(WordsChange).where(
        WordsChange.draft_id == draft.id,
        WordsChange.file == where.file,
        WordsChange.place == where.place,
        WordsChange.kind == kind,
    )
    return session.exec(query).first()


def _forget_parts(session: Session, draft: WordsDraft, where: Where) -> None:
    """A whole file holds whatever was changed in it before."""
    query = select(WordsChange).where(WordsChange.draft_id == draft.id, WordsChange.file == where.file)
    for change in session.exec(query.where(WordsChange.kind != ChangeKind.FILE)):
        session.delete(change)


def _keep(desk: Desk, draft: WordsDraft, kind: ChangeKind, where: Where, value: str, who: Who, was: str | None) -> None:
    if len(changes(desk.session, draft)) >= MOST_CHANGES:
        raise WordsError(f"at most {MOST_CHANGES} changes in one draft")
    desk.session.add(
        WordsChange(
            draft_id=draft.id,
            at=desk.now,
            by=who.name,
            person_id=who.person_id,
            file=where.file,
            place=where.place,
            kind=kind,
            value=value,
            was=was,
        )
    )


def _note(desk: Desk, draft: WordsDraft, action: str, where: Where, value: str, who: Who) -> None:
    _touch(desk, draft, who)
    detail: dict[str, object] = {"file": where.file, "place": where.place}
    # What neighbours said may be taken back: it stands in the draft alone, the log keeps words.
    if not where.file.endswith(LINES) and not where.place.endswith(EXAMPLES):
        detail["value"] = value
    _audit(desk, draft, action, who, detail)


def _touch(desk: Desk, draft: WordsDraft, who: Who) -> None:
    draft.changed_at, draft.changed_by = desk.now, who.name
    desk.session.add(draft)
    desk.session.flush()


def _require_open(draft: WordsDraft) -> None:
    if draft.state != DraftState.OPEN:
        raise Closed("this draft is published or dropped")


def _audit(desk: Desk, draft: WordsDraft, action: str, who: Who, detail: dict[str, object]) -> None:
    desk.session.add(
        AuditEntry(
            at=desk.now,
            person_id=who.person_id,
            action=f"draft.{action}",
            subject=f"draft:{draft.id}",
            detail=detail,
        )
    )
    desk.session.flush()
