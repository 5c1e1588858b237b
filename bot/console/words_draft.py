"""One draft: what is changed in it, whether it may be published, and on what it goes on when somebody was faster."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session, col, select

from bot import words
from bot.console import errors
from bot.console.forms import text
from bot.console.pages import Guard, Pages
from bot.console.visitor import signed_in
from bot.console.words_place import Opened, WordsPlace, who
from bot.services import Services
from bot.shelf import WRONG
from bot.web.auth import ROLES, Allow
from bot.words import Conflict, bundle, catalogue, drafts
from bot.words.drafts import Closed
from bot.words.editing import LINES, Clash, differing, digest, edited
from bot.words.wrong import Wrong, wrongs
from models import Area, ChangeKind, Level

NOTE = 500
T = TypeVar("T")


@dataclass(frozen=True)
class Shown:
    """What the draft's page has to say beside the draft. proved: it may be published; None: nobody has asked."""

    wrong: tuple[Wrong, ...] = ()
    proved: bool | None = None
    note: str = ""
    problem: str = ""


class DraftPage:
    """GET /words/drafts/<n>, POST .../changes/<n>, .../base, .../check, .../publish, .../drop."""

    def __init__(self, services: Services, place: WordsPlace) -> None:
        self._services, self._place = services, place

    def enter(self, pages: Pages) -> None:
        office = Guard(Allow.OFFICE)
        root = "/words/drafts/<int:draft_id>"
        pages.add(root, self.draft, office)
        pages.add(f"{root}/changes/<int:change_id>", self.take_change_back, office, methods=("POST",))
        pages.add(f"{root}/base", self.carry_over, office, methods=("POST",))
        pages.add(f"{root}/check", self.check_draft, office, methods=("POST",))
        pages.add(f"{root}/drop", self.drop_draft, office, methods=("POST",))
        pages.add(f"{root}/publish", self.publish_draft, Guard(Allow.HEADS), methods=("POST",))

    def draft(self, draft_id: int) -> ResponseReturnValue:
        """What is changed in it, by whom, and what to do next."""
        return self._page(draft_id, Shown())

    def take_change_back(self, draft_id: int, change_id: int) -> ResponseReturnValue:
        """One change less."""
        with self._services.transaction() as session:
            opened = self._place.opened(session, draft_id, lock=True)
            done = _while_open(lambda: drafts.take_back(self._services.desk(session), opened.draft, change_id, who()))
        flash("words_taken_back" if done else "words_gone", "good" if done else "warn")
        return redirect(url_for("console.draft", draft_id=draft_id))

    def carry_over(self, draft_id: int) -> ResponseReturnValue:
        """Go on from the version in force. What does not fit there any more is decided one by one."""
        with self._services.transaction() as session:
            desk = self._services.desk(session)
            opened = self._place.opened(session, draft_id, lock=True)
            now = self._place.library.files(session, opened.current)
            made = edited(now, opened.changes)
            undecided = [clash for clash in made.clashes if _choice(clash) not in ("mine", "theirs")]
            if not undecided:
                kept = [(_id(clash), _was(clash)) for clash in made.clashes if _choice(clash) == "mine"]
                gone = [_id(clash) for clash in made.clashes if _choice(clash) == "theirs"]
                gone += [change.id for change in opened.changes if any(change is one for one in made.idle)]
                _while_open(lambda: drafts.carry_over(desk, opened.draft, opened.current, kept, who()))
                for change_id in gone:
                    drafts.take_back(desk, opened.draft, change_id, who())
        if undecided:
            return self._page(draft_id, Shown(problem="undecided")), 409
        flash("words_carried_over", "good")
        return redirect(url_for("console.draft", draft_id=draft_id))

    def check_draft(self, draft_id: int) -> ResponseReturnValue:
        """The test that publishing asks, without publishing."""
        with self._services.reading() as session:
            opened = self._place.opened(session, draft_id)
        wrong = self._wrong(opened)
        return self._page(draft_id, Shown(tuple(wrong), proved=not wrong, note=text("note", NOTE)))

    def publish_draft(self, draft_id: int) -> ResponseReturnValue:
        """Test it, store it, put it in force. The test takes seconds, before anything is locked."""
        note = text("note", NOTE)
        with self._services.reading() as session:
            opened = self._place.opened(session, draft_id)
        if problem := _hindrance(opened, note):
            return self._page(draft_id, Shown(note=note, problem=problem)), 409
        wrong = self._wrong(opened)
        if wrong:
            return self._page(draft_id, Shown(tuple(wrong), proved=False, note=note)), 400
        version = self._place.bench.proof(opened.files, self._place.today())
        content = bundle.zipped(opened.files)
        try:
            with self._services.transaction() as session:
                self._put_in_force(session, opened, (content, version), note)
        except Conflict:
            return self._page(draft_id, Shown(note=note, problem="meanwhile")), 409
        except _Moved:
            return self._page(draft_id, Shown(note=note, problem="moved")), 409
        flash("words_published", "good")
        return redirect(url_for("console.words"))

    def drop_draft(self, draft_id: int) -> ResponseReturnValue:
        """It is not wanted any more. Nothing of what is in force changes."""
        with self._services.transaction() as session:
            opened = self._place.opened(session, draft_id, lock=True)
            _while_open(lambda: drafts.close(self._services.desk(session), opened.draft, who(), version=None))
        flash("words_dropped", "good")
        return redirect(url_for("console.words"))

    def _put_in_force(self, session: Session, opened: Opened, proved: tuple[bytes, str], note: str) -> None:
        desk, someone = self._services.desk(session), who()
        again = self._place.opened(session, opened.draft.id, lock=True)
        if [change.id for change in again.changes] != [change.id for change in opened.changes] or not again.open:
            raise _Moved  # what was tested is not what would be stored
        row = words.put_in_force(
            desk,
            *proved,
            someone.name,
            note,
            parent=opened.base_id,
            person_id=someone.person_id,
        )
        drafts.close(desk, again.draft, someone, version=row.id)

    def _wrong(self, opened: Opened) -> list[Wrong]:
        try:
            self._place.bench.proof(opened.files, self._place.today())
        except WRONG as error:
            return wrongs(error)
        return []

    def _page(self, draft_id: int, shown: Shown) -> str:
        with self._services.reading() as session:
            opened = self._place.opened(session, draft_id)
            listed = {one.id: one for one in words.versions(session)}
            now = words.current(session)
            ahead = (
                edited(self._place.library.files(session, opened.current), opened.changes) if opened.overtaken else None
            )
            communities = _communities(session)
        return render_template(
            "console/words_draft.html",
            opened=opened,
            draft=opened.draft,
            in_force=now,
            listed=listed,
            clashes=[(clash, _clashing(clash)) for clash in ahead.clashes] if ahead else [],
            stuck={_id(clash) for clash in opened.clashes},
            weaker=_weaker(opened),
            idle={change.id for change in opened.idle},
            shown=shown,
            heads=signed_in().caller.holds(ROLES[Allow.HEADS]),
            labels=catalogue.labels(opened.base),
            dangers=catalogue.kinds_of_danger(opened.base),
            retrain=any(name.endswith(LINES) for name in differing(opened.base, opened.files)),
            communities=communities,
        )


