"""Cases 31 to 40 of daily life, each a story: what is said, what everybody then sees, and what is kept."""

from dataclasses import replace

import pytest
from sqlmodel import select

from bot import binding
from bot.sections import StationSection
from models import Account, AccountState, Person, Status
from tests.stories.town import Seen, Town, chats, said_to

GROUP, LEADERS, STAFF = "3栋2单元群", "单元长群", "社工群"
OWN, LEADER, DEPUTY = "oa-王阿姨", "oa-李姐", "oa-陈副"


def test_31_a_group_purchase_and_its_plus_ones_join_nothing(town: Town) -> None:
    town.say("王阿姨", "又停水了", to=GROUP)

    for words in ("团购土鸡蛋接龙 1.3栋2份", "+1", "同意装电梯接龙 1.302同意", "2. 同意"):
        assert town.say("张伯", words, to=GROUP) == []

    assert len(town.tickets()) == 1
    assert town.voices() == [1]


def test_32_jokes_are_silent_and_what_is_no_drill_is_danger(town: Town) -> None:
    assert town.say("张伯", "笑死救命啊", to=GROUP) == []
    assert town.say("张伯", "老公着火了快来灭", to=GROUP) == []
    assert town.tickets() == []

    seen = town.say("王阿姨", "不是演习，电梯真困人哒", to=GROUP)

    assert "别扒门" in said_to(seen, GROUP)
    assert "【紧急】" in said_to(seen, LEADERS)
    assert town.ticket().danger == "lift_trapped"


@pytest.mark.parametrize("to", [None, GROUP])
def test_33_the_ugly_word_is_never_repeated_and_staff_or_the_police_are_meant(town: Town, to: str | None) -> None:
    seen = town.say("王阿姨", "楼上那癫子又在闹", to=to)
    seen += town.say("社工小邹", "详情 1")

    assert "110" in said_to(seen, OWN)
    assert said_to(seen, STAFF)
    assert not {GROUP, LEADERS, LEADER, DEPUTY} & set(chats(seen))
    assert all("癫" not in line.text for line in seen)
    assert "癫" not in town.words()
    assert town.ticket().private


def test_34_how_they_wish_to_be_reached_is_kept_and_shown_to_whoever_handles_it(town: Town) -> None:
    town.person("聋大爷")

    seen = town.say("聋大爷", "我听不见，莫打电话")
    assert "记下了" in said_to(seen, "oa-聋大爷")
    assert chats(seen) == ["oa-聋大爷"]
    assert town.tickets() == []

    town.say("聋大爷", "3栋2单元502水管漏水")
    assert "听不见，莫打电话" in said_to(town.say("李姐", "详情 1"), LEADER)
    assert "听不见" in said_to(town.say("社工小邹", "详情 1"), "oa-社工小邹")


def test_34_said_beside_a_matter_both_are_kept_even_by_somebody_unknown(town: Town) -> None:
    seen = town.say("生人", "3栋2单元502水管漏水，我听不见，莫打电话")

    assert "#1" in said_to(seen, "oa-生人")
    assert "502" not in said_to(seen, LEADERS)
    assert "莫打电话" in said_to(town.say("李姐", "详情 1"), LEADER)
    with town.services.reading() as session:
        account = session.exec(select(Account).where(Account.user_id == "oa-生人")).one()
        assert session.get_one(Person, account.person_id).contact_note == "我听不见，莫打电话"


def test_35_a_child_alone_hears_simple_words_and_is_asked_nothing(town: Town) -> None:
    seen = town.say("王阿姨", "我一个人在家好怕")
    answer = said_to(seen, OWN)

    assert answer.startswith("别怕。")
    assert "？" not in answer
    assert "#" not in answer
    for who in (STAFF, "oa-值班员"):
        assert "家里人" in said_to(seen, who)
    assert [line.chat for line in seen].count(STAFF) == 1
    assert not {GROUP, LEADERS, LEADER, "oa-志愿者小马"} & set(chats(seen))

    after = town.say("社工小邹", "#1 我去看看") + town.say("社工小邹", "#1 办好了") + town.wait(days=4)
    assert OWN not in chats(after)


def test_36_the_twentieth_time_is_heard_like_the_first_and_one_social_worker_rings(town: Town) -> None:
    seen: list[Seen] = []
    for n in range(20):
        seen = town.say("王阿姨", "屋里又有煤气味")
        assert "000-1111" in said_to(seen, OWN)
        assert ("小邹" in said_to(seen, OWN)) == (n == 19)
        if n < 19:
            town.say("值班员", f"#{n + 1} 我到了")
            town.say("值班员", f"#{n + 1} 处理好了")
            town.wait(days=1)

    assert len(town.tickets()) == 20
    assert "【紧急】" in said_to(seen, STAFF)
    told = said_to(seen, "oa-社工小邹")
    assert "第20次" in told
    assert "#18、#19" in told
    assert "社工小邹" in told
    assert "第20次" not in said_to(seen, STAFF) + said_to(seen, LEADERS)


