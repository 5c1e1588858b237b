"""The list of tickets, its filters and pages, and what hostile queries get."""

import base64
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from bot import deadlines
from bot.web import paging
from bot.web.api_errors import ApiError
from models import Intent, Report, Status, Ticket
from tests.web.world import World


def refs(page: Any) -> list[str]:
    return [item["ref"] for item in page["items"]]


def walk(world: World, limit: int, between: Any = None, **query: Any) -> list[str]:
    """All pages of the list, doing `between` after each."""
    found: list[str] = []
    cursor: str | None = None
    while True:
        page = world.get("staff", "/tickets", limit=limit, **({"cursor": cursor} if cursor else {}), **query)
        assert len(page["items"]) <= limit
        found += refs(page)
        cursor = page["next"]
        if cursor is None:
            return found
        if between:
            between()


def test_the_newest_ticket_comes_first_with_the_fields_of_a_ledger(world: World) -> None:
    now = world.services.now()
    old = world.ticket(opened_at=now - timedelta(days=1))
    new = world.ticket(opened_at=now, building="3", unit="2", room="302", urgent=True)
    items = world.get("staff", "/tickets")["items"]
    assert [item["ref"] for item in items] == [new, old]
    ledger = {"ref", "number", "intent", "category", "urgent", "building", "unit", "room", "status", "private",
              "reporters", "history"}  # fmt: skip
    assert ledger <= set(items[0])
    assert (items[0]["building"], items[0]["unit"], items[0]["room"]) == ("3", "2", "302")
    assert items[0]["reporters"] == ["o2"]
    assert items[0]["reports_count"] == 1
    assert items[0]["history"][0]["kind"] == "opened"
    assert items[0]["history"][0]["by"] == "o2"


def test_times_are_told_in_the_communitys_own_offset(world: World) -> None:
    world.ticket()
    assert world.get("staff", "/tickets")["items"][0]["opened_at"].endswith("+08:00")


def test_a_list_that_shows_rooms_is_written_into_the_audit_log(world: World) -> None:
    ref = world.ticket(room="302")
    world.get("staff", "/tickets")
    assert [entry.detail for entry in world.audited("tickets.listed")] == [{"rooms_of": [ref]}]


def test_filters_narrow_the_list_together(world: World) -> None:
    now = world.services.now()
    wanted = world.ticket(
        area="xf-g2", intent=Intent.HELP, status=Status.ACCEPTED, urgent=True, opened_at=now - timedelta(hours=2)
    )
    world.ticket(area="xf-3-2", intent=Intent.HELP, status=Status.ACCEPTED)
    world.ticket(area="xf-g2", intent=Intent.REPAIR, status=Status.NEW)
    since, until = (now - timedelta(hours=3)).isoformat(), (now - timedelta(hours=1)).isoformat()
    for query in (
        {"area": "xf-g2", "intent": "help"},
        {"from": since, "to": until},
        {"urgent": "true"},
        {"status": "accepted", "area": "xf-g2"},
    ):
        assert refs(world.get("staff", "/tickets", **query)) == [wanted], query


def test_several_statuses_may_be_repeated_or_joined_by_commas(world: World) -> None:
    world.ticket(status=Status.CLOSED)
    both = {world.ticket(status=Status.NEW), world.ticket(status=Status.ACCEPTED)}
    assert set(refs(world.get("staff", "/tickets", status=["new", "accepted"]))) == both
    assert set(refs(world.get("staff", "/tickets", status="new,accepted"))) == both


def test_an_areas_code_means_its_whole_subtree(world: World) -> None:
    ref = world.ticket(area="xf-3-2")
    for code in ("xf-3-2", "xf-3", "xf-g1", "xf"):
        assert refs(world.get("staff", "/tickets", area=code)) == [ref]
    assert refs(world.get("staff", "/tickets", area="xf-g2")) == []


@pytest.mark.parametrize("code", ["yh", "street", "nowhere"])
def test_an_area_outside_ones_own_is_not_found(world: World, code: str) -> None:
    response = world.ask("staff", "GET", "/tickets", query_string={"area": code})
    assert response.status_code == 404
    assert response.json is not None
    assert response.json["error"]["field"] == "area"


