"""The answered cases as a sheet, to be given back to whoever keeps the numbers."""

from datetime import datetime
from pathlib import Path

from sqlmodel import col, select

from bot.desk import Desk
from bot.roster import delimited
from models import Area, AuditEntry, ExternalCase, Ticket

TITLE = "工单答复"
HEADINGS = ("来源", "工单编号", "社区工单号", "收到时间", "答复期限", "答复时间", "答复内容")
NONE = "无"


def export(
    desk: Desk, path: Path, starts: datetime | None = None, ends: datetime | None = None, area: Area | None = None
) -> int:
    """Write the cases answered from `starts` until before `ends`, below `area`, to an .xlsx or .csv. Returns how many.

    The answer is the one the residents heard, without phone and identity numbers; nobody is named. Importing the
    sheet again changes nothing. Raises OSError where the file cannot be written.
    """
    query = (
        select(ExternalCase, Ticket)
        .join(Ticket, col(Ticket.id) == col(ExternalCase.ticket_id))
        .join(Area, col(Area.id) == col(Ticket.area_id))
        .where(col(ExternalCase.answered_at).is_not(None))
        .order_by(col(ExternalCase.answered_at), col(ExternalCase.id))
    )
    if starts is not None:
        query = query.where(col(ExternalCase.answered_at) >= starts)
    if ends is not None:
        query = query.where(col(ExternalCase.answered_at) < ends)
    if area is not None:
        query = query.where(col(Area.path).startswith(area.path))
    lines = [_line(desk, case, ticket) for case, ticket in desk.session.exec(query)]
    delimited.write(path, TITLE, HEADINGS, lines)
    desk.session.add(AuditEntry(at=desk.now, action="cases.exported", subject="cases", detail={"cases": len(lines)}))
    return len(lines)


def _line(desk: Desk, case: ExternalCase, ticket: Ticket) -> tuple[str, ...]:
    return (
        case.source,
        case.number,
        ticket.ref,
        _moment(desk, case.received_at),
        _moment(desk, case.due_at),
        _moment(desk, case.answered_at),
        case.answer or "",
    )


def _moment(desk: Desk, at: datetime | None) -> str:
    return NONE if at is None else f"{at.astimezone(desk.settings.zone):%Y-%m-%d %H:%M}"