def test_37_the_leader_reports_for_a_neighbour_and_the_answer_has_neither_room_nor_name(town: Town) -> None:
    seen = town.say("李姐", "402李娭毑家灯坏哒", to=GROUP)

    assert "灯的事记下了(#1)" in said_to(seen, GROUP)
    assert all("402" not in line.text and "李" not in line.text for line in seen)
    assert (town.ticket().category, town.ticket().room) == ("light", "402")


def test_38_who_sold_and_moved_out_hears_nothing_more_and_has_no_rights(town: Town) -> None:
    town.say("王阿姨", "3栋2单元电梯又坏了")

    seen = town.say("王阿姨", "我卖房搬走了")
    assert "打登记的电话" in said_to(seen, OWN)
    assert said_to(seen, STAFF)

    after = town.say("李姐", "#1 我去看看") + town.say("李姐", "#1 修好了") + town.wait(days=1)
    assert "电梯" not in said_to(after, OWN)
    with town.services.reading() as session:
        account = session.exec(select(Account).where(Account.user_id == OWN)).one()
        assert (account.state, account.area_id) == (AccountState.FROZEN, None)


def test_38_a_leader_who_moved_away_no_longer_leads_and_who_moves_in_sees_none_of_it(town: Town) -> None:
    town.say("王阿姨", "3栋2单元电梯又坏了")
    town.say("李姐", "我卖房搬走了")
    town.say("李姐", "#1 我去看看")
    assert town.ticket().status == Status.DISPATCHED

    town.person("新住户", home="B3U2")
    for words in ("到哪一步了", "你们存了我什么", "详情 1"):
        assert "电梯" not in said_to(town.say("新住户", words), "oa-新住户")


def code_for(town: Town, name: str) -> str:
    """What staff do once they have rung the number on file."""
    with town.services.transaction() as session:
        person = session.exec(select(Person).where(Person.name == name)).one()
        return binding.issue_person_code(town.services.desk(session), person)


def test_38_who_only_said_so_has_their_rights_back_when_staff_give_a_new_code(town: Town) -> None:
    early = code_for(town, "李姐")
    town.wait(minutes=1)
    town.say("李姐", "我卖房搬走了")
    assert "核对" in said_to(town.say("李姐", early), LEADER)
    town.wait(minutes=1)

    town.say("李姐", code_for(town, "李姐"))

    town.say("王阿姨", "3栋2单元电梯又坏了")
    town.say("李姐", "#2 我去看看")
    assert town.ticket(2).status == Status.ACCEPTED


def test_34_a_wish_goes_along_when_the_account_is_bound(town: Town) -> None:
    town.say("生人", "我听不见，莫打电话")
    assert "莫打电话" in said_to(town.say("生人", "你们存了我什么"), "oa-生人")

    assert "认得您" in said_to(town.say("生人", code_for(town, "张伯")), "oa-生人")

    with town.services.reading() as session:
        assert session.exec(select(Person).where(Person.name == "张伯")).one().contact_note == "我听不见，莫打电话"


def test_39_a_courier_hears_the_rest_stations_hours_of_today(town: Town) -> None:
    station = StationSection.model_validate(
        {"name": "东门歇脚点", "open": [["08:00", "12:00"], ["14:00", "20:30"]], "offers": "充电、喝水、热饭"}
    )
    closed = station.model_copy(update={"name": "西门歇脚点", "days": (6, 7)})
    settings = town.services.settings.model_copy(update={"stations": (station, closed)})
    town.services = replace(town.services, settings=settings)
    town.person("骑手")

    seen = town.say("骑手", "哪里能充电喝水")

    assert said_to(seen, "oa-骑手") == "今天开着的：东门歇脚点8点到12点、14点到20点半，充电、喝水、热饭。"
    assert chats(seen) == ["oa-骑手"]
    assert town.tickets() == []
    town.wait(days=5)  # Saturday
    assert "西门歇脚点" in said_to(town.say("骑手", "哪里能充电喝水"), "oa-骑手")


def test_39_where_no_station_is_known_a_number_is_said_and_no_ticket_opened(town: Town) -> None:
    assert "000-4444" in said_to(town.say("骑手", "哪里能充电喝水"), "oa-骑手")
    assert town.tickets() == []


def test_40_a_journalist_is_the_secretarys_in_private_and_hears_no_figure_and_no_view(town: Town) -> None:
    town.say("王阿姨", "3栋2单元电梯又坏了")

    seen = town.say("记者", "我是××台记者，你们小区电梯坏了多少次")

    assert "书记" in said_to(seen, "oa-记者")
    assert not [sign for sign in said_to(seen, "oa-记者").split("(#")[0] if sign.isdigit()]
    assert sorted(chats(seen)) == ["oa-书记", "oa-记者"]
    assert town.ticket(2).private
