"""Pictures, voice and files on a ticket's page: shown, played, saved, and never more than that."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from bot.attachments import Lost, keeping
from bot.attachments.fit import FILM, OTHER, PICTURE, SOUND, Fitted
from bot.channels import Kind, Media
from bot.settings import ChannelSection
from models import AuditEntry, Inbound, Report
from tests.console.place import Place
from tests.web.world import World

KINDS = {PICTURE: Kind.IMAGE, SOUND: Kind.VOICE, FILM: Kind.FILE, OTHER: Kind.FILE}


def sent(world: World, ref: str, content_type: str = "", name: str | None = None, **columns: object) -> int:
    """Something came with the ticket; kept where content_type is given. Returns its number, or the message's."""
    kind = KINDS.get(content_type, Kind.IMAGE)
    now = world.services.now()
    world.services.settings.channels.setdefault("oa", ChannelSection(kind="wechat"))
    with world.services.transaction() as session:
        ticket = World.row(session, ref)
        voice = session.exec(select(Report).where(Report.ticket_id == ticket.id)).one()
        world.numbers += 1
        row = Inbound(channel="oa", external_id=f"sent-{world.numbers}", kind=kind, account_id=voice.account_id,
                      said_at=now, received_at=now, ticket_id=ticket.id,
                      media=[{"kind": kind.value, "id": "m", "url": "http://evil/x", "name": name}])  # fmt: skip
        for column, value in columns.items():
            setattr(row, column, value)
        session.add(row)
        session.flush()
        if not content_type:
            return row.id
        keeping.keep(session, row.id, 0, Media(kind, "m", name=name), Fitted(content_type, b"0123456789"), now, 90)
        return next(one.id for one in keeping.of_ticket(session, ticket.id)[::-1] if one.id)


def with_picture(world: World) -> object:
    """A ticket with a picture, as its path."""
    ref = world.ticket()
    return f"{ref}/attachments/{sent(world, ref, PICTURE)}"


@pytest.mark.parametrize(
    ("content_type", "shown", "way"),
    [(PICTURE, "<img src=", "inline"), (SOUND, "<audio controls", "inline"), (FILM, "<video controls", "inline"),
     (OTHER, "download>下载文件", "attachment")],
    ids=["picture", "sound", "film", "file"],
)  # fmt: skip
def test_each_is_on_the_page_and_served_for_that_alone(place: Place, content_type: str, shown: str, way: str) -> None:
    ref = place.world.ticket()
    number = sent(place.world, ref, content_type, name='合同/../"a".html')
    staff = place.signed_in("staff")
    page = staff.get(f"/tickets/{ref}").text
    address = f"/tickets/{ref}/attachments/{number}"
    assert shown in page
    assert f'="/console{address}"' in page
    answer = staff.get(address)
    assert (answer.status_code, answer.data, answer.mimetype) == (200, b"0123456789", content_type)
    assert answer.headers["Content-Disposition"].startswith(f"{way}; filename=")
    assert "/.." not in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_player_may_ask_for_a_piece(place: Place) -> None:
    ref = place.world.ticket()
    number = sent(place.world, ref, SOUND)
    answer = place.signed_in("staff").get(f"/tickets/{ref}/attachments/{number}", headers={"Range": "bytes=4-6"})
    assert (answer.status_code, answer.data) == (206, b"456")


def test_every_look_is_written_down(place: Place) -> None:
    ref = place.world.ticket()
    number = sent(place.world, ref, PICTURE)
    place.signed_in("staff").get(f"/tickets/{ref}/attachments/{number}")
    with place.world.services.reading() as session:
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "attachment.read")).one()
    assert (entry.subject, entry.detail) == (f"ticket:{ref}", {"attachment": number, "kind": "image"})


def test_by_another_tickets_address_there_is_nothing(place: Place) -> None:
    world = place.world
    ref, other, next_door = world.ticket(), world.ticket(), world.ticket(area="yh")
    number = sent(world, next_door, PICTURE)
    staff = place.signed_in("staff")
    for path in (f"{ref}/attachments/{number}", f"{other}/attachments/99", f"{next_door}/attachments/{number}"):
        assert staff.get(f"/tickets/{path}").status_code == 404


