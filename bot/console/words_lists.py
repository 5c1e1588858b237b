"""Editing a draft's lists: words of a category, what dialect words mean, lines of examples. One click, one change."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from bot.console import errors
from bot.console.forms import asked, clean, text, way_back
from bot.console.pages import Guard, Pages
from bot.console.words_place import Opened, WordsPlace, who
from bot.services import Services
from bot.web.auth import Allow
from bot.words import WordsError, catalogue, drafts
from bot.words.catalogue import WordList
from bot.words.drafts import Closed, Where
from bot.words.editing import DIALECTS, LINES, TAB, Files
from intents.examples import COLUMNS, NO_DANGER, SETTINGS
from models import ChangeKind

LONGEST, LONGEST_LINE = 300, 4000  # characters of an entry that is typed, of one that stands there
OWN_TABLE, OWN_LINES = "community", "examples/community.tsv"
FOUND = 60  # of what is searched, so many are shown
LISTED_FILES = (*catalogue.INTENTS, catalogue.DANGER, catalogue.COMMANDS)


@dataclass(frozen=True)
class Entry:
    """An entry of a list on the page. state: "", added or struck."""

    text: str
    state: str


@dataclass(frozen=True)
class Listed:
    """A list on the page."""

    list: WordList
    entries: tuple[Entry, ...]

    @property
    def changed(self) -> bool:
        return any(entry.state for entry in self.entries)


class Lists:
    """GET /words/drafts/<n>/lists, /pairs and /lines, POST /words/drafts/<n>/entries."""

    def __init__(self, services: Services, place: WordsPlace) -> None:
        self._services, self._place = services, place

    def enter(self, pages: Pages) -> None:
        office, root = Guard(Allow.OFFICE), "/words/drafts/<int:draft_id>"
        for name, view in (("lists", self.word_lists), ("pairs", self.word_pairs), ("lines", self.word_lines)):
            pages.add(f"{root}/{name}", view, office)
        pages.add(f"{root}/entries", self.change_entry, office, methods=("POST",))

    def word_lists(self, draft_id: int) -> ResponseReturnValue:
        """The lists of one section of a file."""
        opened = self._opened(draft_id)
        file = asked("file") if asked("file") in LISTED_FILES else LISTED_FILES[0]
        found, base = catalogue.sections(file, opened.files), catalogue.lists(file, opened.base)
        place = asked("at", 200)
        chosen = next((one for one in found if one.place == place), found[0] if found else None)
        if chosen is None:
            raise errors.not_found()
        return render_template(
            "console/words_lists.html",
            opened=opened,
            draft=opened.draft,
            file=file,
            sections=found,
            chosen=chosen,
            lists=[_listed(one, base.get(one.place)) for one in chosen.lists],
            changed={change.place for change in opened.changes if change.file == file},
            files=LISTED_FILES,
        )

    def word_pairs(self, draft_id: int) -> ResponseReturnValue:
        """What is said in dialect, and what it means."""
        opened, wanted = self._opened(draft_id), asked("q")
        now, before = catalogue.pairs(opened.files), catalogue.pairs(opened.base)
        rows = [(*one, "" if one in before else "added") for one in now]
        rows += [(*one, "struck") for one in before if one not in now]
        fit = [row for row in rows if (row[3] if not wanted else wanted in row[1] or wanted in row[2])]
        return render_template("console/words_pairs.html", opened=opened, draft=opened.draft, q=wanted,
                               rows=fit[:FOUND], found=len(fit), own=OWN_TABLE, file=DIALECTS)  # fmt: skip

    def word_lines(self, draft_id: int) -> ResponseReturnValue:
        """Examples that the model is trained on."""
        opened, wanted = self._opened(draft_id), asked("q")
        changes = {(c.file, c.value): c.kind for c in opened.changes if c.file.endswith(LINES)}
        rows = [(file, line, "added" if kind == ChangeKind.ADD else "struck") for (file, line), kind in changes.items()]
        found = [row for row in _lines(opened.files, wanted) if row not in changes] if wanted else []
        rows += [(file, line, "") for file, line in found[:FOUND]]
        return render_template(
            "console/words_lines.html",
            opened=opened,
            draft=opened.draft,
            q=wanted,
            rows=[(file, line.split(TAB), line, state) for file, line, state in rows],
            found=len(found),
            labels=catalogue.labels(opened.base),
            dangers=catalogue.kinds_of_danger(opened.base),
            own=OWN_LINES,
        )

    def change_entry(self, draft_id: int) -> ResponseReturnValue:
        """A word, a pair or a line more, or one less."""
        file, place = text("file", 120), text("place", 200)
        kind = ChangeKind.STRIKE if "strike" in request.form else ChangeKind.ADD
        value = _value(file)
        with self._services.transaction() as session:
            opened = self._place.opened(session, draft_id, lock=True)
            if not _is_list(opened.base, file, place):
                raise errors.not_found()
            problem = _refused(file, value, opened.base)
            if not problem:
                problem = _enter(self._services, session, opened, kind, Where(file, place), value)
        flash(problem or ("word_added" if kind == ChangeKind.ADD else "word_struck"), "warn" if problem else "good")
        return redirect(way_back(request.form.get("back"), url_for("console.draft", draft_id=draft_id)))

    def _opened(self, draft_id: int) -> Opened:
        with self._services.reading() as session:
            return self._place.opened(session, draft_id)


def _listed(now: WordList, base: WordList | None) -> Listed:
    """The list as the page shows it: what was struck stays where it stood, what is new comes last."""
    before = base.entries if base is not None else ()
    kept, known = set(now.entries), set(before)
    entries = [Entry(word, "" if word in kept else "struck") for word in before]
    entries += [Entry(word, "added") for word in now.entries if word not in known]
    return Listed(now, tuple(entries))


def _lines(files: Files, wanted: str) -> Iterator[tuple[str, str]]:
    """The lines of all examples that hold what is looked for."""
    for name in sorted(files):
        if name.endswith(LINES):
            for line in files[name].decode("utf-8", "replace").splitlines():
                if wanted in line and line.count(TAB) == len(COLUMNS) - 1 and not line.startswith(COLUMNS[0] + TAB):
                    yield name, line


def _value(file: str) -> str:
    """The entry that is meant: that of the button, or what was typed."""
    for button in ("strike", "restore"):
        if button in request.form:
            return clean(request.form[button], LONGEST_LINE)
    if file == DIALECTS:
        return TAB.join((text("said", 40), text("means", 40)))
    if file.endswith(LINES):
        setting = text("setting", 8)
        cells = (text("label", 60), text("danger", 24) or NO_DANGER, setting, text("value", LONGEST))
        return TAB.join(cells)
    return text("value", LONGEST)


def _refused(file: str, value: str, files: Files) -> str:
    """Why it is no entry, as a key of what the page says; "" where it is one."""
    cells = value.split(TAB)
    if not all(cell.strip() for cell in cells):
        return "word_empty"
    if not all(cell.isprintable() for cell in cells):
        return "word_unprintable"
    if file == DIALECTS:
        return "" if len(cells) == 2 else "word_unprintable"  # noqa: PLR2004 - what is said, what it means
    if file.endswith(LINES):
        label, danger, setting, _ = (*cells, "", "", "", "")[:4]
        known = label in catalogue.labels(files) and (danger in {NO_DANGER, *catalogue.kinds_of_danger(files)})
        return "" if len(cells) == len(COLUMNS) and known and setting in SETTINGS else "word_label"
    return "" if len(cells) == 1 else "word_unprintable"


def _is_list(base: Files, file: str, place: str) -> bool:
    """Whether there is such a list, or it is the community's own that the first entry makes."""
    if file == DIALECTS:
        return place == OWN_TABLE or place in {table for table, _, _ in catalogue.pairs(base)}
    if file.endswith(LINES):
        return not place and (file == OWN_LINES or (file in base and file.startswith("examples/")))
    return file in LISTED_FILES and place in catalogue.lists(file, base)


def _stands(files: Files, file: str, place: str, value: str) -> bool:
    if file == DIALECTS:
        said, _, means = value.partition(TAB)
        return (place, said, means) in catalogue.pairs(files)
    if file.endswith(LINES):
        return value in files.get(file, b"").decode("utf-8", "replace").splitlines()
    found = catalogue.lists(file, files).get(place)
    return found is not None and value in found.entries


def _enter(services: Services, session: Session, opened: Opened, kind: ChangeKind, where: Where, value: str) -> str:
    """Change the draft. Returns what the page says where it could not be done."""
    if _stands(opened.files, where.file, where.place, value) == (kind == ChangeKind.ADD):
        return "word_there" if kind == ChangeKind.ADD else "word_gone"
    try:
        drafts.enter(services.desk(session), opened.draft, kind, where, value, who())
    except Closed as closed:
        raise errors.not_found() from closed
    except WordsError:
        return "words_too_many"
    return ""
