"""Who hears of it, when, and once: the staff, at their hour, whichever clock comes first and however late it is."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import col, select

from bot import digesting
from bot.sections import DigestSection
from models import Chat, ChatKind, KeptDigest, Outgoing, OutgoingState
from tests.stories.town import MONDAY, Town

HOUR = timedelta(hours=1)


def at(town: Town, moment: datetime) -> None:
    town.services.now.at = moment  # type: ignore[attr-defined]  # the standing clock of the tests


def matter(town: Town) -> None:
    """Something to tell of."""
    at(town, MONDAY - HOUR)
    town.say("王阿姨", "3栋2单元电梯停了")
    at(town, MONDAY)


def lines(town: Town) -> list[Outgoing]:
    with town.services.reading() as session:
        found = session.exec(select(Outgoing).where(col(Outgoing.key).startswith("digest:")).order_by(col(Outgoing.id)))
        return list(found)


def tell(town: Town, *periods: str) -> int:
    """What a clock does every few seconds, with these periods in its settings."""
    section = DigestSection.model_validate({"periods": periods or ("day",)})
    settings = town.services.settings.model_copy(update={"digest": section})
    return digesting.tell_due(replace(town.services, settings=settings))


def test_the_staffs_chat_hears_at_its_hour_and_once(town: Town) -> None:
    at(town, MONDAY - timedelta(minutes=31))  # 8:29
    town.say("王阿姨", "3栋2单元电梯停了")
    assert tell(town) == 0
    at(town, MONDAY - timedelta(minutes=30))
    assert tell(town) == 1
    seen = town.drain()
    assert [line.chat for line in seen] == ["社工群"]
    assert seen[0].text.startswith("幸福社区 11月20日周五8:30以来：新来1件。还有1件没办完")
    for hours in range(1, 9):
        at(town, MONDAY + hours * HOUR)
        assert tell(town) == 0
    assert len(lines(town)) == 1


def test_of_nothing_nobody_is_told_and_it_is_kept_all_the_same(town: Town) -> None:
    assert tell(town) == 1
    assert lines(town) == []
    with town.services.reading() as session:
        assert len(session.exec(select(KeptDigest)).all()) == 1
    assert tell(town) == 0


def test_no_digest_on_a_day_of_rest_nor_in_the_night(town: Town) -> None:
    for moment in (MONDAY - 24 * HOUR, MONDAY - 48 * HOUR, MONDAY + 13 * HOUR, MONDAY - 2 * HOUR):
        at(town, moment)
        assert tell(town) == 0


def test_an_hour_of_downtime_is_caught_up_once_and_a_day_by_the_next(town: Town) -> None:
    at(town, MONDAY + HOUR)  # 10:00, an hour and a half late
    assert tell(town) == 1
    assert tell(town) == 0
    at(town, MONDAY + 72 * HOUR)  # Tuesday and Wednesday went by without any clock
    town.say("王阿姨", "3栋2单元电梯停了")
    assert tell(town) == 1
    with town.services.reading() as session:
        first, second = session.exec(select(KeptDigest).order_by(col(KeptDigest.told_on)))
    assert second.starts_at == first.ends_at
    assert second.ends_at == MONDAY + 72 * HOUR - timedelta(minutes=30)


def test_two_clocks_at_once_tell_it_once(town: Town) -> None:
    matter(town)
    told: list[int] = []
    start = threading.Barrier(2)

    def clock() -> None:
        start.wait()
        told.append(tell(town))

    both = [threading.Thread(target=clock) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sum(told) == 1
    assert len(lines(town)) == 1


def test_day_week_and_month_are_three_lines(town: Town) -> None:
    matter(town)
    at(town, MONDAY + timedelta(days=7))  # the last day of November: the week's
    assert tell(town, "day", "week", "month") == 2
    at(town, MONDAY + timedelta(days=8))
    assert tell(town, "day", "week", "month") == 2
    assert [line.key.split(":")[3] for line in lines(town)] == ["day", "week", "day", "month"]


def test_where_there_is_no_staffs_chat_they_hear_in_private(plain_town: Town) -> None:
    town = plain_town
    matter(town)
    assert tell(town) == 1
    with town.services.reading() as session:
        chats = [session.get_one(Chat, line.chat_id).external_id for line in lines(town)]
    assert chats == ["oa-社工小邹", "oa-书记"]


def test_who_was_away_for_days_is_told_of_the_last_one_alone(plain_town: Town) -> None:
    town = plain_town
    matter(town)
    for days in range(3):
        at(town, MONDAY + timedelta(days=days))
        assert tell(town) == 1
        assert town.drain() == []  # this account only answers: they wait
    states = [line.state for line in lines(town)]
    assert (states.count(OutgoingState.PARKED), states.count(OutgoingState.CANCELLED)) == (2, 4)
    seen = town.say("社工小邹", "你好")
    assert sum("以来" in line.text for line in seen) == 1


def test_no_group_of_residents_ever_hears_a_digest(town: Town) -> None:
    with town.services.transaction() as session:
        for chat in session.exec(select(Chat).where(Chat.kind == ChatKind.STAFF)):
            chat.kind = ChatKind.RESIDENTS
            session.add(chat)
    matter(town)
    assert tell(town) == 1
    with town.services.reading() as session:
        chats = [session.get_one(Chat, line.chat_id) for line in lines(town)]
    assert {chat.kind for chat in chats} == {ChatKind.PRIVATE}
