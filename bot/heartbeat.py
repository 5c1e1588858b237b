"""Who is alive, and which clock claimed a scheduled run. Only SQL."""

import os
import socket
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from models import DueRun, Heartbeat

KEPT = timedelta(hours=1)  # a heartbeat older than that is of a process long gone


def name(kind: str) -> str:
    """This process: kind:host:pid."""
    return f"{kind}:{socket.gethostname()[:80]}:{os.getpid()}"


def beat(session: Session, kind: str, now: datetime) -> None:
    """This process of `kind` (worker, clock) is alive."""
    query = _insert(session)(Heartbeat).values(name=name(kind), kind=kind, seen_at=now)
    session.execute(query.on_conflict_do_update(index_elements=["name"], set_={"seen_at": now}))
    session.execute(delete(Heartbeat).where(col(Heartbeat.seen_at) < now - KEPT))


def stop(session: Session, kind: str) -> None:
    """This process ends as it should: nobody needs to miss it."""
    session.execute(delete(Heartbeat).where(col(Heartbeat.name) == name(kind)))


def claim_run(session: Session, duty: str, due_at: datetime) -> bool:
    """Claim the run of a scheduled duty for that moment. False: another clock has it.

    due_at: an aware moment computed in the community's zone, the same for every clock. The effects belong into the
    same transaction, so a clock that dies with them leaves the run to the next one.
    """
    query = _insert(session)(DueRun).values(name=duty, due_at=due_at)
    return session.execute(query.on_conflict_do_nothing().returning(col(DueRun.id))).first() is not None


def _insert(session: Session) -> Any:
    return postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
