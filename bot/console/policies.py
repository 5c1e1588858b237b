"""Rules that can be answered: which passages there are and whether they helped, what expires, and a question tried."""

from datetime import date, timedelta

from flask import render_template
from flask.typing import ResponseReturnValue

from bot import ledger_table
from bot.console.forms import asked
from bot.console.pages import Guard, Pages
from bot.console.visitor import signed_in
from bot.services import Services
from bot.web.api_policies import PolicyQuery, PolicyStore
from bot.web.auth import Allow
from models import Intent

EXPIRING = timedelta(days=60)


class Policies:
    """GET /policies."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._store = PolicyStore(services)

    def enter(self, pages: Pages) -> None:
        pages.add("/policies", self.policies, Guard(Allow.READERS))

    def policies(self) -> ResponseReturnValue:
        """The store, the questions that found nothing, and what would be answered to a question that is tried."""
        services = self._services.pinned()
        today, question = self._today(), asked("q", 200)
        found = self._store.policies(signed_in().caller, PolicyQuery())
        kinds = ledger_table.kinds(services.understanding)
        missed = [(kinds.get((Intent.POLICY, row.category), row.category), row.count) for row in found.unanswered]
        ending = [one for one in found.items if one.until is not None and one.until <= today + EXPIRING]
        return render_template(
            "console/policies.html",
            question=question,
            answer=services.understanding.policy(question, today) if question else None,
            items=sorted(found.items, key=lambda one: (-one.answered, one.title)),
            ending=sorted(ending, key=lambda one: one.until or today),
            unanswered=missed,
        )

    def _today(self) -> date:
        return self._services.now().astimezone(self._services.settings.zone).date()
