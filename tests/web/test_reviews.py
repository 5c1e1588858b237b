"""The review list over the API: who sees what, one decision each, and what is learned from it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import learned
from intents import examples
from intents.understanding import Understanding
from models import Chat, ChatKind, Inbound, Intent, Learning, Review, ReviewState
from tests.web.world import World


def group_of(world: World, area: str) -> int:
    return world.group(area, ChatKind.RESIDENTS, channel="wechat")


def heard(world: World, text: str = "楼道×××门口的灯不亮了", area: str = "xf-3-2", **columns: Any) -> int:
    """A sentence on the list, as the inbox leaves it; returns its id."""
    chat_id = group_of(world, area)
    now = world.services.now()
    with world.services.transaction() as session:
        world.numbers += 1
        account, _ = world._resident(session)
        said = Inbound(channel="wechat", external_id=f"r{world.numbers}", chat_id=chat_id, account_id=account.id,
                       kind="text", text=text, said_at=now, received_at=now,
                       erase_at=now + timedelta(hours=23))  # fmt: skip
        session.add(said)
        session.flush()
        fields = {"text": text, "intent": Intent.REPAIR, "category": "light", "score": 0.6, "setting": "group",
                  "said_at": now, "expires_at": now + timedelta(hours=23)}  # fmt: skip
        row = Review(**{"inbound_id": said.id, "chat_id": chat_id, "area_id": world.areas[area], **fields, **columns})
        session.add(row)
        session.flush()
        return row.id


def row(world: World, review_id: int) -> Review:
    with world.services.reading() as session:
        return session.get_one(Review, review_id)


def ids(world: World, user: str, **query: Any) -> set[int]:
    return {item["id"] for item in world.get(user, "/reviews", **query)["items"]}


def error(response: Any) -> tuple[int, str, str | None]:
    return response.status_code, response.json["error"]["code"], response.json["error"]["field"]


def test_everybody_sees_the_list_of_their_own_areas(world: World) -> None:
    near, far = heard(world), heard(world, area="yh")
    assert ids(world, "staff") == ids(world, "secretary") == {near}
    assert ids(world, "staff_next_door") == {far}
    assert ids(world, "administrator") == {near, far}
    assert error(world.post("staff", f"/reviews/{far}", decision="ignore")) == (404, "not_found", None)


def test_what_names_the_office_is_the_secretarys(world: World) -> None:
    named = heard(world, "单元长把架空层租出去了", intent=Intent.DISPUTE, category="other", about_office=True)
    assert ids(world, "staff") == set()
    assert ids(world, "secretary") == {named}
    assert world.post("staff", f"/reviews/{named}", decision="ignore").status_code == 404


def test_the_list_is_asked_for_by_state_and_read_in_pages(world: World) -> None:
    rows = [heard(world) for _ in range(3)]
    world.post("staff", f"/reviews/{rows[0]}", decision="ignore")
    assert ids(world, "staff", state="open") == set(rows[1:])
    assert ids(world, "staff", state="ignored,expired") == {rows[0]}
    first = world.get("staff", "/reviews", limit=2)
    second = world.get("staff", "/reviews", limit=2, cursor=first["next"])
    assert [item["id"] for item in first["items"] + second["items"]] == rows[::-1]
    assert error(world.ask("staff", "GET", "/reviews?state=gone"))[:2] == (400, "bad_value")


def test_a_decision_is_made_once(world: World) -> None:
    review = heard(world)
    answer = world.post("staff", f"/reviews/{review}", decision="ignore").json
    assert answer is not None
    assert (answer["state"], answer["text"], answer["label_intent"]) == ("ignored", None, "other")
    for decision in ("ignore", "ticket"):
        assert error(world.post("secretary", f"/reviews/{review}", decision=decision)) == (409, "not_possible", None)
    assert [entry.subject for entry in world.audited("review.decided")] == [f"review:{review}"]


@pytest.mark.parametrize(
    ("body", "field"),
    [({"decision": "intent"}, "intent"), ({"decision": "ticket", "intent": "other"}, "intent"),
     ({"decision": "ignore", "intent": "repair"}, "intent"),
     ({"decision": "ticket", "category": "nothing"}, "category"),
     ({"decision": "intent", "intent": "policy", "category": "lift"}, "category"),
     ({"decision": "perhaps"}, "decision"),
     ({"decision": "ignore", "learn": "maybe"}, "learn"), ({}, "decision")],
)  # fmt: skip
def test_a_decision_that_says_nothing_or_the_contrary_is_refused(world: World, body: Any, field: str) -> None:
    review = heard(world)
    assert error(world.post("staff", f"/reviews/{review}", **body)) == (400, "bad_value", field)
    assert row(world, review).state == ReviewState.OPEN


def test_after_its_time_nothing_can_be_decided(world: World) -> None:
    review = heard(world)
    with world.services.transaction() as session:
        found = session.get_one(Review, review)
        found.state, found.text, found.expires_at = ReviewState.EXPIRED, None, None
    assert world.post("staff", f"/reviews/{review}", decision="ticket").status_code == 409


def test_a_leaders_decision_is_learned_from_only_once_staff_approve_it(world: World) -> None:
    review = heard(
        world, state=ReviewState.TICKET, label_intent=Intent.REPAIR, label_category="light", learning=Learning.ASKED
    )
    assert ids(world, "staff", learning="asked") == {review}
    assert "light" not in world.ask("staff", "GET", "/examples").text
    assert world.post("staff", f"/reviews/{review}/learn", learn=True).status_code == 200
    assert "repair.light\t-\tgroup\t楼道000门口的灯不亮了" in world.ask("staff", "GET", "/examples?format=tsv").text
    assert row(world, review).expires_at is None
    assert error(world.post("staff", f"/reviews/{review}/learn", learn=False)) == (409, "not_possible", None)


def test_not_approved_its_text_goes_at_once(world: World) -> None:
    review = heard(world, state=ReviewState.IGNORED, learning=Learning.ASKED)
    world.post("staff", f"/reviews/{review}/learn", learn=False)
    assert (row(world, review).text, row(world, review).learning) == (None, Learning.NO)


def test_what_is_exported_can_be_learned_from(world: World, tmp_path: Path, understanding: Understanding) -> None:
    for text, body in (
        ("楼道的灯\t不亮了\n真的", {"decision": "intent", "intent": "repair", "category": "light"}),
        ("#今天天气真好", {"decision": "ignore"}),
        ("今天天气真好", {"decision": "ignore", "category": "notice"}),
    ):
        assert world.post("staff", f"/reviews/{heard(world, text)}", **body, learn=True).status_code == 200
    heard(world, "没人决定的话")
    world.post("staff", f"/reviews/{heard(world, '没批准的话')}", decision="ignore")
    (tmp_path / "learned.tsv").write_text(world.ask("staff", "GET", "/examples").text, encoding="utf-8")
    labels = {f"{key}.{name}" for key, intent in understanding.intents.items() for name in intent.categories}

    read = examples.load(tmp_path, labels, understanding.danger)

    assert learned.HEADER == examples.COLUMNS
    assert [(one.label, one.danger, one.setting, one.text) for one in read] == [
        ("repair.light", None, "group", "楼道的灯 不亮了 真的"),
        ("other.chat", None, "group", "#今天天气真好"),
        ("other.notice", None, "group", "今天天气真好"),
    ]
    assert world.ask("staff_next_door", "GET", "/examples").text.splitlines() == ["\t".join(learned.HEADER)]


def test_a_chat_that_is_not_ours_any_more_opens_nothing(world: World) -> None:
    """The channel of this world is not configured: the words cannot be heard again, and that is said."""
    review = heard(world)
    with world.services.reading() as session:
        assert session.get_one(Chat, row(world, review).chat_id).channel not in world.services.channels
    assert world.post("staff", f"/reviews/{review}", decision="ticket").status_code == 409
    assert row(world, review).state == ReviewState.OPEN
