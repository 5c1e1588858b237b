"""Taking owed lines to their chats: claim, send outside of any transaction, settle.

    line = claim(session, now)                 # one transaction
    ... channel.send(...)                      # none
    settle_done(desk, line, message_id)        # another; or settle_later, settle_parked, settle_given_up

A claimed row stays `queued` with `due_at` moved to the end of its lease. Every settlement is fenced by that lease, so
a slow sender cannot settle what another has claimed since: it returns False then and changes nothing.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, literal_column, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from bot.desk import Desk
from bot.owed import LEASE, listed, pass_on, rows
from models import ChannelState, Chat, Outgoing, OutgoingState, Urgency
from models.base import Instant

BACK_OFF = (5, 30, 120, 600, 3600)  # seconds after the first, second, ... failure; the last again and again
MOST_ATTEMPTS = 8
CANDIDATES = 5  # looked at in one claim: where others take them all, the next sweep finds the rest
HOLDS = timedelta(seconds=60)  # a line that waits longer no longer holds its chat

# Written out, not bound: only so do both databases see that the partial indexes apply.
_QUEUED: ColumnElement[bool] = literal_column("outgoing.state = 'queued'")
_OLDER_QUEUED: ColumnElement[bool] = literal_column("older.state IN ('queued', 'parked') AND older.state = 'queued'")


def claim(
    session: Session,
    now: datetime,
    lease: timedelta = LEASE,
    *,
    channel: str | None = None,
    least: Urgency = Urgency.NOTICE,
) -> Outgoing | None:
    """Take the next due line (of `channel`, of urgency `least` or above) for `lease`; None where nothing is due.

    The row's new due_at is the lease: hand the row to the settlement as it is. Emergencies come first, then answers,
    then notices; within a chat and class the oldest. Its attempts count this one.
    """
    query = _NEXT if channel is None else _NEXT_OF_CHANNEL
    for line in session.exec(query, params=_asked(now, least) | {"channel": channel}).all():
        taken = session.execute(
            update(Outgoing)
            .where(col(Outgoing.id) == line.id, col(Outgoing.due_at) == line.due_at, _QUEUED)
            .values(due_at=now + lease, attempts=col(Outgoing.attempts) + 1)
            .execution_options(synchronize_session=False)
        )
        if rows(taken):
            session.refresh(line)
            return line
    return None


def settle_done(desk: Desk, line: Outgoing, message_id: str | None = None) -> bool:
    """The platform has it. False where the lease was lost: somebody else has the line now."""
    done = _settle(
        desk,
        line,
        state=OutgoingState.DONE,
        sent_at=desk.now,
        message_id=message_id,
        overdue_at=None,
        undelivered_at=None,
        error=None,
    )
    if done:
        listed(desk, line, None)
        _sent(desk, line)
    return done


def settle_later(desk: Desk, line: Outgoing, cause: str, retry_after: float | None = None) -> bool:
    """Try again after the platform's `retry_after` seconds, else after the back-off; the eighth time give up."""
    if line.attempts >= MOST_ATTEMPTS:
        return settle_given_up(desk, line, cause)
    wait = BACK_OFF[min(max(line.attempts, 1), len(BACK_OFF)) - 1] if retry_after is None else retry_after
    settled = _settle(desk, line, due_at=desk.now + timedelta(seconds=max(0.0, wait)), error=cause[:500])
    if settled:
        _refused(desk, line, cause)
    return settled


def settle_parked(desk: Desk, line: Outgoing, cause: str) -> bool:
    """The platform takes nothing until the person writes again: wait for that, and go the next way now."""
    return _settle_and_pass_on(desk, line, OutgoingState.PARKED, cause)


def settle_given_up(desk: Desk, line: Outgoing, cause: str) -> bool:
    """Never again here: go the next way now."""
    settled = _settle_and_pass_on(desk, line, OutgoingState.GIVEN_UP, cause)
    if settled:
        _refused(desk, line, cause)
    return settled


