"""Pictures and recordings of matters: fetched once, kept for a while, forgotten when they have to be."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlmodel import Session, col, func, select

from bot import fetching, jobs, tokens
from bot.attachments import Lost, keeping, owed
from bot.attachments.fit import OTHER, PICTURE, SOUND, fitted
from bot.attachments.keeping import Shown
from bot.channels import DeliveryError, Kind, Media, TooLarge
from bot.inbox import erasing
from models import Account, Attachment, AttachmentData, Inbound, Ticket
from tests.attachments.things import picture, recording
from tests.stories.more import GROUP
from tests.stories.town import Town, said_to

LAMP = "3栋2单元楼道灯不亮"


@pytest.fixture
def holding(town: Town) -> Town:
    """The platforms hold a picture and a recording."""
    for channel in town.channels.values():
        channel.holds |= {"p1": picture(), "p2": picture(), "v1": recording()}
    return town


def shown(town: Town, ticket: Ticket | None = None) -> list[Shown]:
    with town.services.reading() as session:
        return keeping.of_ticket(session, (ticket or town.tickets()[0]).id)


def kept(town: Town) -> list[str]:
    """What is here of the first ticket, by its type."""
    return [one.content_type for one in shown(town) if one.id]


def rows(session: Session) -> int:
    return session.exec(select(func.count()).select_from(AttachmentData)).one()


def total(town: Town) -> int:
    with town.services.reading() as session:
        return rows(session)


def test_a_picture_after_a_report_is_fetched_and_kept_with_it(holding: Town) -> None:
    holding.say("王阿姨", LAMP)
    holding.say("王阿姨", "", kind=Kind.IMAGE, media_id="p1")
    assert kept(holding) == [PICTURE]
    holding.wait(hours=1)
    assert holding.channels["oa"].fetched == ["p1"]  # and never asked for again


def test_a_picture_with_words_in_a_group_comes_with_its_ticket(holding: Town) -> None:
    holding.say("张伯", LAMP, to=GROUP, media_id="p1")
    assert kept(holding) == [PICTURE]


def test_a_recording_that_nobody_can_read_can_be_listened_to(holding: Town) -> None:
    holding.say("王阿姨", "", kind=Kind.VOICE, media_id="v1")
    assert kept(holding) == [SOUND]


def test_a_picture_first_belongs_to_the_matter_told_after_it(holding: Town) -> None:
    holding.say("王阿姨", "", kind=Kind.IMAGE, media_id="p1")
    assert holding.channels["oa"].fetched == []  # nothing of it is asked for while it belongs to nothing
    holding.say("王阿姨", LAMP)
    assert kept(holding) == [PICTURE]
    holding.wait(hours=30)
    assert kept(holding) == [PICTURE]


def test_a_picture_in_the_message_that_was_asked_about_belongs_to_the_answer(holding: Town) -> None:
    holding.say("租客", "水管漏水了", media_id="p1")
    holding.say("租客", "5栋1单元")
    assert kept(holding) == [PICTURE]


def test_several_pictures_in_one_message_are_all_kept(holding: Town) -> None:
    both = (Media(Kind.IMAGE, "p1"), Media(Kind.IMAGE, "p2"), Media(Kind.FILE, "none", name="说明.pdf"))
    holding.say("张伯", LAMP, to=GROUP, media=both)
    assert [(one.content_type, one.lost) for one in shown(holding)] == [(PICTURE, None), (PICTURE, None), ("", "gone")]


def test_pictures_of_the_day_in_a_group_are_nobodys_business(holding: Town) -> None:
    holding.say("张伯", "今天的晚霞", to=GROUP, media_id="p1")
    holding.say("张伯", "", to=GROUP, kind=Kind.IMAGE, media_id="p2")
    assert holding.channels["bridge"].fetched == []
    holding.wait(hours=25)
    with holding.services.reading() as session:
        assert session.exec(select(Inbound).where(col(Inbound.media).is_not(None))).all() == []


def test_a_busy_platform_is_asked_again_and_the_rest_is_kept_meanwhile(holding: Town) -> None:
    held = holding.channels["bridge"].holds
    held["p2"] = DeliveryError("busy")
    holding.say("张伯", LAMP, to=GROUP, media=(Media(Kind.IMAGE, "p1"), Media(Kind.IMAGE, "p2")))
    assert [(bool(one.id), one.waits) for one in shown(holding)] == [(True, False), (False, True)]
    held["p2"] = picture()
    holding.wait(minutes=1)
    assert kept(holding) == [PICTURE, PICTURE]
    assert holding.channels["bridge"].fetched == ["p1", "p2", "p2"]


def test_a_platform_that_asks_to_wait_is_left_alone_that_long(holding: Town) -> None:
    holding.channels["oa"].holds["p1"] = DeliveryError("too often", retry_after=3600)
    holding.say("王阿姨", LAMP, media_id="p1")
    holding.wait(minutes=50)
    assert len(holding.channels["oa"].fetched) == 1
    holding.wait(minutes=15)
    assert len(holding.channels["oa"].fetched) == 2


@pytest.mark.parametrize(
    ("answer", "lost"),
    [
        (TooLarge(10), Lost.LARGE),
        (b"<svg><script>alert(1)</script></svg>", Lost.UNFIT),
        (DeliveryError("never", permanent=True), Lost.REFUSED),
        (DeliveryError("busy"), Lost.REFUSED),
    ],
    ids=["large", "no picture", "refused", "busy for a day"],
)
def test_what_is_not_to_be_had_is_said_and_not_asked_for_for_ever(
    holding: Town, answer: bytes | DeliveryError, lost: Lost
) -> None:
    holding.channels["oa"].holds["p1"] = answer
    holding.say("王阿姨", LAMP, media_id="p1")
    for _ in range(12):
        holding.wait(hours=7)
    (one,) = shown(holding)
    assert (one.id, one.lost, one.waits) == (None, lost, False)
    assert len(holding.channels["oa"].fetched) <= owed.MOST_ATTEMPTS


def test_staff_may_have_what_is_missing_asked_for_again(holding: Town) -> None:
    holding.channels["oa"].holds["p1"] = DeliveryError("never", permanent=True)
    holding.say("王阿姨", LAMP, media_id="p1")
    holding.channels["oa"].holds["p1"] = picture()
    with holding.services.transaction() as session:
        assert owed.again(session, holding.ticket().id, holding.services.now()) == 1
    holding.drain()
    assert kept(holding) == [PICTURE]
    with holding.services.transaction() as session:
        assert owed.again(session, holding.ticket().id, holding.services.now()) == 0


def test_two_at_the_same_moment_fetch_it_once_and_keep_it_once(holding: Town) -> None:
    holding.say("王阿姨", LAMP)
    holding.channels["oa"].holds["p1"] = DeliveryError("busy")
    holding.say("王阿姨", "", kind=Kind.IMAGE, media_id="p1")
    holding.channels["oa"].holds["p1"] = picture()
    holding.services.now.forward(minutes=1)  # type: ignore[attr-defined]  # the standing clock of the tests
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda _: fetching.fetch(holding.services, 5), range(2)))
    assert sum(done) >= 1
    assert holding.channels["oa"].fetched == ["p1", "p1"]
    assert total(holding) == 1


def test_whoever_dies_with_it_in_hand_leaves_it_to_the_next_and_cannot_settle_it_any_more(holding: Town) -> None:
    holding.channels["oa"].holds["p1"] = DeliveryError("busy")
    holding.say("王阿姨", LAMP, media_id="p1")
    holding.channels["oa"].holds["p1"] = picture()
    clock = holding.services.now
    clock.forward(minutes=1)  # type: ignore[attr-defined]  # the standing clock of the tests
    with holding.services.transaction() as session:
        dead = owed.claim(session, clock(), 10**7)
    assert dead is not None
    assert fetching.fetch(holding.services, 1) == 0
    clock.forward(seconds=owed.LEASE.total_seconds() + 1)  # type: ignore[attr-defined]
    assert fetching.fetch(holding.services, 5) == 1
    fetching.settle(holding.services, dead, [(0, Media(Kind.IMAGE, "p1"), Lost.GONE)])
    assert kept(holding) == [PICTURE]
    assert shown(holding)[0].lost is None


def test_what_is_taken_back_is_gone_here_as_well(holding: Town) -> None:
    holding.say("张伯", LAMP, to=GROUP)
    holding.say("张伯", "", to=GROUP, kind=Kind.IMAGE, media_id="p1", message_id="shown")
    assert total(holding) == 1
    holding.say("张伯", "", to=GROUP, kind=Kind.RECALL, message_id="shown")
    assert total(holding) == 0
    assert shown(holding) == []


def test_what_is_taken_back_while_it_is_fetched_is_not_kept(holding: Town) -> None:
    holding.say("张伯", LAMP, to=GROUP)
    holding.channels["bridge"].holds["p1"] = DeliveryError("busy")
    holding.say("张伯", "", to=GROUP, kind=Kind.IMAGE, media_id="p1", message_id="shown")
    holding.services.now.forward(minutes=1)  # type: ignore[attr-defined]  # the standing clock of the tests
    with holding.services.transaction() as session:
        claimed = owed.claim(session, holding.services.now(), 10**7)
    assert claimed is not None
    holding.say("张伯", "", to=GROUP, kind=Kind.RECALL, message_id="shown")
    fetched = fitted(Media(Kind.IMAGE, "p1"), picture())
    fetching.settle(holding.services, claimed, [(0, Media(Kind.IMAGE, "p1"), fetched)])
    assert total(holding) == 0


def test_whoever_looks_into_it_hears_that_there_is_something_to_be_seen_and_where(holding: Town) -> None:
    holding.say("王阿姨", LAMP, media_id="p1")
    assert "还发来照片、语音1个，要看请找社区" in said_to(holding.say("李姐", "详情 1"), "oa-李姐")
    settings = holding.services.settings
    service = settings.service.model_copy(update={"public_url": "https://danyuan.example/"})
    holding.services = replace(holding.services, settings=settings.model_copy(update={"service": service}))
    with holding.services.transaction() as session:
        tokens.create(holding.services.desk(session), "社工小邹")
    seen = said_to(holding.say("社工小邹", "详情 1"), "oa-社工小邹")
    assert "照片、语音1个，在这里看：https://danyuan.example/console/tickets/2026-XF-1" in seen


def test_whoever_asks_is_told_that_they_are_kept_and_how_long(holding: Town) -> None:
    assert "照片" not in said_to(holding.say("王阿姨", "你们存了我什么"), "oa-王阿姨")
    holding.say("王阿姨", LAMP, media_id="p1")
    seen = said_to(holding.say("王阿姨", "你们存了我什么"), "oa-王阿姨")
    assert "您发来的照片、语音和文件：1个，留90天" in seen


def test_whoever_is_forgotten_leaves_no_picture(holding: Town) -> None:
    holding.say("王阿姨", LAMP, media_id="p1")
    holding.say("张伯", "楼道灯不亮", to=GROUP, media_id="p2")
    assert total(holding) == 2
    with holding.services.transaction() as session:
        account = session.exec(select(Account).where(Account.user_id == "oa-王阿姨")).one()
        gone: Counter[str] = Counter()
        erasing.account(holding.services.desk(session), account, gone)
    assert gone["attachments"] == 1
    assert total(holding) == 1
    with holding.services.reading() as session:
        left = session.exec(select(Inbound).where(col(Inbound.media).is_not(None))).all()
    assert [one.account_id != account.id for one in left] == [True]


def test_after_its_days_a_picture_goes_but_not_while_its_matter_is_open(holding: Town) -> None:
    holding.say("王阿姨", LAMP, media_id="p1")
    days = holding.services.settings.media.keep_days
    expire(holding, days - 1)
    assert total(holding) == 1
    expire(holding, 2)
    assert total(holding) == 1  # it is still open
    holding.say("李姐", "1号修好了")
    holding.say("王阿姨", "修好了，谢谢")
    expire(holding, 8)
    assert total(holding) == 0
    assert [one.lost for one in shown(holding)] == [Lost.EXPIRED]


def expire(town: Town, days: int) -> None:
    town.services.now.forward(days=days)  # type: ignore[attr-defined]  # the standing clock of the tests
    with town.services.transaction() as session:
        while keeping.expire(session, town.services.now()):
            pass


def test_merged_it_is_seen_with_the_matter_that_lives_on(holding: Town) -> None:
    holding.say("张伯", LAMP, to=GROUP, media_id="p1")
    holding.say("王阿姨", "3栋2单元电梯坏了", media_id="p2")
    holding.say("李姐", "2号和1号是一件事")
    first, second = holding.tickets()
    assert len(shown(holding, first)) == 2
    assert len(shown(holding, second)) == 1
    with holding.services.reading() as session:
        assert keeping.data(session, first.id, shown(holding, second)[0].id or 0) is not None
        assert keeping.data(session, second.id, shown(holding, first)[0].id or 0) is None


def test_where_nothing_is_to_be_kept_nothing_is_fetched(holding: Town) -> None:
    settings = holding.services.settings
    none = settings.model_copy(update={"media": settings.media.model_copy(update={"keep_days": 0})})
    holding.services = replace(holding.services, settings=none)
    holding.say("王阿姨", LAMP, media_id="p1")
    assert holding.channels["oa"].fetched == []
    assert [(one.id, one.lost, one.waits) for one in shown(holding)] == [(None, None, False)]


def test_nobody_fills_the_disk_with_one_matter(holding: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owed, "MOST_THINGS", 1)
    holding.say("张伯", LAMP, to=GROUP, media_id="p1")
    holding.say("张伯", "", to=GROUP, kind=Kind.IMAGE, media_id="p2")
    assert [(bool(one.id), one.lost) for one in shown(holding)] == [(True, None), (False, Lost.LARGE)]
    assert holding.channels["bridge"].fetched == ["p1"]


def test_a_fault_in_the_channel_holds_nobody_up(holding: Town) -> None:
    def broken(media: Media, wire: object, most: int) -> bytes:
        raise ZeroDivisionError

    holding.channels["bridge"].fetch = broken  # type: ignore[method-assign]  # a fault laid in
    holding.say("张伯", LAMP, to=GROUP, media_id="p1")
    assert jobs.drain(holding.services, 5) == 0
    assert shown(holding)[0].waits
    with holding.services.reading() as session:
        assert session.exec(select(Attachment)).all() == []


def test_a_file_keeps_its_name_and_is_not_looked_into(holding: Town) -> None:
    holding.channels["bridge"].holds["f1"] = b"%PDF-1.7 ..."
    holding.say("张伯", LAMP, to=GROUP, media=(Media(Kind.FILE, "f1", name="维修单.pdf"),))
    (one,) = shown(holding)
    assert (one.name, one.content_type) == ("维修单.pdf", OTHER)
