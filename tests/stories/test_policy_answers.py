"""A question about a rule: what is said, what 有用 and 没用 do, and what staff read of it afterwards."""

from bot.web.api_policies import PolicyItem, PolicyList, PolicyQuery, PolicyStore
from bot.web.auth import Caller, Held
from models import Area, Role, Status
from tests.stories.town import Town, said_to

QUESTION = "物业费不交能断电吗"


def store(town: Town) -> PolicyList:
    """GET /policies as staff of the whole town read it."""
    with town.services.reading() as session:
        root = session.get_one(Area, town.ticket().area_id)
    held = Held(1, Role.STAFF, root.id, root.code, root.name, "/")
    return PolicyStore(town.services).policies(Caller(1, "小陈", 0, "小陈", (held,)), PolicyQuery())


def passage(town: Town, policy_id: str) -> PolicyItem:
    return next(item for item in store(town).items if item.id == policy_id)


def test_two_sentences_then_where_they_stand_then_how_to_reach_a_person(town: Town) -> None:
    answer, source = said_to(town.say("王阿姨", QUESTION), "oa-王阿姨").split("\n")[:2]
    assert answer.count("。") == 2
    assert source.startswith("出处：全国人民代表大会《中华人民共和国民法典》第九百四十四条，2021-01-01起施行。")
    assert "没说清楚就回“没用”" in source


def test_useful_closes_the_question_and_is_counted(town: Town) -> None:
    town.say("王阿姨", QUESTION)
    town.say("王阿姨", "有用，谢谢")
    assert town.ticket().status == Status.CLOSED
    found = passage(town, "fee-arrears")
    assert (found.answered, found.useful, found.useless) == (1, 1, 0)


def test_useless_brings_a_person_and_is_counted(town: Town) -> None:
    town.say("王阿姨", QUESTION)
    town.say("王阿姨", "没用")
    assert town.ticket().status in {Status.REOPENED, Status.DISPATCHED}
    found = passage(town, "fee-arrears")
    assert (found.answered, found.useful, found.useless) == (1, 0, 1)


def test_a_question_without_an_answer_is_staffs_and_is_counted(town: Town) -> None:
    town.say("张伯", "请问社区食堂老年卡在哪里办手续")
    assert [(missed.category, missed.count) for missed in store(town).unanswered] == [(town.ticket().category, 1)]
