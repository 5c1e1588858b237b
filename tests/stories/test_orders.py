"""Requests for help: offered in waves, taken by one, given back and offered anew, or assigned."""

from dataclasses import dataclass, field

import pytest
from sqlmodel import select

from bot.channels import Kind
from models import AuditEntry, Mode, OfferState, Skill, Status
from tests.stories.helping import asked, offers, order, takers, volunteer
from tests.stories.more import GROUP, STAFF
from tests.stories.town import Seen, Town, said_to

SHOP = "想请人帮我买菜，我脚崴了下不了楼，住502"
HAIR = "能不能请人上门给我妈剪个头，她下不了床，住502"
ADDRESS, PHONE = "502", "13800001111"
TAKEN = "这件刚才有人接了"


@pytest.fixture
def helpers(town: Town) -> Town:
    """赵一 lives in the unit, 钱二 next door in the building, 孙三 in building 5; of 小马 and 吴四 nobody knows."""
    for name, home in (("赵一", "B3U2"), ("钱二", "B3U1"), ("孙三", "B5U1"), ("吴四", None)):
        volunteer(town, name, home)
    return town


@dataclass(frozen=True)
class Line:
    """Somebody says something, so many minutes after the line before; what is then read where, and what nowhere."""

    who: str
    words: str
    to: str | None = None
    after: float = 0
    sees: tuple[tuple[str, str], ...] = ()  # (chat, words)
    never: tuple[str, ...] = ()  # words that nobody reads now


@dataclass(frozen=True)
class Dialogue:
    name: str
    lines: tuple[Line, ...]
    status: Status
    has: tuple[str, ...] = ()  # who has it in the end
    waves: tuple[tuple[str, ...], ...] | None = field(default=None)


def private(who: str, words: str) -> tuple[str, str]:
    return f"oa-{who}", words


def tell(town: Town, lines: tuple[Line, ...]) -> list[Seen]:
    seen: list[Seen] = []
    for line in lines:
        seen = town.wait(minutes=line.after) if line.after else []
        seen += town.say(line.who, line.words, to=line.to)
        for chat, words in line.sees:
            assert words in said_to(seen, chat), f"{line}\n{seen}"
        for words in line.never:
            assert words not in "\n".join(one.text for one in seen), f"{line}\n{seen}"
    return seen


FIRST_WAVE = ("赵一", "钱二", "志愿者小马")

