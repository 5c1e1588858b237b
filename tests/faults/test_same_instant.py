"""What happens at the same instant happens once: one row a message, one ticket a matter, on both databases."""

from collections import Counter
from functools import partial

import pytest
from sqlmodel import col, select

from bot import inbox
from models import Account, Chat, InboundState, Outgoing
from tests.faults.conftest import House, at_once
from tests.faults.estate import units

TURNS = 20
EIGHT = 8


@pytest.fixture
def wait_seconds() -> float:
    """As long as may be set: what happens at once is looked at here, not how long it takes a busy machine."""
    return 4.0


@pytest.mark.parametrize("channel", ["onebot", "wechat"])
def test_a_message_told_by_eight_at_once_is_one_row_one_ticket_and_one_answer(house: House, channel: str) -> None:
    for turn, unit in enumerate(units()[:TURNS]):
        group = unit.group if channel == "onebot" else None
        message = house.message(f"{unit.name}电梯又坏了", user=f"v-{turn}", group=group)
        responses = at_once([partial(house.tell, message)] * EIGHT)
        assert {response.status_code for response in responses} == {200 if channel == "wechat" else 204}
        (row,) = house.rows(message)
        assert (row.state, row.ticket_id) == (InboundState.DONE, turn + 1)
        if channel == "wechat":
            answers = {house.answer(response) for response in responses}
            assert len(answers) == 1
            assert str(house.tickets()[turn].number) in (answers.pop() or "")
    assert [house.reports(ticket) for ticket in house.tickets()] == [1] * TURNS


@pytest.mark.parametrize("second", ["in the group too", "in private"])
def test_two_neighbours_at_the_same_instant_about_one_lift_make_one_ticket(house: House, second: str) -> None:
    for turn, unit in enumerate(units()[:TURNS]):
        first = house.message("电梯又坏了", user=f"v-{turn}", group=unit.group)
        group, text = (unit.group, "电梯停了") if second == "in the group too" else (None, f"{unit.name}电梯停了")
        other = house.message(text, user=f"w-{turn}", group=group)
        responses = at_once([partial(house.tell, message) for message in (first, other)])
        assert {response.status_code for response in responses} <= {200, 204}
        assert len(house.tickets()) == turn + 1
        assert {row.ticket_id for message in (first, other) for row in house.rows(message)} == {turn + 1}
    assert [house.reports(ticket) for ticket in house.tickets()] == [2] * TURNS
    assert all(row.state == InboundState.DONE for row in house.rows())
    assert sorted(ticket.number for ticket in house.tickets()) == list(range(1, TURNS + 1))
    with house.session() as session:  # a leader is called once for both
        cards = session.exec(select(Outgoing.ticket_id).where(col(Outgoing.post_id).is_not(None))).all()
    assert Counter(cards) == Counter(ticket.id for ticket in house.tickets())


def test_eight_first_words_of_a_new_group_at_once_are_all_kept(house: House) -> None:
    for turn in range(TURNS):
        said = [house.message("大家好", user=f"new-{turn}", group=f"unknown-{turn}") for _ in range(EIGHT)]
        responses = at_once([partial(house.tell, message) for message in said])
        assert {response.status_code for response in responses} == {204}
        assert [len(house.rows(message)) for message in said] == [1] * EIGHT
    house.clock.forward(minutes=1)
    for row in house.rows():
        if row.state == InboundState.PENDING:  # it lost the race for the chat's row twice: a worker has it
            inbox.resume(house.services, row.id)
    assert all(row.state == InboundState.DONE for row in house.rows())
    with house.session() as session:
        assert len(session.exec(select(Chat).where(col(Chat.external_id).startswith("unknown-"))).all()) == TURNS
        assert len(session.exec(select(Account).where(col(Account.user_id).startswith("new-"))).all()) == TURNS


def test_eight_matters_of_one_community_at_once_get_eight_numbers(house: House) -> None:
    said = [house.message("电梯又坏了", user=f"v-{unit.code}", group=unit.group) for unit in units()[:EIGHT]]
    responses = at_once([partial(house.tell, message) for message in said])
    assert {response.status_code for response in responses} == {204}
    assert sorted(ticket.number for ticket in house.tickets()) == list(range(1, EIGHT + 1))
