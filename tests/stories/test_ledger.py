"""台账: a leader asks what is not struck off yet, and what the talk has filled in meanwhile. On both databases."""

import pytest
from sqlmodel import select

from bot import ledger
from models import Area, Chat
from tests.stories.more import GROUP, LEADERS
from tests.stories.town import Town, chats, said_to

ASKS = ["台账", "本楼还有哪些事", "看一下台账", "我们单元还有几件没办的"]


def _four(town: Town) -> None:
    for who, words in (
        ("王阿姨", "3栋2单元电梯又坏了"),
        ("张伯", "3栋2单元楼道灯不亮了"),
        ("王阿姨", "3栋2单元单元门关不上了"),
        ("张伯", "3栋2单元下水道堵了"),
    ):
        town.say(who, words)
        town.wait(minutes=20)


@pytest.mark.parametrize("words", ASKS)
def test_a_leader_hears_three_lines_and_how_many(town: Town, words: str) -> None:
    _four(town)
    town.say("李姐", "修好了 #2")

    seen = town.say("李姐", words)

    text = said_to(seen, "oa-李姐")
    assert "3栋2单元还有3件没销号，今年销了1件" in text
    assert text.count("单元长在办") == 3
    assert chats(seen) == ["oa-李姐"]


def test_more_than_three_are_counted(town: Town) -> None:
    _four(town)

    text = said_to(town.say("李姐", "台账"), "oa-李姐")

    assert "还有4件" in text
    assert text.count("在办") == 3
    assert "另外还有1件" in text


def test_each_asks_for_where_they_lead(town: Town) -> None:
    _four(town)

    assert "5栋1单元现在没有" in said_to(town.say("周叔", "台账"), "oa-周叔")
    assert "第一网格还有4件" in said_to(town.say("网格刘", "台账"), "oa-网格刘")
    assert "幸福社区还有4件" in said_to(town.say("社工小邹", "台账"), "oa-社工小邹")


@pytest.mark.parametrize("who", ["王阿姨", "志愿者小马", "物业邓工"])
def test_nobody_else_is_shown_it(town: Town, who: str) -> None:
    _four(town)

    assert "销号" not in said_to(town.say(who, "台账"), f"oa-{who}")


@pytest.mark.parametrize(("to", "told"), [(GROUP, []), (LEADERS, ["oa-李姐"])])
def test_in_no_group_is_it_read_out(town: Town, to: str, told: list[str]) -> None:
    """Among leaders it is asked for work: whoever asks has it on their own phone. Among residents it is talk."""
    _four(town)

    seen = town.say("李姐", "台账", to=to)

    assert chats(seen) == told
    assert ("还有4件没销号" in said_to(seen, "oa-李姐")) == bool(told)


def test_where_nobody_can_be_told_in_private_the_group_hears_how_to_ask(town: Town) -> None:
    town.channels["bridge"].whispers = False
    with town.services.transaction() as session:
        session.delete(session.exec(select(Chat).where(Chat.external_id == "oa-李姐")).one())

    seen = town.say("李姐", "台账", to=LEADERS)

    assert "私聊我发“台账”" in said_to(seen, LEADERS)


def test_a_quarrel_is_in_nobodys_list(town: Town) -> None:
    town.say("王阿姨", "楼上天天半夜跳绳，吵死了")

    assert "没有没销号的事" in said_to(town.say("李姐", "台账"), "oa-李姐")


def test_the_five_questions_are_filled_from_the_talk(town: Town) -> None:
    town.say("王阿姨", "3栋2单元电梯又坏了，我住502")
    town.say("李姐", "我下午去看看")
    assert town.ticket().plan == "我11月23日下午去看看"

    town.say("李姐", "是主板烧了，约明天下午换")
    ticket = town.ticket()
    assert (ticket.cause, ticket.plan) == ("主板烧了", "约11月24日下午换")
    assert ticket.progress is not None
    assert "约11月24日下午换" in ticket.progress

    town.say("李姐", "修好了 换了主板")
    assert (town.ticket().cause, town.ticket().outcome) == ("主板烧了", "换了主板")
    entry = _ledger(town).struck_off[0]
    assert (entry.need, entry.cause, entry.outcome) == ("3栋2单元电梯又坏了", "主板烧了", "换了主板")

    town.say("王阿姨", "没修好")
    assert town.ticket().outcome is None
    assert [entry.number for entry in _ledger(town).open] == [1]


def test_the_bare_word_is_an_outcome_too_and_goes_with_it(town: Town) -> None:
    town.say("王阿姨", "3栋2单元电梯又坏了")
    town.say("李姐", "查了是主板烧了")
    town.say("李姐", "修好了")
    assert (town.ticket().cause, town.ticket().outcome) == ("主板烧了", "修好了")

    town.say("李姐", "撤销")

    assert (town.ticket().cause, town.ticket().outcome) == ("主板烧了", None)


def test_which_of_two_is_meant_tells_nothing_of_the_outcome(town: Town) -> None:
    _four(town)
    town.say("李姐", "修好了 换了新的")

    town.say("李姐", "1")

    assert "1" not in {ticket.outcome for ticket in town.tickets()}


def _ledger(town: Town) -> ledger.Ledger:
    zone = town.services.settings.zone
    with town.services.reading() as session:
        area = session.exec(select(Area).where(Area.code == "XF")).one()
        now = town.services.now()
        since = ledger.since_new_year(now, zone)
        rows = ledger.snapshot(session, area, ledger.beginning(since, zone))
        return ledger.build(area, rows, now, since, zone, names=ledger.names_in(session, area))
