"""One message, stored once, with all its effects or none.

Acknowledged only after the commit. Where understanding or acting fails, the row alone is stored as pending in a second
transaction, and a worker tries again; only if that fails too does the caller see an error.
"""

import logging
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session, col, select

from bot.channels import Channel, Incoming, Kind, Media
from bot.inbox.ears import hear
from bot.inbox.hearing import Hearing, Said, Wait
from bot.masking import masked
from bot.owed import SEPARATOR, carry, unpark
from bot.services import Services
from bot.telling import say
from intents.verdict import Verdict
from models import Account, AccountState, Chat, ChatKind, Inbound, InboundState, Outgoing, OutgoingState

log = logging.getLogger(__name__)

RETRIES = 8
BACKOFF = (2, 5, 15, 60, 300, 900, 3600, 3600)  # seconds until a pending row is tried again
LEASE = timedelta(seconds=30)
PASSIVE_BYTES = 2000  # of 2048: the platform counts bytes (research: measured), and a little headroom costs nothing


def receive(services: Services, channel: Channel, line: Incoming) -> str | None:
    """Take in one line heard. Returns the passive answer, None for silence.

    Told again, it is stored once and answered the same. Raises only where not even the row could be stored.
    """
    services = services.pinned()
    # A bridge whose clock is ahead must not postpone anything: nothing was said later than now.
    line = replace(line, text=line.text[:4000], said_at=min(line.said_at, services.now()))
    for last_try in (False, True):
        try:
            verdict = services.understanding.read(line.text, "private" if line.private else "group", line.to_me)
            return _take_in(services, channel, line, verdict)
        except Wait:
            return _store_pending(services, channel, line, None)
        except IntegrityError as error:
            # Somebody else stored the same message, chat or account at this moment: look again, once.
            if last_try:
                return _store_pending(services, channel, line, error)
        except OperationalError as error:
            if error.statement == "BEGIN":  # SQLite: the second transaction would wait for the same lock, too long
                raise
            return _store_pending(services, channel, line, error)
        except Exception as error:  # whatever it is, the neighbour's word must not be lost
            return _store_pending(services, channel, line, error)
    raise AssertionError("unreachable")


def resume(services: Services, inbound_id: int) -> None:
    """Try a pending row again. Safe to call twice: whoever claims the row does it."""
    claimed = _claim(services, inbound_id)
    if claimed is None:
        return
    line, due_at = claimed
    services = services.pinned()
    try:
        verdict = services.understanding.read(line.text, "private" if line.private else "group", line.to_me)
        with services.transaction() as session:
            row = session.exec(select(Inbound).where(Inbound.id == inbound_id, Inbound.due_at == due_at)).first()
            if row is None or row.state != InboundState.PENDING:
                return
            channel = services.channels[row.channel]
            _act(services, session, channel, line, verdict, row, live=False)
    except Exception as error:  # recorded on the row, tried again, at last shown to staff
        _record_failure(services, inbound_id, due_at, error)


def _take_in(services: Services, channel: Channel, line: Incoming, verdict: Verdict) -> str | None:
    with services.transaction() as session:
        known = _known(session, channel, line)
        if known is not None:
            return known.answer
        row = _row(services, channel, line)
        _act(services, session, channel, line, verdict, row, live=True)
        return row.answer


def _act(
    services: Services,
    session: Session,
    channel: Channel,
    line: Incoming,
    verdict: Verdict,
    row: Inbound,
    *,
    live: bool,
) -> None:
    """Everything that follows from one message, in the caller's transaction."""
    desk = services.desk(session)
    chat, account = _chat_and_account(desk.now, session, channel, line)
    row.chat_id, row.account_id = chat.id, account.id
    row.intent, row.category, row.score = verdict.intent, verdict.category, verdict.score
    row.lexicon_version = services.understanding.version
    if row.text is not None or row.media:
        # Whatever does not become part of a ticket is chatter: its text goes within the day, and where a picture lies.
        row.erase_at = row.received_at + timedelta(hours=desk.settings.times.chatter_hours)
    session.add(row)
    session.flush()
    h = Hearing(services, desk, channel, line, row, chat, account, verdict, live=live)
    hear(h)
    _answer(h)
    row.state, row.due_at, row.line, row.error = InboundState.DONE, None, None, None
    if row.ticket_id is not None or (row.text is None and not row.media):
        row.erase_at = None
    session.flush()


