"""The index of words: it holds what a ticket says now, whoever changes it, and forgets what is erased."""

from pathlib import Path

import pytest
from sqlmodel import col, select

from bot import finding
from bot.channels import Kind
from intents.searching import MOST_ASKED, MOST_WORDS, asked, words_of
from models import Area, Level, Ticket, TicketSearch
from tests.stories.conftest import build, people
from tests.stories.town import Town


@pytest.fixture
def town(database: str, tmp_path: Path) -> Town:
    built = build(database, tmp_path)
    people(built)
    return built


def found(town: Town, words: str) -> list[int]:
    """The numbers of the tickets that are found."""
    with town.services.reading() as session:
        condition = finding.found_by(session, words)
        assert condition is not None
        return list(session.exec(select(Ticket.number).where(condition).order_by(col(Ticket.number))))


def test_words_that_many_or_few_tickets_hold_are_found_alike(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("3栋1单元", "3栋2单元", "5栋1单元"):
        town.say("王阿姨", f"{place}楼道灯不亮")
    few = found(town, "楼道灯")
    monkeypatch.setattr(finding, "FEW", 1)
    assert found(town, "楼道灯") == few == [1, 2, 3]
    assert found(town, "天花板") == []


def two_estates(town: Town) -> None:
    """Another one beside 幸福里, with a building 3 of its own; one ticket in each, and one that only speaks of it."""
    town.area("TY", Level.ESTATE, "桃园小区", "XF", aliases=["老纺织厂"])
    town.area("TB3", Level.BUILDING, "3栋", "TY", "3")
    town.area("TB3U1", Level.UNIT, "1单元", "TB3", "1")
    town.say("王阿姨", "幸福里3栋2单元楼道灯不亮")
    town.say("张伯", "3栋2单元电梯停了，桃园的也停了")
    town.say("王阿姨", "3栋1单元电梯停了")
    with town.services.transaction() as session:
        there = session.exec(select(Area).where(Area.code == "TB3U1")).one()
        session.exec(select(Ticket).where(Ticket.number == 3)).one().area_id = there.id


def test_an_estates_name_finds_what_is_there(town: Town) -> None:
    two_estates(town)
    asked_for = {
        "桃园": [2, 3],  # spoken of, and there
        "桃园小区": [3],
        "桃园小区 电梯": [3],
        "桃园3栋": [2, 3],
        "桃园 1单元": [3],
        "桃园 楼道灯": [],
        "老纺织": [3],
        "幸福里": [1, 2],
        "幸福里电梯": [2],
        "电梯": [2, 3],
        "小区": [],
        "桃": [2],
    }
    assert {words: found(town, words) for words in asked_for} == asked_for


def test_an_estate_is_found_by_what_it_is_called_now_and_many_tickets_like_few(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_estates(town)
    with town.services.transaction() as session:
        session.exec(select(Area).where(Area.code == "TY")).one().name = "翠湖天地"
        session.exec(select(Area).where(Area.code == "XFL")).one().name = "11号院"
    assert found(town, "翠湖") == found(town, "翠湖天地电梯") == [3]
    assert found(town, "桃园") == [2]
    assert found(town, "11号院") == [1, 2]
    assert found(town, "1号院") == []
    monkeypatch.setattr(finding, "FEW", 0)
    assert found(town, "翠湖") == found(town, "翠湖天地电梯") == [3]


def indexed(town: Town) -> dict[int, str]:
    with town.services.reading() as session:
        return {row.ticket_id: row.tokens for row in session.exec(select(TicketSearch))}


def test_what_is_said_in_the_chat_is_found_at_once(town: Town) -> None:
    town.say("王阿姨", "3栋2单元楼道灯不亮，一闪一闪的")
    assert found(town, "楼道灯") == [1]
    assert found(town, "2单元") == [1]
    town.say("张伯", "3栋2单元楼道灯坏了，摔了一跤", channel="bridge")
    assert found(town, "摔 楼道") == [1]


def test_what_somebody_took_along_when_they_left_is_found_no_more(town: Town) -> None:
    town.say("王阿姨", "3栋2单元楼道灯不亮，我家的轮椅推不出去")
    assert found(town, "轮椅") == [1]
    town.say("王阿姨", "", kind=Kind.UNFOLLOW)
    assert found(town, "轮椅") == []
    assert "轮椅" not in " ".join(indexed(town).values())


def test_the_index_is_what_cutting_everything_anew_would_give(town: Town) -> None:
    town.say("王阿姨", "3栋2单元电梯停了")
    town.say("王阿姨", "5栋1单元下水道堵了")
    town.say("李姐", "1号修好了 换了主板")
    town.say("王阿姨", "没修好")
    before = indexed(town)
    assert len(before) == 2
    with town.services.transaction() as session:
        finding.rebuild(session, before)
    assert indexed(town) == before


def test_a_move_cuts_nothing(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.say("王阿姨", "3栋2单元电梯停了")

    def cut(*_words: object) -> str:
        raise AssertionError("nothing was said that is to be found")

    monkeypatch.setattr(finding, "words_of", cut)
    town.say("李姐", "我去看看", to="单元长群")
    assert town.ticket().status == "accepted"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("电梯", ("电梯",)),
        ("３栋 电梯", ("3栋", "电梯")),
        ("#128", ("128",)),
        ("坏", ("坏",)),
        ("的", ("的",)),
        ("", ()),
        ("，。！", ()),
        ('" OR * : ^ (', ("or",)),
    ],
)
def test_what_somebody_asks_for(text: str, words: tuple[str, ...]) -> None:
    assert asked(text) == words


def test_both_have_an_end() -> None:
    assert len(asked("电梯 水管 楼道 灯 门禁 燃气 下水道 噪音 垃圾 漏水 停电")) == MOST_ASKED
    many = [f"第{n}家的水表坏了abc{n}" for n in range(2000)]
    assert len(words_of("水", None, None, None, many).split()) == MOST_WORDS


def test_a_long_word_is_found_by_its_parts() -> None:
    words = words_of("又坏了", "电梯间", "3", "2", []).split()
    assert {"坏", "电梯", "3栋", "2单元"} <= set(words)
