"""Random people try random things with random tickets, on a real database, and the law holds after every step.

120 walks of up to 14 steps each: seven kinds of ticket, thirteen people and the service itself, every verb, joining
and taking back one's voice, and undoing; each spoken in private or in one of three groups, minutes to days apart.
"""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from bot import tickets
from bot.moves import MOVES, OPEN, NotAllowed, Verb
from bot.people import in_force
from intents.understanding import Understanding
from models import ChatKind, Intent, Post, Status
from tests.core.test_moves import AS_IT_IS, LAW
from tests.core.walk import CHATS, EVERYBODY, HANDLERS, KINDS, OFFICE, RESIDENTS, TRAINED, Walk
from tests.stories.more import quick_town
from tests.stories.town import MONDAY, Town

WALKS, STEPS = 120, 14
SERVICE_VERBS = (Verb.DISPATCH, Verb.ANSWER, Verb.CLOSE, Verb.ESCALATE)
REPORTERS_OWN = (Verb.CONFIRM, Verb.WITHDRAW)
NOTES = ("", "换了灯泡", "师傅下午三点来", "502王秀英家,电话13800001111")
PERSONAL = ("502", "13800001111", "王秀英", "李姐", "王阿姨", "张伯")
# Half of the tries are anything by anybody, half are a verb that the table allows now by somebody who likely may.
TRY = st.tuples(
    st.one_of(st.none(), st.integers(0, 999)),
    st.sampled_from([*Verb, "join", "take_back", Verb.UNDO]),
    st.sampled_from([*EVERYBODY, "服务"]),
    st.sampled_from(CHATS),
    st.sampled_from(NOTES),
    st.sampled_from([0, 0, 1, 1, 9, 11, 240, 60 * 24 * 3, 60 * 24 * 31]),
)

LIKELY = {
    Verb.CONFIRM: RESIDENTS[:1],
    Verb.WITHDRAW: RESIDENTS[:1],
    Verb.REOPEN: (*OFFICE, *RESIDENTS),
    Verb.DECLINE: OFFICE,
    Verb.GIVE: OFFICE,
    Verb.DISPATCH: (*OFFICE, "服务"),
    Verb.CLOSE: ("服务",),
    Verb.ANSWER: ("服务",),
}


@pytest.fixture(scope="module")
def still_town(
    migrated_file: Path, tmp_path_factory: pytest.TempPathFactory, understanding: Understanding
) -> Iterator[Town]:
    """The town, built once: no walk commits anything."""
    folder = tmp_path_factory.mktemp("walks")
    path = folder / "town.sqlite3"
    path.write_bytes(migrated_file.read_bytes())
    town = quick_town(f"sqlite:///{path}", folder, understanding)
    yield town
    town.services.engine.dispose()


@settings(
    max_examples=WALKS,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    kind=st.sampled_from(KINDS),
    in_group=st.booleans(),
    asked_first=st.booleans(),
    tries=st.lists(TRY, min_size=1, max_size=STEPS),
)
def test_the_law_holds_on_every_walk(
    still_town: Town, kind: str, in_group: bool, asked_first: bool, tries: list[tuple[Any, ...]]
) -> None:
    with Session(still_town.services.engine, expire_on_commit=False) as session:
        walk = Walk(still_town, session, kind, MONDAY)
        walk.begin(in_group=in_group and kind != "silent", asked_first=asked_first)
        _check_whole(walk)
        for likely, verb, who, chat, note, minutes in tries:
            walk.forward(minutes)
            what, by = (verb, who) if likely is None else _likely(walk, likely)
            _step(walk, what, by, chat, note)
            _check_whole(walk)
        session.rollback()


