"""A stored message is understood by one worker; one that dies over it leaves it to the next."""

import signal
import subprocess
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlmodel import select

from bot import crash, inbox, jobs
from bot.inbox.taking import LEASE
from models import Inbound, InboundState, Status, Ticket, TicketEvent
from tests.faults import estate
from tests.faults.conftest import House, at_once
from tests.faults.estate import units
from tests.faults.test_failing_inside import effects, settle, without_understanding
from tests.plumbing.processes import ROOT

TURNS = 20


def pending(house: House, text: str, user: str) -> Inbound:
    """A message that was stored without being understood, due now."""
    broken = without_understanding(house)
    broken.said = house.said = house.said + 1
    message = broken.message(text, user=user, group=None)
    assert broken.tell(message).status_code == 200
    house.clock.forward(seconds=30)
    (row,) = house.rows(message)
    assert row.state == InboundState.PENDING
    return row


def opened(house: House) -> int:
    with house.session() as session:
        return len(session.exec(select(TicketEvent.id).where(TicketEvent.kind == "opened")).all())


@pytest.mark.parametrize("workers", [2, 5])
def test_workers_that_resume_the_same_message_at_once_act_once(house: House, workers: int) -> None:
    for turn, unit in enumerate(units()[:TURNS], 1):
        row = pending(house, f"{unit.name}电梯又坏了", f"o-{turn}")
        at_once([partial(inbox.resume, house.services, row.id)] * workers)
        with house.session() as session:
            after = session.get_one(Inbound, row.id)
        assert (after.state, after.attempts, after.ticket_id) == (InboundState.DONE, 1, turn)
        assert (len(house.tickets()), opened(house)) == (turn, turn)
    assert [house.reports(ticket) for ticket in house.tickets()] == [1] * TURNS


def test_a_worker_killed_while_it_resumes_leaves_the_message_until_its_lease_is_over(
    house: House, tmp_path: Path, environment: dict[str, str], database: str, python: str
) -> None:
    row = pending(house, "3栋2单元电梯又坏了", "o-1")
    counts = tmp_path / "counts"
    counts.mkdir()
    # It passes the point when it commits its claim, and dies when it is about to commit what it did.
    points = {crash.AT: "before-commit:2", crash.COUNTS: str(counts)}
    variables = {**environment, **estate.environ("http://127.0.0.1:9"), "DATABASE_URL": database, **points}
    at = house.clock()
    command = [python, "-m", "tests.faults.resume_once", str(tmp_path / "config.toml"), str(tmp_path)]
    worker = subprocess.run([*command, str(row.id), at.isoformat()], env=variables, cwd=ROOT, timeout=60, check=False)
    assert worker.returncode == -signal.SIGKILL
    (left,) = house.rows()
    assert (left.state, left.attempts, left.due_at) == (InboundState.PENDING, 1, at + LEASE)
    assert (house.tickets(), opened(house)) == ([], 0)
    house.clock.at = at + LEASE - timedelta(seconds=1)
    assert jobs.resume_pending(house.services, 5) == 0
    inbox.resume(house.services, row.id)  # not even when it is asked for by name
    assert house.tickets() == []
    house.clock.forward(seconds=2)
    assert jobs.resume_pending(house.services, 5) == 1
    (done,) = house.rows()
    assert (done.state, done.attempts) == (InboundState.DONE, 2)
    assert (len(house.tickets()), opened(house)) == (1, 1)


def test_a_worker_slower_than_its_lease_does_not_act_a_second_time(house: House) -> None:
    """The second worker claims the message while the first still understands it; the fence lets one of them act."""
    row = pending(house, "3栋2单元电梯又坏了", "o-1")
    overtaken = Overtaken(house, row.id)
    inbox.resume(house.but(understanding=overtaken).services, row.id)
    assert effects(house) == overtaken.effects
    settle(house)
    (done,) = house.rows()
    assert done.state == InboundState.DONE
    assert (len(house.tickets()), opened(house)) == (1, 1)
    assert house.reports(house.tickets()[0]) == 1


class Overtaken:
    """An understanding that takes longer than the lease: meanwhile another worker has done it."""

    def __init__(self, house: House, inbound_id: int) -> None:
        self._house, self._inbound_id = house, inbound_id
        self.effects = (0, 0)  # events and lines that the other worker left

    def read(self, text: str, setting: str, to_me: bool = False) -> object:
        self._house.clock.at += LEASE + timedelta(seconds=1)
        inbox.resume(self._house.services, self._inbound_id)
        with self._house.services.transaction() as session:  # and its matter is over: a second act would open another
            session.execute(update(Ticket).values(status=Status.WITHDRAWN))
        self.effects = effects(self._house)
        return self._house.services.understanding.read(text, setting, to_me)

    def __getattr__(self, name: str) -> object:
        return getattr(self._house.services.understanding, name)
