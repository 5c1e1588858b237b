"""The roster from a spreadsheet: uploaded, shown what it would change, and taken in when that is confirmed.

What is confirmed is the very file that was shown, and only while it still changes the very same: where a colleague was
faster, the new changes are shown first. An administrator changes their own areas alone.
"""

import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session, select

from bot import roster
from bot.console.forms import clean
from bot.console.pages import Guard, Pages
from bot.console.visitor import signed_in
from bot.desk import Desk
from bot.roster import Outcome, Problem, RosterRefused, preview
from bot.roster.archive import MAX_FILE_BYTES
from bot.roster.preview import Change
from bot.roster.rows import Roster
from bot.services import Services
from bot.web.api_ledger import XLSX
from bot.web.auth import Allow, Caller, audit
from models import Area, Person, Role, RosterUpload

ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
SHOWN = 200  # changes of one sheet
_NAME = "roster.xlsx"


@dataclass
class Plan:
    """What an import would do, or did; or what is wrong."""

    name: str = ""
    changes: list[Change] = field(default_factory=list)
    outcome: Outcome | None = None
    problems: list[Problem] = field(default_factory=list)
    foreign: list[Change] = field(default_factory=list)  # of areas that are not the caller's
    gone: list[str] = field(default_factory=list)

    def named(self, name: str) -> None:
        """By the name the file was sent under; what is wrong with it as a whole is told of that name."""
        self.name = name
        self.problems = [replace(one, sheet=name or one.sheet) if one.sheet == _NAME else one for one in self.problems]

    @property
    def good(self) -> bool:
        return not self.problems and not self.foreign

    @property
    def sheets(self) -> list[tuple[str, list[Change], list[Change]]]:
        """By sheet: what is added, what is changed."""
        names = dict.fromkeys(one.sheet for one in self.changes)
        return [
            (
                name,
                [one for one in self.changes if one.sheet == name and one.added],
                [one for one in self.changes if one.sheet == name and not one.added],
            )
            for name in names
        ]


class _Undone(Exception):
    """A dry run is over, and nothing of it stays."""


class Importing:
    """GET and POST /directory/import, POST its confirmation, GET the template."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def enter(self, pages: Pages) -> None:
        grave = Guard(Allow.ADMINISTRATORS, second=True)
        upload = Guard(Allow.ADMINISTRATORS, second=True, largest=MAX_FILE_BYTES + 64 * 1024)
        pages.add("/directory/import", self.import_page, grave)
        pages.add("/directory/import", self.preview_import, upload, methods=("POST",))
        pages.add("/directory/import/confirm", self.confirm_import, grave, methods=("POST",))
        pages.add("/directory/import/template", self.import_template, Guard(Allow.ADMINISTRATORS))

    def import_page(self) -> ResponseReturnValue:
        """Choose a file."""
        return render_template("console/import.html", plan=None)

    def import_template(self) -> ResponseReturnValue:
        """The workbook to fill in."""
        with tempfile.TemporaryDirectory(prefix="danyuan-roster-") as folder:
            path = Path(folder) / _NAME
            roster.template(path, self._services.settings.levels)
            data = path.read_bytes()
        headers = {"Content-Disposition": f'attachment; filename="{_NAME}"'}
        return Response(data, content_type=XLSX, headers=headers)

    def preview_import(self) -> ResponseReturnValue:
        """What this file would change. Nothing is written but the file itself, for an hour."""
        caller, sent = signed_in().caller, request.files.get("file")
        data = sent.read(MAX_FILE_BYTES + 1) if sent is not None else b""
        name = clean(sent.filename or "", 100) if sent is not None else ""
        if not data or len(data) > MAX_FILE_BYTES:
            return render_template("console/import.html", plan=None, problem="large" if data else "none"), 400
        plan = self._tried(caller, data)
        plan.named(name)
        if plan.good and plan.changes:
            self._keep(caller, name, data, preview.digest(plan.changes))
        return render_template("console/import.html", plan=plan), 200 if plan.good else 400

    def confirm_import(self) -> ResponseReturnValue:
        """Take it in, if it still does what was shown."""
        caller = signed_in().caller
        with self._services.reading() as session:
            kept = session.exec(select(RosterUpload).where(RosterUpload.user_id == caller.user_id)).first()
        if kept is None or kept.uploaded_at <= self._services.now() - preview.KEPT:
            return render_template("console/import.html", plan=None, problem="late"), 409
        plan = self._tried(caller, kept.content, expected=kept.digest)
        plan.named(kept.name)
        if plan.good and preview.digest(plan.changes) == kept.digest:
            return render_template("console/imported.html", plan=plan)
        if plan.good:
            self._keep(caller, kept.name, kept.content, preview.digest(plan.changes))
        return render_template("console/import.html", plan=plan, problem="changed"), 409

    def _tried(self, caller: Caller, data: bytes, expected: str | None = None) -> Plan:
        """Do it, look at it, and take it back; it stays only where it changes exactly what is `expected`."""
        services, plan = self._services, Plan()
        try:
            read = self._read(data)
            with services.transaction() as session:
                desk = services.desk(session)
                _do(desk, caller, read, plan)
                if expected is None or not plan.good or preview.digest(plan.changes) != expected:
                    raise _Undone
                mine = session.exec(select(RosterUpload).where(RosterUpload.user_id == caller.user_id)).one()
                session.delete(mine)
                detail = {"added": plan.outcome.added, "changed": plan.outcome.changed} if plan.outcome else {}
                session.add(audit(caller, desk.now, "roster.import", "roster", detail))
        except RosterRefused as refused:
            plan.problems = refused.problems
        except _Undone:
            pass
        return plan

    def _read(self, data: bytes) -> Roster:
        with tempfile.TemporaryDirectory(prefix="danyuan-roster-") as folder:
            path = Path(folder) / _NAME
            path.write_bytes(data)
            with self._services.reading() as session:
                known = roster.known(session)
            return roster.read(path, known, self._services.settings.levels)

    def _keep(self, caller: Caller, name: str, data: bytes, digest: str) -> None:
        with self._services.transaction() as session:
            desk = self._services.desk(session)
            preview.forget_uploads(session, desk.now)
            found = session.exec(select(RosterUpload).where(RosterUpload.user_id == caller.user_id)).first()
            row = found or RosterUpload(user_id=caller.user_id, name="", digest="", content=b"", uploaded_at=desk.now)
            row.name, row.content, row.digest, row.uploaded_at = name, data, digest, desk.now
            session.add(row)


def _do(desk: Desk, caller: Caller, read: Roster, plan: Plan) -> None:
    session, paths = desk.session, caller.paths(ADMINISTRATOR)
    with preview.watched(session) as seen:
        plan.outcome = roster.apply(desk, read)
    plan.changes = seen.changes(read)
    plan.foreign = [one for one in plan.changes if not all(_covers(paths, own) for own in one.paths)]
    areas, people = preview.gone(session, read)
    plan.gone = [area.name for area in areas if _covers(paths, area.path)]
    plan.gone += [f"{one.name or ''}（{one.code}）" for one in people if _lives_in(session, one, paths)]


def _lives_in(session: Session, person: Person, paths: list[str]) -> bool:
    return person.area_id is not None and _covers(paths, session.get_one(Area, person.area_id).path)


def _covers(paths: list[str], own: str) -> bool:
    return any(own.startswith(path) for path in paths)
