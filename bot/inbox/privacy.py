"""What we hold on somebody, and forgetting it (the platform demands erasure when somebody unfollows)."""

from collections import Counter

from sqlmodel import col, func, select

from bot.attachments import keeping
from bot.inbox import erasing
from bot.inbox.erasing import Order, Way
from bot.inbox.hearing import Hearing
from bot.people import person_of
from bot.permits import accounts_of_same_person
from models import Area, Person, Report, Ticket


def held(h: Hearing) -> str:
    """A readable list of what is kept about the speaker."""
    lines = [h.desk.wording("held_account")]
    person_id = person_of(h.account)
    person = h.session.get(Person, person_id) if person_id else None
    if person is not None and person.name:
        lines.append(h.desk.wording("held_person", name=person.name, phone=person.phone or "—"))
    if person is not None and person.contact_note:
        lines.append(h.desk.wording("held_wish", wish=person.contact_note))
    area_id = h.account.area_id or (person.area_id if person else None)
    if area_id is not None:
        lines.append(h.desk.wording("held_place", place=h.session.get_one(Area, area_id).name))
    mine = accounts_of_same_person(h.desk, h.account.id)
    sent = keeping.count_of(h.session, mine)
    if sent:
        lines.append(h.desk.wording("held_media", count=sent, days=h.desk.settings.media.keep_days))
    count = h.session.exec(select(func.count(col(Report.id))).where(col(Report.account_id).in_(mine))).one()
    lines.append(h.desk.wording("held_reports", count=count))
    return "\n".join(lines)


def forget(h: Hearing) -> list[Ticket]:
    """Erase what was kept under this account, and enter it in the register.

    Returns the open tickets that now have nobody to answer to.
    """
    gone: Counter[str] = Counter()
    area_id = h.account.bound_area_id or h.account.area_id
    tickets = erasing.account(h.desk, h.account, gone)
    h.row.text = None
    erasing.register(h.desk, Order(Way.UNFOLLOW), gone, area_id=area_id)
    h.session.flush()
    return tickets
