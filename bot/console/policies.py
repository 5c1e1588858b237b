"""Rules that can be answered: which passages there are and whether they helped, what expires, what found none."""

from datetime import date, timedelta

from flask import render_template
from flask.typing import ResponseReturnValue

from bot import words
from bot.console.apart import apart
from bot.console.forms import asked
from bot.console.pages import Guard, Pages
from bot.console.policy_form import title_of
from bot.console.visitor import signed_in
from bot.masking import without_rooms
from bot.services import Services
from bot.web import api_policies
from bot.web.api_policies import PolicyQuery, PolicyStore
from bot.web.auth import Allow
from bot.words import passages

EXPIRING = timedelta(days=60)
SINCE = timedelta(days=30)  # what was asked longer ago is history
MISSED = 20


class Policies:
    """GET /policies."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._store = PolicyStore(services)

    def enter(self, pages: Pages) -> None:
        pages.add("/policies", self.policies, Guard(Allow.READERS))

    def policies(self) -> ResponseReturnValue:
        """The store, the questions that found nothing, and what would be answered to a question that is tried."""
        services, caller = self._services.pinned(), signed_in().caller
        today, question = self._today(), asked("q", 200)
        query = PolicyQuery(**{"from": services.now() - SINCE})
        found = self._store.policies(caller, query)
        with services.reading() as session:
            missed = api_policies.missed(session, caller, query, MISSED)
            drafts = [(row, title_of(row)) for row in passages.drafts(session)]
            named = apart(session, caller)
            fresh = words.current_id(session) == services.words.current.id
        ending = [one for one in found.items if one.until is not None and one.until <= today + EXPIRING]
        return render_template(
            "console/policies.html",
            question=question,
            answer=services.understanding.policy(question, today) if question else None,
            items=sorted(found.items, key=lambda one: (-one.answered, one.title)),
            ending=sorted(ending, key=lambda one: one.until or today),
            missed=[(ticket, without_rooms(said)) for ticket, said in missed],
            missed_count=sum(row.count for row in found.unanswered),
            apart=named,
            drafts=drafts,
            fresh=fresh,
            today=today,
        )

    def _today(self) -> date:
        return self._services.now().astimezone(self._services.settings.zone).date()
