"""A draft tried out: one message beside what is in force, and all that people decided on."""

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from bot import replay
from bot.console.pages import Guard, Pages
from bot.console.visitor import signed_in
from bot.console.words_bench import BenchForm, Reading, placed_in, read
from bot.console.words_place import Opened, WordsPlace
from bot.masking import without_rooms
from bot.services import Services
from bot.shelf import WRONG
from bot.web.api_reviews import seen
from bot.web.auth import Allow, visible
from bot.words import catalogue
from bot.words.wrong import Wrong, wrongs
from intents.understanding import Understanding

SHOWN = 60  # flips


class Trial:
    """GET and POST /words/drafts/<n>/try, GET /words/drafts/<n>/replay."""

    def __init__(self, services: Services, place: WordsPlace) -> None:
        self._services, self._place = services, place

    def enter(self, pages: Pages) -> None:
        root, office = "/words/drafts/<int:draft_id>", Guard(Allow.OFFICE)
        pages.add(f"{root}/try", self.try_page, office)
        pages.add(f"{root}/try", self.try_draft, office, methods=("POST",))
        pages.add(f"{root}/replay", self.replay, office)

    def try_page(self, draft_id: int) -> ResponseReturnValue:
        """Where a message is typed."""
        return self._bench(draft_id, BenchForm())

    def try_draft(self, draft_id: int) -> ResponseReturnValue:
        """What it is understood as now and under the draft, side by side. Nothing of it is kept."""
        return self._bench(draft_id, BenchForm.sent())

    def replay(self, draft_id: int) -> ResponseReturnValue:
        """What people decided on, understood once by the words in force and once by the draft."""
        caller = signed_in().caller
        with self._services.reading() as session:
            opened = self._place.opened(session, draft_id)
            held, new, wrong = self._both(session, opened)
            cases = replay.cases(session, seen(caller), visible(caller))
        outcome = replay.replay(cases, held, new) if new is not None else None
        return render_template(
            "console/words_replay.html",
            opened=opened,
            draft=opened.draft,
            outcome=outcome,
            wrong=wrong,
            most=replay.MOST,
            shown=SHOWN,
            said=without_rooms,
            labels=catalogue.labels(opened.files),
            dangers=catalogue.kinds_of_danger(opened.files),
        )

    def _bench(self, draft_id: int, form: BenchForm) -> str:
        with self._services.reading() as session:
            opened = self._place.opened(session, draft_id)
            areas = placed_in(session, signed_in().caller)
            readings: list[tuple[str, Reading]] = []
            wrong: list[Wrong] = []
            if form.text:
                held, new, wrong = self._both(session, opened)
                readings = [("now", read(session, form, areas, held))]
                readings += [("draft", read(session, form, areas, new))] if new is not None else []
        return render_template(
            "console/words_try.html",
            opened=opened,
            draft=opened.draft,
            form=form,
            areas=areas,
            readings=readings,
            wrong=wrong,
            labels=catalogue.labels(opened.files),
        )

    def _both(self, session: Session, opened: Opened) -> tuple[Understanding, Understanding | None, list[Wrong]]:
        """How the words in force and the draft understand; the draft's faults where it cannot be loaded."""
        held = self._services.words.current
        try:
            return held.understanding, self._place.understanding(session, opened.files, held), []
        except WRONG as error:
            return held.understanding, None, wrongs(error)
