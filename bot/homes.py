"""Where somebody lives, confirmed: a resident asks (绑定 3栋2单元), a leader says yes in private, or staff alone.

The leader never decides about somebody who has an open complaint about a leader: then staff do, and only they know. A
leader's no, and no answer, both end on the staff's list; residents may report all the while.
"""

from datetime import timedelta

from sqlmodel import col, select

from bot import clocks, consequences, permits, places, posted, reach, routing, telling
from bot.binding import record
from bot.desk import Desk
from bot.moves import OPEN
from bot.owed import owe
from bot.routing import LADDER, OFFICE, Candidate
from models import Account, Area, BindRequest, BindState, Level, Post, Question, Report, Ticket

KIND = "home"  # of the question a leader is asked
TIME_TO_ANSWER = timedelta(hours=24)
HOMES = (Level.UNIT, Level.BUILDING)
BY_PEOPLE = ("leader", "staff", "code")  # words that a scanned code does not overrule


def ask(desk: Desk, account: Account, area: Area) -> BindRequest:
    """Ask whoever leads the place, or staff where no leader may be asked. A wish that is open already is corrected."""
    known = _open(desk, account)
    if known is not None and known.area_id == area.id:
        return known  # somebody has it already
    request = known or BindRequest(account_id=account.id, area_id=area.id, asked_at=desk.now)
    request.area_id, request.asked_at = area.id, desk.now
    request.post_id, request.state = None, BindState.STAFF
    desk.session.add(request)
    desk.session.flush()
    leader = _leader(desk, account, area)
    if leader is None or not _ask_leader(desk, request, account, area, leader):
        to_staff(desk, request)
    return request


def decide(desk: Desk, request: BindRequest, *, yes: bool, by: int | None, how: str) -> None:
    """Confirm or refuse, and tell the resident. how: "leader" or "staff". A leader's no is not the last word."""
    account = desk.session.get_one(Account, request.account_id)
    area = desk.session.get_one(Area, request.area_id)
    if not yes and how != "staff":
        to_staff(desk, request)
        return
    request.state = BindState.CONFIRMED if yes else BindState.REFUSED
    request.decided_at, request.decided_by = desk.now, by
    if yes:
        bind(desk, account, area, how)
    record(desk, "account.home" if yes else "account.home_refused", f"account:{account.id}",
           {"by": how, "area": area.code}, by)  # fmt: skip
    chat = telling.private_chat(desk, account)
    if chat is not None:
        place = places.label_in_full(desk.session, area)
        text = desk.wording("home_bound", place=place) if yes else desk.wording("home_refused", place=place)
        due_at = clocks.after_silence(desk.now, desk.settings.hours, desk.settings.zone)
        owe(desk, key=f"home:{request.id}:{int(desk.now.timestamp())}", chat=chat, text=text, due_at=due_at)


def bind(desk: Desk, account: Account, area: Area, how: str) -> None:
    """The account's home, from now on. how: leader, staff, scene (a code scanned at the door), which is the least."""
    if how == "scene" and (account.bound_by in BY_PEOPLE or area.level not in HOMES):
        return
    account.bound_area_id, account.bound_by, account.bound_at = area.id, how, desk.now
    if how != "scene":
        account.area_id = area.id
    desk.session.add(account)


def to_staff(desk: Desk, request: BindRequest) -> None:
    """Put it on the staff's list, and say so to them once."""
    request.state = BindState.STAFF
    area = desk.session.get_one(Area, request.area_id)
    text = desk.wording("card_home", place=places.label_in_full(desk.session, area))
    consequences.tell_area_office(desk, area, f"home:{request.id}:{int(request.asked_at.timestamp())}", text)


def complains(desk: Desk, account: Account) -> bool:
    """Whether somebody in office is a party to an open matter of this account's."""
    mine = permits.accounts_of_same_person(desk, account.id)
    query = (
        select(Ticket)
        .join(Report, col(Report.ticket_id) == col(Ticket.id))
        .where(col(Report.account_id).in_(mine), col(Ticket.status).in_(list(OPEN)))
    )
    return any(ticket.recused_person_ids for ticket in desk.session.exec(query))


def may_decide(desk: Desk, request: BindRequest, person_id: int | None) -> bool:
    """Whether a leader may still say yes: the request waits for them, they lead there, and nothing was said of them."""
    if person_id is None or request.state != BindState.ASKED or request.post_id is None:
        return False
    post = desk.session.get_one(Post, request.post_id)
    account = desk.session.get_one(Account, request.account_id)
    area = desk.session.get_one(Area, request.area_id)
    held = any(c.post_id == post.id for c in posted.candidates(desk, area))
    return held and post.person_id == person_id and not complains(desk, account)


def _open(desk: Desk, account: Account) -> BindRequest | None:
    waiting = (BindState.ASKED, BindState.STAFF)
    query = select(BindRequest).where(BindRequest.account_id == account.id, col(BindRequest.state).in_(waiting))
    return desk.session.exec(query.order_by(col(BindRequest.id).desc())).first()


def _leader(desk: Desk, account: Account, area: Area) -> Candidate | None:
    """The leader of the place who may be asked; None where there is none, or it is about them."""
    if complains(desk, account):
        return None
    own = () if account.person_id is None else posted.with_kin(desk, [account.person_id])
    holder = routing.route("repair", posted.candidates(desk, area), own).holder
    return holder if holder is not None and holder.role in LADDER and holder.role not in OFFICE else None


def _ask_leader(desk: Desk, request: BindRequest, account: Account, area: Area, leader: Candidate) -> bool:
    """Ask in private; False where there is no way to them."""
    chats = reach.private_chats(desk.session, leader.person_id)
    if not chats or chats[0].account_id is None:
        return False
    name = account.display_name or desk.wording("home_nameless")
    text = desk.wording("ask_home", place=places.label_in_full(desk.session, area), name=name)
    due_at = clocks.after_silence(desk.now, desk.settings.hours, desk.settings.zone)
    key = f"home:{request.id}:ask:{leader.post_id}:{int(desk.now.timestamp())}"
    line = owe(desk, key=key, chat=chats[0], text=text, due_at=due_at)
    if line is None:
        return False
    line.overdue_at = None  # the question itself ends with staff
    request.post_id, request.state = leader.post_id, BindState.ASKED
    desk.session.add(
        Question(
            account_id=chats[0].account_id,
            chat_id=chats[0].id,
            kind=KIND,
            payload={"request": request.id},
            asked_at=desk.now,
            expires_at=due_at + TIME_TO_ANSWER,
        )
    )
    return True
