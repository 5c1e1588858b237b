"""Twenty say 我来 in the same instant: one has it, nineteen hear kindly that it is taken. On both databases."""

import multiprocessing
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import select

from bot import inbox
from bot import takers as setting
from bot.channels import Channel, Incoming
from models import Inbound, InboundState, Offer, OfferState, Order, Outgoing, Status
from tests.faults.conftest import at_once
from tests.stories.conftest import build, people
from tests.stories.helping import offers, takers, volunteer
from tests.stories.more import GROUP
from tests.stories.town import Town

TWENTY, PROCESSES = 20, 2
SHOP = "想请人帮我买菜，我脚崴了下不了楼，住502"
TAKEN = "这件刚才有人接了"


def crowd(town: Town) -> list[str]:
    names = [f"志愿{n}" for n in range(1, TWENTY + 1)]
    for name in names:
        volunteer(town, name)
    return names


def said(town: Town, who: str, *, to: str | None, at: int) -> Incoming:
    name = "bridge" if to else "oa"
    return Incoming(
        external_id=f"once-{at}",
        chat_id=to or f"oa-{who}",
        private=to is None,
        user_id=f"{name}-{who}",
        said_at=town.services.now(),
        text="我来",
        message_id=f"once-{at}",
        to_me=to is None,
    )


def resume_all(town: Town) -> None:
    """Whoever waited longer than a callback may is stored and has its turn from the worker."""
    for _ in range(10):
        town.wait(seconds=40)
        with town.services.reading() as session:
            waiting = list(session.exec(select(Inbound.id).where(Inbound.state == InboundState.PENDING)))
        if not waiting:
            return
        for row_id in waiting:
            inbox.resume(town.services, row_id)
    raise AssertionError(f"{len(waiting)} are still pending")


def heard_by_all(town: Town) -> list[str]:
    with town.services.reading() as session:
        return list(session.exec(select(Outgoing.text)))


@pytest.mark.parametrize("where", ["private", "group"])
def test_twenty_threads_and_one_has_it(town: Town, where: str) -> None:
    names = crowd(town)
    group = GROUP if where == "group" else None
    town.say("王阿姨", SHOP, to=group)
    for _ in range(3):
        town.wait(minutes=31)  # everybody was asked
    channel = town.channels["bridge" if group else "oa"]
    receive: list[Callable[[], object]] = [
        partial(_until_heard, town, said(town, name, to=group, at=n), channel) for n, name in enumerate(names)
    ]

    at_once(receive)
    resume_all(town)

    assert town.ticket().status == Status.ACCEPTED
    assert len(takers(town)) == 1
    assert takers(town)[0] in names
    assert town.history().count("accepted") == 1
    texts = heard_by_all(town)
    assert len([text for text in texts if "502" in text and "等您" not in text]) == 1
    assert len([text for text in texts if TAKEN in text]) == TWENTY - 1


def test_two_processes_of_ten_threads_and_one_has_it(database: str, tmp_path: Path) -> None:
    """The same between processes, which share nothing but the database."""
    town = build(database, tmp_path)
    people(town)
    names = crowd(town)
    town.say("王阿姨", SHOP)
    town.services.engine.dispose()
    context = multiprocessing.get_context("spawn")
    gate = context.Barrier(PROCESSES)
    processes = [
        context.Process(target=_claim, args=(database, str(tmp_path), names[n::PROCESSES], gate))
        for n in range(PROCESSES)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0] * PROCESSES

    resume_all(town)

    assert len(takers(town)) == 1
    assert town.history().count("accepted") == 1
    # Those who had not been asked yet hear that there is nothing for them; nobody else has it, and nobody an error.
    texts = heard_by_all(town)
    assert len([text for text in texts if "502" in text and "等您" not in text]) == 1
    assert len([text for text in texts if TAKEN in text or "歇歇" in text]) == TWENTY - 1
    town.services.engine.dispose()


def _claim(database: str, folder: str, names: list[str], gate: Barrier) -> None:
    """One process: it is told what these say, each in a thread of its own, until it has acknowledged it."""
    town = build(database, Path(folder))
    lines = [said(town, who, to=None, at=int(who.removeprefix("志愿"))) for who in names]
    gate.wait(90)
    at_once([partial(_until_heard, town, line) for line in lines])
    town.services.engine.dispose()


def _until_heard(town: Town, line: Incoming, channel: Channel | None = None) -> None:
    """A platform tells it again while it gets no 200: where even storing it took longer than a callback may wait."""
    for attempt in range(30):
        try:
            inbox.receive(town.services, channel or town.channels["oa"], line)
        except OperationalError:
            time.sleep(0.1 * attempt)
        else:
            return
    raise AssertionError("never acknowledged")


def test_the_database_itself_never_lets_two_have_it(town: Town) -> None:
    crowd(town)
    town.say("王阿姨", SHOP)
    first, second = offers(town)[:2]

    def hold(offer: Offer) -> None:
        with town.services.transaction() as session:
            row = session.get_one(Offer, offer.id)
            row.state, row.claimed_at = OfferState.CLAIMED, town.services.now()

    hold(first)
    with pytest.raises(IntegrityError):
        hold(second)


def test_a_claim_is_a_compare_and_set(town: Town) -> None:
    """Two who both read that nobody has it: the second changes nothing."""
    crowd(town)
    town.say("王阿姨", SHOP)
    first, second = offers(town)[:2]

    with town.services.transaction() as session:
        order = session.exec(select(Order)).one()
        taken = [setting.take(session, order, session.get_one(Offer, held.id)) for held in (first, second)]
    assert taken == [True, False]
