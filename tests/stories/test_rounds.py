"""Rounds: what leaders, grid members and volunteers see on them, and what they settle there. On both databases."""

from dataclasses import dataclass, field

import pytest
from sqlmodel import col, select

from bot.channels import Kind
from models import Inbound, Origin, Post, Report, Role, Status, Ticket
from tests.stories.more import GROUP, LEADERS, STAFF
from tests.stories.town import Town, chats, said_to, settle

ALONE = ""  # in their own private chat


@dataclass(frozen=True)
class Round:
    """One line by somebody, what becomes of it, and what they are answered where they said it."""

    name: str
    who: str
    words: str
    to: str = ALONE
    origin: str | None = "patrol"  # None: no ticket
    status: str = "dispatched"
    intent: str = "repair"
    category: str = ""
    place: tuple[str | None, str | None] = ("3", None)
    answer: tuple[str, ...] = ("(#1)",)
    neighbour: bool = False
    silent: tuple[str, ...] = field(default=())  # chats that hear nothing


ROUNDS = [
    Round("a leader, alone", "李姐", "巡查 3栋楼道灯坏了", category="light", answer=("记下了", "照片", "(#1)")),
    Round("seen, with its words around", "李姐", "今天巡楼看到3栋2单元扶手松了", place=("3", "2"), answer=("(#1)",)),
    Round("a grid leader", "网格刘", "巡查发现5栋1单元门口堆了建筑垃圾", category="sanitation", place=("5", "1")),
    Round("a volunteer", "志愿者小马", "巡查时发现: 3栋2单元水管漏水", category="water", place=("3", "2")),
    Round("staff", "社工小邹", "巡查发现3栋楼道灯坏了", category="light"),
    Round("among the leaders", "李姐", "巡查发现3栋楼道灯坏了", to=LEADERS, category="light", silent=(GROUP,)),
    Round("their own unit, where they name no other", "李姐", "巡查发现楼道灯坏了", category="light", place=("3", "2")),
    Round(
        "for a neighbour",
        "李姐",
        "巡查 帮李奶奶报一下 3栋2单元302水管漏水",
        category="water",
        place=("3", "2"),
        neighbour=True,
    ),
    Round("what no category has", "网格刘", "巡查发现3栋2单元晾衣绳拴在栏杆上", place=("3", "2")),
    Round(
        "a resident's is a report",
        "王阿姨",
        "巡查 3栋2单元楼道灯坏了",
        origin="report",
        category="light",
        place=("3", "2"),
    ),
    Round(
        "among residents it is a report",
        "李姐",
        "巡查发现3栋2单元楼道灯坏了",
        to=GROUP,
        origin="report",
        category="light",
        place=("3", "2"),
        answer=(),
    ),
    Round("nothing found", "李姐", "巡查完了，一切正常", origin=None, answer=()),
    Round(
        "settled there and then",
        "李姐",
        "现场已解决: 3栋2单元门禁复位",
        status="resolved",
        category="access",
        place=("3", "2"),
        answer=("当场办好了", "销号", "(#1)"),
        silent=(GROUP, STAFF, LEADERS, "oa-物业邓工"),
    ),
    Round(
        "settled, the words last",
        "网格刘",
        "巡查 3栋2单元井盖翘起来，已现场处理",
        status="resolved",
        place=("3", "2"),
        answer=("当场办好了",),
    ),
    Round(
        "settled by a volunteer of the place",
        "志愿者小马",
        "当场处理好了，3栋2单元楼道灯泡换了",
        status="resolved",
        category="light",
        place=("3", "2"),
        answer=("当场办好了",),
    ),
    Round(
        "settled where they have no post: somebody looks",
        "周叔",
        "现场已解决: 3栋2单元门禁复位",
        place=("3", "2"),
        category="access",
        answer=("不是您的片",),
    ),
    Round(
        "a resident settles nothing by a word",
        "张伯",
        "现场已解决: 3栋2单元门禁坏了复位",
        origin="report",
        place=("3", "2"),
        category="access",
    ),
]


@pytest.mark.parametrize("told", ROUNDS, ids=lambda told: told.name)
def test_a_line_said_on_a_round(town: Town, told: Round) -> None:
    seen = town.say(told.who, told.words, to=told.to or None)

    here = said_to(seen, told.to or f"oa-{told.who}")
    assert all(words in here for words in told.answer), here
    assert not set(told.silent) & set(chats(seen))
    if told.origin is None:
        assert town.tickets() == []
        return
    ticket = town.ticket()
    assert (ticket.origin, ticket.status, ticket.intent) == (told.origin, told.status, told.intent)
    assert (ticket.building, ticket.unit) == told.place
    assert told.category in ("", ticket.category)
    assert [report.for_neighbour for report in _reports(town)] == [told.neighbour]


def test_what_was_settled_there_is_told_to_nobody_and_rated_by_nobody(town: Town) -> None:
    town.say("李姐", "现场已解决: 3栋2单元门禁复位")
    assert town.history() == ["opened", "accepted", "resolved"]
    assert town.ticket().outcome == "3栋2单元门禁复位"
    assert _role(town, town.ticket()) == Role.UNIT_LEADER

    seen = [line for _ in range(5) for line in town.wait(days=1)]

    assert seen == []
    assert town.ticket().status == Status.CLOSED
    assert all(report.rating_asked_at is not None for report in _reports(town))


