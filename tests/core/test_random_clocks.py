"""Random people, and a clock that really runs: leaves, transfers, whistles, orders, deadlines, in any order.

60 walks of up to 10 steps each, minutes to weeks apart; whatever falls due in between happens at its own moment.
tests/core/test_random_moves.py looks at who may do what; here the law is that nothing is lost.
"""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from bot import deadlines, holders, posted
from bot.hands import Answer
from bot.moves import MERGED, MOVES, OPEN, NotAllowed, Verb
from bot.people import in_force
from bot.tickets import act, withdraw_voice
from intents.understanding import Understanding
from models import Intent, Person, Post, Status
from tests.core.long_walk import LongWalk
from tests.core.walk import CHATS, EVERYBODY, HANDLERS, KINDS
from tests.stories.hands import organisations
from tests.stories.more import quick_town
from tests.stories.town import MONDAY, Town

WALKS, STEPS = 60, 10
SERVICE_VERBS = (Verb.DISPATCH, Verb.ESCALATE, Verb.CLOSE)
CALLED = ("民警小高", "物业邓工")
TARGETS = ("物业", "派出所", "维修队")  # an organisation with its people here, one of the street, none at all
UNTAKEN = (Status.NEW, Status.DISPATCHED, Status.REOPENED)
HOUR, DAY = 60, 60 * 24
RINGS = 40  # minutes: an emergency that nobody attends is called out for ever, and each time costs as much as a step
WAITS = (0, 2, 25, HOUR, 5 * HOUR, DAY, 3 * DAY, 8 * DAY)
STEP = st.tuples(
    st.sampled_from([*MOVES, *MOVES, "leave", "leave", "back", "whistle", "answer", "assign", "take_back", Verb.UNDO]),
    st.sampled_from([*EVERYBODY, *HANDLERS, "服务"]),
    st.sampled_from(CHATS),
    st.integers(0, 99),
    st.sampled_from(WAITS),
)


@pytest.fixture(scope="module")
def still_town(
    migrated_file: Path, tmp_path_factory: pytest.TempPathFactory, understanding: Understanding
) -> Iterator[Town]:
    """The town with its organisations, built once: no walk commits anything."""
    folder = tmp_path_factory.mktemp("clocks")
    path = folder / "town.sqlite3"
    path.write_bytes(migrated_file.read_bytes())
    town = quick_town(f"sqlite:///{path}", folder, understanding)
    organisations(town)
    yield town
    town.services.engine.dispose()


