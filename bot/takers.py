"""Who has a request for help: read and set. It is set by compare-and-set alone, so that it is never two people's."""

from typing import Any, cast

from sqlalchemy import CursorResult, update
from sqlmodel import Session, col, select

from models import Account, Offer, OfferState, Order


def order_of(session: Session, ticket_id: int) -> Order | None:
    """The order of a ticket; None where it was never offered."""
    return session.exec(select(Order).where(Order.ticket_id == ticket_id)).first()


def taker(session: Session, ticket_id: int) -> Offer | None:
    """The offer of whoever has it now."""
    query = select(Offer).join(Order, col(Order.taker_id) == col(Offer.id)).where(Order.ticket_id == ticket_id)
    return session.exec(query).first()


def is_taker(session: Session, ticket_id: int, account_id: int | None) -> bool:
    """Whether this account, or another of the same person, has it now."""
    held = taker(session, ticket_id)
    if held is None or account_id is None:
        return False
    if held.account_id == account_id:
        return True
    account = session.get_one(Account, account_id)
    return held.person_id is not None and held.person_id == account.person_id


def held_by(session: Session, accounts: list[int]) -> list[int]:
    """The tickets that one of these accounts has now."""
    query = select(Offer.ticket_id).join(Order, col(Order.taker_id) == col(Offer.id))
    return list(session.exec(query.where(col(Offer.account_id).in_(accounts))))


def asked_of(session: Session, person_id: int | None) -> set[int]:
    """The tickets that this person was asked about and has not answered, in time or late."""
    if person_id is None:
        return set()
    states = (OfferState.ASKED, OfferState.LAPSED)
    query = select(Offer.ticket_id).where(Offer.person_id == person_id, col(Offer.state).in_(states))
    return set(session.exec(query))


def forget(session: Session, account_id: int) -> None:
    """An account is erased: what it had taken on stays, without it."""
    session.execute(update(Offer).where(col(Offer.account_id) == account_id).values(account_id=None))


def forget_visit(session: Session, ticket_id: int) -> None:
    """Whoever asked is erased: so is what they told of papers and times."""
    nothing = {"visit_who": None, "visit_papers": None, "visit_when": None}
    session.execute(update(Order).where(col(Order.ticket_id) == ticket_id).values(nothing))


def take(session: Session, order: Order, offer: Offer) -> bool:
    """Give the order to this offer, if nobody has it. False where somebody does."""
    session.flush()
    return _swap(session, order, None, offer.id)


def give_back(session: Session, order: Order, offer: Offer) -> bool:
    """Take the order off this offer, if it is the one that has it."""
    session.flush()
    return _swap(session, order, offer.id, None)


def _swap(session: Session, order: Order, old: int | None, new: int | None) -> bool:
    is_old = col(Order.taker_id).is_(None) if old is None else col(Order.taker_id) == old
    statement = update(Order).where(col(Order.id) == order.id, is_old).values(taker_id=new)
    done = cast(CursorResult[Any], session.execute(statement))
    session.refresh(order)
    return done.rowcount == 1
