"""What the senders were told against what lies in the database."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlmodel import Session, col, func, select

from benchmarks.guns import Volley
from benchmarks.letters import Letter
from benchmarks.town import CHANNEL
from bot import services
from bot.settings import Settings
from models import Inbound, InboundState, Ticket, db


@dataclass
class Ledger:
    """What an installation was sent and what it said to that."""

    sent: set[str] = field(default_factory=set)
    accepted: dict[str, Letter] = field(default_factory=dict)
    failed: int = 0

    def enter(self, letters: Iterable[Letter], volley: Volley) -> Volley:
        """Note one turn; the same volley."""
        self.sent |= {letter.id for letter in letters}
        self.accepted |= {letter.id: letter for letter in volley.accepted}
        self.failed += volley.failed
        return volley


@dataclass(frozen=True)
class Count:
    """accepted: 200s. missing: 200s without a row. repeated: ids with several rows. pending: rows put off, whose
    effects are still to come. failed: requests without a 200."""

    accepted: int
    rows: int
    missing: int
    repeated: int
    pending: int
    strange: int
    failed: int
    tickets: int
    tickets_expected: int

    @property
    def right(self) -> bool:
        """Every 200 has exactly one row, nothing else has one, and the tickets are those that were reported."""
        wrong = self.missing + self.repeated + self.pending + self.strange + self.failed
        return wrong == 0 and self.rows == self.accepted and self.tickets == self.tickets_expected


def count(settings: Settings, ledger: Ledger) -> Count:
    """Look into the database."""
    engine = db.connect(services.database_url(settings))
    with Session(db.reading(engine)) as session:
        ids = Counter(session.exec(select(Inbound.external_id).where(Inbound.channel == CHANNEL)))
        undone = select(func.count(col(Inbound.id))).where(Inbound.state != InboundState.DONE)
        pending = session.exec(undone).one()
        tickets = session.exec(select(func.count(col(Ticket.id)))).one()
    engine.dispose()
    return Count(
        accepted=len(ledger.accepted),
        rows=ids.total(),
        missing=len(ledger.accepted.keys() - ids.keys()),
        repeated=sum(times > 1 for times in ids.values()),
        pending=pending,
        strange=len(ids.keys() - ledger.sent),
        failed=ledger.failed,
        tickets=tickets,
        tickets_expected=len({letter.matter for letter in ledger.accepted.values() if letter.matter}),
    )