@settings(
    max_examples=WALKS,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(kind=st.sampled_from(KINDS), steps=st.lists(STEP, min_size=1, max_size=STEPS))
@example(kind="repair", steps=[("leave", "李姐", "private", 3, DAY), ("leave", "陈副", "private", 3, 8 * DAY)])
@example(
    kind="help", steps=[("assign", "社工小邹", "private", 0, HOUR), (Verb.ACCEPT, "志愿者小马", "private", 0, 8 * DAY)]
)
@example(
    kind="repair", steps=[(Verb.TRANSFER, "李姐", "private", 0, DAY), ("leave", "物业邓工", "private", 5, 8 * DAY)]
)
def test_nothing_is_lost_while_the_clock_runs(still_town: Town, kind: str, steps: list[tuple[Any, ...]]) -> None:
    with Session(still_town.services.engine, expire_on_commit=False) as session:
        walk = LongWalk(still_town, session, kind, MONDAY)
        walk.begin(in_group=False, asked_first=False)
        _check(walk)
        for what, who, chat, choice, wait in steps:
            _step(walk, what, who, chat, choice)
            _check(walk)
            ringing = walk.ticket.danger is not None and walk.ticket.attended_at is None
            walk.forward(min(wait, RINGS) if ringing else wait)
            _check(walk)
        session.rollback()


def test_the_walks_meet_what_they_are_there_for(still_town: Town) -> None:
    """One walk by hand: a leave hands over, a whistle is answered, and the clock takes it up to the office."""
    with Session(still_town.services.engine, expire_on_commit=False) as session:
        walk = LongWalk(still_town, session, "repair", MONDAY)
        walk.begin(in_group=False, asked_first=False)
        walk.leave("李姐", 3, 0)
        assert _holder(walk) == "陈副"
        walk.whistle(walk.actor("陈副", "private"))
        walk.heard(walk.actor("物业邓工", "private"), Answer.CANNOT, "车都出去了")
        walk.forward(8 * DAY)
        kinds = [event.kind for event in walk.events()]
        assert kinds.count("escalated") >= 2
        assert walk.calls() == 2
        assert _holder(walk) in ("社工小邹", "书记")
        session.rollback()


def _step(walk: LongWalk, what: Verb | str, who: str, chat: str, choice: int) -> None:
    """One thing somebody tries; what is refused leaves no trace."""
    before, events = walk.state(), len(walk.events())
    try:
        _try(walk, what, who, chat, choice)
    except NotAllowed:
        assert walk.state() == before
        assert len(walk.events()) == events


def _try(walk: LongWalk, what: Verb | str, who: str, chat: str, choice: int) -> None:
    if what == "leave":
        walk.leave(HANDLERS[choice % len(HANDLERS)], choice % 11, (0, 0, 20)[choice % 3])
    elif what == "back":
        walk.back(HANDLERS[choice % len(HANDLERS)])
    elif what == "answer":
        said = list(Answer)[choice % len(Answer)]
        walk.heard(walk.actor(CALLED[choice % len(CALLED)], "private"), said, "车都出去了")
    elif who == "服务":
        if what in SERVICE_VERBS:
            act(walk.desk, walk.ticket, Verb(what), walk.actor(who, chat))
    elif what == "whistle":
        walk.whistle(walk.actor(who, chat))
    elif what == "assign":
        walk.assign(walk.actor(who, chat))
    elif what == "take_back":
        withdraw_voice(walk.desk, walk.ticket, walk.actor(who, chat))
    else:
        act(walk.desk, walk.ticket, Verb(what), walk.actor(who, chat), note="等配件", second="书记",
            target_name=TARGETS[choice % len(TARGETS)])  # fmt: skip


def _check(walk: LongWalk) -> None:
    """What must be true at any moment, whatever happened and whatever fell due."""
    walk.session.flush()
    _moves_are_lawful(walk)
    if walk.ticket.status in OPEN:
        _somebody_has_it(walk)
        _a_clock_runs(walk)
        _due_when_somebody_works(walk)


def _moves_are_lawful(walk: LongWalk) -> None:
    events = walk.events()
    assert events[0].kind == "opened"
    assert events[-1].new == walk.ticket.status
    for earlier, later in pairwise(events):
        assert later.old == earlier.new, (earlier.kind, later.kind)
        moves = [move for move in (*MOVES.values(), MERGED) if move.kind == later.kind]
        fits = [move for move in moves if later.old in move.sources and later.new == (move.target or later.old)]
        assert fits or (not moves and (later.old == later.new or later.kind == "undone")), later.kind


def _somebody_has_it(walk: LongWalk) -> None:
    """Somebody in office, no party to it, and not away while somebody else could have it; or it is on staff's list."""
    ticket = walk.ticket
    if ticket.holder_post_id is None:
        asked = ticket.intent == Intent.DISPUTE and ticket.status == Status.NEW
        assert asked or any(line.undelivered_at is not None for line in walk.lines())
        return
    holder = walk.session.get_one(Post, ticket.holder_post_id)
    assert in_force(holder, posted.today(walk.desk))
    assert holder.person_id not in holders.recused_of(walk.desk, ticket)
    gone = next((c for c in holders.held_by(walk.desk, ticket) if c.away), None)
    if gone is not None and not ticket.danger:
        assert holders.stand_in(walk.desk, ticket, gone).holder is None, f"{holder.role} is away"


def _a_clock_runs(walk: LongWalk) -> None:
    """Somebody will look at it again by themselves, or those at the top know that it is overdue."""
    told = [event for event in walk.events() if event.kind == "reminded" and event.note == "top"]
    since = walk.ticket.resolve_from_at
    assert walk.timers() or (told and since is not None and told[-1].at >= since), walk.ticket.status


def _due_when_somebody_works(walk: LongWalk) -> None:
    work = deadlines.work(walk.town.services.settings)
    for due in (walk.ticket.accept_due_at, walk.ticket.resolve_due_at):
        if due is not None and not walk.ticket.danger:
            local = due.astimezone(work.zone)
            assert work.calendar.day(local.date()).working, local
            assert any(begin <= local.time() <= end for begin, end in work.spans), local


def _holder(walk: LongWalk) -> str | None:
    post = walk.session.get_one(Post, walk.ticket.holder_post_id)
    return walk.session.get_one(Person, post.person_id).name