@pytest.mark.parametrize(
    ("columns", "said", "again"),
    [
        ({"media_due_at": True}, "正在取", False),
        ({"media_error": Lost.GONE}, "那边已经没有了，请本人再发一次", False),
        ({"media_error": Lost.LARGE}, "太大，没有取；到公众号后台", False),
        ({"media_error": Lost.UNFIT}, "打不开，可能坏了", True),
        ({"media_error": Lost.REFUSED}, "没取到；到公众号后台", True),
        ({"media_error": Lost.EXPIRED}, "存满了日子，已经删了", False),
        ({}, "到公众号后台的", True),
        ({"channel": "no-more"}, "渠道已经不用了，看不到", False),
    ],
)
def test_what_is_not_here_says_why_and_what_helps(
    place: Place, columns: dict[str, Any], said: str, again: bool
) -> None:
    world = place.world
    ref = world.ticket()
    if columns.get("media_due_at"):
        columns = {"media_due_at": world.services.now() + timedelta(seconds=10)}
    sent(world, ref, **columns)
    page = place.signed_in("staff").get(f"/tickets/{ref}").text
    assert said in page
    assert ("再取一次" in page) is again
    assert "http://evil" not in page


def test_the_missing_are_asked_for_again(place: Place) -> None:
    world = place.world
    ref = world.ticket()
    row = sent(world, ref, media_error=Lost.REFUSED, media_attempts=8)
    staff = place.signed_in("staff")
    assert "再取一次" in staff.get(f"/tickets/{ref}").text
    staff.post(f"/tickets/{ref}/attachments")
    page = staff.get(f"/tickets/{ref}").text
    assert "去取了" in page
    assert "正在取" in page
    with world.services.reading() as session:
        found = session.exec(select(Inbound).where(col(Inbound.id) == row)).one()
    assert (found.media_due_at, found.media_attempts, found.media_error) == (world.services.now(), 0, None)


def test_what_was_refused_or_waits_for_long_is_owed_work(place: Place) -> None:
    world = place.world
    refused, waits, fresh, gone, next_door = (world.ticket() for _ in range(5))
    next_door = world.ticket(area="yh")
    old = world.services.now() - timedelta(hours=1)
    due = world.services.now() + timedelta(minutes=5)
    sent(world, refused, media_error=Lost.REFUSED, received_at=old)
    sent(world, waits, media_due_at=due, media_attempts=3, received_at=old)
    sent(world, fresh, media_due_at=due)
    sent(world, gone, media_error=Lost.GONE, received_at=old)
    sent(world, next_door, media_error=Lost.REFUSED, received_at=old)
    staff = place.signed_in("staff")
    panel = staff.get("/owed").text.split('id="missing"')[1].split("</section>")[0]
    assert [ref for ref in (refused, waits, fresh, gone, next_door) if f"/tickets/{ref}" in panel] == [refused, waits]
    assert panel.count("再取一次</button>") == 1
    assert "会自己再试" in panel


def test_a_page_left_open_shows_what_came_meanwhile(place: Place) -> None:
    ref = place.world.ticket()
    sent(place.world, ref, media_due_at=place.world.services.now())
    staff = place.signed_in("staff")
    page = staff.get(f"/tickets/{ref}").text
    stamp = page.split('data-version="')[1].split('"')[0]
    unchanged = staff.get(f"/tickets/{ref}/live", headers={"If-None-Match": f'"{stamp}"'})
    assert unchanged.status_code == 304
    sent(place.world, ref, PICTURE)
    fresh = staff.get(f"/tickets/{ref}/live", headers={"If-None-Match": f'"{stamp}"'})
    assert "<img src=" in fresh.text


def test_hostile_names_are_text(place: Place) -> None:
    ref = place.world.ticket()
    sent(place.world, ref, OTHER, name="<script>alert(1)</script>.pdf")
    page = place.signed_in("staff").get(f"/tickets/{ref}").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