DIALOGUES = [
    Dialogue(
        "the nearest are asked, without a place; the first to say so has it, and the address",
        (
            Line("王阿姨", SHOP, sees=(private("赵一", "跑腿"), private("王阿姨", "我去问问谁能来")),
                 never=(PHONE, ADDRESS)),
            Line("钱二", "我来", sees=(private("钱二", ADDRESS), private("钱二", PHONE), private("王阿姨", "志愿者"))),
            Line("赵一", "我来", sees=(private("赵一", TAKEN),), never=(ADDRESS, PHONE, "3栋")),
            Line("志愿者小马", "好的", sees=(private("志愿者小马", TAKEN),), never=(ADDRESS, PHONE)),
        ),
        Status.ACCEPTED, ("钱二",), (FIRST_WAVE,),
    ),
    Dialogue(
        "nobody answers: the next are asked, at last staff",
        (
            Line("王阿姨", SHOP),
            Line("钱二", "不方便", sees=(private("钱二", "没关系"),)),
            Line("王阿姨", "谢谢", after=31, sees=(private("孙三", "跑腿"), private("吴四", "跑腿"))),
            Line("王阿姨", "谢谢", after=31, sees=((STAFF, "都还没空"),), never=("孙三", "赵一")),
        ),
        Status.DISPATCHED, (), (FIRST_WAVE, ("孙三", "吴四")),
    ),
    Dialogue(
        "whoever was asked before may still come",
        (Line("王阿姨", SHOP), Line("赵一", "我来", after=40, sees=(private("赵一", ADDRESS),)),),
        Status.ACCEPTED, ("赵一",), (FIRST_WAVE, ("孙三", "吴四")),
    ),
    Dialogue(
        "方便 is an answer to 您方便吗",
        (Line("王阿姨", SHOP), Line("赵一", "方便", sees=(private("赵一", ADDRESS),))),
        Status.ACCEPTED, ("赵一",), (FIRST_WAVE,),
    ),
    Dialogue(
        "given back: who asked hears it, and the others are asked, not the one who cannot",
        (
            Line("王阿姨", SHOP),
            Line("赵一", "我来"),
            Line("赵一", "不好意思，我临时有事去不了", after=5,
                 sees=(private("赵一", "没关系"), private("王阿姨", "再问别人"), private("钱二", "跑腿"))),
            Line("赵一", "详情 1", never=(ADDRESS, PHONE)),
            Line("志愿者小马", "我来", sees=(private("志愿者小马", ADDRESS),)),
        ),
        Status.ACCEPTED, ("志愿者小马",), (FIRST_WAVE, ("钱二", "孙三", "吴四")),
    ),
    Dialogue(
        "退单 by its number",
        (Line("王阿姨", SHOP), Line("赵一", "#1 我来"), Line("赵一", "#1 退单", sees=(private("赵一", "没关系"),))),
        Status.DISPATCHED, (), (FIRST_WAVE, ("钱二", "孙三", "吴四")),
    ),
    Dialogue(
        "never begun: asked once, then it is offered anew",
        (
            Line("王阿姨", SHOP),
            Line("赵一", "我来"),
            Line("王阿姨", "谢谢", after=290, sees=(private("赵一", "还方便去吗"),)),
            Line("王阿姨", "谢谢", after=80, sees=(private("赵一", "我先请别人去"), private("钱二", "跑腿"))),
            Line("赵一", "去不了了，家里有事", sees=(private("赵一", "没关系"),)),
        ),
        Status.DISPATCHED, (), (FIRST_WAVE, ("钱二", "孙三", "吴四")),
    ),
    Dialogue(
        "asked whether they still go, they do",
        (
            Line("王阿姨", SHOP),
            Line("赵一", "我来"),
            Line("赵一", "我去", after=290, sees=(private("赵一", "还是您去"),)),
            Line("王阿姨", "谢谢", after=200, never=("跑腿", "我先请别人去")),
        ),
        Status.ACCEPTED, ("赵一",), (FIRST_WAVE,),
    ),
    Dialogue(
        "who has begun is not asked",
        (
            Line("王阿姨", SHOP),
            Line("赵一", "我来"),
            Line("赵一", "约好今天下午5点送过去", after=30),
            Line("王阿姨", "谢谢", after=400, never=("还方便去吗", "我先请别人去")),
        ),
        Status.ACCEPTED, ("赵一",), (FIRST_WAVE,),
    ),
    Dialogue(
        "taken back at once, it is free again",
        (Line("王阿姨", SHOP, to=GROUP), Line("张伯", "我来", to=GROUP), Line("张伯", "撤销", to=GROUP)),
        Status.DISPATCHED, (), None,
    ),
    Dialogue(
        "in the group a neighbour is quicker; the others hear it alone",
        (
            Line("王阿姨", SHOP, to=GROUP),
            Line("张伯", "我来", to=GROUP, sees=(private("张伯", ADDRESS),)),
            Line("赵一", "我来", to=GROUP, sees=(private("赵一", TAKEN),), never=(ADDRESS,)),
            Line("李姐", "我来", to=GROUP, sees=(private("李姐", TAKEN),), never=(ADDRESS,)),
            Line("路人", "我来", to=GROUP, sees=(("bridge-路人", TAKEN),), never=(ADDRESS,)),
        ),
        Status.ACCEPTED, ("张伯",), (FIRST_WAVE,),
    ),
    Dialogue(
        "somebody unknown may have it, and the address only through the community",
        (
            Line("王阿姨", SHOP, to=GROUP),
            Line("路人", "我来", to=GROUP, never=(PHONE,),
                 sees=(("bridge-路人", "门牌我不能随便给"), (STAFF, "门牌我没给"))),
            Line("路人", "详情 1", to=GROUP, never=(ADDRESS, PHONE)),
        ),
        Status.ACCEPTED, ("?",), (FIRST_WAVE,),
    ),
    Dialogue(
        "done, and the one who did it is thanked",
        (
            Line("王阿姨", SHOP),
            Line("赵一", "我来"),
            Line("赵一", "买好了，送到了", sees=(private("王阿姨", "办好了"),)),
            Line("王阿姨", "好了，谢谢", sees=(private("赵一", "谢谢您"),)),
        ),
        Status.CLOSED, ("赵一",), (FIRST_WAVE,),
    ),
    Dialogue(
        "not wanted any more: who comes too late hears so",
        (
            Line("王阿姨", SHOP),
            Line("王阿姨", "不用来了"),
            Line("赵一", "我来", sees=(private("赵一", "不用去了"),)),
        ),
        Status.WITHDRAWN, (), (FIRST_WAVE,),
    ),
    Dialogue(
        "staff take it in hand themselves",
        (Line("王阿姨", SHOP), Line("社工小邹", "#1 我来"), Line("赵一", "我来", sees=(private("赵一", TAKEN),))),
        Status.ACCEPTED, (), (FIRST_WAVE,),
    ),
    Dialogue(
        "a home is entered: nobody is asked but whom staff choose, and no address before they say so",
        (
            Line("王阿姨", HAIR, sees=((STAFF, "请社区选人去"), private("王阿姨", "选个合适的人")), never=("方便吗",)),
            Line("志愿者小马", "#1 我来", never=(ADDRESS,),
                 sees=(private("志愿者小马", "由社区选人"), (STAFF, "有邻居说愿意去"))),
            Line("社工小邹", "详情 1", sees=(private("社工小邹", "1. 赵一"), private("社工小邹", "2. 钱二"))),
            Line("社工小邹", "1号派钱二", sees=(private("钱二", "社区想请您"),), never=(ADDRESS, PHONE)),
            Line("钱二", "不方便", sees=((STAFF, "这回来不了"),)),
            Line("社工小邹", "1号派1", to=STAFF, sees=(private("赵一", "理发"),), never=(ADDRESS, PHONE)),
            Line("赵一", "我来", sees=(private("赵一", ADDRESS), private("赵一", PHONE))),
        ),
        Status.ACCEPTED, ("赵一",), (("钱二", "赵一"),),
    ),
    Dialogue(
        "the chosen one does not answer: staff choose again",
        (
            Line("王阿姨", HAIR),
            Line("社工小邹", "派小马"),
            Line("王阿姨", "谢谢", after=125, sees=((STAFF, "还没回话"),)),
        ),
        Status.DISPATCHED, (), (("志愿者小马",),),
    ),
    Dialogue(
        "only the office chooses",
        (
            Line("王阿姨", HAIR),
            Line("赵一", "1号派钱二", never=("社区想请您",)),
            Line("李姐", "1号派钱二", never=("社区想请您",)),
            Line("王阿姨", "派小马", never=("社区想请您",)),
        ),
        Status.DISPATCHED, (), (),
    ),
    Dialogue(
        "medicines are nobody's but the staff's, whoever offers",
        (
            Line("王阿姨", "药吃完了，想请人帮我拿药，住502", never=("方便吗",),
                 sees=((STAFF, "要经手药"), private("王阿姨", "社区的人来办"))),
            Line("赵一", "#1 我来", sees=(private("赵一", "不能请邻居做"),), never=(ADDRESS,)),
            Line("社工小邹", "1号派赵一", sees=(private("社工小邹", "不能派给志愿者"),)),
        ),
        Status.DISPATCHED, (), (),
    ),
    Dialogue(
        "what is added later may forbid it",
        (
            Line("王阿姨", SHOP),
            Line("王阿姨", "顺便帮我拿点降压药", sees=((STAFF, "要经手药"),)),
            Line("赵一", "我来", never=(ADDRESS, PHONE)),
        ),
        Status.DISPATCHED, (), (FIRST_WAVE,),
    ),
    Dialogue(
        "去不了了 about anything else goes to the community",
        (
            Line("王阿姨", "电梯停在一楼不动了", to=GROUP),
            Line("李姐", "我去看看", to=GROUP),
            Line("李姐", "我去不了了", sees=(private("李姐", "社区接过来办"),)),
        ),
        Status.ACCEPTED, (), None,
    ),
]  # fmt: skip


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda dialogue: dialogue.name)
def test_what_becomes_of_a_request(helpers: Town, dialogue: Dialogue) -> None:
    tell(helpers, dialogue.lines)

    assert helpers.ticket().status == dialogue.status
    assert takers(helpers) == list(dialogue.has)
    if dialogue.waves is not None:
        assert asked(helpers) == [list(names) for names in dialogue.waves]