def _answer(h: Hearing) -> None:
    """Give the answers: on the callback's own response where the channel can, else as lines owed."""
    if not (h.private and h.channel.answers_passively and h.live):
        for n, said in enumerate(h.answers):
            key = said.key or f"answer:{h.row.id}:{n}"
            say(h.desk, h.chat, key, said.text, ticket=said.ticket, urgency=h.urgency)
        return
    told = [replace(one, text=h.in_this_chat(one.ticket, one.text)) if one.ticket else one for one in h.answers]
    own = SEPARATOR.join(said.text for said in told)
    for n, said in enumerate(told):
        _remember(h, said, said.key or f"answer:{h.row.id}:{n}")
    # What waits for this person rides along: on an unverified account there is no other way to them.
    room = PASSIVE_BYTES - len(own.encode("utf-8", "ignore"))
    waiting = [] if h.line.kind == Kind.UNFOLLOW else carry(h.desk, h.chat, room)
    if h.channel.pushes:
        unpark(h.desk, h.chat)  # the person has written: the platform takes lines for them again
    h.row.answer = SEPARATOR.join([*([own] if own else []), *(line.text for line in waiting)]) or None


def _remember(h: Hearing, said: Said, key: str) -> None:
    """A passive answer is a line said, like any other: history and quoting look for it among the lines."""
    h.session.add(
        Outgoing(
            key=key,
            chat_id=h.chat.id,
            urgency=int(h.urgency),
            text=said.text,
            ticket_id=said.ticket.id if said.ticket else None,
            created_at=h.now,
            due_at=h.now,
            sent_at=h.now,
            state=OutgoingState.DONE,
        )
    )
    h.session.flush()


def _known(session: Session, channel: Channel, line: Incoming) -> Inbound | None:
    query = select(Inbound).where(Inbound.channel == channel.name, Inbound.external_id == line.external_id)
    return session.exec(query).first()


def _row(services: Services, channel: Channel, line: Incoming) -> Inbound:
    fetched = bool(line.media) and channel.fetches and services.settings.media.keep_days > 0
    return Inbound(
        channel=channel.name,
        external_id=line.external_id,
        message_id=line.message_id,
        kind=line.kind.value,
        text=masked(line.text) if not line.private else line.text or None,
        media=[_media_to_json(one) for one in line.media] or None,
        media_due_at=services.now() if fetched else None,  # and then once it belongs to a ticket
        reply_to=line.reply_to,
        said_at=line.said_at,
        received_at=services.now(),
    )


def _chat_and_account(now: datetime, session: Session, channel: Channel, line: Incoming) -> tuple[Chat, Account]:
    query = select(Account).where(Account.channel == channel.name, Account.user_id == line.user_id)
    account = session.exec(query).first()
    if account is None:
        account = Account(channel=channel.name, user_id=line.user_id, created_at=now)
        session.add(account)
        session.flush()
    if line.user_name and account.state == AccountState.ACTIVE and account.display_name != line.user_name[:100]:
        account.display_name = line.user_name[:100]
    chat = session.exec(select(Chat).where(Chat.channel == channel.name, Chat.external_id == line.chat_id)).first()
    if chat is None:
        chat = Chat(
            channel=channel.name,
            external_id=line.chat_id,
            kind=ChatKind.PRIVATE if line.private else ChatKind.UNBOUND,
            account_id=account.id if line.private else None,
            name=line.chat_name,
            created_at=now,
            wire=dict(line.wire),
        )
        session.add(chat)
        session.flush()
    if chat.account_id is None and line.private:
        chat.account_id = account.id
    if line.wire and chat.wire != dict(line.wire):
        chat.wire = dict(line.wire)
    # Written at most once a minute: a lively group must not queue up for its own row.
    if chat.last_heard_at is None or now - chat.last_heard_at > timedelta(minutes=1):
        chat.last_heard_at = now
    return chat, account