def test_text_is_looked_for_in_the_matter_the_place_the_words_and_the_ref(world: World) -> None:
    ref = world.ticket(words="轿厢里有怪声", location="超市楼上", matter="电梯响")
    world.ticket(words="水管漏", matter="水管漏水")
    for text in ("怪声", "超市", "电梯", ref, ref.lower()):
        assert refs(world.get("staff", "/tickets", text=text)) == [ref], text


def test_wildcards_and_quotes_mean_only_themselves(world: World) -> None:
    world.ticket()
    for text in ("%", "_", "\\", "'", '";--', "%_%", "电梯%"):
        assert refs(world.get("staff", "/tickets", text=text)) == [], text


def test_a_plus_sign_that_a_client_forgot_to_encode_is_understood(world: World) -> None:
    ref = world.ticket()
    since = (world.services.now() - timedelta(hours=1)).isoformat()
    assert "+" in since
    response = world.ask("staff", "GET", f"/tickets?from={since}")
    assert refs(response.json) == [ref]


HOSTILE = [
    "limit=0", "limit=201", "limit=-1", "limit=x", "limit=1&limit=2", "limit=99999999999999999999999",
    "status=gone", "status=new&status=gone", "intent=spam", "urgent=perhaps", "nonsense=1", "status[]=new",
    "from=yesterday", "from=2026-11-23", "from=2026-11-23T09:00:00",
    "from=0001-01-01T00:00:00%2B14:00", "to=9999-12-31T23:59:59-14:00", "from=1e400",
    "text=%00", "area=%00", "cursor=%00", "text=" + "x" * 101, "area=" + "x" * 65,
    "cursor=x", "cursor=" + "A" * 201,
]  # fmt: skip


def test_a_query_that_makes_no_sense_is_a_400_that_names_the_parameter(world: World) -> None:
    answers = {}
    for query in HOSTILE:
        response = world.ask("staff", "GET", f"/tickets?{query}")
        fault = (response.json or {}).get("error", {})
        assert fault.get("message"), query
        answers[query] = (response.status_code, str(fault["field"]).split(".", maxsplit=1)[0])
    assert answers == {query: (400, query.split("=", maxsplit=1)[0]) for query in HOSTILE}


def test_a_strange_ref_is_simply_not_found(world: World) -> None:
    for ref in ("%00", "..%2F..%2Fetc", "a" * 3000, "%F0%9F%98%80", "'", "%25"):
        assert world.ask("staff", "GET", f"/tickets/{ref}").status_code == 404, ref
        assert world.ask("staff", "POST", f"/tickets/{ref}/accept").status_code == 404, ref


