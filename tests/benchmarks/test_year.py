"""The year at thirty days around the Spring Festival: that nothing breaks, and that the table counts what is there."""

from datetime import date, datetime
from pathlib import Path

import pytest
from sqlmodel import col, func, select

from benchmarks.year import law, running, table, talk
from benchmarks.year.life import SPRING_FESTIVAL, Length, fortnight
from benchmarks.year.running import Outcome
from bot.calendar import shipped
from bot.moves import OPEN
from intents.understanding import Understanding
from models import Intent, Outgoing, Status, Ticket, TicketEvent

DAYS, PER_DAY = 30, 1.5


def month(database: str, folder: Path, understanding: Understanding, days: int = DAYS, seed: int = 3) -> Outcome:
    """Some days from a week before the festival's first make-up day on: the calendar says when that is."""
    year = max(shipped().years)
    festival = fortnight(shipped(), date(year, 1, 1), date(year, 3, 31))
    first = date.fromordinal(festival[0].toordinal() - 6)
    return running.run(database, folder, Length(first, days, PER_DAY, seed), understanding)


def test_a_month_around_the_spring_festival_breaks_no_law(
    database: str, tmp_path: Path, understanding: Understanding
) -> None:
    outcome = month(database, tmp_path, understanding)

    totals = table.totals(outcome)
    assert totals["tickets"] > DAYS * PER_DAY / 2
    for never in (
        "due times on a day off or out of hours",
        "open without anybody responsible",
        "illegal moves",
        "reminders outside the hours in which they may",
        "messages not handled",
    ):
        assert totals[never] == 0, never
    _counts_what_is_there(outcome)
    assert f"{SPRING_FESTIVAL}, day by day" in table.tables(outcome)
    outcome.play.services.engine.dispose()


def _counts_what_is_there(outcome: Outcome) -> None:
    """Against the database itself: every ticket, every event, every open one."""
    stories = outcome.law.stories
    with outcome.play.services.reading() as session:
        tickets = list(session.exec(select(Ticket)))
        assert outcome.law.looked == session.exec(select(func.count()).select_from(TicketEvent)).one()
        up = session.exec(
            select(func.count()).where(TicketEvent.kind == "escalated", col(TicketEvent.person_id).is_(None))
        ).one()
        lines = session.exec(select(func.count()).where(col(Outgoing.sent_at).is_not(None))).one()
    assert {ticket.id: ticket.status for ticket in tickets} == {key: story.status for key, story in stories.items()}
    assert up == sum(story.off_leaders + story.off_office for story in stories.values())
    assert lines > len(tickets)
    kinds = {ticket.intent for ticket in tickets}
    assert {Intent.REPAIR, Intent.POLICY} <= kinds
    assert any(ticket.status not in OPEN for ticket in tickets)


def test_the_same_seed_gives_the_same_table(
    sqlite: str, tmp_path: Path, understanding: Understanding, migrated_file: Path
) -> None:
    again = tmp_path / "again.sqlite3"
    again.write_bytes(migrated_file.read_bytes())

    one = month(sqlite, tmp_path, understanding, days=4)
    two = month(f"sqlite:///{again}", tmp_path, understanding, days=4)

    assert table.tables(one) == table.tables(two)
    for outcome in (one, two):
        outcome.play.services.engine.dispose()


def test_what_must_never_be_ends_the_year(sqlite: str, tmp_path: Path, understanding: Understanding) -> None:
    """A due time on a holiday and a ticket that nobody holds, put there by hand, are both found."""
    outcome = month(sqlite, tmp_path, understanding, days=2)
    play = outcome.play
    with play.services.transaction() as session:
        found = session.exec(select(Ticket).where(Ticket.intent == Intent.REPAIR, col(Ticket.danger).is_(None))).first()
        assert found is not None
        found.status, found.holder_post_id = Status.DISPATCHED, None
        zone = play.services.settings.zone
        found.resolve_due_at = datetime.combine(
            date(max(shipped().years), 10, 1), datetime.min.time().replace(hour=18), zone
        )

    with play.services.reading() as session, pytest.raises(law.Broken) as broken:
        outcome.law.sweep(session)

    assert "day off" in str(broken.value)
    assert "nobody holds it" in str(broken.value)
    play.services.engine.dispose()


def test_every_sentence_is_read_as_it_is_meant(understanding: Understanding) -> None:
    talk.check(understanding)


def test_a_sentence_that_is_read_otherwise_is_told(
    understanding: Understanding, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talk, "MATTERS", {"repair": (1, ("早上好",))})

    with pytest.raises(talk.UnfitTalk, match="早上好"):
        talk.check(understanding)