def test_skills_come_first_and_who_can_do_other_things_is_not_asked_for_what_needs_one(town: Town) -> None:
    volunteer(town, "近的", "B3U2", Skill.ERRANDS)
    volunteer(town, "会的", "B5U1", Skill.APPLIANCES)
    volunteer(town, "不知道的", "B3U1")

    town.say("王阿姨", "收音机不响了，有没有会修的邻居帮帮忙")

    assert asked(town) == [["会的", "不知道的", "志愿者小马"]]
    assert offers(town)[0].why[0] == "会家电"


def test_hands_that_are_full_are_not_asked_and_the_free_come_before_the_busy(helpers: Town) -> None:
    helpers.say("王阿姨", SHOP)
    helpers.say("赵一", "我来")
    helpers.say("张伯", "谁顺路帮我捎点米，3栋2单元302")

    assert asked(helpers, 2)[0][-1] != "赵一"  # lives next door, has his hands half full
    assert "赵一" not in asked(helpers, 2)[0]


def test_nobody_is_asked_at_night_and_the_receipt_comes_at_once(helpers: Town) -> None:
    helpers.wait(hours=14)  # 23:00

    seen = helpers.say("王阿姨", SHOP)
    assert said_to(seen, "oa-王阿姨")
    assert asked(helpers) == []
    assert "跑腿" not in "\n".join(one.text for one in helpers.wait(hours=8))  # seven in the morning
    assert "跑腿" in said_to(helpers.wait(minutes=31), "oa-赵一")


