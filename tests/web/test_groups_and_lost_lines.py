"""Binding groups, by hand and by code, and the list of what reached nobody."""

from typing import Any

import pytest
from sqlmodel import col, select

from bot import binding
from bot.services import Services
from bot.settings import ChannelSection
from models import BindingCode, Chat, ChatKind, Inbound, Outgoing
from tests.web.world import World, build


def error(response: Any) -> tuple[int, str, str | None]:
    return response.status_code, response.json["error"]["code"], response.json["error"]["field"]


def ids(world: World, user: str, **query: Any) -> set[int]:
    return {item["id"] for item in world.get(user, "/chats", **query)["items"]}


def chat(world: World, chat_id: int) -> Chat:
    with world.services.reading() as session:
        return session.get_one(Chat, chat_id)


def test_groups_nobody_has_told_us_about_are_asked_for_by_bound_no(world: World) -> None:
    unbound, bound = world.group(), world.group("xf-3-2", ChatKind.RESIDENTS)
    assert ids(world, "staff", bound="no") == {unbound}
    assert ids(world, "staff", bound="yes") == {bound}
    assert ids(world, "staff") == {unbound, bound}
    assert error(world.ask("staff", "GET", "/chats?bound=maybe")) == (400, "bad_value", "bound")


def test_a_bound_group_belongs_to_its_area_from_then_on(world: World) -> None:
    group = world.group()
    answer = world.post("staff", f"/chats/{group}/bind", area="xf-3-2", kind="leaders")
    assert answer.json is not None
    assert (answer.json["kind"], answer.json["area"]["code"]) == ("leaders", "xf-3-2")
    assert (chat(world, group).kind, chat(world, group).area_id) == (ChatKind.LEADERS, world.areas["xf-3-2"])
    assert group not in ids(world, "staff_next_door")
    assert [entry.person_id for entry in world.audited("chat.bind")] == [world.people["staff"]]


def test_nobody_binds_a_group_to_an_area_that_is_not_theirs(world: World) -> None:
    group = world.group()
    for area in ("yh", "street", "nowhere"):
        assert error(world.post("staff", f"/chats/{group}/bind", area=area)) == (404, "not_found", "area")
    assert chat(world, group).kind == ChatKind.UNBOUND


@pytest.mark.parametrize("kind", ["private", "unbound", "anything", ""])
def test_a_group_is_the_residents_the_leaders_or_the_staffs(world: World, kind: str) -> None:
    group = world.group()
    assert error(world.post("staff", f"/chats/{group}/bind", area="xf", kind=kind)) == (400, "bad_value", "kind")


def test_a_private_chat_cannot_be_bound(world: World) -> None:
    world.ticket()
    with world.services.reading() as session:
        private = session.exec(select(Chat).where(col(Chat.kind) == ChatKind.PRIVATE)).one().id
    assert world.post("administrator", f"/chats/{private}/bind", area="xf").status_code == 404


def test_a_code_is_shown_once_and_binds_that_group_when_it_is_said_there(world: World) -> None:
    group = world.group()
    answer = world.post("staff", f"/chats/{group}/code", area="xf-3-2", kind="residents")
    assert answer.json is not None
    code = answer.json["code"]
    with world.services.reading() as session:
        assert code not in str([row.model_dump() for row in session.exec(select(BindingCode))])
    with world.services.transaction() as session:
        area = binding.redeem_chat(world.services.desk(session), session.get_one(Chat, group), code)
    assert area is not None
    assert area.code == "xf-3-2"
    assert chat(world, group).kind == ChatKind.RESIDENTS


def test_a_code_is_worth_nothing_once_the_group_was_bound_by_hand(world: World) -> None:
    group = world.group()
    answer = world.post("staff", f"/chats/{group}/code", area="xf-3-2")
    assert answer.json is not None
    world.post("staff", f"/chats/{group}/bind", area="xf", kind="staff")
    with world.services.transaction() as session:
        desk = world.services.desk(session)
        assert binding.redeem_chat(desk, session.get_one(Chat, group), answer.json["code"]) is None
    assert chat(world, group).kind == ChatKind.STAFF


def test_an_unbound_group_is_shown_where_its_channel_serves(services: Services) -> None:
    channel = ChannelSection.model_validate({"kind": "onebot", "area": "xf", "secret": "s" * 20})
    settings = services.settings.model_copy(update={"channels": {"onebot": channel}})
    world = build(Services(**{**vars(services), "settings": settings}))
    group = world.group(channel="onebot")
    shown = {user for user in ("staff", "grid_leader", "administrator", "staff_next_door") if group in ids(world, user)}
    assert shown == {"staff", "grid_leader", "administrator"}
    assert world.post("staff_next_door", f"/chats/{group}/bind", area="yh").status_code == 404


