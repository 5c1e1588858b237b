"""What might be a matter and was passed over in a group: silence there, the list, a leader's word once a day."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlmodel import col, select

from bot import tokens
from bot.channels import Kind
from bot.web import api
from intents.understanding import Understanding
from models import Inbound, Learning, Outgoing, Review, ReviewState
from tests.stories.doubting import doubting_town
from tests.stories.more import no_post
from tests.stories.town import Seen, Town, chats, said_to

GROUP, LEADERS, STAFF = "3栋2单元群", "单元长群", "社工群"
LEADER = "oa-李姐"
LAMP = "楼道的灯晚上好像又不亮了"
DOOR = "单元门的门禁刷卡没反应"
PIPE = "5栋楼下的水管在滴水"
DRAIN = "502王秀英家门口的下水道返水，问问13800001111"
TREE = "楼前那棵树枝快断了"
MEALS = "老人一个人在家没人送饭"
JUMPING = "楼上又在跳绳咚咚咚"
PARKING = "单元长把架空层租给人停车收钱"
REPAIRS = (LAMP, DOOR, PIPE, DRAIN, TREE)
DOUBTS: dict[tuple[str, str], str | None] = {
    **{("group", text): "repair" for text in REPAIRS},
    ("group", MEALS): "help",
    ("group", JUMPING): "dispute",
    ("group", PARKING): "dispute",
}


@pytest.fixture
def town(database: str, tmp_path: Path, understanding: Understanding) -> Iterator[Town]:
    built = doubting_town(database, tmp_path, understanding, DOUBTS)
    yield built
    built.services.engine.dispose()


def reviews(town: Town) -> list[Review]:
    with town.services.reading() as session:
        return list(session.exec(select(Review).order_by(col(Review.id))))


def until(town: Town, hour: float, day: int = 0) -> list[Seen]:
    """Let time pass until `hour` in Shanghai, `day` days from today."""
    now = town.services.now().astimezone(town.services.settings.zone)
    then = now.replace(hour=0, minute=0) + timedelta(days=day, hours=hour)
    return town.wait(seconds=(then - now).total_seconds())


def api_client(town: Town, user: str) -> Callable[..., Any]:
    """Requests to the staff's API as somebody of the town."""
    app = Flask("story")
    app.register_blueprint(api.blueprint(town.services))
    with town.services.transaction() as session:
        token = tokens.create(town.services.desk(session), user)

    def ask(method: str, path: str, body: object = None) -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        return app.test_client().open(f"{api.PREFIX}{path}", method=method, headers=headers, json=body)

    return ask


# --- the dialogues


@dataclass(frozen=True)
class Step:
    """At `at` (an hour, `day` days later than the step before) somebody says something, or time only passes."""

    at: float
    who: str = ""
    says: str = ""
    to: str | None = None
    day: int = 0
    sees: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by chat: words that must be there
    silent: tuple[str, ...] = (GROUP,)
    tickets: int = 0


