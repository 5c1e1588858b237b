"""A party to a dispute does not handle it, nor does their family as far as the roster knows it."""

from sqlmodel import col, select

from models import Kin, Person, Post
from tests.stories.town import Town, said_to


def family(town: Town, one: str, other: str) -> None:
    with town.services.transaction() as session:
        ids = sorted(session.exec(select(Person.id).where(col(Person.name).in_([one, other]))))
        session.add(Kin(person_id=ids[0], kin_id=ids[1]))


def holder(town: Town) -> str:
    with town.services.reading() as session:
        post = session.get_one(Post, town.ticket().holder_post_id)
        return session.get_one(Person, post.person_id).name or ""


def test_the_mediators_wife_quarrels_and_somebody_else_has_it(town: Town) -> None:
    family(town, "王阿姨", "调解员老何")
    town.say("王阿姨", "楼上天天半夜拖桌子，吵得睡不着")
    town.say("王阿姨", "1")

    assert holder(town) == "社工小邹"
    assert "调解员A岗：是当事人或亲属，回避" in town.ticket().why


def test_a_leader_who_complains_of_a_neighbour_does_not_handle_it_as_the_leader(town: Town) -> None:
    town.say("李姐", "3栋2单元楼上天天半夜拖桌子，吵得睡不着")
    town.say("李姐", "2")

    assert holder(town) == "陈副"


def test_kin_of_whoever_it_is_about_hear_nothing_of_it(town: Town) -> None:
    family(town, "李姐", "书记")
    seen = town.say("王阿姨", "单元长把架空层租给人停车收钱，太过分了")

    assert said_to(seen, "oa-书记") == ""
    with town.services.reading() as session:
        secretary = session.exec(select(Person.id).where(Person.name == "书记")).one()
    assert secretary in town.ticket().recused_person_ids


def test_kin_mend_what_is_broken_like_anybody(town: Town) -> None:
    family(town, "王阿姨", "李姐")
    town.say("王阿姨", "3栋2单元电梯又坏了")

    assert holder(town) == "李姐"


def test_a_leader_who_is_named_as_the_other_side_never_hears_of_it(town: Town) -> None:
    town.say("王阿姨", "3栋2单元楼上李姐家天天半夜拖桌子，吵得睡不着")
    seen = town.say("王阿姨", "2")

    assert said_to(seen, "oa-李姐") == ""
    assert holder(town) == "陈副"
    assert "单元长A岗：是当事人或亲属，回避" in town.ticket().why


def test_a_leader_who_only_came_to_calm_it_may_have_it(town: Town) -> None:
    town.say("王阿姨", "3栋2单元楼上天天半夜拖桌子，吵得睡不着，李姐来过也没用")
    town.say("王阿姨", "2")

    assert holder(town) == "李姐"