def test_a_lost_line_is_taken_off_the_list_by_whoever_has_seen_it(world: World) -> None:
    lost = world.lost(ref=world.ticket())
    assert [item["id"] for item in world.get("staff", "/undelivered")["items"]] == [lost]
    for _ in range(2):  # a second time, because the first answer never arrived
        assert world.ask("staff", "POST", f"/undelivered/{lost}/seen").status_code == 200
    assert world.get("staff", "/undelivered")["items"] == []
    assert [entry.subject for entry in world.audited("undelivered.seen")] == [f"outgoing:{lost}"]


def test_a_line_that_was_never_lost_cannot_be_seen_to(world: World) -> None:
    lost = world.lost(ref=world.ticket())
    with world.services.transaction() as session:
        session.get_one(Outgoing, lost).undelivered_at = None
    assert world.ask("staff", "POST", f"/undelivered/{lost}/seen").status_code == 404


def test_a_lost_line_without_a_ticket_belongs_to_the_area_of_its_chat_or_post(world: World) -> None:
    by_chat = world.lost(chat_id=world.group("xf-g2", ChatKind.RESIDENTS))
    by_post = world.lost(post_id=world.posts["grid_leader"])
    nowhere = world.lost()

    def seen(user: str) -> set[int]:
        return {item["id"] for item in world.get(user, "/undelivered")["items"]}

    assert seen("staff") == {by_chat, by_post}
    assert seen("grid_leader") == {by_post}
    assert seen("staff_next_door") == set()
    assert seen("administrator") == {by_chat, by_post, nowhere}
    assert world.ask("staff", "POST", f"/undelivered/{nowhere}/seen").status_code == 404
    assert world.ask("administrator", "POST", f"/undelivered/{nowhere}/seen").status_code == 200
    assert world.ask("staff", "POST", f"/undelivered/{by_post}/seen").status_code == 200


def hear(world: World, group: int, **columns: Any) -> None:
    with world.services.transaction() as session:
        world.numbers += 1
        fields = {"channel": "onebot", "external_id": f"h{world.numbers}", "chat_id": group, "kind": "text",
                  "text": "我们单元停水了", "intent": "repair", "category": "water", "score": 0.7, "listened": True,
                  "said_at": world.services.now(), "received_at": world.services.now()}  # fmt: skip
        session.add(Inbound(**{**fields, **columns}))


def test_a_group_is_only_listened_to_until_it_is_acted_upon_again(world: World) -> None:
    group = world.group("xf-3-2", ChatKind.RESIDENTS)
    for on in (True, True, False):
        answer = world.post("staff", f"/chats/{group}/listen-only", listen_only=on)
        assert answer.json is not None
        assert (answer.status_code, answer.json["listen_only"]) == (200, on)
        assert chat(world, group).listen_only is on
    audited = world.audited("chat.listen_only")
    assert [(entry.person_id, entry.detail["on"]) for entry in audited] == [
        (world.people["staff"], True), (world.people["staff"], False),
    ]  # fmt: skip


def test_where_staff_and_leaders_are_told_is_never_only_listened_to(world: World) -> None:
    for kind in (ChatKind.STAFF, ChatKind.LEADERS):
        group = world.group("xf-3-2", kind)
        answer = world.post("staff", f"/chats/{group}/listen-only", listen_only=True)
        assert error(answer) == (409, "not_possible", "chat_id")
    assert world.post("staff", f"/chats/{world.group()}/listen-only", listen_only=True).status_code == 200


@pytest.mark.parametrize("body", [{}, {"listen_only": "maybe"}, {"listen_only": True, "area": "xf"}])
def test_the_switch_takes_one_word(world: World, body: dict[str, Any]) -> None:
    group = world.group("xf-3-2", ChatKind.RESIDENTS)
    assert world.post("staff", f"/chats/{group}/listen-only", **body).status_code == 400


def test_what_was_heard_is_shown_to_the_office_page_by_page_without_confidences(world: World) -> None:
    group, other = world.group("xf-3-2", ChatKind.RESIDENTS), world.group("xf-3-2", ChatKind.RESIDENTS)
    hear(world, group)
    hear(world, group, intent="dispute", category="noise", text="楼上天天半夜吵")
    hear(world, group, intent="other", category="chat", text=None)
    hear(world, group, listened=False)
    hear(world, other)
    first = world.get("staff", f"/chats/{group}/heard", limit=2)
    rest = world.get("staff", f"/chats/{group}/heard", limit=2, cursor=first["next"])
    assert [(item["intent"], item["text"]) for item in [*first["items"], *rest["items"]]] == [
        ("other", None), ("dispute", None), ("repair", "我们单元停水了"),
    ]  # fmt: skip
    assert rest["next"] is None
    assert len(world.audited("chat.heard")) == 2
