"""Owed work: what waits and why, in whose areas, and trying it again."""

import re
from datetime import timedelta
from itertools import count
from typing import Any

from sqlmodel import col, select

from models import (
    Account,
    ChannelState,
    Chat,
    ChatKind,
    Inbound,
    InboundState,
    Outgoing,
    OutgoingState,
    Person,
    Post,
    Role,
)
from tests.console.place import Place
from tests.web.world import PHONE, World

NUMBERS = count()
HOSTILE = "<img src=x onerror=alert(1)>"


def stuck(world: World, area: str | None, **columns: Any) -> int:
    """A message of a group there that was given up; returns its id. area None: nobody knows where it is from."""
    now = world.services.now()
    with world.services.transaction() as session:
        chat = Chat(channel="onebot", external_id=f"stuck{next(NUMBERS)}", kind=ChatKind.RESIDENTS, created_at=now,
                    area_id=world.areas[area] if area else None)  # fmt: skip
        session.add(chat)
        session.flush()
        values: dict[str, Any] = {
            "channel": "onebot",
            "external_id": chat.external_id,
            "chat_id": chat.id,
            "kind": "text",
            "text": f"水停了 {PHONE}",
            "said_at": now - timedelta(hours=1),
            "received_at": now - timedelta(hours=1),
            "state": InboundState.GIVEN_UP,
            "line": {"text": "水停了"},
            "attempts": 9,
            "error": "ValueError",
        }
        row = Inbound(**{**values, **columns})
        session.add(row)
        session.flush()
        return row.id


def refused_line(world: World, ref: str, **columns: Any) -> int:
    """A line about a ticket that its channel refused for good; returns its id."""
    now = world.services.now()
    with world.services.transaction() as session:
        ticket = world.row(session, ref)
        chat = session.exec(select(Chat).order_by(col(Chat.id).desc())).first()
        assert chat is not None
        values: dict[str, Any] = {
            "key": f"refused:{next(NUMBERS)}",
            "chat_id": chat.id,
            "text": f"有人会来 {PHONE}",
            "ticket_id": ticket.id,
            "created_at": now - timedelta(hours=1),
            "due_at": now - timedelta(hours=1),
            "state": OutgoingState.GIVEN_UP,
            "attempts": 5,
            "error": "WeChat 45047: used up",
        }
        row = Outgoing(**{**values, **columns})
        session.add(row)
        session.flush()
        return row.id


def test_what_waits_is_told_with_its_cause_and_no_phone(place: Place) -> None:
    stuck(place.world, "xf-3-2")
    refused_line(place.world, place.world.ticket())
    page = place.signed_in("staff").get("/owed").text
    assert "水停了" in page
    assert "看这句话的时候程序出了错" in page
    assert "他再写一句就送到" in page
    plain = re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)
    for raw in ("ValueError", "WeChat 45047: used up", "试过9次"):  # for whoever runs the server
        assert raw in page
        assert raw not in plain
    assert PHONE not in page


def test_what_is_on_its_way_is_no_trouble(place: Place) -> None:
    now = place.world.services.now()
    stuck(place.world, "xf-3-2", state=InboundState.PENDING, received_at=now, due_at=now)
    stuck(place.world, "xf-3-2", state=InboundState.DONE)
    refused_line(place.world, place.world.ticket(), state=OutgoingState.QUEUED, due_at=now)
    refused_line(place.world, place.world.ticket(), state=OutgoingState.DONE)
    page = place.signed_in("staff").get("/owed").text
    assert "都处理了" in page
    assert "都发出去了" in page


def test_what_waits_too_long_is_listed(place: Place) -> None:
    now = place.world.services.now()
    stuck(place.world, "xf-3-2", state=InboundState.PENDING, due_at=now)
    refused_line(place.world, place.world.ticket(), state=OutgoingState.QUEUED)
    refused_line(place.world, place.world.ticket(), state=OutgoingState.PARKED)
    page = place.signed_in("staff").get("/owed").text
    for words in ("还没看懂", "等着发", "等对方先说话才能发"):
        assert words in page


def test_tried_again_it_is_due_now(place: Place) -> None:
    world = place.world
    message, line = stuck(world, "xf-3-2"), refused_line(world, world.ticket())
    browser = place.signed_in("staff")
    browser.get("/owed")
    assert browser.post(f"/owed/messages/{message}").status_code == 302
    assert browser.post(f"/owed/lines/{line}").status_code == 302
    assert "马上再试一次" in browser.get("/owed").text
    with world.services.reading() as session:
        heard, owed = session.get_one(Inbound, message), session.get_one(Outgoing, line)
    now = world.services.now()
    assert (heard.state, heard.due_at, heard.attempts) == (InboundState.PENDING, now, 0)
    assert (owed.state, owed.due_at, owed.attempts, owed.error) == (OutgoingState.QUEUED, now, 0, None)
    assert len(world.audited("inbound.again")) == len(world.audited("outgoing.again")) == 1


