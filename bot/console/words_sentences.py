"""Editing a draft's sentences one by one, and, as a last resort, a whole file."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from bot.console import errors
from bot.console.forms import asked, text
from bot.console.pages import Guard, Pages
from bot.console.words_place import Opened, WordsPlace, who
from bot.services import Services
from bot.web.auth import Allow
from bot.words import catalogue, drafts
from bot.words.catalogue import Sentence
from bot.words.drafts import Closed, Overtaken, Where
from bot.words.editing import at, digest, parsed
from bot.words.saying import Unsayable, unsayable
from models import ChangeKind

LONGEST_SENTENCE, LONGEST_FILE = 2000, 512 * 1024
FOUND = 60  # of what is searched, so many are shown
TEXTS = (".toml", ".tsv", ".md")


class Sentences:
    """GET /words/drafts/<n>/sentences, /sentence and /file, POST .../sentence and .../file."""

    def __init__(self, services: Services, place: WordsPlace) -> None:
        self._services, self._place = services, place

    def enter(self, pages: Pages) -> None:
        root = "/words/drafts/<int:draft_id>"
        pages.add(f"{root}/sentences", self.sentences, Guard(Allow.OFFICE))
        pages.add(f"{root}/sentence", self.sentence, Guard(Allow.OFFICE))
        pages.add(f"{root}/sentence", self.set_sentence, Guard(Allow.OFFICE), methods=("POST",))
        pages.add(f"{root}/file", self.word_file, Guard(Allow.ADMINISTRATORS))
        pages.add(
            f"{root}/file", self.set_file, Guard(Allow.ADMINISTRATORS, largest=4 * LONGEST_FILE), methods=("POST",)
        )

    def sentences(self, draft_id: int) -> ResponseReturnValue:
        """What the service says: searched by a word or by what it is called."""
        opened, wanted = self._opened(draft_id), asked("q")
        every = catalogue.sentences(opened.files, self._place.library.installed())
        changed = {change.place for change in opened.changes if change.kind == ChangeKind.SET}
        fit = [one for one in every if (wanted in one.text or wanted in one.place if wanted else one.place in changed)]
        return render_template("console/words_sentences.html", opened=opened, draft=opened.draft, q=wanted,
                               rows=fit[:FOUND], found=len(fit), changed=changed, all=len(every))  # fmt: skip

    def sentence(self, draft_id: int) -> ResponseReturnValue:
        """One sentence, to be said in other words."""
        opened = self._opened(draft_id)
        found = self._place.sentence(opened, asked("file", 120), asked("place", 200))
        return self._sentence_page(opened, found, found.text, found.text)

    def set_sentence(self, draft_id: int) -> ResponseReturnValue:
        """Keep it, where its blanks can be filled in and nobody else has set it meanwhile."""
        typed, shown = (_long(name, LONGEST_SENTENCE).strip() for name in ("text", "shown"))
        with self._services.transaction() as session:
            opened = self._place.opened(session, draft_id, lock=True)
            found = self._place.sentence(opened, text("file", 120), text("place", 200))
            problem = unsayable(found, typed)
            if problem is not None:
                return self._sentence_page(opened, found, typed, shown, fault=problem), 400
            stands, where = at(parsed(opened.base, found.file), found.place), Where(found.file, found.place)
            shown_own = shown if stands is not None or _is_set(opened, where) else ""  # as installed: not its own
            desk = self._services.desk(session)
            try:
                drafts.put(desk, opened.draft, ChangeKind.SET, where, typed, who(), base=stands, shown=shown_own)
            except Overtaken as overtaken:
                return self._sentence_page(opened, found, typed, overtaken.now, by=overtaken.by), 409
            except Closed as closed:
                raise errors.not_found() from closed
        flash("sentence_set", "good")
        return redirect(url_for("console.draft", draft_id=draft_id))

    def word_file(self, draft_id: int) -> ResponseReturnValue:
        """The file as it is, for whoever knows what they do."""
        opened, name = self._opened(draft_id), asked("name", 120)
        if name and (name not in opened.files or not name.endswith(TEXTS)):
            raise errors.not_found()
        data = opened.files.get(name, b"")
        return self._file_page(opened, name, data.decode("utf-8", "replace"), digest(data))

    def set_file(self, draft_id: int) -> ResponseReturnValue:
        """Keep the whole file, unless somebody changed something in it meanwhile."""
        name, shown = text("name", 120), text("shown", 16)
        typed = _long("content", LONGEST_FILE).rstrip("\n") + "\n"
        with self._services.transaction() as session:
            opened = self._place.opened(session, draft_id, lock=True)
            if name not in opened.files or not name.endswith(TEXTS):
                raise errors.not_found()
            now = opened.files[name]
            if digest(now) != shown:
                by = [change.by for change in opened.changes if change.file == name][-1:]
                return self._file_page(opened, name, typed, digest(now), now.decode("utf-8", "replace"), *by), 409
            base = opened.base.get(name)
            try:
                if typed.encode("utf-8") == base:
                    _forget(self._services, session, opened, name)
                else:
                    drafts.put(self._services.desk(session), opened.draft, ChangeKind.FILE, Where(name, ""), typed,
                               who(), base=digest(base), shown="")  # fmt: skip
            except Closed as closed:
                raise errors.not_found() from closed
        flash("file_set", "good")
        return redirect(url_for("console.draft", draft_id=draft_id))

    def _opened(self, draft_id: int) -> Opened:
        with self._services.reading() as session:
            return self._place.opened(session, draft_id)

    def _sentence_page(
        self,
        opened: Opened,
        found: Sentence,
        typed: str,
        shown: str,
        *,
        fault: Unsayable | None = None,
        by: str | None = None,
    ) -> str:
        shipped = self._place.library.installed()
        installed = {one.place: one.text for one in catalogue.sentences(shipped, shipped)}.get(found.place)
        return render_template("console/words_sentence.html", opened=opened, draft=opened.draft, sentence=found,
                               typed=typed, shown=shown, fault=fault, by=by, installed=installed)  # fmt: skip

    def _file_page(
        self, opened: Opened, name: str, typed: str, shown: str, now: str | None = None, by: str = ""
    ) -> str:
        names = sorted(one for one in opened.files if one.endswith(TEXTS))
        return render_template("console/words_file.html", opened=opened, draft=opened.draft, name=name, names=names,
                               typed=typed, shown=shown, now_there=now, by=by)  # fmt: skip


def _long(name: str, most: int) -> str:
    """A field of several lines: as typed, with the line ends of a file."""
    value = request.form.get(name, "").replace("\r\n", "\n").replace("\x00", "")
    return value.encode("utf-8", "ignore").decode()[:most]


def _is_set(opened: Opened, where: Where) -> bool:
    return any((change.file, change.place) == (where.file, where.place) for change in opened.changes)


def _forget(services: Services, session: Session, opened: Opened, name: str) -> None:
    """The file is as the base has it: nothing is changed in it any more."""
    for change in opened.changes:
        if change.file == name:
            drafts.take_back(services.desk(session), opened.draft, change.id, who())
