"""Digests built, kept and told: once for each community and period, whichever clock comes first.

    tell_due(services)                            the clock: what is to be told now
    current(services, community_id, period)       what has come up since the last one, until now
    around(services, community_id, period, day)   the one that a day belongs to: as it was kept, else counted now
    kept(session, community_ids, ...)             those that were kept, the newest first

What is counted is read in a transaction that only reads, before the one that keeps and tells it: nobody waits for a
million tickets to be counted. Two clocks may both count; the row and the lines' keys let one of them tell.
"""

import logging
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import and_, or_
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select, update

from bot import clocks, ledger_table, people, reach
from bot.desk import Desk
from bot.digest import text
from bot.digest.build import Circumstances, build, drawn_since
from bot.digest.figures import Digest
from bot.digest.periods import Period, Times, Window, until
from bot.digest.snapshot import Questions
from bot.heartbeat import claim_run
from bot.owed import owe
from bot.routing import OFFICE
from bot.services import Services
from bot.settings import Settings
from models import Area, Chat, ChatKind, Community, KeptDigest, Outgoing, OutgoingState, Post, Role, Urgency

log = logging.getLogger(__name__)

LONGEST = timedelta(days=31)  # how far back a digest reaches that makes up for those that could not be told
READERS = OFFICE | {Role.AUDITOR}  # whose posts, for the community or above it, let them read its digests
KEY = "digest:"


class NotYet(Exception):
    """The time that was asked for has not begun."""


def tell_due(services: Services) -> int:
    """Tell every digest whose hour has come. Returns how many were told. One that fails does not hold up the others."""
    settings, now = services.settings, services.now()
    today = now.astimezone(settings.zone).date()
    if not settings.digest.periods or clocks.is_silent(now, settings.hours, settings.zone):
        return 0
    if not settings.calendar.day(today).working:
        return 0
    with services.reading() as session:
        communities = session.exec(select(Community.id, Community.code).order_by(col(Community.id))).all()
        known = select(col(KeptDigest.community_id), col(KeptDigest.period)).where(KeptDigest.told_on == today)
        done = {(community_id, period) for community_id, period in session.exec(known)}
    told = 0
    for community_id, code in communities:
        for period in map(Period, settings.digest.periods):
            window = times(settings, code).last(period, now)
            if window.told_on == today and (community_id, period) not in done:
                told += _guarded(services, community_id, window)
    return told


def times(settings: Settings, community: str) -> Times:
    return Times(settings.calendar, settings.zone, settings.digest.hour_of(community))


def current(services: Services, community_id: int, period: Period) -> Digest:
    """How it goes since the last digest, until now."""
    now = services.now()
    with services.snapshot() as session:
        community = session.get_one(Community, community_id)
        window = times(services.settings, community.code).running(period, now)
        return _count(services, session, community, window, now)


def around(services: Services, community_id: int, period: Period, day: date) -> Digest:
    """The digest that a day belongs to. What was never kept is counted now: its open matters are those of now.

    Raises NotYet where its time has not begun.
    """
    now = services.now()
    with services.snapshot() as session:
        community = session.get_one(Community, community_id)
        window = times(services.settings, community.code).around(period, day)
        if window.starts >= now:
            raise NotYet
        row = find(session, community_id, period, window.told_on)
        if row is not None:
            return Digest.model_validate(row.figures)
        return _count(services, session, community, until(window, now), now)


def find(session: Session, community_id: int, period: Period, told_on: date) -> KeptDigest | None:
    query = select(KeptDigest).where(
        KeptDigest.community_id == community_id, KeptDigest.period == period, KeptDigest.told_on == told_on
    )
    return session.exec(query).first()


def kept(session: Session, communities: Collection[int], period: Period, before: date, most: int) -> Sequence[Digest]:
    """Those that were told before a day, the newest first."""
    query = (
        select(KeptDigest)
        .where(col(KeptDigest.community_id).in_(communities), KeptDigest.period == period, KeptDigest.told_on < before)
        .order_by(col(KeptDigest.told_on).desc(), col(KeptDigest.community_id))
        .limit(most)
    )
    return [Digest.model_validate(row.figures) for row in session.exec(query)]


def address(settings: Settings, digest: Digest) -> str:
    """Where it stands on the console; "" where nobody said how that is reached from outside."""
    base = settings.service.public_url.rstrip("/")
    day = digest.told_on.isoformat() if digest.whole else "now"
    return f"{base}/console/digest/{digest.community}/{digest.period.value}/{day}" if base else ""


def _guarded(services: Services, community_id: int, window: Window) -> int:
    try:
        return int(_tell(services, community_id, window))
    except DBAPIError as error:
        log.warning("the digest of community %s: the database refused (%s)", community_id, type(error.orig).__name__)
    except Exception:
        log.exception("the digest of community %s (%s) failed: tried again", community_id, window.period)
    return 0


