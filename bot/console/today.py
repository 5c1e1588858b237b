"""Today: what needs me now, in the order of what cannot wait; and the list of what nobody was sure of, in one click."""

from collections.abc import Mapping, Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot import ledger_table
from bot.console.addressees import addressees
from bot.console.forms import text
from bot.console.pages import Guard, Pages
from bot.console.rows import TicketRow
from bot.console.today_queries import Today as Questions
from bot.console.visitor import signed_in
from bot.routing import OFFICE
from bot.services import Services
from bot.web.api_reviews import Reviews
from bot.web.api_schemas import Page, UndeliveredItem
from bot.web.api_undelivered import Undelivered
from bot.web.auth import Allow
from bot.web.review_schemas import DecisionBody, ReviewQuery
from models import Intent, ReviewState

SHOWN = 8
_DECISIONS = {"ticket", "ignore", "intent"}


class Today:
    """GET /, POST /reviews/<id>, POST /undelivered/<id> and /undelivered."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._reviews, self._undelivered = Reviews(services), Undelivered(services)

    def enter(self, pages: Pages) -> None:
        pages.add("/", self.today, Guard(Allow.READERS))
        pages.add("/reviews/<int:review_id>", self.decide, Guard(Allow.OFFICE), methods=("POST",))
        pages.add("/undelivered/<int:line_id>", self.seen, Guard(Allow.OFFICE), methods=("POST",))
        pages.add("/undelivered", self.seen_several, Guard(Allow.OFFICE), methods=("POST",))

    def today(self) -> ResponseReturnValue:
        """The work list of this moment."""
        caller = signed_in().caller
        office = caller.holds(OFFICE)
        reviews = ReviewQuery.model_validate({"state": [ReviewState.OPEN], "limit": SHOWN})
        kinds = ledger_table.kinds(self._services.understanding)
        undelivered = self._undelivered.undelivered(caller, Page(limit=SHOWN))
        with self._services.reading() as session:
            desk = self._services.desk(session)
            whose = addressees(desk, [line.id for line in undelivered.items])
            ask = Questions(desk, caller, kinds)
            about = ask.named({line.ticket for line in undelivered.items if line.ticket is not None})
            lists = {
                "emergencies": ask.emergencies(),
                "overdue": ask.overdue(),
                "due_today": ask.due_today(),
                "unhappy": ask.unhappy(),
            }
            office_lists = {
                "channels": ask.silent_channels(),
                "groups": ask.silent_groups(),
                "ending": ask.ending(),
                "away": ask.away(),
                "bindings": ask.bindings(),
            }
        return render_template(
            "console/today.html",
            lists=lists,
            desk=office_lists if office else {},
            reviews=self._reviews.reviews(caller, reviews) if office else None,
            undelivered=undelivered,
            gathered=_gathered(undelivered.items, about),
            whose=whose,
            kinds={(intent.value, name): label for (intent, name), label in kinds.items()},
        )

    def decide(self, review_id: int) -> ResponseReturnValue:
        """One click on the list of what nobody was sure of: a ticket, nothing, or something else. It teaches."""
        decision, _, meant = text("decision", 24).partition(":")  # intent:dispute, a button for each
        intent = meant or text("intent", 16)
        body = DecisionBody.model_validate(
            {
                "decision": decision if decision in _DECISIONS else "ignore",
                "intent": intent if intent in set(Intent) else None,
                "learn": request.form.get("learn") == "on",
            }
        )
        self._reviews.decide_review(signed_in().caller, body, review_id)
        flash("decided_learned" if body.learn else "decided", "good")
        return redirect(url_for("console.today"))

    def seen(self, line_id: int) -> ResponseReturnValue:
        """Somebody has read what reached nobody, and sees to it."""
        self._undelivered.undelivered_seen(signed_in().caller, line_id)
        flash("seen", "good")
        return redirect(url_for("console.today"))

    def seen_several(self) -> ResponseReturnValue:
        """The same for all lines of one matter at once, as they stood on the page."""
        for value in request.form.getlist("line")[:SHOWN]:
            if value.isascii() and value.isdigit():
                self._undelivered.undelivered_seen(signed_in().caller, int(value))
        flash("seen", "good")
        return redirect(url_for("console.today"))


def _gathered(
    lines: Sequence[UndeliveredItem], about: Mapping[str, TicketRow]
) -> list[tuple[TicketRow | None, dict[str, list[UndeliveredItem]]]]:
    """The lines by the ticket they are about, and within it by their words: told to eight people, they are read once.
    Lines about no ticket stand together by their words alone."""
    found: dict[str, dict[str, list[UndeliveredItem]]] = {}
    for line in lines:
        found.setdefault(line.ticket or line.text, {}).setdefault(line.text, []).append(line)
    return [(about.get(key), parts) for key, parts in found.items()]
