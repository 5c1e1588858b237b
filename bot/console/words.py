"""The words in force and the drafts that change them: the versions there are, what each changed, going back to one."""

import difflib
from collections.abc import Iterator
from typing import NamedTuple

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from bot import words
from bot.console import errors
from bot.console.forms import text
from bot.console.pages import Guard, Pages
from bot.console.visitor import signed_in
from bot.console.words_bench import BenchForm, placed_in, read
from bot.console.words_place import WordsPlace, who
from bot.learned import waiting_and_approved
from bot.ledger_table import kinds
from bot.routing import OFFICE
from bot.services import Services
from bot.shelf import WRONG
from bot.web.api_reviews import seen
from bot.web.auth import ROLES, Allow
from bot.words import FILES, Conflict, WordsError, catalogue, drafts
from bot.words.differences import differences
from bot.words.editing import Files
from intents.understanding import Understanding

SHOWN = 20  # versions
MOST_LINES = 400  # of a file's difference


class Words:
    """GET /words, POST /words/try, GET and POST /words/versions/<n>, POST /words/drafts."""

    def __init__(self, services: Services, place: WordsPlace) -> None:
        self._services, self._place = services, place

    def enter(self, pages: Pages) -> None:
        pages.add("/words", self.words, Guard(Allow.READERS))
        pages.add("/words/try", self.try_words, Guard(Allow.READERS), methods=("POST",))
        pages.add("/words/drafts", self.begin_draft, Guard(Allow.OFFICE), methods=("POST",))
        pages.add("/words/versions/<int:version>", self.words_version, Guard(Allow.READERS))
        pages.add("/words/versions/<int:version>", self.roll_back, Guard(Allow.HEADS), methods=("POST",))

    def words(self) -> ResponseReturnValue:
        """What is in force, what is being changed, every version there was."""
        return self._page(BenchForm())

    def try_words(self) -> ResponseReturnValue:
        """What a message would be understood as, and why. Nothing of it is kept."""
        return self._page(BenchForm.sent())

    def begin_draft(self) -> ResponseReturnValue:
        """A draft of what is in force; the page goes on to it."""
        with self._services.transaction() as session:
            draft = drafts.begin(self._services.desk(session), text("title", 80), who())
        return redirect(url_for("console.draft", draft_id=draft.id))

    def words_version(self, version: int) -> ResponseReturnValue:
        """One version, and what it changed in the one it was made from."""
        with self._services.reading() as session:
            current, listed = words.current_id(session), {one.id: one for one in words.versions(session)}
            found = listed.get(version)
            if found is None and version != FILES:
                raise errors.not_found()
            after = self._place.library.files(session, version)
            before = self._place.library.files(session, found.parent) if found is not None else after
        return render_template(
            "console/words_version.html",
            version=version,
            listed=found,
            current=current,
            heads=_heads(),
            differences=differences(before, after),
            raw=list(_raw(before, after)),
            labels=catalogue.labels(after),
        )

    def roll_back(self, version: int) -> ResponseReturnValue:
        """Put an earlier version in force again."""
        try:
            with self._services.transaction() as session:
                someone = who()
                desk = self._services.desk(session)
                words.rollback(desk, min(version, 2**31 - 1), someone.name, person_id=someone.person_id)
        except Conflict:
            flash("words_meanwhile", "warn")
        except WordsError:
            flash("words_same", "warn")
        except WRONG:
            flash("words_unloadable", "bad")
        else:
            flash("words_back", "good")
        return redirect(url_for("console.words"))

    def _page(self, form: BenchForm) -> str:
        caller, held = signed_in().caller, self._services.words.current
        with self._services.reading() as session:
            versions, now = words.versions(session), words.current(session)
            opened = drafts.open_ones(session)
            counts = {draft.id: len(drafts.changes(session, draft)) for draft in opened}
            samples = waiting_and_approved(session, seen(caller))
            areas = placed_in(session, caller)
            reading = read(session, form, areas, held.understanding) if form.text else None
        return render_template(
            "console/words.html",
            in_force=now,
            held=held,
            unloadable=self._services.words.trouble,
            versions=versions[:SHOWN],
            more=len(versions) - SHOWN,
            drafts=opened if caller.holds(OFFICE) else [],
            counts=counts,
            base_of=drafts.base_of,
            samples=samples,
            heads=_heads(),
            form=form,
            areas=areas,
            readings=[("", reading)] if reading else [],
            labels=_labels(held.understanding),
        )


class FileDiff(NamedTuple):
    """The lines of a text that differ; binary: only that it does."""

    name: str
    lines: list[str]
    binary: bool


def _raw(before: Files, after: Files) -> Iterator[FileDiff]:
    for name in sorted({*before, *after}):
        old, new = before.get(name, b""), after.get(name, b"")
        if old == new:
            continue
        if name.endswith(".npz"):
            yield FileDiff(name, [], binary=True)
            continue
        was, now = (data.decode("utf-8", "replace").splitlines() for data in (old, new))
        lines = list(difflib.unified_diff(was, now, n=0, lineterm=""))[2:]
        yield FileDiff(name, lines[:MOST_LINES], binary=False)


def _labels(understanding: Understanding) -> dict[str, str]:
    return {f"{intent.value}.{name}": label for (intent, name), label in kinds(understanding).items()}


def _heads() -> bool:
    return signed_in().caller.holds(ROLES[Allow.HEADS])