EVENING = 19
ASKED = {LEADER: ("昨天群里有一句我拿不准", f"“{LAMP}”", "回“要”", "回“不用”")}
DIALOGUES: dict[str, list[Step]] = {
    "a sentence, a night, a word, a ticket": [
        Step(EVENING, "王阿姨", LAMP, GROUP, silent=(GROUP, LEADER, LEADERS, STAFF)),
        Step(22, silent=(GROUP, LEADER)),
        Step(8.9, day=1, silent=(GROUP, LEADER)),
        Step(9, sees=ASKED),
        Step(9.2, "李姐", "要", sees={LEADER: ("记下了", "(#1)")}, tickets=1),
    ],
    "not wanted": [
        Step(EVENING, "王阿姨", LAMP, GROUP),
        Step(9, day=1, sees=ASKED),
        Step(9.2, "李姐", "不用", sees={LEADER: ("不管了",)}),
        Step(20, "李姐", "都不用", sees={LEADER: ()}),
    ],
    "two sentences, one wanted, then the other not": [
        Step(EVENING, "王阿姨", LAMP, GROUP),
        Step(EVENING + 0.1, "张伯", DOOR, GROUP),
        Step(9, day=1, sees={LEADER: ("有两句", f"①“{LAMP}”", f"②“{DOOR}”", "1要", "都不用管")}),
        Step(9.2, "李姐", "2要", sees={LEADER: ("记下了",)}, tickets=1),
        Step(9.3, "李姐", "1不用", sees={LEADER: ("不管了",)}, tickets=1),
        Step(9.4, "李姐", "1要", silent=(GROUP,), tickets=1),
    ],
    "both with one breath": [
        Step(EVENING, "王阿姨", LAMP, GROUP),
        Step(EVENING + 0.1, "张伯", DOOR, GROUP),
        Step(9, day=1, sees={LEADER: ("有两句",)}),
        Step(9.2, "李姐", "第一句要，第二句不用", sees={LEADER: ("记下了",)}, tickets=1),
    ],
    "which one, when she only says yes": [
        Step(EVENING, "王阿姨", LAMP, GROUP),
        Step(EVENING + 0.1, "张伯", DOOR, GROUP),
        Step(9, day=1, sees={LEADER: ("有两句",)}),
        Step(9.2, "李姐", "要", sees={LEADER: ("第几句",)}),
        Step(9.3, "李姐", "都要", sees={LEADER: ("(#1)", "(#2)")}, tickets=2),
    ],
    "at noon she is left alone, at three she is asked": [
        Step(11.6, "王阿姨", LAMP, GROUP),
        Step(12, silent=(GROUP, LEADER)),
        Step(14.9, silent=(GROUP, LEADER)),
        Step(15, sees={LEADER: ("今天群里有一句",)}),
    ],
    "one line a day: the rest waits for tomorrow": [
        Step(EVENING, "王阿姨", LAMP, GROUP),
        Step(9, day=1, sees=ASKED),
        Step(14.5, "张伯", DOOR, GROUP),
        Step(15, silent=(GROUP, LEADER)),
        Step(17.9, silent=(GROUP, LEADER)),
        Step(9, day=1, sees={LEADER: (f"“{DOOR}”",)}),
    ],
    "other intents are noted, not called a repair": [
        Step(EVENING, "王阿姨", MEALS, GROUP),
        Step(9, day=1, sees={LEADER: ("要记下来就回“要”",)}),
        Step(9.2, "李姐", "嗯，要", sees={LEADER: ("记下了",)}, tickets=1),
    ],
    "a dispute is nobody's to be asked about": [
        Step(EVENING, "王阿姨", JUMPING, GROUP),
        Step(9, day=1, silent=(GROUP, LEADER, LEADERS, STAFF)),
        Step(15, silent=(GROUP, LEADER, LEADERS, STAFF)),
    ],
    "about the leader himself: not a word to him": [
        Step(EVENING, "王阿姨", PARKING, GROUP, tickets=1),  # plain enough: it is with the secretary already
        Step(9, day=1, silent=(GROUP, LEADER, LEADERS, STAFF), tickets=1),
    ],
    "her own words are not asked of her": [
        Step(EVENING, "李姐", LAMP, GROUP),
        Step(9, day=1, silent=(GROUP, LEADER)),
    ],
    "an answer comes too late": [
        Step(EVENING, "王阿姨", LAMP, GROUP),
        Step(9, day=1, sees=ASKED),
        Step(EVENING, "李姐", "1要", sees={LEADER: ()}),
    ],
}


@pytest.mark.parametrize("name", DIALOGUES)
def test_the_list_and_the_leaders_word(town: Town, name: str) -> None:
    for n, step in enumerate(DIALOGUES[name]):
        seen = until(town, step.at, step.day)
        if step.who:
            seen = town.say(step.who, step.says, to=step.to)
        for chat, words in step.sees.items():
            for word in words:
                assert word in said_to(seen, chat), (n, word)
        spoken = [chat for chat in step.silent if chat not in step.sees and said_to(seen, chat)]
        assert spoken == [], (n, seen)
        assert len(town.tickets()) == step.tickets, n


# --- what is kept


def test_the_ticket_is_the_residents_said_then_and_there(town: Town) -> None:
    until(town, EVENING)
    said_at = town.services.now()
    town.say("王阿姨", PIPE, to=GROUP)
    until(town, 9, 1)
    town.say("李姐", "要")

    ticket = town.ticket()
    assert (ticket.opened_at, ticket.building, ticket.intent) == (said_at, "5", "repair")
    assert town.history() == ["opened", "dispatched", "reviewed"]
    later = said_to(town.say("王阿姨", "到哪一步了", channel="bridge"), "bridge-王阿姨")
    assert "(#1)" in later


