"""Suggestions, complaints about the office, praise, confidence, 12345: none of them is met with silence in private."""

from dataclasses import dataclass

import pytest
from sqlmodel import col, select

from models import AuditEntry, Level, Role, Slot, Ticket
from tests.stories.more import GROUP, LEADERS, STAFF
from tests.stories.town import Town, chats, said_to

OWN = "oa-王阿姨"
LEADER = "oa-李姐"
SECRETARY = "oa-书记"


@dataclass(frozen=True)
class Case:
    """One message of 王阿姨. sees: chat -> words that must be there. spared: chats that see nothing."""

    words: str
    to: str | None = None
    sees: tuple[tuple[str, str], ...] = ()
    spared: tuple[str, ...] = ()
    tickets: int = 1
    category: str | None = None


SUGGESTIONS = [
    Case("我有个建议，单元门口能不能摆两张长椅", sees=((OWN, "议事"), (STAFF, "#1")), category="meeting"),
    Case("建议社区每个月办一次修家电的活动", sees=((OWN, "议事"), (STAFF, "#1")), category="meeting"),
    Case("提个意见，老年食堂的菜少放点盐", sees=((OWN, "议事"),), category="meeting"),
    Case("希望社区多搞点给老人的活动", sees=((OWN, "议事"),), category="meeting"),
    Case("建议小区門口加個雨棚", sees=((OWN, "议事"),), category="meeting"),
    Case("我有个建议，单元门口能不能摆两张长椅", GROUP, sees=((STAFF, "建议"),), spared=(GROUP, LEADERS), tickets=0),
]

COMPLAINTS = [
    Case("社工态度很差，我跑了三趟都不给办", category="other"),
    Case("我要投诉网格员，收了我们的钱不给票", category=None),
    Case("居委会的人爱理不理的", category=None),
    Case("单元长收了楼下麻将馆的好处", category=None),
    Case("居委会的人爱理不理的，问一句答半句", GROUP, category=None),
]


@pytest.mark.parametrize("case", SUGGESTIONS, ids=lambda case: case.words[:12])
def test_a_suggestion_goes_to_the_next_meeting(town: Town, case: Case) -> None:
    seen = town.say("王阿姨", case.words, to=case.to)

    for chat, words in case.sees:
        assert words in said_to(seen, chat)
    assert not {GROUP, LEADERS, LEADER} & set(chats(seen))
    assert len(town.tickets()) == case.tickets
    if case.category:
        assert town.ticket().category == case.category


@pytest.mark.parametrize("case", COMPLAINTS, ids=lambda case: case.words[:12])
def test_a_complaint_about_the_office_reaches_the_secretary_alone(town: Town, case: Case) -> None:
    seen = town.say("王阿姨", case.words, to=case.to)

    assert "书记" in said_to(seen, OWN)
    assert said_to(seen, SECRETARY)
    assert set(chats(seen)) == {OWN, SECRETARY}
    assert town.ticket().private


def test_staff_who_are_complained_about_cannot_look_at_it(town: Town) -> None:
    town.say("王阿姨", "社工态度很差，我跑了三趟都不给办")

    assert "态度" not in said_to(town.say("社工小邹", "详情 1"), "oa-社工小邹")
    assert "#1" not in said_to(town.say("社工小邹", "清单"), "oa-社工小邹")


def test_a_complaint_about_the_secretary_goes_past_the_community(town: Town) -> None:
    town.person("街道老程", (Role.ADMINISTRATOR, "QH", Slot.A))

    seen = town.say("王阿姨", "我要投诉书记，书记包庇开店的亲戚")

    assert "街道" in said_to(seen, OWN)
    assert said_to(seen, "oa-街道老程")
    assert set(chats(seen)) == {OWN, "oa-街道老程"}


def praised(town: Town) -> list[str]:
    with town.services.reading() as session:
        query = select(AuditEntry.subject).where(AuditEntry.action == "praise").order_by(col(AuditEntry.id))
        return list(session.exec(query))


PRAISE = [
    ("谢谢单元长，昨晚陪我找了半天钥匙", LEADER, "praised"),
    ("表扬一下李姐，帮我把菜提到六楼", LEADER, "praised"),
    ("社工小邹真热心，帮了大忙", "oa-社工小邹", "praised"),
    ("物业的师傅辛苦了，谢谢物业", "oa-物业邓工", "praised"),
]


@pytest.mark.parametrize(("words", "who", "_"), PRAISE)
def test_praise_is_passed_to_the_person_once_and_written_down(town: Town, words: str, who: str, _: str) -> None:
    seen = town.say("王阿姨", words)
    again = town.say("王阿姨", words)

    assert "谢意我带到" in said_to(seen, OWN)
    assert "谢谢您" in said_to(seen, who)
    assert set(chats(seen)) == {OWN, who}
    assert said_to(again, who) == ""
    assert said_to(again, OWN)
    assert len(praised(town)) == 1
    assert town.tickets() == []


def test_the_thanks_are_passed_on_and_the_cigarettes_are_not(town: Town) -> None:
    """Daily life, case 28."""
    seen = town.say("王阿姨", "给单元长送条烟谢谢他")

    assert "不用送" in said_to(seen, OWN)
    assert said_to(seen, LEADER)
    assert "烟" not in said_to(seen, LEADER)


