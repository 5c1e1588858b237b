"""GET /policies: the store, how often each passage answered, and what residents said of it."""

from datetime import timedelta
from typing import Any

from sqlmodel import col, select

from models import Inbound, Status, TicketEvent
from tests.web.world import World

ANSWERED = "中华人民共和国民法典 第九百四十四条 [fee-arrears]"


def question(world: World, *events: tuple[str, str | None, bool], **columns: Any) -> str:
    """A question about a rule with its events: kind, note, and whether a resident's message is behind it."""
    ref = world.ticket(intent="policy", category="property_law", status=Status.RESOLVED, **columns)
    with world.services.transaction() as session:
        ticket = world.row(session, ref)
        heard = session.exec(select(Inbound).where(col(Inbound.ticket_id) == ticket.id)).one()
        for kind, note, said in events:
            session.add(
                TicketEvent(
                    ticket_id=ticket.id,
                    at=world.services.now(),
                    kind=kind,
                    note=note,
                    inbound_id=heard.id if said else None,
                )
            )
            session.flush()
    return ref


def figures(world: World, user: str = "staff", **query: Any) -> dict[str, int]:
    items = world.get(user, "/policies", **query)["items"]
    found = next(item for item in items if item["id"] == "fee-arrears")
    return {key: found[key] for key in ("answered", "useful", "useless")}


def test_every_passage_is_listed_with_where_it_stands(world: World) -> None:
    answer = world.get("staff", "/policies")
    assert {item["id"] for item in answer["items"]} == {p.id for p in world.services.understanding.passages}
    found = next(item for item in answer["items"] if item["id"] == "fee-arrears")
    assert found["title"] == "中华人民共和国民法典"
    assert found["article"] == "第九百四十四条"
    assert found["in_force"] == "2021-01-01"
    assert found["until"] is None
    assert answer["unanswered"] == []


def test_what_residents_said_of_an_answer_is_counted(world: World) -> None:
    answered = ("resolved", ANSWERED, False)
    question(world, answered)
    question(world, answered, ("closed", None, True))
    question(world, answered, ("reopened", "没用", True))
    assert figures(world) == {"answered": 3, "useful": 1, "useless": 1}


def test_the_clock_closing_a_question_says_nothing(world: World) -> None:
    question(world, ("resolved", ANSWERED, False), ("closed", None, False))
    assert figures(world) == {"answered": 1, "useful": 0, "useless": 0}


def test_what_a_person_answered_afterwards_is_not_the_passages_merit(world: World) -> None:
    question(
        world,
        ("resolved", ANSWERED, False),
        ("reopened", "没用", True),
        ("resolved", "问过了，可以申请仲裁", False),
        ("closed", None, True),
    )
    assert figures(world) == {"answered": 1, "useful": 0, "useless": 1}


def test_questions_without_an_answer_are_counted_by_category(world: World) -> None:
    question(world, ("resolved", ANSWERED, False))
    question(world, ("resolved", "社工回的", False))
    question(world)
    assert world.get("staff", "/policies")["unanswered"] == [{"category": "property_law", "count": 2}]


def test_only_questions_of_ones_area_and_of_the_time_asked_for_are_counted(world: World) -> None:
    answered = ("resolved", ANSWERED, False)
    now = world.services.now()
    question(world, answered, area="yh")
    question(world, answered, opened_at=now - timedelta(days=40))
    question(world, answered)
    assert figures(world)["answered"] == 2
    assert figures(world, "administrator")["answered"] == 3
    assert figures(world, **{"from": (now - timedelta(days=1)).isoformat()})["answered"] == 1
    assert figures(world, to=(now - timedelta(days=1)).isoformat())["answered"] == 1


def test_an_unknown_parameter_is_a_mistake_worth_telling(world: World) -> None:
    assert world.ask("staff", "GET", "/policies", query_string={"since": "2026-01-01"}).status_code == 400