def test_no_wave_falls_into_the_night(helpers: Town) -> None:
    helpers.wait(hours=12, minutes=50)  # 21:50
    helpers.say("王阿姨", SHOP)

    assert asked(helpers) == [list(FIRST_WAVE)]
    helpers.wait(hours=9)  # 6:50
    assert len(asked(helpers)) == 1
    helpers.wait(minutes=45)
    assert len(asked(helpers)) == 2


def test_every_address_that_is_shown_is_in_the_audit_log(helpers: Town) -> None:
    helpers.say("王阿姨", SHOP)
    helpers.say("赵一", "我来")

    with helpers.services.reading() as session:
        shown = list(session.exec(select(AuditEntry).where(AuditEntry.action == "details")))
    assert [entry.subject for entry in shown] == [helpers.ticket().ref]
    assert shown[0].person_id == offers(helpers)[0].person_id


def test_somebody_who_leaves_the_service_has_nothing_any_more(helpers: Town) -> None:
    helpers.say("王阿姨", SHOP)
    helpers.say("赵一", "我来")

    seen = helpers.say("赵一", "", kind=Kind.UNFOLLOW)

    assert helpers.ticket().status == Status.DISPATCHED
    assert takers(helpers) == []
    assert "跑腿" in said_to(seen, "oa-钱二")


def test_not_done_well_it_is_open_again_and_the_one_who_had_it_has_it_no_more(helpers: Town) -> None:
    helpers.say("王阿姨", SHOP)
    helpers.say("赵一", "我来")
    helpers.say("赵一", "办好了")

    seen = helpers.say("王阿姨", "没办好，菜没送来")

    assert helpers.ticket().status == Status.REOPENED
    assert said_to(seen, STAFF)
    assert takers(helpers) == []
    assert ADDRESS not in said_to(helpers.say("赵一", "详情 1"), "oa-赵一")
    assert [offer.state for offer in offers(helpers) if offer.claimed_at] == [OfferState.DONE]


def test_an_unverified_account_answers_with_the_address_at_once(plain_town: Town) -> None:
    plain_town.say("王阿姨", SHOP)

    carried = said_to(plain_town.say("志愿者小马", "在吗"), "oa-志愿者小马")
    assert "跑腿" in carried
    assert ADDRESS not in carried
    answer = said_to(plain_town.say("志愿者小马", "我来"), "oa-志愿者小马")
    assert ADDRESS in answer
    assert PHONE in answer


# --- door-to-door handling


def test_papers_are_asked_about_one_question_at_a_time_and_shown_to_who_comes(helpers: Town) -> None:
    seen = helpers.say("王阿姨", "腿脚不便，能不能请人上门办老年认证，住502")
    assert order(helpers).mode == Mode.ASSIGN
    first = said_to(seen, "oa-王阿姨")
    assert "给谁办" in first
    assert "证件" not in first

    assert "证件" in said_to(helpers.say("王阿姨", "给我妈办，她82了"), "oa-王阿姨")
    assert "什么时候" in said_to(helpers.say("王阿姨", "身份证在，社保卡找不到"), "oa-王阿姨")
    assert "都记下了" in said_to(helpers.say("王阿姨", "周三上午，电话13900002222"), "oa-王阿姨")

    kept = order(helpers)
    assert (kept.visit_who, kept.visit_papers) == ("给我妈办，她82了", "身份证在，社保卡找不到")
    assert "13900002222" not in (kept.visit_when or "")
    assert len(helpers.tickets()) == 1
    helpers.say("社工小邹", "1号派赵一")
    shown = said_to(helpers.say("赵一", "我来"), "oa-赵一")
    for words in ("给我妈办", "社保卡找不到", "周三上午", ADDRESS):
        assert words in shown


@pytest.mark.parametrize("words", ["人工", "不用来了", "电梯又停了，人都下不去"])
def test_what_is_no_answer_is_heard_as_what_it_is(helpers: Town, words: str) -> None:
    helpers.say("王阿姨", "腿脚不便，能不能请人上门办老年认证，住502")

    helpers.say("王阿姨", words)

    assert order(helpers).visit_who is None


def test_unanswered_it_goes_on_all_the_same(helpers: Town) -> None:
    helpers.say("王阿姨", "腿脚不便，能不能请人上门办老年认证，住502")
    helpers.wait(hours=2)

    helpers.say("社工小邹", "1号派赵一")
    assert "材料：—" in said_to(helpers.say("赵一", "我来"), "oa-赵一")


def test_papers_are_never_asked_about_in_a_group(helpers: Town) -> None:
    seen = helpers.say("王阿姨", "腿脚不便，能不能请人上门办老年认证", to=GROUP)

    assert "给谁办" not in "\n".join(one.text for one in seen)
