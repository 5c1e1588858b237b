"""All that is held on one person, as it is handed over to them: tables in words, for people and for machines."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime

from sqlmodel import Session, col, or_, select

from bot.attachments import keeping
from bot.desk import Desk
from bot.held import Subject, own_chats, tickets_of
from bot.ledger_table import Table
from bot.masking import without_rooms
from bot.routing import TITLES
from models import (
    Absence,
    Area,
    AuditEntry,
    BindRequest,
    Chat,
    DutyShift,
    Inbound,
    Kin,
    Offer,
    Outgoing,
    OutgoingState,
    Post,
    Question,
    Rating,
    Report,
    Review,
    Ticket,
    TicketEvent,
    User,
)

STEPS = {
    "opened": "报来", "joined": "又报", "accepted": "接下", "attended": "到场", "progressed": "进展",
    "waiting": "等居民", "paused": "先放着", "transferred": "转出", "refused": "退回", "released": "收回",
    "escalated": "上报", "resolved": "办好", "closed": "销单", "reopened": "重开", "withdrawn": "撤回",
    "declined": "不办", "merged": "合并", "split": "分开", "urged": "催过", "photo": "发来照片", "corrected": "改正",
    "whistled": "叫人", "undone": "撤了一步", "said_well": "说好了", "dispatched": "派出", "located": "说清地方",
    "supplied": "补充",
}  # fmt: skip
KINDS = {
    "text": "文字", "image": "照片", "voice": "语音", "location": "位置", "file": "文件", "follow": "关注",
    "scan": "扫码", "menu": "菜单", "recall": "撤回",
}  # fmt: skip


def everything(desk: Desk, somebody: Subject) -> list[Table]:
    """Every kind of record that is about them, each a table; those without a row are left out.

    What they said and were told is theirs, whole. Of what was told to somebody with a post about others' matters the
    others' phones and rooms are blotted out.
    """
    tables = [
        *_known(desk, somebody),
        *_said(desk, somebody),
        *_told(desk, somebody),
        *_done(desk, somebody),
    ]
    return [table for table in tables if table.rows]


def _known(desk: Desk, somebody: Subject) -> Iterator[Table]:
    session, person = desk.session, somebody.person
    areas = _Areas(session)
    if person is not None:
        yield _table(
            "登记的",
            ("姓名", "电话", "联系须知", "住处", "名单编号"),
            [(person.name, person.phone, person.contact_note, areas.name(person.area_id), person.code)],
        )
        kin = session.exec(select(Kin.id).where(or_(Kin.person_id == person.id, Kin.kin_id == person.id))).all()
        yield _table("登记的亲属", ("几位",), [(len(kin),)] if kin else [])
    yield _table(
        "账号",
        ("渠道", "账号", "显示的名字", "说过的住处", "确认过的住处", "门牌", "从什么时候起"),
        [
            (a.channel, a.user_id, a.display_name, areas.name(a.area_id), areas.name(a.bound_area_id), a.room,
             _moment(desk, a.created_at))
            for a in somebody.accounts
        ],
    )  # fmt: skip
    wishes = session.exec(select(BindRequest).where(col(BindRequest.account_id).in_(somebody.ids)))
    yield _table(
        "说自己住在哪里",
        ("时间", "哪里", "怎么定的"),
        [(_moment(desk, one.asked_at), areas.name(one.area_id), one.state) for one in wishes],
    )


def _said(desk: Desk, somebody: Subject) -> Iterator[Table]:
    session, ids = desk.session, somebody.ids
    tickets, fit = _Tickets(desk), _fit(session, somebody)
    heard = session.exec(
        select(Inbound, Chat.name)
        .join(Chat, col(Chat.id) == col(Inbound.chat_id), isouter=True)
        .where(col(Inbound.account_id).in_(ids))
        .order_by(col(Inbound.id))
    )
    yield _table(
        "说过的话",
        ("时间", "哪里", "种类", "原话", "工单", "当时回的"),
        [
            (
                _moment(desk, row.said_at),
                name or "私聊",
                row.kind,
                row.text,
                tickets.ref(row.ticket_id),
                fit(row.answer or "", row.ticket_id),
            )
            for row, name in heard
        ],
    )
    yield _table(
        "发来的照片、语音和文件",
        ("时间", "工单", "原来的文件名", "在哪个文件里"),
        [
            (_moment(desk, row.said_at), tickets.ref(row.ticket_id), kept.name, keeping.file_of(kept))
            for kept, row in keeping.of_accounts(session, ids)
        ],
    )
    reports = session.exec(select(Report).where(col(Report.account_id).in_(ids)).order_by(col(Report.id)))
    yield _table(
        "报过的事",
        ("时间", "工单", "什么事", "到哪一步", "原话", "门牌", "电话"),
        [
            (_moment(desk, row.at), *tickets.told(row.ticket_id), row.words, row.room, row.phone)
            for row in reports
        ],
    )  # fmt: skip
    rated = session.exec(select(Rating).where(col(Rating.account_id).in_(ids)).order_by(col(Rating.id)))
    yield _table(
        "评价",
        ("时间", "工单", "几分", "说了什么"),
        [(_moment(desk, row.at), tickets.ref(row.ticket_id), row.score, row.words) for row in rated],
    )
    doubted = session.exec(
        select(Review)
        .join(Inbound, col(Inbound.id) == col(Review.inbound_id))
        .where(col(Inbound.account_id).in_(ids))
        .order_by(col(Review.id))
    )
    yield _table(
        "拿不准、请人看过的话",
        ("时间", "去掉名字门牌以后", "怎么定的"),
        [(_moment(desk, row.said_at), row.text, row.state) for row in doubted],
    )


def _told(desk: Desk, somebody: Subject) -> Iterator[Table]:
    session = desk.session
    tickets = _Tickets(desk)
    chats = [chat.id for chat in own_chats(session, somebody)]
    lines = session.exec(
        select(Outgoing)
        .where(col(Outgoing.chat_id).in_(chats), Outgoing.state != OutgoingState.CANCELLED)
        .order_by(col(Outgoing.id))
    )
    fit = _fit(session, somebody)
    yield _table(
        "对本人说过的话",
        ("时间", "话", "工单"),
        [
            (_moment(desk, one.sent_at or one.created_at),
             fit(one.text, one.ticket_id),
             tickets.ref(one.ticket_id))
            for one in lines
        ],
    )  # fmt: skip
    asked = session.exec(select(Question).where(col(Question.account_id).in_(somebody.ids)).order_by(col(Question.id)))
    yield _table(
        "问过本人的",
        ("时间", "问的是哪一种", "当时的话"),
        [(_moment(desk, one.asked_at), one.kind, str(one.payload.get("words", ""))) for one in asked],
    )


def _done(desk: Desk, somebody: Subject) -> Iterator[Table]:
    """What somebody with a post has: it is theirs as well."""
    session, person = desk.session, somebody.person
    if person is None:
        return
    areas, tickets = _Areas(session), _Tickets(desk)
    posts = session.exec(select(Post).where(Post.person_id == person.id).order_by(col(Post.id)))
    yield _table(
        "岗位",
        ("岗位", "哪里", "从", "到"),
        [(TITLES[one.role], areas.name(one.area_id), one.starts_on, one.ends_on) for one in posts],
    )
    away = session.exec(select(Absence).where(Absence.person_id == person.id).order_by(col(Absence.id)))
    yield _table("请假", ("从", "到"), [(_moment(desk, one.starts_at), _moment(desk, one.ends_at)) for one in away])
    shifts = session.exec(select(DutyShift).where(DutyShift.person_id == person.id).order_by(col(DutyShift.id)))
    yield _table(
        "值班", ("哪里", "几点起", "几点止", "从", "到"),
        [(areas.name(one.area_id), one.starts, one.ends, one.from_on, one.to_on) for one in shifts],
    )  # fmt: skip
    offers = session.exec(select(Offer).where(Offer.person_id == person.id).order_by(col(Offer.id)))
    yield _table(
        "请本人帮忙的事", ("时间", "工单", "后来"),
        [(_moment(desk, one.offered_at), tickets.ref(one.ticket_id), one.state) for one in offers],
    )  # fmt: skip
    users = session.exec(select(User).where(User.person_id == person.id))
    yield _table("后台账号", ("用户名",), [(one.name,) for one in users])
    events = session.exec(
        select(TicketEvent)
        .where(or_(TicketEvent.person_id == person.id, col(TicketEvent.account_id).in_(somebody.ids)))
        .order_by(col(TicketEvent.id))
    )
    yield _table(
        "在工单上做过的", ("时间", "工单", "做了什么", "写了什么"),
        [(_moment(desk, one.at), tickets.ref(one.ticket_id), STEPS.get(one.kind, one.kind), one.note)
         for one in events],
    )  # fmt: skip
    logged = session.exec(select(AuditEntry).where(AuditEntry.person_id == person.id).order_by(col(AuditEntry.id)))
    yield _table(
        "操作记录", ("时间", "做了什么", "对什么"), [(_moment(desk, one.at), one.action, one.subject) for one in logged]
    )


def _fit(session: Session, somebody: Subject) -> Callable[[str, int | None], str]:
    """What was told to whoever holds or held a post may be about others, unless it is about what they told."""
    person = somebody.person
    posts = session.exec(select(Post.id).where(Post.person_id == person.id)).first() if person else None
    own = {ticket.id for ticket in tickets_of(session, somebody)}
    return lambda text, ticket: text if posts is None or ticket in own else without_rooms(text)


class _Areas:
    """What areas are called."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def name(self, area_id: int | None) -> str:
        area = self._session.get(Area, area_id) if area_id is not None else None
        return area.name if area else ""


class _Tickets:
    """Tickets by their ref."""

    def __init__(self, desk: Desk) -> None:
        self._session, self._wording = desk.session, desk.wording

    def ref(self, ticket_id: int | None) -> str:
        return self.told(ticket_id)[0]

    def told(self, ticket_id: int | None) -> tuple[str, str, str]:
        ticket = self._session.get(Ticket, ticket_id) if ticket_id is not None else None
        if ticket is None:
            return "", "", ""
        return ticket.ref, ticket.matter, self._wording(f"ledger_status_{ticket.status}")


def _table(title: str, columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> Table:
    return Table(title, columns, tuple(tuple(_cell(cell) for cell in row) for row in rows))


def _cell(value: object) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def _moment(desk: Desk, at: datetime | None) -> str:
    return f"{at.astimezone(desk.settings.zone):%Y-%m-%d %H:%M}" if at else ""
