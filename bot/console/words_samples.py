"""What people taught: masked sentences of the review list that may be learned from, and what becomes of them."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session, col, select

from bot import learned
from bot.console import errors
from bot.console.forms import text
from bot.console.pages import Guard, Pages
from bot.console.visitor import signed_in
from bot.console.words_place import WordsPlace, who
from bot.inbox import reviewing
from bot.inbox.reviewing import Decided
from bot.ledger_table import kinds
from bot.services import Services
from bot.web.api_reviews import seen
from bot.web.auth import Allow, audit
from bot.words import WordsError, drafts
from bot.words.drafts import Closed, Where
from models import Area, ChangeKind, Learning, Review

SHOWN = 200
TAUGHT = "examples/approved.tsv"  # in a draft: what staff approved, for the next training
_LAST_ID = 2**31 - 1


class Samples:
    """GET /words/samples, POST /words/samples/<n>."""

    def __init__(self, services: Services, place: WordsPlace) -> None:
        self._services, self._place = services, place

    def enter(self, pages: Pages) -> None:
        pages.add("/words/samples", self.samples, Guard(Allow.OFFICE))
        pages.add("/words/samples/<int:review_id>", self.sample, Guard(Allow.OFFICE), methods=("POST",))

    def samples(self) -> ResponseReturnValue:
        """What waits to be approved, and what is."""
        with self._services.reading() as session:
            where = seen(signed_in().caller)
            waiting, approved = learned.asked(session, where), learned.examples(session, where)
            open_ones = drafts.open_ones(session)
        labels = {(intent.value, name): label for (intent, name), label in kinds(self._services.understanding).items()}
        return render_template("console/words_samples.html", waiting=waiting[:SHOWN], approved=approved[::-1][:SHOWN],
                               count=len(approved), drafts=open_ones, labels=labels)  # fmt: skip

    def sample(self, review_id: int) -> ResponseReturnValue:
        """Approve what a leader decided, or not; take back what is approved; put it among a draft's examples."""
        what, caller = text("do", 10), signed_in().caller
        with self._services.transaction() as session:
            row = self._mine(session, review_id)
            try:
                done = self._used(session, row) if what == "use" else _decided(session, row, what)
            except Decided:
                done = "sample_gone"
            else:
                if what != "use" and done != "sample_gone":
                    detail: dict[str, object] = {"learn": row.learning == Learning.APPROVED}
                    subject = f"review:{row.id}"
                    session.add(audit(caller, self._services.now(), "review.learned", subject, detail))
        flash(done, "warn" if done in ("sample_gone", "word_there", "words_too_many") else "good")
        return redirect(url_for("console.samples"))

    def _mine(self, session: Session, review_id: int) -> Review:
        find = select(Review.id).join(Area, col(Area.id) == col(Review.area_id))
        find = find.where(col(Review.id) == min(review_id, _LAST_ID), seen(signed_in().caller))
        known = session.exec(find).first()
        row = reviewing.locked(session, known) if known is not None else None
        if row is None:
            raise errors.not_found()
        return row

    def _used(self, session: Session, row: Review) -> str:
        """As an example of its intent, or, in the training's own file, for the next training."""
        number = text("draft", 12)
        opened = self._place.opened(session, int(number) if number.isdecimal() else 0, lock=True)
        if row.learning != Learning.APPROVED or row.text is None or row.label_intent is None:
            raise Decided
        desk, line = self._services.desk(session), learned.line(row)
        said = line.rpartition("\t")[2]
        try:
            new = drafts.enter(desk, opened.draft, ChangeKind.ADD, Where(TAUGHT, ""), line, who())
            if text("as", 8) == "example":
                where = Where(f"{row.label_intent.value}.toml", "examples")
                new = drafts.enter(desk, opened.draft, ChangeKind.ADD, where, said, who()) or new
        except Closed as closed:
            raise errors.not_found() from closed
        except WordsError:
            return "words_too_many"
        return "sample_used" if new else "word_there"


def _decided(session: Session, row: Review, what: str) -> str:
    """Raises Decided where somebody was faster, or its text is gone."""
    if what == "forget":
        line = learned.line(row)
        reviewing.take_back(row)
        drafts.withdraw(session, (line, line.rpartition("\t")[2]))
        return "sample_forgotten"
    reviewing.approve(row, learn=what == "learn")
    return "sample_learned" if what == "learn" else "sample_refused"
