"""The moves over HTTP: what each needs, what each answers, and what is written down."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from bot.web.api_moves import RULES
from models import Status, TicketEvent, Timer
from tests.web.world import World


def error(response: Any) -> tuple[int, str, str | None]:
    fault = response.json["error"]
    assert fault["message"]
    return response.status_code, fault["code"], fault["field"]


def events(world: World, ref: str) -> list[TicketEvent]:
    with world.services.reading() as session:
        row = world.row(session, ref)
        return list(session.exec(select(TicketEvent).where(col(TicketEvent.ticket_id) == row.id)))


def test_a_move_changes_the_ticket_and_says_who_made_it(world: World) -> None:
    ref = world.ticket()
    answer = world.post("staff", f"/tickets/{ref}/accept", note="我来跟")
    assert answer.json is not None
    assert answer.json["status"] == "accepted" == world.stored(ref).status
    last = events(world, ref)[-1]
    assert (last.kind, last.person_id, last.note) == ("accepted", world.people["staff"], "我来跟")
    assert [entry.subject for entry in world.audited("ticket.accept")] == [f"ticket:{ref}"]


def test_a_move_without_any_body_is_a_move_without_a_note(world: World) -> None:
    ref = world.ticket()
    assert world.ask("staff", "POST", f"/tickets/{ref}/accept").status_code == 200


def test_a_move_that_the_table_does_not_have_is_a_conflict_and_changes_nothing(world: World) -> None:
    ref = world.ticket(status=Status.CLOSED)
    before = len(events(world, ref))
    assert error(world.post("staff", f"/tickets/{ref}/accept"))[:2] == (409, "not_possible")
    assert world.stored(ref).status == Status.CLOSED
    assert len(events(world, ref)) == before
    assert world.audited("ticket.accept") == []


@pytest.mark.parametrize(
    ("verb", "field"),
    [("progress", "note"), ("pause", "reason"), ("refuse", "reason"), ("decline", "reason"), ("transfer", "target")],
)
def test_what_a_move_cannot_do_without_is_asked_for_by_its_name(world: World, verb: str, field: str) -> None:
    ref = world.ticket(status=Status.TRANSFERRED if verb == "refuse" else Status.DISPATCHED)
    assert error(world.post("staff", f"/tickets/{ref}/{verb}", second="colleague")) == (400, "bad_value", field)


def test_a_reason_and_a_note_are_both_kept(world: World) -> None:
    ref = world.ticket()
    world.post("staff", f"/tickets/{ref}/pause", reason="等配件", note="下周到货")
    assert events(world, ref)[-1].note == "等配件；下周到货"


def test_a_pause_ends_when_it_says(world: World) -> None:
    ref = world.ticket()
    until = world.services.now() + timedelta(days=2)
    assert world.post("staff", f"/tickets/{ref}/pause", reason="等配件", until=until.isoformat()).status_code == 200
    with world.services.reading() as session:
        timers = session.exec(select(Timer).where(col(Timer.ticket_id) == world.row(session, ref).id)).all()
    assert until in [timer.due_at for timer in timers]


def test_a_time_that_is_over_or_has_no_offset_is_refused(world: World) -> None:
    ref = world.ticket()
    now = world.services.now()
    for until in (now.isoformat(), now.replace(tzinfo=None).isoformat(), "tomorrow"):
        assert error(world.post("staff", f"/tickets/{ref}/wait", until=until)) == (400, "bad_value", "until")


def test_declining_needs_another_member_of_the_office_of_that_place(world: World) -> None:
    ref = world.ticket()
    alone = ["staff", "nobody", "grid_leader", "auditor", "unit_leader", "staff_next_door", "", " ", "colleague\x00"]
    answers = {
        second: error(world.post("staff", f"/tickets/{ref}/decline", reason="不归社区", second=second))
        for second in alone
    }
    assert answers == dict.fromkeys(alone, (400, "bad_value", "second"))
    assert world.stored(ref).status == Status.DISPATCHED


def test_the_second_person_to_a_refusal_is_written_down(world: World) -> None:
    ref = world.ticket()
    assert world.post("staff", f"/tickets/{ref}/decline", reason="不归社区", second="colleague").status_code == 200
    assert [entry.detail for entry in world.audited("ticket.decline")] == [{"second": "colleague"}]


def test_an_undone_move_puts_the_ticket_back(world: World) -> None:
    ref = world.ticket()
    world.post("staff", f"/tickets/{ref}/accept")
    answer = world.post("staff", f"/tickets/{ref}/undo")
    assert answer.json is not None
    assert answer.json["status"] == "dispatched"


def test_nobody_undoes_the_move_of_somebody_else(world: World) -> None:
    ref = world.ticket()
    world.post("staff", f"/tickets/{ref}/accept")
    assert error(world.post("colleague", f"/tickets/{ref}/undo"))[:2] == (409, "not_possible")
    assert world.stored(ref).status == Status.ACCEPTED


def test_what_is_not_the_staffs_to_do_has_no_address(world: World) -> None:
    ref = world.ticket()
    for verb in ("withdraw", "confirm", "dispatch", "answer", "close", "open", "delete"):
        assert verb not in RULES
        assert error(world.post("staff", f"/tickets/{ref}/{verb}"))[:2] == (404, "not_found"), verb


NONSENSE: list[tuple[bytes, str, tuple[int, str, str | None]]] = [
    (b"{", "application/json", (400, "bad_json", None)),
    (b"[]", "application/json", (400, "bad_json", None)),
    (b'"note"', "application/json", (400, "bad_json", None)),
    (b"null", "application/json", (400, "bad_json", None)),
    (b"\xff\xfe", "application/json", (400, "bad_json", None)),
    (b"[" * 60000, "application/json", (400, "bad_json", None)),
    (b'{"note": 1}', "application/json", (400, "bad_value", "note")),
    (b'{"note": null}', "application/json", (400, "bad_value", "note")),
    (b'{"note": "\\u0000"}', "application/json", (400, "bad_value", "note")),
    (b'{"note": "\\ud800"}', "application/json", (400, "bad_value", "note")),
    (b'{"status": "closed"}', "application/json", (400, "bad_value", "status")),
    (b"note=x", "application/x-www-form-urlencoded", (415, "unsupported_media_type", None)),
    (b'{"note": "x"}', "text/plain", (415, "unsupported_media_type", None)),
    (b'{"note": "x"}', "multipart/form-data", (415, "unsupported_media_type", None)),
    (b'{"note": "' + b"x" * 70000 + b'"}', "application/json", (413, "too_large", None)),
]


def test_a_body_that_makes_no_sense_is_told_so(world: World) -> None:
    ref = world.ticket()
    for body, kind, expected in NONSENSE:
        response = world.ask("staff", "POST", f"/tickets/{ref}/progress", data=body, content_type=kind)
        assert error(response) == expected, (body[:40], kind)
    assert [event.kind for event in events(world, ref)] == ["opened"]


def test_what_was_sent_is_never_sent_back(world: World) -> None:
    ref = world.ticket()
    response = world.post("staff", f"/tickets/{ref}/progress", note="机密" * 400)
    assert response.status_code == 400
    assert "机密" not in response.text


def test_the_reporters_hear_of_a_move_by_staff(world: World) -> None:
    ref = world.ticket()
    world.post("staff", f"/tickets/{ref}/resolve", note="换了门机")
    assert [line["chat_kind"] for line in world.get("staff", f"/tickets/{ref}")["lines"]] == ["private"]