def due_channels(session: Session, now: datetime) -> dict[str, Urgency]:
    """The channels that have a line to claim now, each with the most urgent class among them."""
    found = session.exec(_DUE_CHANNELS, params=_asked(now, Urgency.NOTICE))
    return {str(channel): Urgency(urgency) for channel, urgency in found}


def _asked(now: datetime, least: Urgency) -> dict[str, Any]:
    """The parameters of the queries below."""
    return {"now": now, "lately": now - HOLDS, "least": int(least)}


def _claimable() -> tuple[ColumnElement[bool], ...]:
    """Due, and no older line of its chat and class has its turn first. Parameters: _asked."""
    now, lately = bindparam("now", type_=Instant()), bindparam("lately", type_=Instant())
    older = aliased(Outgoing, name="older")
    held = exists().where(
        col(older.chat_id) == col(Outgoing.chat_id),
        col(older.urgency) == col(Outgoing.urgency),
        col(older.id) < col(Outgoing.id),
        _OLDER_QUEUED,
        or_(
            and_(col(older.attempts) == 0, col(older.due_at) <= now),  # never tried yet
            and_(col(older.attempts) > 0, col(older.created_at) > lately),  # on its way, or about to try again
        ),
    )
    return _QUEUED, col(Outgoing.due_at) <= now, col(Outgoing.urgency) <= bindparam("least"), ~held


# Asked several times a second, by every process that sends: put together once.
_NEXT = select(Outgoing).where(*_claimable()).order_by(col(Outgoing.urgency), col(Outgoing.id)).limit(CANDIDATES)
_NEXT_OF_CHANNEL = _NEXT.join(Chat, col(Chat.id) == col(Outgoing.chat_id)).where(
    col(Chat.channel) == bindparam("channel")
)
_DUE_CHANNELS = (
    select(Chat.channel, func.min(col(Outgoing.urgency)))
    .join(Outgoing, col(Outgoing.chat_id) == col(Chat.id))
    .where(*_claimable())
    .group_by(col(Chat.channel))
)


def _settle(desk: Desk, line: Outgoing, **values: Any) -> bool:
    """Fenced by the lease: `line` is the row as claim() returned it."""
    settled = desk.session.execute(
        update(Outgoing)
        .where(col(Outgoing.id) == line.id, col(Outgoing.due_at) == line.due_at, _QUEUED)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return rows(settled) == 1


def _settle_and_pass_on(desk: Desk, line: Outgoing, state: OutgoingState, cause: str) -> bool:
    if not _settle(desk, line, state=state, error=cause[:500]):
        return False
    fresh = desk.session.get_one(Outgoing, line.id, populate_existing=True)
    # Parked with nowhere else to go: the person may write any moment, so it is listed only once it is overdue.
    if state != OutgoingState.PARKED or fresh.reach:
        pass_on(desk, fresh)
    return True


def _sent(desk: Desk, line: Outgoing) -> None:
    """Remember when the chat and its channel last took something; at most once in five seconds, to spare the rows."""
    stale = desk.now - timedelta(seconds=5)
    chat = desk.session.get(Chat, line.chat_id)
    if chat is None or (chat.last_sent_at is not None and chat.last_sent_at > stale):
        return
    chat.last_sent_at = desk.now
    _channel_state(desk, chat.channel, last_sent_at=desk.now)


def _refused(desk: Desk, line: Outgoing, cause: str) -> None:
    chat = desk.session.get(Chat, line.chat_id)
    if chat is not None:
        _channel_state(desk, chat.channel, last_error_at=desk.now, last_error=cause[:200])


def _channel_state(desk: Desk, channel: str, **values: Any) -> None:
    dialect = desk.session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    desk.session.execute(
        insert(ChannelState)
        .values(channel=channel, **values)
        .on_conflict_do_update(index_elements=["channel"], set_=values)
    )
