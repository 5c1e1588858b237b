"""Merging never loses a report, and a split gives back what was merged: random merges and splits of random tickets."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from bot import merges, tickets
from bot.consequences import SERVICE
from bot.inbox.untangling import matter_of
from bot.moves import NotAllowed, Verb
from bot.permits import Actor
from intents.understanding import Understanding
from models import Report, Status, Ticket
from tests.core.walk import Walk
from tests.stories.more import quick_town
from tests.stories.town import MONDAY, Town

TICKETS = 4
STAFF = "社工小邹"
PAIR = st.tuples(st.integers(0, TICKETS - 1), st.integers(0, TICKETS - 1))
WHO = st.lists(st.sampled_from(["张伯", "路人", "志愿者小马", "周叔"]), max_size=3)


@pytest.fixture(scope="module")
def still_town(
    migrated_file: Path, tmp_path_factory: pytest.TempPathFactory, understanding: Understanding
) -> Iterator[Town]:
    """The town, built once: nothing is committed."""
    folder = tmp_path_factory.mktemp("merges")
    path = folder / "town.sqlite3"
    path.write_bytes(migrated_file.read_bytes())
    town = quick_town(f"sqlite:///{path}", folder, understanding)
    yield town
    town.services.engine.dispose()


@settings(
    max_examples=60,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    voices=st.lists(WHO, min_size=TICKETS, max_size=TICKETS),
    moved=st.lists(st.sampled_from([None, Verb.ACCEPT, Verb.TRANSFER]), min_size=TICKETS, max_size=TICKETS),
    pairs=st.lists(PAIR, min_size=1, max_size=8),
)
def test_no_merge_loses_a_report_and_splits_put_everything_back(
    still_town: Town, voices: list[list[str]], moved: list[Verb | None], pairs: list[tuple[int, int]]
) -> None:
    with Session(still_town.services.engine, expire_on_commit=False) as session:
        walk, opened = _opened(still_town, session, voices, moved)
        before = _whole(session, opened)
        actor = walk.actor(STAFF, "private")
        done: list[Ticket] = []
        for one, other in pairs:
            if _merged(walk, opened[one], opened[other], actor):
                done.append(opened[one])
            _check_nothing_lost(session, before)
        for ticket in reversed(done):  # the last merge first, as one takes back what one did
            _split_off(walk, ticket, actor)
            _check_nothing_lost(session, before)
        assert _whole(session, opened) == before
        session.rollback()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(who=st.lists(st.sampled_from(["张伯", "路人", "志愿者小马"]), min_size=1, max_size=3, unique=True),
       chosen=st.sets(st.integers(0, 3), min_size=1, max_size=4))  # fmt: skip
def test_voices_set_apart_are_all_on_one_of_the_two(still_town: Town, who: list[str], chosen: set[int]) -> None:
    with Session(still_town.services.engine, expire_on_commit=False) as session:
        walk, (ticket, *_) = _opened(still_town, session, [who, [], [], []], [None] * TICKETS)
        every = _reports(session, ticket)
        named = [every[n] for n in chosen if n < len(every)]
        count = len(session.exec(select(Report)).all())
        try:
            apart = merges.split(walk.desk, ticket, named, walk.actor(STAFF, "private"), _matter(walk, ticket, every))
        except NotAllowed:
            assert not named or len(named) == len(every)
        else:
            assert [report.ticket_id for report in named] == [apart[0].id] * len(named)
            assert len(_reports(session, ticket)) == len(every) - len(named)
            assert apart[0].status == Status.DISPATCHED
        assert len(session.exec(select(Report)).all()) == count
        session.rollback()


def _opened(
    town: Town, session: Session, voices: list[list[str]], moved: list[Verb | None]
) -> tuple[Walk, list[Ticket]]:
    """Four tickets of one unit, each with the voices named, some of them under way."""
    walk = Walk(town, session, "repair", MONDAY)
    opened = []
    for names, verb in zip(voices, moved, strict=True):
        walk.begin(in_group=False, asked_first=False)
        for name in names:
            tickets.join(walk.desk, walk.ticket, walk.voice(name, in_group=False))
        if verb is not None:
            tickets.act(walk.desk, walk.ticket, verb, SERVICE, note="原因", target_name="物业")
        opened.append(walk.ticket)
    return walk, opened


def _merged(walk: Walk, one: Ticket, other: Ticket, actor: Actor) -> bool:
    if one is other or Status.WITHDRAWN in (one.status, other.status):
        with pytest.raises(NotAllowed):
            merges.merge(walk.desk, one, other, actor)
        return False
    merges.merge(walk.desk, one, other, actor)
    assert one.merged_into_id == other.id
    assert _reports(walk.session, one) == []
    return True


def _split_off(walk: Walk, ticket: Ticket, actor: Actor) -> None:
    goal = walk.session.get_one(Ticket, ticket.merged_into_id)
    named = [report for report in _reports(walk.session, goal) if report.origin_ticket_id == ticket.id]
    found = merges.split(walk.desk, goal, named, actor, _matter(walk, goal, named))
    assert found == [ticket]


def _matter(walk: Walk, ticket: Ticket, reports: list[Report]) -> Any:
    return matter_of(walk.desk, walk.town.services.understanding, ticket, reports[0])


def _whole(session: Session, opened: list[Ticket]) -> list[dict[str, Any]]:
    """Everything about the tickets but the moment of the last word, and who stands on which."""
    session.flush()
    return [
        {
            **ticket.model_dump(exclude={"last_report_at"}),
            "reports": [report.id for report in _reports(session, ticket)],
        }
        for ticket in opened
    ]


def _check_nothing_lost(session: Session, before: list[dict[str, Any]]) -> None:
    session.flush()
    for whole in before:
        for report_id in whole["reports"]:
            report = session.get_one(Report, report_id)
            assert report.origin_ticket_id == whole["id"]
            assert report.words
            # It stands where the matter lives on, not on what was given up.
            assert session.get_one(Ticket, report.ticket_id).merged_into_id is None


def _reports(session: Session, ticket: Ticket) -> list[Report]:
    return list(session.exec(select(Report).where(Report.ticket_id == ticket.id).order_by(col(Report.id))))
