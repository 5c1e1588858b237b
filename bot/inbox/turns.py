"""What falls due about people rather than matters: leaves that begin and end, terms that are about to end."""

import logging
from datetime import datetime

from bot import absences, clocks, terms
from bot.services import Services
from models import Absence

log = logging.getLogger(__name__)


def tick(services: Services) -> int:
    """Handle what is due, each in a transaction of its own; two clocks at once handle it once. Returns how many."""
    now = services.now()
    with services.reading() as session:
        due = absences.due(session, now)
        ending = _by_day(services, now) and terms.due(session, now.astimezone(services.settings.zone).date())
    for absence_id in due:
        try:
            _absence(services, absence_id)
        except Exception:
            log.exception("absence %s failed: tried again", absence_id)
    if ending:
        with services.transaction() as session:
            terms.tell(services.desk(session))
    return len(due) + ending


def _by_day(services: Services, now: datetime) -> bool:
    """What is only to be known is said while the office is open."""
    return clocks.within(now, services.settings.hours.work, services.settings.zone)


def _absence(services: Services, absence_id: int) -> None:
    with services.transaction() as session:
        desk = services.desk(session)
        absence = session.get(Absence, absence_id, with_for_update=True, populate_existing=True)
        if absence is None or absence.closed_at is not None:
            return
        if absence.ends_at is not None and absence.ends_at <= desk.now:
            handed = absences.end(desk, absence)
            given = [ticket for ticket, _ in handed.moved]
            more = desk.wording("back_given", count=len(given), choices=absences.numbered(desk, given)) if given else ""
            absences.tell_person(desk, absence, "over", desk.wording("leave_over", handed=more))
        elif absence.begun_at is None and absence.starts_at <= desk.now:
            handed = absences.begin(desk, absence)
            more = absences.handed_words(desk, handed)
            text = desk.wording("leave_kept", until=absences.until(desk, absence.ends_at), handed=more)
            absences.tell_person(desk, absence, "begun", text)
