"""What reviewers found by walking through the town: each was wrong once."""

from bot.channels import DeliveryError, Kind
from models import Status
from tests.stories.town import Town, chats, said_to

GROUP, LEADERS, STAFF = "3栋2单元群", "单元长群", "社工群"
LIFT = "3栋2单元电梯又坏了"


def test_a_complaint_about_the_leader_is_not_read_by_the_whole_office(town: Town) -> None:
    seen = town.say("王阿姨", "单元长把架空层租给人停车收钱，没人管吗")

    assert STAFF not in chats(seen)
    assert "oa-书记" in chats(seen)


def test_a_silent_matter_is_not_told_on_that_phone(town: Town) -> None:
    town.say("王阿姨", "我老公又打我，救救我")

    answer = said_to(town.say("王阿姨", "到哪一步了"), "oa-王阿姨")

    assert answer
    assert "#" not in answer


def test_the_deputy_is_reached_in_private_where_the_leaders_chat_refuses(town: Town) -> None:
    for chat in (LEADERS, GROUP):
        town.channels["bridge"].refuses[chat] = DeliveryError("gone", permanent=True)

    seen = town.say("王阿姨", "楼道里好大的煤气味") + town.wait(minutes=2)

    assert {"oa-李姐", "oa-陈副"} <= set(chats(seen))


def test_whoever_was_relieved_is_told_kindly_even_in_the_same_chat(town: Town) -> None:
    town.say("王阿姨", LIFT)

    assert "不用再跑" in said_to(town.wait(hours=30), LEADERS)


def test_a_photo_nobody_explains_ends_with_staff(town: Town) -> None:
    town.say("王阿姨", "", kind=Kind.IMAGE, media_id="p1")

    assert STAFF in chats(town.wait(minutes=61))


def test_what_was_put_aside_without_a_date_comes_back(town: Town) -> None:
    town.say("王阿姨", LIFT)
    town.say("李姐", "#1 先放一放 等配件")
    assert town.ticket().status == Status.PAUSED

    assert "今天接着办" in said_to(town.wait(days=8), LEADERS)