def test_a_young_one_gets_its_receipt_in_the_group_an_old_one_none(town: Town) -> None:
    town.wait(hours=5.8)
    town.say("王阿姨", LAMP, to=GROUP)  # 14:48
    town.say("张伯", DOOR, to=GROUP)
    until(town, 15)
    assert "(#1)" in said_to(town.say("李姐", "1要"), GROUP)
    town.wait(hours=2)
    assert said_to(town.say("李姐", "2要"), GROUP) == ""
    assert len(town.tickets()) == 2


def test_no_name_room_or_phone_is_on_the_list_or_in_the_line(town: Town) -> None:
    town.person("王秀英", home="B3U2")
    until(town, EVENING)
    town.say("张伯", DRAIN, to=GROUP)
    line = said_to(until(town, 9, 1), LEADER)
    for text in (line, reviews(town)[0].text or ""):
        assert "某某" in text
        assert not any(told in text for told in ("502", "王秀英", "1380000", "1111"))


def test_undecided_it_goes_with_its_text(town: Town) -> None:
    until(town, EVENING)
    town.say("王阿姨", JUMPING, to=GROUP)
    town.wait(hours=22.9)
    assert reviews(town)[0].text == JUMPING
    town.wait(hours=0.2)
    row = reviews(town)[0]
    assert (row.state, row.text, row.expires_at) == (ReviewState.EXPIRED, None, None)
    with town.services.reading() as session:
        assert session.exec(select(Inbound.text)).all() == [None]


def test_what_a_leader_decided_is_kept_for_staff_no_longer_than_chatter(town: Town) -> None:
    until(town, EVENING)
    town.say("王阿姨", LAMP, to=GROUP)
    until(town, 9, 1)
    town.say("李姐", "不用")
    row = reviews(town)[0]
    assert (row.state, row.label_intent, row.learning, row.text) == (
        ReviewState.IGNORED,
        "other",
        Learning.ASKED,
        LAMP,
    )
    until(town, EVENING)
    assert (reviews(town)[0].text, reviews(town)[0].learning) == (None, Learning.NO)


def test_a_leader_is_asked_of_a_few_and_of_the_likeliest(town: Town) -> None:
    until(town, EVENING)
    for who, text in zip(("王阿姨", "张伯", "网格刘", "社工小邹", "陈副"), REPAIRS, strict=True):
        town.say(who, text, to=GROUP)
    with town.services.transaction() as session:
        for row in session.exec(select(Review)):
            row.score = 0.9 if row.text == LAMP else 0.5
    line = said_to(until(town, 9, 1), LEADER)
    assert "有三句" in line
    assert LAMP not in line
    assert len(reviews(town)) == 5


def test_the_same_words_twice_are_one_line_of_the_list(town: Town) -> None:
    for _ in range(3):
        town.say("王阿姨", LAMP, to=GROUP)
    assert len(reviews(town)) == 1


def test_talk_about_an_open_ticket_is_talk(town: Town) -> None:
    town.say("张伯", "楼道灯坏了，黑漆漆的", to=GROUP)
    assert town.ticket().category == "light"
    town.say("王阿姨", LAMP, to=GROUP)
    assert reviews(town) == []
    town.wait(hours=4)
    town.say("王阿姨", LAMP, to=GROUP)
    assert len(reviews(town)) == 1


def test_a_recalled_sentence_is_taken_off(town: Town) -> None:
    until(town, EVENING)
    town.say("王阿姨", LAMP, to=GROUP, message_id="m1")
    town.say("王阿姨", "", to=GROUP, kind=Kind.RECALL, message_id="m1")
    row = reviews(town)[0]
    assert (row.state, row.text, row.inbound_id) == (ReviewState.EXPIRED, None, None)
    assert LEADER not in chats(until(town, 9, 1))


def test_who_leads_no_more_decides_nothing(town: Town) -> None:
    until(town, EVENING)
    town.say("王阿姨", LAMP, to=GROUP)
    until(town, 9, 1)
    no_post(town, "李姐")
    town.say("李姐", "1要")
    assert town.tickets() == []
    assert reviews(town)[0].state == ReviewState.OPEN