def _tell(services: Services, community_id: int, window: Window) -> bool:
    """Count, keep and tell one digest; of nothing it is only kept. False where another clock has done so."""
    services = services.pinned()
    now = services.now()
    with services.snapshot() as session:
        community = session.get_one(Community, community_id)
        reaching = replace(window, starts=_since(session, community_id, window))
        digest = _count(services, session, community, reaching, now)
    with services.transaction() as session:
        if not claim_run(session, f"{KEY}{community_id}:{window.period}", window.due_at):
            return False
        row = KeptDigest(
            community_id=community_id,
            period=window.period,
            told_on=window.told_on,
            starts_at=reaching.starts,
            ends_at=reaching.ends,
            made_at=now,
            figures=digest.model_dump(mode="json"),
        )
        session.add(row)
        if not digest.is_empty:
            _owe(services.desk(session), community, digest)
    return True


def _since(session: Session, community_id: int, window: Window) -> datetime:
    """Everything since the last one that was told: where some could not be, this one makes up for them."""
    query = (
        select(KeptDigest.ends_at)
        .where(
            KeptDigest.community_id == community_id,
            KeptDigest.period == window.period,
            KeptDigest.told_on < window.told_on,
        )
        .order_by(col(KeptDigest.told_on).desc())
    )
    last = session.exec(query.limit(1)).first()
    return window.starts if last is None else max(min(last, window.starts), window.starts - LONGEST)


def _count(services: Services, session: Session, community: Community, window: Window, now: datetime) -> Digest:
    settings = services.settings
    rows = Questions(session, settings, community, window, now).all(drawn_since(window, settings.zone))
    area = session.get_one(Area, community.area_id)
    circumstances = Circumstances(
        zone=settings.zone,
        now=now,
        kinds=ledger_table.kinds(services.understanding),
        rules=text.rules(services.wording),
        channels=_channels(session, settings, area),
        relieve_from=settings.digest.relieve_from,
    )
    return build(rows, window, circumstances)


def _channels(session: Session, settings: Settings, area: Area) -> dict[str, bool]:
    """The channels that this community uses, and whether each is one that is heard (a telephone only rings)."""
    codes = {section.area for section in settings.channels.values() if section.area}
    known = {found.code: found for found in session.exec(select(Area).where(col(Area.code).in_(codes)))}
    return {
        name: section.kind != "phone"
        for name, section in settings.channels.items()
        if section.area not in known or _meet(known[section.area].path, area.path)
    }


def _meet(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _owe(desk: Desk, community: Community, digest: Digest) -> None:
    """One line to the staff's chat; where there is none, or it takes nothing, to those who work there, in private."""
    area = desk.session.get_one(Area, community.area_id)
    own = _private(desk, area)
    group = reach.group(desk.session, ChatKind.STAFF, area)
    said = text.said(desk.wording, digest, desk.settings.zone, address(desk.settings, digest))
    for chat in [group] if group is not None else own:
        _replace_unsent(desk, chat, community, digest.period)
        owe(
            desk,
            key=f"{KEY}{chat.id}:{community.id}:{digest.period.value}:{digest.told_on.isoformat()}",
            chat=chat,
            text=said,
            urgency=Urgency.NOTICE,
            reach=[one.id for one in own] if group is not None else (),
            overdue_after=None if group is not None else LONGEST,  # it waits until they write: nobody is missed for it
        )


def _private(desk: Desk, area: Area) -> list[Chat]:
    """The private chats of those who work for the community itself, one each."""
    today = desk.now.astimezone(desk.settings.zone).date()
    query = select(Post).where(
        col(Post.area_id) == area.id, col(Post.role).in_([Role.STAFF, Role.SECRETARY]), Post.starts_on <= today
    )
    held = [post.person_id for post in desk.session.exec(query.order_by(col(Post.id))) if people.in_force(post, today)]
    chats = (reach.private_chats(desk.session, person_id) for person_id in dict.fromkeys(held))
    return [found[0] for found in chats if found]


def _replace_unsent(desk: Desk, chat: Chat, community: Community, period: Period) -> None:
    """Who could not be told for a week is told once, and not of every day of it."""
    untried = and_(col(Outgoing.state) == OutgoingState.QUEUED, col(Outgoing.attempts) == 0)
    desk.session.execute(
        update(Outgoing)
        .where(
            col(Outgoing.chat_id) == chat.id,
            or_(untried, col(Outgoing.state) == OutgoingState.PARKED),
            col(Outgoing.key).startswith(f"{KEY}{chat.id}:{community.id}:{period.value}:", autoescape=True),
        )
        .values(state=OutgoingState.CANCELLED, overdue_at=None)
    )
