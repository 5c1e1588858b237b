"""The table of moves of domain.md, typed out here a second time: every verb in every status, both ways."""

from datetime import UTC, datetime, timedelta

import pytest

from bot import moves
from bot.consequences import CONSEQUENCES
from bot.moves import MOVES, NotAllowed, Verb
from models import Status

# domain.md, "A ticket's life": verb -> the statuses it may be made in (in the order of the page) and where it leads.
# "as it is" means that the status stays.
ANY_OPEN = "new dispatched accepted waiting paused transferred reopened"
AS_IT_IS = "as it is"
LAW = {
    "dispatch": ("new reopened transferred", "dispatched"),
    "accept": ("new dispatched waiting paused transferred reopened", "accepted"),
    "attend": (ANY_OPEN, AS_IT_IS),
    "progress": (ANY_OPEN, AS_IT_IS),  # "a note with a time"
    "wait": (ANY_OPEN, "waiting"),
    "pause": (ANY_OPEN, "paused"),
    "transfer": (ANY_OPEN, "transferred"),
    "refuse": ("transferred", "dispatched"),  # "still tracked, may be refused back"
    "release": ("accepted waiting paused", "dispatched"),  # a request for help given back (issue 4: 退单)
    "escalate": (ANY_OPEN, AS_IT_IS),
    "give": (ANY_OPEN, "dispatched"),  # "dispatch ... staff", whoever has it by now
    "resolve": (ANY_OPEN, "resolved"),
    "answer": ("new", "resolved"),
    "confirm": (f"{ANY_OPEN} resolved", "closed"),  # "resolve + close"
    "close": ("resolved", "closed"),
    "reopen": ("resolved closed", "reopened"),
    "withdraw": (ANY_OPEN, "withdrawn"),
    "decline": ("new dispatched", "declined"),
}
PAIRS = [(verb, status) for verb in Verb for status in Status]


def test_the_law_names_every_verb_but_undo_which_has_no_target_of_its_own() -> None:
    assert set(LAW) | {"undo"} == {verb.value for verb in Verb}
    assert len(PAIRS) == 19 * 11


@pytest.mark.parametrize(("verb", "status"), PAIRS)
def test_what_is_in_the_table_leads_where_it_says_and_all_else_is_refused(verb: Verb, status: Status) -> None:
    sources, led_to = LAW.get(verb.value, ("", ""))

    if status.value in sources.split():
        assert moves.target(verb, status) == (status if led_to == AS_IT_IS else Status(led_to))
    else:
        with pytest.raises(NotAllowed) as refusal:
            moves.target(verb, status)
        assert refusal.value.reason == "move_not_possible"


def test_open_is_every_status_before_resolved_and_reopened() -> None:
    assert {status.value for status in moves.OPEN} == set(ANY_OPEN.split())


def test_nothing_leads_out_of_withdrawn_or_declined() -> None:
    for ended in (Status.WITHDRAWN, Status.DECLINED):
        assert [verb for verb, move in MOVES.items() if ended in move.sources] == []


def test_every_verb_of_the_table_has_its_consequence() -> None:
    assert set(CONSEQUENCES) == set(MOVES)


@pytest.mark.parametrize(
    ("days", "seconds", "allowed"),
    [(0, 0, True), (29, 0, True), (30, 0, True), (30, 1, False), (31, 0, False)],
)
def test_a_closed_ticket_may_be_reopened_for_thirty_days(days: int, seconds: int, allowed: bool) -> None:
    closed = datetime(2026, 3, 1, tzinfo=UTC)

    assert moves.may_reopen(closed, closed + timedelta(days=days, seconds=seconds), 30) is allowed


def test_a_resolved_ticket_may_always_be_reopened() -> None:
    assert moves.may_reopen(None, datetime(2026, 3, 1, tzinfo=UTC), 30)
