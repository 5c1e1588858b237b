"""How it was: asked once, at the right time; in words or 1-5; not fixed opens it again; and what is never asked."""

from dataclasses import dataclass

import pytest
from sqlmodel import col, select

from bot import ratings
from models import Inbound, Intent, Outgoing, Rating, Report, Status, TicketEvent
from tests.stories.more import GROUP, LEADERS, STAFF
from tests.stories.town import Seen, Town, said_to

LIFT = "3栋2单元电梯停了，人都上不去"
ASKED = "办得还行吗"


def done(town: Town, words: str = LIFT) -> None:
    """It was reported in private, and is said to be done."""
    town.say("王阿姨", words)
    town.say("李姐", "#1 我去看看", to=LEADERS)
    town.say("李姐", "#1 修好了", to=LEADERS)


def everything(seen: list[Seen]) -> str:
    return "\n".join(line.text for line in seen)


def rated(town: Town) -> list[tuple[int, str | None]]:
    with town.services.reading() as session:
        return [(rating.score, rating.words) for rating in session.exec(select(Rating).order_by(col(Rating.id)))]


def label(town: Town) -> str:
    with town.services.reading() as session:
        return ratings.label(town.services.desk(session), town.ticket())


@dataclass(frozen=True)
class Answer:
    """What is said to the question, what is kept of it, what becomes of the ticket, and what is answered."""

    words: str
    score: int | None
    status: Status
    sees: str


ANSWERS = [
    Answer("好", 5, Status.CLOSED, "办结"),
    Answer("5", 5, Status.CLOSED, "办结"),
    Answer("四分", 4, Status.CLOSED, "办结"),
    Answer("3", 3, Status.CLOSED, "办结"),
    Answer("挺好的，师傅来得快", 5, Status.CLOSED, "办结"),
    Answer("修得可以，就是等了三天", 3, Status.CLOSED, "办结"),
    Answer("满意", 5, Status.CLOSED, "办结"),
    # below three it is not fixed
    Answer("不好", 2, Status.REOPENED, "重新打开"),
    Answer("1", 1, Status.REOPENED, "重新打开"),
    Answer("没修好", 2, Status.REOPENED, "重新打开"),
    Answer("还是停在一楼不动", 2, Status.REOPENED, "重新打开"),
    # how, not whether: written down, and told how to have it opened again
    Answer("师傅态度太凶了", 2, Status.RESOLVED, "没好"),
    Answer("太慢了", 2, Status.RESOLVED, "没好"),
    # something else came up
    Answer("今天天气蛮凉", None, Status.RESOLVED, ""),
    Answer("人工", None, Status.RESOLVED, "前有人回您"),
]


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.words)
def test_an_answer_is_kept_and_does_what_it_says(town: Town, answer: Answer) -> None:
    done(town)
    assert ASKED in said_to(town.wait(hours=3, minutes=1), "oa-王阿姨")

    seen = town.say("王阿姨", answer.words)

    assert answer.sees in said_to(seen, "oa-王阿姨")
    assert town.ticket().status == answer.status
    assert rated(town) == ([] if answer.score is None else [(answer.score, answer.words)])


def test_it_is_asked_once_whatever_happens_later(town: Town) -> None:
    done(town)
    assert ASKED in everything(town.wait(hours=3, minutes=1))
    town.say("王阿姨", "没修好")
    town.say("李姐", "#1 修好了", to=LEADERS)

    assert ASKED not in everything(town.wait_in_steps(60 * 26, 60))


def test_not_before_they_have_had_time_to_look_and_not_at_night(town: Town) -> None:
    town.wait(hours=10)  # 19:00
    done(town)

    assert ASKED not in everything(town.wait(hours=2))
    assert ASKED not in everything(town.wait(hours=8))  # five in the morning
    assert ASKED in said_to(town.wait(hours=2, minutes=31), "oa-王阿姨")


