"""Examples that people approved on the review list, in the format that training reads (intents/examples.py)."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from bot.masking import BLOT
from models import Area, Learning, Review

HEADER = ("label", "danger", "setting", "text")
NO_DANGER = "-"


def examples(session: Session, *where: ColumnElement[bool]) -> list[Review]:
    """The approved rows, oldest first. where: conditions on Review and its Area, such as whose they are."""
    query = select(Review).join(Area, col(Area.id) == col(Review.area_id))
    query = query.where(Review.learning == Learning.APPROVED, col(Review.text).is_not(None), *where)
    return list(session.exec(query.order_by(col(Review.id))))


def asked(session: Session, *where: ColumnElement[bool]) -> list[Review]:
    """What leaders decided and staff may approve while the text is still there, oldest first."""
    query = select(Review).join(Area, col(Area.id) == col(Review.area_id))
    query = query.where(Review.learning == Learning.ASKED, col(Review.text).is_not(None), *where)
    return list(session.exec(query.order_by(col(Review.id))))


def waiting_and_approved(session: Session, *where: ColumnElement[bool]) -> tuple[int, int]:
    """How many sentences wait for somebody to approve them, and how many are approved."""
    query = select(Review.learning, func.count()).join(Area, col(Area.id) == col(Review.area_id))
    counted = dict(
        session.exec(query.where(col(Review.text).is_not(None), *where).group_by(col(Review.learning))).all()
    )
    return counted.get(Learning.ASKED, 0), counted.get(Learning.APPROVED, 0)


def line(row: Review) -> str:
    """An approved sentence as one line of a file of examples: label, danger, setting and text between tabs."""
    return _line(row)


def as_tsv(rows: Iterable[Review]) -> str:
    """A file of examples, each once: a header, then label, danger, setting and text between tabs."""
    lines = dict.fromkeys(_line(row) for row in rows)
    return "".join(f"{line}\n" for line in ("\t".join(HEADER), *lines))


def _line(row: Review) -> str:
    # Digits that were blotted out are digits again: training tells none from another, but × from them.
    text = " ".join((row.text or "").replace(BLOT, "0").split())
    return "\t".join((f"{row.label_intent}.{row.label_category}", NO_DANGER, row.setting, text))