def test_what_neighbours_had_told_is_solved_with_it(town: Town) -> None:
    town.say("王阿姨", "3栋2单元门禁坏了，刷不开")
    settle(town)

    seen = town.say("李姐", "现场已解决: 3栋2单元门禁复位")

    assert len(town.tickets()) == 1
    assert town.ticket().status == Status.RESOLVED
    assert "好了" in said_to(seen, "oa-王阿姨")


def test_what_is_known_already_is_no_second_matter(town: Town) -> None:
    town.say("王阿姨", "3栋2单元楼道灯坏了")

    seen = town.say("网格刘", "巡查发现3栋2单元楼道灯坏了")

    assert "已经在办" in said_to(seen, "oa-网格刘")
    assert len(town.tickets()) == 1
    assert town.voices() == [2]
    assert town.ticket().origin == Origin.REPORT


def test_a_volunteer_settles_nothing_that_a_neighbour_reported(town: Town) -> None:
    town.say("王阿姨", "3栋2单元门禁坏了，刷不开")

    town.say("志愿者小马", "现场已解决: 3栋2单元门禁复位")

    assert town.ticket().status == Status.DISPATCHED
    assert town.voices() == [2]


def test_without_a_place_it_is_asked_for_and_stays_a_round(town: Town) -> None:
    assert "哪一栋" in said_to(town.say("网格刘", "巡查发现楼道灯坏了"), "oa-网格刘")
    assert town.tickets() == []

    town.say("网格刘", "3栋2单元")

    assert (town.ticket().origin, town.ticket().unit) == (Origin.PATROL, "2")


def test_settled_without_a_place_is_settled_when_it_is_known(town: Town) -> None:
    town.say("网格刘", "现场已解决: 楼道灯泡换了")

    assert "当场办好了" in said_to(town.say("网格刘", "3栋2单元"), "oa-网格刘")

    assert town.ticket().status == Status.RESOLVED


def test_a_quarrel_seen_in_passing_is_private_and_goes_to_a_mediator(town: Town) -> None:
    seen = town.say("李姐", "巡查发现3栋2单元两家人为噪音吵架", to=LEADERS)

    assert town.ticket().private
    assert chats(seen) == ["oa-李姐", "oa-调解员老何"]


def test_a_danger_on_a_round_is_an_emergency_before_all_else(town: Town) -> None:
    seen = town.say("李姐", "巡查发现3栋2单元有很大的煤气味")

    assert town.ticket().danger == "gas"
    assert said_to(seen, STAFF)


# --- photos


def _reports(town: Town) -> list[Report]:
    with town.services.reading() as session:
        return list(session.exec(select(Report).order_by(col(Report.id))))


def _role(town: Town, ticket: Ticket) -> Role:
    with town.services.reading() as session:
        return session.get_one(Post, ticket.holder_post_id).role


def _photos(town: Town) -> list[int | None]:
    """Which ticket each photo belongs to."""
    with town.services.reading() as session:
        query = select(Inbound.ticket_id).where(Inbound.kind == Kind.IMAGE.value).order_by(col(Inbound.id))
        return list(session.exec(query))


SAID = {
    "seen": "巡查 3栋2单元楼道灯坏了",
    "settled": "现场已解决: 3栋2单元门禁复位",
}


@pytest.mark.parametrize("to", [ALONE, LEADERS], ids=["alone", "among leaders"])
@pytest.mark.parametrize("words", SAID.values(), ids=SAID)
def test_the_photo_that_follows_is_proof(town: Town, words: str, to: str) -> None:
    town.say("李姐", words, to=to or None)
    town.wait(minutes=3)

    town.say("李姐", "", kind=Kind.IMAGE, media_id="p1", to=to or None)

    assert _photos(town) == [town.ticket().id]
    assert town.history()[-1] == "photo"


def test_the_photo_belongs_to_what_was_said_last(town: Town) -> None:
    town.say("李姐", SAID["seen"])
    town.wait(minutes=3)
    town.say("李姐", SAID["settled"])
    town.wait(minutes=3)

    town.say("李姐", "", kind=Kind.IMAGE, media_id="p1")

    assert _photos(town) == [town.ticket(2).id]


def test_a_photo_after_the_word_that_it_is_done_is_proof_too(town: Town) -> None:
    town.say("王阿姨", "3栋2单元楼道灯坏了")
    town.say("李姐", "修好了")

    assert "(#1)" in said_to(town.say("李姐", "", kind=Kind.IMAGE, media_id="p1"), "oa-李姐")

    assert _photos(town) == [town.ticket().id]


def test_a_photo_an_hour_later_or_of_somebody_else_is_none_of_it(town: Town) -> None:
    town.say("李姐", SAID["settled"])
    town.say("张伯", "", kind=Kind.IMAGE, media_id="p0")
    town.wait(minutes=61)

    town.say("李姐", "", kind=Kind.IMAGE, media_id="p1")

    assert town.ticket().id not in _photos(town)


@pytest.mark.parametrize("words", SAID.values(), ids=SAID)
def test_a_photo_first_is_explained_by_the_round(town: Town, words: str) -> None:
    town.say("李姐", "", kind=Kind.IMAGE, media_id="p1")

    town.say("李姐", words)

    assert town.ticket().origin == Origin.PATROL
    assert _photos(town) == [town.ticket().id]