def test_who_says_it_is_fixed_by_themselves_is_not_asked(town: Town) -> None:
    done(town)
    town.say("王阿姨", "好了，谢谢")

    assert ASKED not in everything(town.wait(hours=4))
    assert [score for score, _ in rated(town)] == [5]


def test_no_answer_is_no_rating_and_nothing_is_asked_after_it_closed_by_itself(town: Town) -> None:
    done(town)
    town.wait(hours=3, minutes=1)
    assert label(town) == "未评价"

    seen = town.wait_in_steps(60 * 24 * 4, 60)

    assert town.ticket().status == Status.CLOSED
    assert ASKED not in everything(seen)
    assert label(town) == "未评价"
    assert "评价：未评价" in said_to(town.say("社工小邹", "详情 1"), "oa-社工小邹")
    assert "重新打开" not in everything(town.say("王阿姨", "5"))  # too late for the question, and no harm done
    assert town.ticket().status == Status.CLOSED


def test_the_leader_hears_first_that_it_is_not_fixed(town: Town) -> None:
    done(town)
    town.wait(hours=3, minutes=1)
    town.say("王阿姨", "没修好")

    with town.services.reading() as session:
        cards = select(Outgoing).where(col(Outgoing.text).contains("还没好"), col(Outgoing.post_id).is_not(None))
        lines = list(session.exec(cards.order_by(col(Outgoing.id))))
    assert lines[0].post_id == town.ticket().holder_post_id


def test_everybody_who_reported_it_is_asked_alone_and_the_group_reads_nothing(town: Town) -> None:
    town.say("王阿姨", "电梯停在一楼不动了", to=GROUP)
    town.say("张伯", "我家也是", to=GROUP)
    town.say("李姐", "修好了", to=GROUP)

    seen = town.wait(hours=3, minutes=1)

    assert ASKED in said_to(seen, "oa-王阿姨")
    assert ASKED in said_to(seen, "oa-张伯")
    assert ASKED not in said_to(seen, GROUP)
    town.say("王阿姨", "3")
    assert town.ticket().status == Status.CLOSED
    assert label(town) == "3分（1位）"


def test_who_relayed_it_for_a_neighbour_does_not_rate_themselves(town: Town) -> None:
    town.say("李姐", "代报 3栋2单元 电梯停了")
    town.say("物业邓工", "#1 修好了")

    assert ASKED not in everything(town.wait(hours=4))


def _dispute(town: Town) -> None:
    town.say("王阿姨", "楼上天天半夜跳绳，吵得睡不着")
    town.say("王阿姨", "1")
    town.say("调解员老何", "#1 解决了")


def _danger(town: Town) -> None:
    town.say("王阿姨", "3栋2单元电梯困人了")
    town.say("李姐", "#1 我到了")
    town.say("李姐", "#1 修好了")


def _bereaved(town: Town) -> None:
    town.say("王阿姨", "我妈昨天去世了，想请人帮忙搬一下屋里的柜子")
    town.say("社工小邹", "#1 办好了")


def _person(town: Town) -> None:
    town.say("王阿姨", "人工")
    town.say("社工小邹", "#1 办好了")


@pytest.mark.parametrize("story", [_dispute, _danger, _bereaved, _person])
def test_never_of_a_dispute_a_danger_a_bereavement_or_a_wish_to_speak_to_somebody(town: Town, story: object) -> None:
    story(town)  # type: ignore[operator]  # one of the four above
    assert town.ticket().status == Status.RESOLVED, town.history()

    assert ASKED not in everything(town.wait_in_steps(60 * 30, 60))
    with town.services.reading() as session:
        assert set(session.exec(select(Report.rating_asked_at))) == {None}


# --- about a leader, without a name