def _store_pending(services: Services, channel: Channel, line: Incoming, error: Exception | None) -> str | None:
    """Keep the row alone. A failure here is the caller's 503: the platform will tell us again."""
    if error is not None:
        log.error("inbound on %s not handled, kept as pending: %s", channel.name, type(error).__name__, exc_info=error)
    now = services.now()
    with services.transaction() as session:
        known = _known(session, channel, line)
        if known is not None:
            return known.answer
        row = _row(services, channel, line)
        row.line = _to_json(line)
        row.state = InboundState.PENDING
        row.due_at = now + timedelta(seconds=BACKOFF[0])
        row.error = type(error).__name__ if error else "waits behind an older message"
        chat, account = _chat_and_account(now, session, channel, line)
        row.chat_id, row.account_id = chat.id, account.id
        session.add(row)
    return None


def _claim(services: Services, inbound_id: int) -> tuple[Incoming, datetime] | None:
    """Take the lease of a pending row that is due; the moved due_at fences whoever comes after."""
    with services.transaction() as session:
        query = select(Inbound).where(Inbound.id == inbound_id).with_for_update()
        row = session.exec(query.execution_options(populate_existing=True)).first()
        if row is None or row.state != InboundState.PENDING or row.line is None:
            return None
        if row.due_at is not None and row.due_at > services.now():
            return None
        row.due_at = services.now() + LEASE
        row.attempts += 1
        return _from_json(row.line), row.due_at


def _record_failure(services: Services, inbound_id: int, lease: datetime, error: Exception) -> None:
    waits = isinstance(error, Wait)
    if not waits:
        log.error("inbound %s failed: %s", inbound_id, type(error).__name__, exc_info=error)
    with services.transaction() as session:
        row = session.get_one(Inbound, inbound_id)
        if row.state != InboundState.PENDING or row.due_at != lease:
            return  # overtaken: somebody else has it by now
        row.error = "waits behind an older message" if waits else type(error).__name__
        row.due_at = services.now() + timedelta(seconds=BACKOFF[min(row.attempts, len(BACKOFF)) - 1])
        if waits:
            row.attempts -= 1
        if row.attempts >= RETRIES:
            row.state, row.due_at = InboundState.GIVEN_UP, None


def pending_before(session: Session, row: Inbound) -> bool:
    """Whether an older message of the same chat still waits to be understood."""
    query = select(Inbound.id).where(
        Inbound.chat_id == row.chat_id, Inbound.state == InboundState.PENDING, col(Inbound.id) < row.id
    )
    return session.exec(query).first() is not None


def _to_json(line: Incoming) -> dict[str, object]:
    fields = asdict(line)
    fields["said_at"] = line.said_at.isoformat()
    fields["kind"] = line.kind.value
    fields["wire"] = dict(line.wire)
    fields["media"] = [_media_to_json(one) for one in line.media]
    return fields


def _media_to_json(media: Media) -> dict[str, object]:
    return {**asdict(media), "kind": media.kind.value}


def _from_json(fields: Mapping[str, Any]) -> Incoming:
    values = dict(fields)
    values["said_at"] = datetime.fromisoformat(str(values["said_at"]))
    values["kind"] = Kind(str(values["kind"]))
    values["media"] = tuple(
        Media(Kind(one["kind"]), one["id"], one["url"], one["name"]) for one in fields.get("media") or ()
    )
    values.pop("media_id", None)  # stored by an earlier version; the row has it
    return Incoming(**values)