def test_an_id_no_database_can_hold_is_simply_not_found(world: World) -> None:
    huge = "9" * 20
    assert world.post("staff", f"/chats/{huge}/bind", area="xf").status_code == 404
    assert world.post("staff", f"/undelivered/{huge}/seen").status_code == 404


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_every_ticket_comes_once_while_new_ones_arrive(world: World, limit: int) -> None:
    now = world.services.now()
    # Three of a moment each, so that a page ends among equals.
    before = [world.ticket(opened_at=now - timedelta(minutes=n // 3)) for n in range(10)]
    found = walk(world, limit, between=lambda: world.ticket(opened_at=now + timedelta(minutes=1)))
    assert sorted(found) == sorted(before)


def test_filters_hold_on_every_page(world: World) -> None:
    wanted = [world.ticket(status=Status.NEW) for _ in range(5)]
    for _ in range(5):
        world.ticket(status=Status.CLOSED)
    assert sorted(walk(world, 2, status="new")) == sorted(wanted)


def test_a_page_that_ends_exactly_has_no_next(world: World) -> None:
    for _ in range(4):
        world.ticket()
    assert world.get("staff", "/tickets", limit=4)["next"] is None


def test_the_other_lists_are_cut_into_pages_alike(world: World) -> None:
    groups = [world.group("xf-3-2") for _ in range(5)]
    lines = [world.lost(ref=world.ticket()) for _ in range(5)]
    for path, key, wanted in (
        ("/chats", "id", groups),
        ("/undelivered", "id", lines),
        ("/areas", "code", ["xf", "xf-3", "xf-3-2", "xf-g1", "xf-g2"]),
    ):
        found: list[Any] = []
        cursor: str | None = None
        while True:
            page = world.get("staff", path, limit=2, **({"cursor": cursor} if cursor else {}))
            found += [item[key] for item in page["items"]]
            cursor = page["next"]
            if cursor is None:
                break
        assert sorted(found) == sorted(wanted), path


def test_a_cursor_of_another_question_is_refused(world: World) -> None:
    for _ in range(3):
        world.ticket()
    cursor = world.get("staff", "/tickets", limit=1)["next"]
    for path in (f"/tickets?status=new&cursor={cursor}", f"/chats?cursor={cursor}", f"/areas?cursor={cursor}"):
        response = world.ask("staff", "GET", path)
        assert response.status_code == 400
        assert response.json is not None
        assert response.json["error"]["code"] == "bad_cursor"


def test_a_cursor_gives_no_right_to_what_lies_behind_it(world: World) -> None:
    for _ in range(3):
        world.ticket()
    cursor = world.get("administrator", "/tickets", limit=1)["next"]
    assert refs(world.get("staff_next_door", "/tickets", cursor=cursor, limit=1)) == []


def test_no_letter_of_a_cursor_can_be_changed(world: World) -> None:
    for _ in range(3):
        world.ticket()
    cursor = world.get("staff", "/tickets", limit=1)["next"]
    for at, letter in enumerate(cursor):
        changed = cursor[:at] + ("A" if letter != "A" else "B") + cursor[at + 1 :]
        assert world.ask("staff", "GET", "/tickets", query_string={"cursor": changed}).status_code == 400, changed


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
@settings(max_examples=200)
def test_whatever_is_sent_as_a_cursor_is_refused_and_never_breaks(raw: bytes) -> None:
    for text in (base64.urlsafe_b64encode(raw).decode().rstrip("="), raw.decode("utf-8", "replace")):
        with pytest.raises(ApiError) as refused:
            paging.position("asked", text)
        assert refused.value.code == "bad_cursor"


MOMENTS = st.integers(0, 7 * 10**15).map(lambda n: paging.EPOCH + timedelta(microseconds=n))


@given(MOMENTS, st.integers(1, 2**31 - 1))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_a_cursor_leads_back_to_where_it_was_made(at: Any, row_id: int) -> None:
    made = paging.cursor("asked", paging.Position(at, row_id))
    assert paging.position("asked", made) == paging.Position(at, row_id)


def test_a_withdrawn_voice_no_longer_counts(world: World) -> None:
    ref = world.ticket()
    with world.services.transaction() as session:
        report = session.exec(select(Report)).one()
        report.withdrawn_at = world.services.now()
    item = world.get("staff", "/tickets")["items"][0]
    assert (item["ref"], item["reports_count"], item["reporters"]) == (ref, 0, [])


def test_a_ticket_shows_the_hours_that_were_counted_for_its_promise(world: World) -> None:
    ref = world.ticket()
    assert world.get("staff", f"/tickets/{ref}")["due"] is None  # older than the keeping of it
    with world.services.transaction() as session:
        ticket = session.exec(select(Ticket).where(Ticket.ref == ref)).one()
        desk = world.services.desk(session)
        deadlines.begin(desk, ticket)
        deadlines.follow(desk, ticket, desk.now + timedelta(hours=1))
        due = ticket.resolve_due_at

    told = world.get("staff", f"/tickets/{ref}")["due"]

    assert due is not None
    assert datetime.fromisoformat(told["ends_at"]) == due
    assert told["counted_from"].endswith("+08:00")
    lengths = [_moment(span["ends_at"]) - _moment(span["begins_at"]) for span in told["counted"]]
    assert sum(lengths, timedelta(0)) == timedelta(hours=told["hours"])
    assert [_moment(span["ends_at"]) - _moment(span["begins_at"]) for span in told["stood"]] == [timedelta(hours=1)]
    assert not told["day_and_night"]


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
