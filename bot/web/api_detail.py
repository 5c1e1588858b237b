"""One ticket with everything known of it, as far as the reader may see it."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from bot.masking import masked
from bot.settings import Settings
from bot.web.api_due import due_item
from bot.web.api_schemas import EventItem, LineItem, MessageItem, Questions, ReportItem, TicketDetail
from bot.web.api_views import events_of, history_item, local, reports_of, ticket_items, user_ids
from models import Account, Chat, ChatKind, Inbound, Outgoing, Person, Ticket, Urgency

# The latest of each kind that one answer carries: a fire with a thousand voices must still be readable.
MOST = 500

_PERSONAL = frozenset({"name", "contact_note", "room", "phone", "words", "text", "location", "need"})


def ticket_detail(session: Session, settings: Settings, ticket: Ticket, *, phones: bool) -> TicketDetail:
    """A ticket with its voices, events, messages heard, lines sent and why it was routed so.

    phones: whether the reader may see phone numbers; otherwise they are left out and blotted out in every text.
    """
    zone = settings.zone
    item = ticket_items(session, zone, [ticket])[0]
    detail = TicketDetail(
        **item.model_dump(),
        why=ticket.why,
        due=due_item(settings, ticket),
        questions=Questions(
            need=ticket.need, cause=ticket.cause, plan=ticket.plan, progress=ticket.progress, outcome=ticket.outcome
        ),
        reports=_reports(session, zone, ticket),
        events=_events(session, zone, ticket),
        messages=_messages(session, zone, ticket),
        lines=_lines(session, zone, ticket),
    )
    return detail if phones else without_phones(detail)


def personal(detail: TicketDetail) -> bool:
    """Whether an answer tells anything of a person: then the look is written down."""
    held = detail.model_dump(include={"room", "location", "questions", "reports", "messages", "lines"})
    rows = [held, held["questions"], *held["reports"], *held["messages"], *held["lines"]]
    return any(row.get(key) for row in rows for key in _PERSONAL)


def line_item(zone: ZoneInfo, line: Outgoing, chat: Chat | None) -> LineItem:
    """A line owed, with the chat it is for."""
    return LineItem(
        id=line.id,
        channel=chat.channel if chat else None,
        chat=(chat.name or chat.external_id) if chat else None,
        chat_kind=chat.kind if chat else None,
        text=line.text,
        urgency=Urgency(line.urgency).name.lower(),
        state=line.state.value,
        created_at=line.created_at.astimezone(zone),
        sent_at=local(line.sent_at, zone),
        undelivered_at=local(line.undelivered_at, zone),
    )


def chats_by_id(session: Session, ids: Iterable[int | None]) -> dict[int, Chat]:
    wanted = {chat_id for chat_id in ids if chat_id is not None}
    rows = session.exec(select(Chat).where(col(Chat.id).in_(wanted))).all() if wanted else []
    return {chat.id: chat for chat in rows}


def _reports(session: Session, zone: ZoneInfo, ticket: Ticket) -> list[ReportItem]:
    reports = reports_of(session, [ticket.id])[ticket.id][-MOST:]
    accounts = _accounts(session, [report.account_id for report in reports])
    people = _people(session, [account.person_id for account in accounts.values()])
    chats = chats_by_id(session, [report.chat_id for report in reports])
    origins = {report.origin_ticket_id for report in reports} - {ticket.id, None}
    refs = {row.id: row.ref for row in session.exec(select(Ticket).where(col(Ticket.id).in_(origins)))}
    items = []
    for report in reports:
        account = accounts.get(report.account_id or 0)
        person = people.get(account.person_id or 0) if account else None
        items.append(
            ReportItem(
                id=report.id,
                at=report.at.astimezone(zone),
                by=account.user_id if account else None,
                name=(person.name if person else None) or (account.display_name if account else None),
                contact_note=person.contact_note if person else None,
                room=report.room,
                phone=report.phone or (person.phone if person else None),
                words=report.words,
                for_neighbour=report.for_neighbour,
                **_said_in(chats.get(report.chat_id or 0)),
                origin=refs.get(report.origin_ticket_id or 0),
                withdrawn_at=local(report.withdrawn_at, zone),
            )
        )
    return items


def _said_in(chat: Chat | None) -> dict[str, str | None]:
    """A group by its name; a private chat is its person's and says nothing new."""
    group = chat if chat is not None and chat.kind != ChatKind.PRIVATE else None
    return {"channel": chat.channel if chat else None, "chat": (group.name or group.external_id) if group else None}


def _events(session: Session, zone: ZoneInfo, ticket: Ticket) -> list[EventItem]:
    events = events_of(session, [ticket.id])[ticket.id][-MOST:]
    by = user_ids(session, [event.account_id for event in events])
    people = _people(session, [event.person_id for event in events])
    return [
        EventItem(
            **history_item(zone, event, by).model_dump(),
            note=event.note,
            person=people[event.person_id].name if event.person_id in people else None,
        )
        for event in events
    ]


def _messages(session: Session, zone: ZoneInfo, ticket: Ticket) -> list[MessageItem]:
    query = select(Inbound).where(col(Inbound.ticket_id) == ticket.id).order_by(col(Inbound.id).desc()).limit(MOST)
    rows = list(session.exec(query))[::-1]
    by = user_ids(session, [row.account_id for row in rows])
    return [
        MessageItem(
            at=row.said_at.astimezone(zone),
            by=by.get(row.account_id or 0),
            channel=row.channel,
            kind=row.kind,
            text=row.text,
            media_id=(row.media or [{}])[0].get("id"),
            intent=row.intent,
            category=row.category,
            score=row.score,
            lexicon_version=row.lexicon_version,
        )
        for row in rows
    ]


def _lines(session: Session, zone: ZoneInfo, ticket: Ticket) -> list[LineItem]:
    query = select(Outgoing).where(col(Outgoing.ticket_id) == ticket.id).order_by(col(Outgoing.id).desc()).limit(MOST)
    rows = list(session.exec(query))[::-1]
    chats = chats_by_id(session, [row.chat_id for row in rows])
    return [line_item(zone, row, chats.get(row.chat_id or 0)) for row in rows]


def without_phones(detail: TicketDetail) -> TicketDetail:
    """The same with every phone number left out or blotted out."""
    plain = {"phone": None}
    return detail.model_copy(
        update={
            "location": _blotted(detail.location),
            "questions": Questions(**{key: _blotted(text) for key, text in detail.questions.model_dump().items()}),
            "reports": [
                row.model_copy(
                    update={**plain, "words": _blotted(row.words), "contact_note": _blotted(row.contact_note)}
                )
                for row in detail.reports
            ],
            "events": [row.model_copy(update={"note": _blotted(row.note)}) for row in detail.events],
            "messages": [row.model_copy(update={"text": _blotted(row.text)}) for row in detail.messages],
            "lines": [row.model_copy(update={"text": masked(row.text)}) for row in detail.lines],
        }
    )


def _blotted(text: str | None) -> str | None:
    return None if text is None else masked(text)


def _accounts(session: Session, ids: Iterable[int | None]) -> dict[int, Account]:
    wanted = {row_id for row_id in ids if row_id is not None}
    rows = session.exec(select(Account).where(col(Account.id).in_(wanted))).all() if wanted else []
    return {row.id: row for row in rows}


def _people(session: Session, ids: Iterable[int | None]) -> dict[int, Person]:
    wanted = {row_id for row_id in ids if row_id is not None}
    rows = session.exec(select(Person).where(col(Person.id).in_(wanted))).all() if wanted else []
    return {row.id: row for row in rows}
