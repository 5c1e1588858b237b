"""One passage of the policy store: written, tried beside what is in force, kept as a draft, published.

Everybody of the office may write and try; a version goes out in the name of a secretary or an administrator, as all
words do. What a colleague did meanwhile is told, and nothing typed is lost.
"""

import json
from dataclasses import dataclass, field
from datetime import date

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from bot import events, words
from bot.console import policy_form as form
from bot.console.errors import forbidden
from bot.console.forms import asked, text
from bot.console.pages import Guard, Pages
from bot.console.visitor import signed_in
from bot.masking import impersonal
from bot.permits import Actor
from bot.services import Services
from bot.web.api_errors import not_found
from bot.web.api_moves import locked
from bot.web.api_policies import NOT_POLICY, question_of
from bot.web.auth import Allow, Caller, audit, see_ticket
from bot.words import WordsError, passages
from bot.words.passages import Draft, Overtaken, Tried
from intents.passages import FILE_NAME, Policy
from intents.understanding import KeywordError
from models import PolicyDraft, Role

PUBLISHERS = frozenset({Role.SECRETARY, Role.ADMINISTRATOR})
NEW = "new"


@dataclass
class Shown:
    """What the page shows: the passage in force, what is being written, and what came of a press."""

    passage: str
    fields: dict[str, str]
    base: int
    revision: int = 0
    current: Policy | None = None
    draft: PolicyDraft | None = None
    wrong: dict[str, str] = field(default_factory=dict)
    tried: Tried | None = None
    problem: str = ""  # a key; `told` is what the publishing itself said
    told: str = ""
    question: str = ""