def _likely(walk: Walk, choice: int) -> tuple[Verb | str, str]:
    """A verb that the table allows in this status, and somebody who has something to do with it."""
    allowed = [verb for verb in MOVES if walk.ticket.status.value in LAW[verb.value][0].split()] or [Verb.UNDO]
    verb = allowed[choice % len(allowed)]
    who = LIKELY.get(verb, TRAINED if walk.kind == "silent" else HANDLERS)
    return verb, who[choice // len(allowed) % len(who)]


def _step(walk: Walk, verb: Verb | str, who: str, chat: str, note: str) -> None:
    if verb == "join":
        if walk.ticket.status in OPEN and who != "服务":
            tickets.join(walk.desk, walk.ticket, walk.voice(who, in_group=chat != "private"))
    elif verb == "take_back":
        _take_back(walk, who, chat)
    elif verb == Verb.UNDO:
        _undo(walk, who, chat)
    else:
        _move(walk, Verb(verb), who, chat, note)


def _move(walk: Walk, verb: Verb, who: str, chat: str, note: str) -> None:
    """One move: in the table and by somebody who may, or refused without a trace."""
    if who == "服务" and verb not in SERVICE_VERBS:
        return
    actor, before, events, lines = walk.actor(who, chat), walk.state(), walk.events(), len(walk.lines())
    reporter, old = walk.is_reporter(actor), walk.ticket.status
    try:
        tickets.act(walk.desk, walk.ticket, verb, actor, note=note, second="书记", target_name=walk.target(verb))
    except NotAllowed:
        assert walk.state() == before
        assert len(walk.events()) == len(events)
        assert len(walk.lines()) == lines
        return
    _check_right(walk, verb, who, reporter, given=any(event.kind == "given" for event in events))
    sources, led_to = LAW[verb.value]
    assert old.value in sources.split()
    assert walk.ticket.status == (old if led_to == AS_IT_IS else Status(led_to))
    new = walk.events()[len(events) :]
    assert [event.kind for event in new][-1] == MOVES[verb].kind
    assert [event.kind for event in new[:-1]] in ([], ["accepted"])
    assert (new[0].old, new[-1].new) == (old, walk.ticket.status)
    _undone_at_once_it_is_as_before(walk, who, chat, before)


def _undone_at_once_it_is_as_before(walk: Walk, who: str, chat: str, before: dict[str, Any]) -> None:
    """Inside a savepoint: the same person in the same chat takes it back, and everything is what it was."""
    if who == "服务":
        return
    inner = walk.session.begin_nested()
    tickets.act(walk.desk, walk.ticket, Verb.UNDO, walk.actor(who, chat))
    assert walk.state() == before
    inner.rollback()


def _check_right(walk: Walk, verb: Verb, who: str, reporter: bool, *, given: bool) -> None:
    """Rights come from posts, a voice on the ticket, or having taken on a neighbour's request; else from nothing."""
    if who == "服务":
        assert verb in SERVICE_VERBS
    elif verb in REPORTERS_OWN:
        assert reporter
    elif verb == Verb.REOPEN:
        assert reporter or who in OFFICE
    elif verb in (Verb.DECLINE, Verb.DISPATCH, Verb.GIVE):
        assert who in OFFICE
    elif walk.kind == "silent":
        assert who in TRAINED
    elif walk.kind == "about_leader":
        assert who in ("书记", *((*OFFICE, "调解员老何") if given else ()))
    elif walk.kind == "help":
        assert who in HANDLERS or who in EVERYBODY[8:]  # whoever took it on
    else:
        assert who in HANDLERS
    assert verb not in (Verb.CLOSE, Verb.ANSWER) or who == "服务"


def _take_back(walk: Walk, who: str, chat: str) -> None:
    if who == "服务":
        return
    actor, before = walk.actor(who, chat), walk.state()
    mine, still = walk.is_reporter(actor), walk.ticket.status
    try:
        whole = tickets.withdraw_voice(walk.desk, walk.ticket, actor)
    except NotAllowed:
        assert walk.state() == before
        assert not mine or still not in OPEN
        return
    if whole:
        assert mine
        assert walk.ticket.status == Status.WITHDRAWN
    else:
        assert walk.ticket.status == still


def _undo(walk: Walk, who: str, chat: str) -> None:
    """Undoing later, or by whoever: what was is put back or nothing changes."""
    if who == "服务":
        return
    actor, before, last = walk.actor(who, chat), walk.state(), walk.events()[-1]
    try:
        tickets.act(walk.desk, walk.ticket, Verb.UNDO, actor)
    except NotAllowed:
        assert walk.state() == before
        return
    assert (last.account_id, last.chat_id) == (actor.account_id, actor.chat_id)
    assert (walk.now - last.at).total_seconds() <= 600
    assert last.was is not None
    assert walk.ticket.status == Status(last.was["status"])
    assert walk.events()[-1].kind == "undone"


def _check_whole(walk: Walk) -> None:
    """What must be true of a ticket at any moment, whatever happened to it."""
    ticket = walk.ticket
    events = walk.events()
    assert events[0].kind == "opened"
    for earlier, later in pairwise(events):
        assert later.old == earlier.new
    assert events[-1].new == ticket.status
    assert all(
        event.was is not None for event in events if event.old != event.new and event.kind not in ("opened", "undone")
    )
    _check_holder(walk)
    _check_lines(walk)


def _check_holder(walk: Walk) -> None:
    """An open ticket has somebody in office, or lies on the undelivered list, or its reporter is still being asked."""
    ticket = walk.ticket
    if ticket.status not in OPEN:
        return
    being_asked = ticket.intent == Intent.DISPUTE and ticket.holder_post_id is None
    listed = any(line.undelivered_at is not None for line in walk.lines())
    if ticket.holder_post_id is None:
        assert being_asked or listed
        return
    holder = walk.session.get_one(Post, ticket.holder_post_id)
    assert in_force(holder, walk.now.astimezone(walk.town.services.settings.zone).date())
    assert holder.person_id not in ticket.recused_person_ids


def _check_lines(walk: Walk) -> None:
    ticket = walk.ticket
    for line in walk.new_lines():
        kinds, told = walk.chat_kinds(line), walk.told(line)
        if ticket.private or ticket.silent:
            assert not kinds & {ChatKind.RESIDENTS, ChatKind.LEADERS, ChatKind.UNBOUND}, line.text
        if line.chat_id is not None and walk.chat_kinds(line) - {ChatKind.PRIVATE}:
            assert not [word for word in PERSONAL if word in line.text], line.text
        if walk.kind == "silent":
            assert told in TRAINED, line.text  # nobody else, and nothing more on the phone it was said from
        if walk.kind == "about_leader":
            assert told not in ("李姐", "陈副", "网格刘"), line.text
