"""每周五清理3栋楼道: a decision becomes a duty that comes back; and the clock that opens its ticket when it is due."""

import logging

from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from bot import duties, permits, places
from bot.duties import Wish
from bot.inbox import which
from bot.inbox.hearing import Hearing
from bot.masking import fit_for_group
from bot.people import covers
from bot.routing import LADDER, OFFICE, TITLES
from bot.services import Services
from intents import recurring
from intents.recurring import Every, Recurring
from intents.verdict import Command
from models import Area, ChatKind, RecurringDuty, Role, Ticket

log = logging.getLogger(__name__)

DECIDE = frozenset({*LADDER, *OFFICE})  # who may say what comes back, for the area of their post
BATCH = 50
SHOWN = 9
WEEKDAYS = "一二三四五六日"
WHO = {
    "物业": Role.PROPERTY,
    "单元长": Role.UNIT_LEADER,
    "楼栋长": Role.BUILDING_LEADER,
    "楼长": Role.BUILDING_LEADER,
    "片长": Role.PATCH_LEADER,
    "网格长": Role.GRID_LEADER,
    "网格员": Role.GRID_LEADER,
    "志愿者": Role.VOLUNTEER,
    "社工": Role.STAFF,
    "值班": Role.DUTY,
    "值班员": Role.DUTY,
}
PLAINLY = ("定期", "固定", "以后", "今后", "往后")  # among others only what is plainly a decision


def decide(h: Hearing, command: Command) -> bool:
    """Write a duty down for the area of the speaker's post, and say when it comes next."""
    today = duties.today(h.desk)
    whole = recurring.read(h.verdict.text, today)  # with what may have been taken for a ticket's number: 到11月25号
    read = whole or recurring.read(command.rest, today)
    scopes = _scopes(h)
    if read is None or not scopes or not _said_where(h, command.rest):
        return False
    ticket = _decided_on(h, None if whole is not None else command.number)
    area = _area(h, scopes, ticket, read.action)
    title = read.action or (ticket.matter if ticket is not None else "")
    if not title:
        h.answer("duty_what")
        return True
    if area is None:
        h.answer("duty_not_yours")
        return True
    if ticket is None and fit_for_group(title, 60) == "":
        h.answer("duty_personal")
        return True
    duty = duties.make(h.desk, _wish(h, read, area, title, ticket), h.actor.person_id)
    h.answer("duty_made", item=_item(h, duty), id=duty.id)
    return True


def listed(h: Hearing, command: Command) -> bool:
    """定期: what comes back in the speaker's areas, the next due first."""
    del command
    scopes = _scopes(h)
    if not scopes or h.chat.kind == ChatKind.RESIDENTS:
        return False
    query = select(RecurringDuty, Area).join(Area, col(Area.id) == col(RecurringDuty.area_id))
    query = query.where(col(RecurringDuty.next_due_on).is_not(None)).order_by(col(RecurringDuty.next_due_on))
    mine = [duty for duty, area in h.session.exec(query) if any(covers(scope, area) for scope in scopes)]
    if not mine:
        h.answer("duties_none")
        return True
    lines = [f"{duty.id}. {_item(h, duty)}" for duty in mine[:SHOWN]]
    h.answer("duties_list", count=len(mine), choices="\n".join(lines))
    return True


def stop(h: Hearing, command: Command) -> bool:
    """停掉定期3: it does not come back any more."""
    scopes = _scopes(h)
    if not scopes or h.chat.kind == ChatKind.RESIDENTS:
        return False
    wanted = command.number if command.number is not None else int(command.rest or 0)
    duty = duties.locked(h.session, wanted)
    if duty is None or not any(covers(scope, h.session.get_one(Area, duty.area_id)) for scope in scopes):
        h.answer("duty_unknown")
        return True
    duties.stop(h.desk, duty)
    h.answer("duty_stopped", title=duty.title)
    return True


def open_due(services: Services) -> int:
    """Open the tickets of the duties whose day has come, each in a transaction of its own. Returns how many."""
    with services.reading() as session:
        due = duties.due(session, services.settings, services.now(), BATCH)
    return sum(_opened(services, duty_id) for duty_id in due)