class PolicyPage:
    """GET and POST /policies/<passage>; dropping a draft; a question that is none."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def enter(self, pages: Pages) -> None:
        office = Guard(Allow.OFFICE)
        pages.add("/policies/<passage>", self.policy, office)
        pages.add("/policies/<passage>", self.write_policy, office, methods=("POST",))
        pages.add("/policies/<passage>/drop", self.drop_policy_draft, office, methods=("POST",))
        pages.add("/policies/missed/<ref>", self.no_policy, office, methods=("POST",))

    def policy(self, passage: str) -> ResponseReturnValue:
        """The passage in the form; a draft of it where there is one; an empty form for a new one."""
        shown = self._shown(passage)
        if shown.draft is not None:
            shown.fields = {**form.shown(None), **json.loads(shown.draft.content)}
            shown.revision, shown.base = shown.draft.revision, shown.draft.base_id or words.FILES
        elif passage == NEW and (ref := asked("from", 64)):
            shown.fields["examples"] = self._question(signed_in().caller, ref)
        return self._page(shown)

    def write_policy(self, passage: str) -> ResponseReturnValue:
        """Try it, keep it, or publish it."""
        shown = self._shown(passage)
        shown.fields, shown.base, shown.revision = form.typed(), _number("base"), _number("revision")
        shown.question = text("question", 200)
        act = {"save": self._save, "publish": self._publish}.get(text("do", 8), self._try)
        return act(shown)

    def drop_policy_draft(self, passage: str) -> ResponseReturnValue:
        """What was being written is thrown away; what is in force stays."""
        caller = signed_in().caller
        with self._services.transaction() as session:
            if not passages.drop(session, passage):
                raise not_found()
            session.add(audit(caller, self._services.now(), "policy.draft_dropped", f"policy:{passage}", {}))
        flash("draft_dropped", "good")
        return redirect(url_for("console.policies"))

    def no_policy(self, ref: str) -> ResponseReturnValue:
        """Somebody read the question: no rule answers it, and it goes off the list. The ticket stays where it is."""
        caller = signed_in().caller
        with self._services.transaction() as session:
            ticket = locked(session, caller, ref)
            desk = self._services.desk(session)
            events.write(desk, ticket, NOT_POLICY, Actor(person_id=caller.person_id, staff=True))
            session.add(audit(caller, desk.now, f"ticket.{NOT_POLICY}", f"ticket:{ref}", {}))
        flash("seen", "good")
        return redirect(url_for("console.policies") + "#missed")

    def _try(self, shown: Shown) -> ResponseReturnValue:
        self._check(shown)
        return self._page(shown, 400 if shown.wrong else 200)

    def _save(self, shown: Shown) -> ResponseReturnValue:
        caller = signed_in().caller
        try:
            with self._services.transaction() as session:
                desk = self._services.desk(session)
                passage = self._id_of(session, shown.passage)
                draft = Draft(passage, shown.fields, shown.base, _name(caller), caller.person_id)
                passages.save(desk, draft, shown.revision)
                session.add(audit(caller, desk.now, "policy.draft_saved", f"policy:{passage}", {}))
        except Overtaken as overtaken:
            return self._overtaken(shown, overtaken)
        flash("draft_saved", "good")
        return redirect(url_for("console.policy", passage=passage))

    def _publish(self, shown: Shown) -> ResponseReturnValue:
        caller = signed_in().caller
        if not caller.holds(PUBLISHERS):
            raise forbidden()
        self._check(shown)
        if shown.wrong or shown.tried is None or not shown.tried.good:
            shown.problem = "" if shown.wrong else "not_good"
            return self._page(shown, 400)
        try:
            self._out(caller, shown)
        except Overtaken as overtaken:
            return self._overtaken(shown, overtaken)
        except words.Conflict:  # other words were published while these were put to the test
            shown.problem = "again"
            return self._page(shown, 409)
        except (WordsError, KeywordError) as refused:
            shown.problem, shown.told = "refused", str(refused)
            return self._page(shown, 400)
        flash("policy_published", "good")
        return redirect(url_for("console.policies"))

    def _out(self, caller: Caller, shown: Shown) -> None:
        """Look first and write then: putting it to the test takes seconds, in which nothing is locked."""
        services, author = self._services, _name(caller)
        with services.reading() as session:
            passage = self._id_of(session, shown.passage)
            draft = passages.draft_of(session, passage)
            if (draft.revision if draft else 0) != shown.revision:
                raise Overtaken(draft.author if draft else "")
            policy = form.policy_of(shown.fields, passage)
            made = passages.prepared(session, services.settings.keyword_files, policy, shown.base)
        note = f"政策：{policy.title}"[: words.NOTE]
        with passages.laid_out(made) as folder, services.transaction() as session:
            desk = services.desk(session)
            words.publish(desk, folder, author, note, parent=made.parent, person_id=caller.person_id)
            passages.drop(session, passage)

    def _id_of(self, session: Session, passage: str) -> str:
        return passages.next_id(session, self._services.settings.keyword_files) if passage == NEW else passage

    def _check(self, shown: Shown) -> None:
        """What is wrong with the fields; where nothing is, what the passage would change."""
        services = self._services.pinned()
        known = frozenset(one.id for one in services.understanding.passages)
        shown.wrong = form.wrong(shown.fields, known, shown.passage)
        if not shown.wrong:
            policy = form.policy_of(shown.fields, shown.passage)
            shown.tried = passages.tried(services.understanding, policy, self._today())

    def _overtaken(self, shown: Shown, overtaken: Overtaken) -> ResponseReturnValue:
        """Nothing was done. What the other wrote stands beside it; pressed again, it is known of and overwritten."""
        fresh = self._shown(shown.passage)
        shown.problem, shown.told = "overtaken", overtaken.by or ""
        shown.current, shown.draft, shown.base = fresh.current, fresh.draft, fresh.base
        shown.revision = fresh.draft.revision if fresh.draft else 0
        return self._page(shown, 409)

    def _shown(self, passage: str) -> Shown:
        """What is in force, and whatever is being written. Raises the 404 for what is neither."""
        if passage == NEW:
            with self._services.reading() as session:
                return Shown(NEW, form.shown(None), words.current_id(session))
        if not FILE_NAME.fullmatch(passage):
            raise not_found()
        with self._services.reading() as session:
            base = words.current_id(session)
            current = passages.file_of(session, base, passage, self._services.settings.keyword_files)
            draft = passages.draft_of(session, passage)
        if current is None and draft is None:
            raise not_found()
        return Shown(passage, form.shown(current), base, current=current, draft=draft)

    def _question(self, caller: Caller, ref: str) -> str:
        """What was asked on a ticket, without whom it is about."""
        with self._services.reading() as session:
            return impersonal(question_of(session, see_ticket(session, caller, ref)))

    def _page(self, shown: Shown, status: int = 200) -> ResponseReturnValue:
        services, today = self._services.pinned(), self._today()
        question = shown.question
        after = shown.tried.understanding.policy(question, today) if shown.tried and question else None
        page = render_template(
            "console/policy.html",
            one=shown,
            now_says=services.understanding.policy(question, today) if question else None,
            then_says=after,
            others=[(one.id, one.title, one.article) for one in services.understanding.passages],
            publisher=signed_in().caller.holds(PUBLISHERS),
            in_force=form.shown(shown.current) if shown.current else None,
            written=json.loads(shown.draft.content) if shown.draft else None,
        )
        return page, status

    def _today(self) -> date:
        return self._services.now().astimezone(self._services.settings.zone).date()


def _name(caller: Caller) -> str:
    return (caller.person_name or caller.name)[: words.AUTHOR]


def _number(name: str) -> int:
    value = text(name, 9)
    return int(value) if value.isascii() and value.isdigit() else 0