def test_what_eight_people_were_to_be_told_is_read_once_and_sent_again_at_once(place: Place) -> None:
    world = place.world
    fire, other = world.ticket(danger="fire", urgent=True, matter="着火了"), world.ticket(area="yh")
    eight = [refused_line(world, fire, urgency=0) for _ in range(8)]
    theirs = refused_line(world, other)
    refused_line(world, fire, state=OutgoingState.DONE)
    browser = place.signed_in("staff")
    page = browser.get("/owed").text
    assert (page.count("有人会来"), page.count("他再写一句就送到"), page.count(">再发一次")) == (1, 1, 8)
    assert f'href="/console/tickets/{fire}">xf-3xf-3-2 着火了' in page
    assert "这8句都再发一次" in page
    assert browser.post(f"/owed/tickets/{fire}").status_code == 302
    assert "马上再试一次" in browser.get("/owed").text
    with world.services.reading() as session:
        assert {session.get_one(Outgoing, line).state for line in eight} == {OutgoingState.QUEUED}
        assert session.get_one(Outgoing, theirs).state == OutgoingState.GIVEN_UP
    assert len(world.audited("outgoing.again")) == 8
    world.services.now.forward(seconds=30)  # type: ignore[attr-defined]  # the standing clock of the tests
    browser.post(f"/owed/tickets/{fire}")
    assert "已经没有要再发的了" in browser.get("/owed").text
    for ref in (other, "nothing", "%00"):
        assert browser.post(f"/owed/tickets/{ref}").status_code == 404


def test_what_is_done_is_not_done_again(place: Place) -> None:
    world = place.world
    message = stuck(world, "xf-3-2", state=InboundState.DONE)
    line = refused_line(world, world.ticket(), state=OutgoingState.DONE)
    browser = place.signed_in("staff")
    browser.get("/owed")
    assert browser.post(f"/owed/messages/{message}").status_code == 409
    assert browser.post(f"/owed/lines/{line}").status_code == 409


def test_of_another_community_nothing_and_what_has_no_place_for_the_administrator(place: Place) -> None:
    world = place.world
    theirs, nowhere = stuck(world, "yh"), stuck(world, None)
    staff, administrator = place.signed_in("staff"), place.signed_in("administrator")
    assert "水停了" not in staff.get("/owed").text
    for row in (theirs, nowhere, 2**40):
        assert staff.post(f"/owed/messages/{row}").status_code == 404
    assert administrator.get("/owed").text.count("水停了") == 2
    assert administrator.post(f"/owed/messages/{nowhere}").status_code == 302


def test_each_channel_says_when_it_was_heard_and_what_it_refused(place: Place) -> None:
    now = place.world.services.now()
    with place.world.services.transaction() as session:
        session.add(ChannelState(channel=HOSTILE, last_heard_at=now, last_error_at=now, last_error=HOSTILE))
    page = place.signed_in("staff").get("/owed").text
    assert "<img" not in page
    assert "&lt;img" in page
    assert "发出 从没有" in page


def test_a_line_says_whom_it_was_for_and_never_what_the_platform_calls_them(place: Place) -> None:
    world, now, chats = place.world, place.world.services.now(), []
    with world.services.transaction() as session:
        post = session.exec(select(Post).where(Post.role == Role.UNIT_LEADER).order_by(col(Post.id))).first()
        assert post is not None
        leader = session.get_one(Person, post.person_id)
        expected = f"给单元长 {leader.name}，"
        for person_id, openid in ((leader.id, "openid-leader"), (None, "openid-resident")):
            account = Account(channel="onebot", user_id=openid, person_id=person_id, created_at=now)
            session.add(account)
            session.flush()
            chat = Chat(channel="onebot", external_id=openid, kind=ChatKind.PRIVATE, created_at=now)
            chat.account_id = account.id
            session.add(chat)
            session.flush()
            chats.append(chat.id)
    ref = world.ticket()
    for chat_id in chats:
        refused_line(world, ref, chat_id=chat_id, undelivered_at=now)
    browser = place.signed_in("staff")
    for page in (browser.get("/").text, browser.get("/owed").text):
        assert expected in page
        assert "给一位居民，" in page
        assert "openid" not in page
    page = browser.get(f"/tickets/{ref}").text
    assert "对一位居民" in page
    assert "openid" not in page