def test_praise_for_somebody_we_cannot_tell_is_passed_on_by_staff(town: Town) -> None:
    seen = town.say("王阿姨", "谢谢那个志愿者小伙子，陪我去了医院")

    assert "谢意我带到" in said_to(seen, OWN)
    assert "道谢" in said_to(seen, STAFF)


def test_praise_in_the_group_is_heard_by_all_and_sarcasm_is_no_praise(town: Town) -> None:
    assert town.say("王阿姨", "谢谢单元长，辛苦了", to=GROUP) == []
    assert praised(town) == []

    town.say("王阿姨", "物业真棒，电梯坏出新高度，五星好评", to=GROUP)
    assert praised(town) == []
    assert len(town.tickets()) == 1


CONFIDED = [
    "我不敢在群里讲，楼上的又聚赌到半夜，别说是我讲的",
    "千万别告诉他是我反映的，对门天天在走道烧纸",
    "隔壁把杂物堆到消防通道，请替我保密",
]


@pytest.mark.parametrize("words", CONFIDED)
def test_what_is_told_in_confidence_is_private_and_nobody_hears_before_they_say_whom(town: Town, words: str) -> None:
    seen = town.say("王阿姨", words)

    assert said_to(seen, OWN)
    assert not {GROUP, LEADERS, LEADER} & set(chats(seen))
    assert town.ticket().private or town.ticket().intent == "repair"


def test_in_confidence_about_the_leader_he_never_hears_of_it(town: Town) -> None:
    seen = town.say("王阿姨", "不方便在群里说，单元长把公共的棚子租给人收钱，莫讲是我")

    assert set(chats(seen)) == {OWN, SECRETARY}
    assert "王阿姨" not in said_to(seen, SECRETARY)
    assert said_to(town.say("李姐", "清单"), LEADER).count("#1") == 0


def test_somebody_who_only_asks_for_confidence_is_told_to_go_on(town: Town) -> None:
    seen = town.say("王阿姨", "我不敢在群里说")

    assert "不发群里" in said_to(seen, OWN)
    assert town.tickets() == []


def external(town: Town) -> list[str]:
    return [kind for ticket in town.tickets() for kind in town.history(ticket.number) if kind == "external"]


def test_who_rang_12345_as_well_has_one_matter_with_one_answer(town: Town) -> None:
    seen = town.say("王阿姨", "12345我打过了，3栋2单元楼道灯还是不亮")

    assert "#1" in said_to(seen, OWN)
    assert "一个答复" in said_to(seen, OWN)
    assert said_to(seen, LEADERS)
    assert external(town) == ["external"]
    town.say("王阿姨", "都打过12345了，楼道灯怎么还不亮")
    assert external(town) == ["external"]


def test_a_place_asked_for_in_between_does_not_lose_it(town: Town) -> None:
    town.person("租客")
    town.say("租客", "我打过12345了，电梯一直坏着")

    town.say("租客", "5栋1单元")

    assert external(town) == ["external"]


def test_12345_alone_is_answered_and_a_group_hears_nothing(town: Town) -> None:
    assert "一个答复" in said_to(town.say("王阿姨", "我打过12345了"), OWN)
    assert town.say("王阿姨", "我打过12345了", to=GROUP) == []
    assert town.tickets() == []


def test_a_resident_we_cannot_place_is_thanked_too(town: Town) -> None:
    town.area("YX", Level.COMMUNITY, "云溪社区", "QH")
    town.person("过路人")

    seen = town.say("过路人", "谢谢你们社区的人，真热心")

    assert "谢意我带到" in said_to(seen, "oa-过路人")
    with town.session() as session:
        assert session.exec(select(Ticket)).all() == []


MORE_CONFIDED = [
    ("单独跟社区说个事，楼下棋牌室通宵打牌，别让他们晓得是我反映的", "noise"),
    ("偷偷跟你们讲，对门从楼道的电表箱里接电出来，千万别让他知道", None),
    ("私下反映一下，保安收外面车子的钱放进来乱停，不要让他知道是我", None),
    ("别发群里啊，三楼那家养了一屋子狗，天天叫", "pets"),
    ("这话只跟你们说，物业把消防通道租出去堆货了", None),
]


@pytest.mark.parametrize(("words", "category"), MORE_CONFIDED)
def test_whoever_asks_not_to_be_named_has_a_dispute_that_nobody_hears_of(
    town: Town, words: str, category: str | None
) -> None:
    seen = town.say("王阿姨", words)

    assert set(chats(seen)) == {OWN}
    assert town.ticket().intent == "dispute"
    assert town.ticket().private
    assert category is None or town.ticket().category == category


def test_a_lamp_told_in_confidence_is_still_a_lamp(town: Town) -> None:
    town.say("王阿姨", "我不敢在群里说，楼道灯坏了")

    assert town.ticket().intent == "repair"


@pytest.mark.parametrize("words", ["私下里他人很好的", "你单独跟我说说高龄补贴怎么领", "别给孩子听见了哈哈"])
def test_the_same_words_without_a_wish_are_no_confidence(town: Town, words: str) -> None:
    town.say("王阿姨", words)

    assert all(ticket.intent != "dispute" for ticket in town.tickets())