def test_feedback_on_a_leader_without_a_name_reaches_the_secretary_alone(town: Town) -> None:
    seen = town.say("张伯", "我想匿名反映单元长，把架空层租给人停车收钱")

    assert "没记您是谁" in said_to(seen, "oa-张伯")
    assert "匿名" in said_to(seen, "oa-书记")
    assert {line.chat for line in seen} == {"oa-张伯", "oa-书记"}
    ticket = town.ticket()
    assert (ticket.intent, ticket.private) == (Intent.DISPUTE, True)
    told = said_to(town.say("书记", "详情 1"), "oa-书记")
    assert "架空层" in told
    assert "张伯" not in told
    for leader in ("李姐", "陈副", "网格刘"):
        assert "架空层" not in everything(town.say(leader, "详情 1"))
        assert "#1" not in everything(town.say(leader, "清单"))


def test_nothing_leads_back_to_who_said_it(town: Town) -> None:
    town.say("张伯", "我想匿名反映单元长，把架空层租给人停车收钱")

    with town.services.reading() as session:
        report = session.exec(select(Report)).one()
        about = list(session.exec(select(Outgoing).where(Outgoing.ticket_id == report.ticket_id)))
    assert (report.account_id, report.chat_id, report.inbound_id) == (None, None, None)
    assert all(line.text.find("张伯") < 0 for line in about)
    with town.session() as session:
        heard = session.exec(select(Inbound.text, Inbound.ticket_id)).all()
        events = session.exec(select(TicketEvent.account_id, TicketEvent.inbound_id)).all()
    assert {tuple(row) for row in (*heard, *events)} == {(None, None)}
    assert "#1" not in everything(town.say("张伯", "到哪一步了"))


def test_first_the_wish_then_the_words(town: Town) -> None:
    assert "您说吧" in said_to(town.say("张伯", "我想匿名反映我们单元长"), "oa-张伯")
    assert town.tickets() == []

    seen = town.say("张伯", "他收了开店的好处，把楼道占了")

    assert "匿名" in said_to(seen, "oa-书记")
    assert "好处" in said_to(town.say("书记", "详情 1"), "oa-书记")
    assert said_to(seen, LEADERS) == said_to(seen, STAFF) == said_to(seen, "oa-李姐") == ""


def test_said_in_the_group_the_group_hears_no_word(town: Town) -> None:
    seen = town.say("张伯", "我想匿名反映单元长，把架空层租给人停车收钱", to=GROUP)

    assert said_to(seen, GROUP) == said_to(seen, LEADERS) == said_to(seen, STAFF) == ""
    assert "匿名" in said_to(seen, "oa-书记")
    assert "下回私下" in said_to(seen, "oa-张伯")


def test_about_the_secretary_it_goes_past_the_secretary(town: Town) -> None:
    seen = town.say("张伯", "我想匿名举报社区书记收钱")

    assert said_to(seen, "oa-书记") == ""
    assert said_to(seen, STAFF) == ""
    assert town.ticket().recused_person_ids


def test_about_a_neighbour_it_is_told_in_confidence_as_ever(town: Town) -> None:
    seen = town.say("张伯", "我要匿名举报楼上天天赌钱，吵得睡不着")

    assert "您愿意请谁帮忙" in said_to(seen, "oa-张伯")


@pytest.mark.parametrize(("words", "status"), [("5", Status.CLOSED), ("四分", Status.CLOSED), ("1", Status.REOPENED)])
def test_a_number_counts_without_a_question_where_something_of_theirs_was_done(
    town: Town, words: str, status: Status
) -> None:
    done(town)
    town.say("王阿姨", "没修好")
    town.say("李姐", "#1 修好了", to=LEADERS)

    seen = town.say("王阿姨", words)

    assert town.ticket().status == status
    assert "我是社区的小单" not in said_to(seen, "oa-王阿姨")


def test_a_number_without_anything_done_is_no_rating(town: Town) -> None:
    town.say("王阿姨", "3栋2单元楼道灯不亮")
    town.say("王阿姨", "5")
    assert town.ticket().status == Status.DISPATCHED
