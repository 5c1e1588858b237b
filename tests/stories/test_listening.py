"""A group that is only listened to: all is understood and kept, nothing is said, nobody is told, but of danger."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from bot import binding
from bot.channels import Kind
from models import Area, AuditEntry, Chat, ChatKind, Inbound, OutgoingState
from tests.stories.town import Seen, Town, chats, said_to

GROUP = "3栋2单元群"
TRAINED = ["oa-书记", "oa-值班员", "社工群"]  # the social worker reads the staff's chat


def switch(town: Town, on: bool = True, group: str = GROUP) -> None:
    with town.services.transaction() as session:
        chat = session.exec(select(Chat).where(Chat.external_id == group)).one()
        binding.listen_only(town.services.desk(session), chat, on, by="command")


def heard(town: Town) -> list[tuple[str | None, str | None, bool, int | None]]:
    with town.services.reading() as session:
        rows = session.exec(select(Inbound).where(Inbound.channel == "bridge").order_by(col(Inbound.id)))
        return [(row.intent, row.category, row.listened, row.ticket_id) for row in rows]


@pytest.mark.parametrize(
    ("who", "text", "intent", "category"),
    [
        ("王阿姨", "停水了，一滴水都没有", "repair", "water"),
        ("王阿姨", "楼上天天半夜吵架摔东西，吵得睡不着", "dispute", None),
        ("王阿姨", "居住证怎么办理，要带什么材料", "policy", None),
        ("张伯", "早上好", "other", None),
        ("李姐", "收到，我去看看", "other", None),
    ],
)
def test_all_is_understood_and_kept_and_nothing_follows(
    town: Town, who: str, text: str, intent: str, category: str | None
) -> None:
    switch(town)
    assert town.say(who, text, to=GROUP) == []
    assert town.wait(hours=30) == []
    assert town.tickets() == []
    assert town.owed() == []
    (row,) = heard(town)
    assert (row[0], row[2], row[3]) == (intent, True, None)
    assert category in (None, row[1])


def test_its_words_are_forgotten_within_the_day_and_what_was_understood_stays(town: Town) -> None:
    switch(town)
    town.say("王阿姨", "停水了，一滴水都没有", to=GROUP)
    town.wait(hours=24)
    with town.services.reading() as session:
        row = session.exec(select(Inbound)).one()
    assert (row.text, row.intent, row.category) == (None, "repair", "water")
    assert row.score is not None


@pytest.mark.parametrize("kind", [Kind.IMAGE, Kind.VOICE, Kind.LOCATION])
def test_pictures_and_voice_are_kept_too(town: Town, kind: Kind) -> None:
    switch(town)
    assert town.say("王阿姨", "", to=GROUP, kind=kind) == []
    assert [row[2] for row in heard(town)] == [True]


def test_danger_reaches_trained_staff_and_nobody_else(town: Town) -> None:
    switch(town)
    seen = town.say("王阿姨", "救命，有人困在电梯里了", to=GROUP)
    assert chats(seen) == TRAINED
    assert "3栋2单元" in said_to(seen, "社工群")
    assert "只听不说" in said_to(seen, "社工群")
    assert town.tickets() == []


def test_of_violence_only_that_somebody_may_need_them(town: Town) -> None:
    switch(town)
    seen = town.say("王阿姨", "隔壁男的在打老婆，打得好凶，救命", to=GROUP)
    assert chats(seen) == TRAINED
    assert "老婆" not in said_to(seen, "社工群")


def test_thirty_voices_are_one_alarm_and_half_an_hour_later_another(town: Town) -> None:
    switch(town)
    said: list[Seen] = []
    for who in ("王阿姨", "张伯", "王阿姨"):
        said += town.say(who, "着火了，楼道里全是烟，快跑", to=GROUP)
    assert chats(said) == TRAINED
    assert len(said) == len(TRAINED)
    town.wait(minutes=31)
    assert chats(town.say("张伯", "着火了，还在烧，楼道里全是烟", to=GROUP)) == TRAINED


def test_the_text_beats_the_group_in_danger_too(town: Town) -> None:
    switch(town)
    seen = town.say("王阿姨", "5栋1单元着火了，快来人", to=GROUP)
    assert "5栋1单元" in said_to(seen, "社工群")


def test_smoke_that_may_be_bacon_is_looked_at_and_nobody_is_asked(town: Town) -> None:
    switch(town)
    seen = town.say("王阿姨", "楼道里有烟味，是不是哪家熏腊肉", to=GROUP)
    assert {line.chat for line in seen} <= {*TRAINED}


def test_a_private_word_is_acted_upon_as_ever_and_the_group_hears_nothing_of_it(town: Town) -> None:
    switch(town)
    seen = town.say("王阿姨", "3栋2单元停水了")
    assert GROUP not in chats(seen)
    assert [ticket.category for ticket in town.tickets()] == ["water"]
    seen = town.say("李姐", "收到，我去看看")
    assert "oa-王阿姨" in chats(seen)
    assert GROUP not in chats(seen)


def test_what_was_owed_before_the_switch_is_not_said_after_it(town: Town) -> None:
    town.wait(hours=14)  # 23:00: the group sleeps
    town.say("王阿姨", "楼道灯不亮", to=GROUP)
    assert OutgoingState.QUEUED in [line.state for line in town.owed()]
    switch(town)
    assert GROUP not in chats(town.wait(hours=10))


def test_switched_off_again_it_acts_on_what_is_said_from_then_on(town: Town) -> None:
    switch(town)
    town.say("王阿姨", "停水了，一滴水都没有", to=GROUP)
    switch(town, on=False)
    assert town.wait(minutes=1) == []
    assert GROUP in chats(town.say("张伯", "停水了，一滴水都没有", to=GROUP))
    assert [row[2] for row in heard(town)] == [True, False]


def test_only_residents_groups_and_binding_one_as_staffs_ends_it(town: Town) -> None:
    for group in ("社工群", "单元长群"):
        with pytest.raises(ValueError, match="residents' group"):
            switch(town, group=group)
    switch(town)
    with town.services.transaction() as session:
        chat = session.exec(select(Chat).where(Chat.external_id == GROUP)).one()
        area = session.get_one(Area, chat.area_id)
        binding.bind_chat(town.services.desk(session), chat, area, ChatKind.STAFF, by="staff")
        assert not chat.listen_only


def test_who_switched_it_is_in_the_audit_log_once(town: Town) -> None:
    switch(town)
    switch(town)
    with town.services.reading() as session:
        entries = session.exec(select(AuditEntry).where(AuditEntry.action == "chat.listen_only")).all()
    assert [entry.detail for entry in entries] == [{"by": "command", "on": True}]
    assert entries[0].at - town.services.now() < timedelta(minutes=1)