class _Moved(Exception):
    """Somebody changed the draft while it was tested."""


def _while_open(act: Callable[[], T]) -> T:
    """Do it. Raises the page's 404 where the draft is published or dropped meanwhile."""
    try:
        return act()
    except Closed as closed:
        raise errors.not_found() from closed


def _weaker(opened: Opened) -> bool:
    """Whether it takes words of danger away."""
    return any(change.file == catalogue.DANGER and change.kind == ChangeKind.STRIKE for change in opened.changes)


def _hindrance(opened: Opened, note: str) -> str:
    """Why it cannot be published yet, as a key of the page's words; "" for nothing."""
    if not opened.open:
        return "closed"
    if opened.overtaken:
        return "meanwhile"
    if opened.clashes:
        return "stuck"
    if not differing(opened.base, opened.files):
        return "nothing"
    return "" if note and note.isprintable() else "note"


def _choice(clash: Clash) -> str:
    return request.form.get(f"keep-{_id(clash)}", "")


def _id(clash: Clash) -> int:
    return int(getattr(clash.change, "id", 0))


def _was(clash: Clash) -> str | None:
    """What the change stands against from now on, where it is kept."""
    if clash.change.kind == ChangeKind.FILE:
        return digest(None if clash.now is None else clash.now.encode("utf-8"))
    return clash.now


def _clashing(clash: Clash) -> bool:
    """Whether keeping one's own can be done at all: a list that is gone takes no word."""
    return clash.change.kind in (ChangeKind.SET, ChangeKind.FILE) and (
        clash.now is not None or clash.change.kind == ChangeKind.FILE
    )


def _communities(session: Session) -> list[str]:
    """Whom a version is in force for."""
    query = select(Area.name).where(Area.level == Level.COMMUNITY).order_by(col(Area.path)).limit(20)
    return list(session.exec(query))
