"""The service is whole with an unverified Official Account alone: everything rides on passive answers."""

from bot.channels import Kind
from models import Status
from tests.stories.town import Town, said_to


def test_the_leaders_next_message_is_answered_with_what_waits_for_them(plain_town: Town) -> None:
    town = plain_town
    assert "#1" in said_to(town.say("王阿姨", "3栋2单元电梯又坏了"), "oa-王阿姨")

    waiting = said_to(town.say("李姐", "你好"), "oa-李姐")
    assert "电梯" in waiting
    assert "(#1)" in waiting

    assert "#1" in said_to(town.say("李姐", "我去看看"), "oa-李姐")
    assert town.ticket().status == Status.ACCEPTED
    assert "单元长" in said_to(town.say("王阿姨", "到哪一步了"), "oa-王阿姨")
    town.say("李姐", "修好了 换了门机")
    assert "没好" in said_to(town.say("王阿姨", "在吗"), "oa-王阿姨")
    town.say("王阿姨", "好了")
    assert town.ticket().status == Status.CLOSED


def test_a_leader_relays_for_a_neighbour_and_gets_a_text_to_forward(plain_town: Town) -> None:
    seen = plain_town.say("李姐", "代报 3栋2单元 电梯停了")

    assert "转给邻居" in said_to(seen, "oa-李姐")
    assert plain_town.ticket().building == "3"
    assert plain_town.ticket().unit == "2"


def test_what_nobody_reads_ends_with_staff_and_on_the_undelivered_list(plain_town: Town) -> None:
    plain_town.say("王阿姨", "3栋2单元电梯又坏了")

    plain_town.wait(minutes=11)
    plain_town.wait(minutes=11)

    assert [line.ticket_id for line in plain_town.undelivered()] == [plain_town.ticket().id]


def test_a_person_is_always_reached(plain_town: Town) -> None:
    seen = plain_town.say("王阿姨", "人工")

    assert "社区的人" in said_to(seen, "oa-王阿姨")
    assert plain_town.ticket().matter == "请人联系"
    assert "等人" in said_to(plain_town.say("社工小邹", "清单"), "oa-社工小邹") or "请人联系" in said_to(
        plain_town.say("社工小邹", "清单"), "oa-社工小邹"
    )


def test_a_voice_message_nobody_can_read_goes_to_a_person(plain_town: Town) -> None:
    seen = plain_town.say("王阿姨", "", kind=Kind.VOICE, media_id="v1")

    assert "听不清" in said_to(seen, "oa-王阿姨")
    assert "000-4444" in said_to(seen, "oa-王阿姨")
    assert plain_town.ticket().category == "voice"


def test_an_emergency_is_advised_at_once_and_its_ladder_runs(plain_town: Town) -> None:
    seen = plain_town.say("王阿姨", "楼道里好大的煤气味")

    assert "000-1111" in said_to(seen, "oa-王阿姨")
    assert plain_town.ticket().danger == "gas"
    plain_town.wait(minutes=4)
    assert "alarmed" in plain_town.history()