def test_a_bare_word_after_a_card_is_about_the_card(town: Town) -> None:
    until(town, EVENING)
    town.say("王阿姨", LAMP, to=GROUP)
    until(town, 9, 1)
    town.say("张伯", "3栋2单元电梯又坏了")
    with town.services.transaction() as session:
        card = session.exec(select(Outgoing).where(col(Outgoing.event_id).is_not(None))).first()
        private = session.exec(select(Outgoing).where(col(Outgoing.key).startswith("reviews:"))).one()
        assert card is not None  # as if it had come to her own chat
        card.chat_id, card.created_at = private.chat_id, town.services.now()
    town.say("李姐", "不用")
    assert reviews(town)[0].state == ReviewState.OPEN
    town.say("李姐", "1不用")
    assert reviews(town)[0].state == ReviewState.IGNORED


def test_a_line_of_the_list_reaches_nobody_else_when_she_cannot_be_reached(town: Town) -> None:
    until(town, EVENING)
    town.say("王阿姨", LAMP, to=GROUP)
    town.channels["oa"].pushes = False
    until(town, 9, 1)
    seen = town.wait_in_steps(30, 10)
    assert seen == []
    assert town.undelivered() == []
    assert "拿不准" in said_to(town.say("李姐", "清单"), LEADER)  # it rides on the answer to her own word


@pytest.mark.parametrize(("text", "intent"), [(LAMP, "repair"), (MEALS, "help"), (JUMPING, "dispute")])
def test_staff_open_it_by_a_click(town: Town, text: str, intent: str) -> None:
    town.say("王阿姨", text, to=GROUP)
    staff = api_client(town, "社工小邹")
    listed = staff("GET", "/reviews?state=open").json["items"]
    assert [(item["text"], item["intent"]) for item in listed] == [(text, intent)]
    answer = staff("POST", f"/reviews/{listed[0]['id']}", {"decision": "ticket", "learn": True})
    seen = town.drain()

    assert (answer.json["state"], answer.json["ticket"]) == ("approved_as_ticket", town.ticket().ref)
    assert (town.ticket().intent, town.ticket().private) == (intent, intent == "dispute")
    assert ("(#1)" in said_to(seen, GROUP)) == (intent != "dispute")
    if intent == "dispute":  # what nobody was asked about goes to a mediator, not to the leader
        assert not {LEADER, LEADERS, GROUP} & set(chats(seen))
    assert staff("POST", f"/reviews/{listed[0]['id']}", {"decision": "ignore"}).status_code == 409
    assert staff("GET", "/examples").text.splitlines()[1].endswith(f"\tgroup\t{text}")
    assert LEADER not in chats(until(town, 15)) or "拿不准" not in said_to(until(town, 15), LEADER)


def test_two_clocks_ask_once(town: Town) -> None:
    until(town, EVENING)
    town.say("王阿姨", LAMP, to=GROUP)
    until(town, 9, 1)
    with town.services.transaction() as session:
        for row in session.exec(select(Review)):
            row.leader_due_at = town.services.now()  # as a second clock saw it before the first was done
    assert town.wait(minutes=1) == []


def test_who_unfollows_leaves_nothing_on_the_list(town: Town) -> None:
    until(town, EVENING)
    town.say("王阿姨", LAMP, to=GROUP)
    town.say("王阿姨", "", kind=Kind.UNFOLLOW, channel="bridge")
    row = reviews(town)[0]
    assert (row.state, row.text, row.inbound_id) == (ReviewState.EXPIRED, None, None)


@pytest.mark.parametrize(
    "text",
    ["1要' OR 1=1 --", "{number}{place}", "要\n" * 30, "①" * 200, "1要2要3要4要5要6要7要8要9要10要", "\u202e要1"],
)
def test_hostile_answers_decide_nothing_and_break_nothing(town: Town, text: str) -> None:
    until(town, EVENING)
    town.say("王阿姨", LAMP, to=GROUP)
    town.say("张伯", DOOR, to=GROUP)
    until(town, 9, 1)
    town.say("李姐", text)
    assert all(row.state == ReviewState.OPEN for row in reviews(town)) or len(town.tickets()) == 1
    with town.services.reading() as session:
        assert session.exec(select(Inbound).where(Inbound.state != "done")).all() == []