def _opened(services: Services, duty_id: int) -> bool:
    try:
        with services.transaction() as session:
            return duties.open_due(services.desk(session), duty_id) is not None
    except DBAPIError:
        raise  # the database, not the duty: the clock tries again in a second
    except Exception:
        log.exception("duty %s could not be opened", duty_id)
        with services.transaction() as session:
            duties.put_off(services.desk(session), duty_id)
        return False


def _said_where(h: Hearing, words: str) -> bool:
    """Alone any such sentence is a decision; among leaders or staff, who talk of what they do, only a plain one."""
    if h.private:
        return True
    return h.chat.kind in (ChatKind.LEADERS, ChatKind.STAFF) and words.startswith(PLAINLY)


def _scopes(h: Hearing) -> list[Area]:
    return [h.session.get_one(Area, post.area_id) for post in h.posts if post.role in DECIDE]


def _decided_on(h: Hearing, number: int | None) -> Ticket | None:
    """The ticket that the decision is about: numbered or quoted, and theirs to handle."""
    found = which.numbered(h, number) if number is not None else [t for t in [which.quoted(h)] if t is not None]
    if len(found) != 1 or found[0].private or found[0].silent:
        return None
    return found[0] if permits.handler_post(h.desk, found[0], h.actor.person_id) is not None else None


def _area(h: Hearing, scopes: list[Area], ticket: Ticket | None, action: str) -> Area | None:
    """Where it is to be done: the ticket's place, the one that is named, else the speaker's own; None outside of it.

    A place around theirs, said by somebody who leads a part of it, means that part.
    """
    if ticket is not None:
        return h.session.get_one(Area, ticket.area_id)
    own = max(scopes, key=lambda area: len(area.path))
    said = h.understanding.read(action, "private", True).slots
    h_place = places.resolve(h.session, h.base or own, said, action)
    if not h_place.told or h_place.area is None:
        return own
    if any(covers(scope, h_place.area) for scope in scopes):
        return h_place.area
    within = [scope for scope in scopes if covers(h_place.area, scope)]
    return within[0] if within else None


def _wish(h: Hearing, read: Recurring, area: Area, title: str, ticket: Ticket | None) -> Wish:
    return Wish(
        area,
        title,
        read.every,
        read.first,
        read.until,
        category=ticket.category if ticket is not None else category_of(h.services, title),
        role=WHO.get(read.who or "") or _own_role(h, area),
        made_from=ticket.ref if ticket is not None else None,
    )


def category_of(services: Services, title: str) -> str:
    """The category of repair that a duty's tickets have."""
    read = services.understanding.read(title, "private", True)
    return read.category if read.intent == "repair" and read.sure else "other"


def _own_role(h: Hearing, area: Area) -> Role | None:
    """A leader who decides it does it; what staff decide goes to whoever a repair there goes to."""
    leads = [p for p in h.posts if p.role in LADDER and p.role not in OFFICE]
    return next((p.role for p in leads if covers(h.session.get_one(Area, p.area_id), area)), None)


def _item(h: Hearing, duty: RecurringDuty) -> str:
    """每周五清理楼道（3栋2单元），单元长，下次11月27日."""
    on = duty.next_due_on
    return h.desk.wording(
        "duty_item",
        when=said(h, duties.every_of(duty)),
        title=duty.title,
        place=places.label_of(h.session, h.session.get_one(Area, duty.area_id)),
        whom=TITLES[duty.role] if duty.role else h.desk.wording("duty_whoever"),
        day=f"{on.month}月{on.day}日" if on is not None else h.desk.wording("duty_over"),
    )


def said(h: Hearing, every: Every) -> str:
    """每周一、五, 每月15号, 每14天: when it comes back, as a neighbour would say it."""
    if every.days is not None:
        return h.desk.wording("duty_daily") if every.days == 1 else h.desk.wording("duty_days", days=every.days)
    if every.weekdays:
        return h.desk.wording("duty_weekly", days="、".join(WEEKDAYS[day] for day in every.weekdays))
    return h.desk.wording("duty_monthly", days="、".join(str(day) for day in every.month_days))
