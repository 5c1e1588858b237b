"""From a resident's word to the leader's phone: the time between a callback's first byte and the card's arrival at the
platform, with the whole family running (web, worker, clock, Redis).
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import letters as writing
from benchmarks.counting import Count, Ledger, count
from benchmarks.guns import OK, Connection, Guns, Hit, Volley
from benchmarks.installation import Account, Installation, install, start_redis, wait_until_up
from benchmarks.letters import Letter
from benchmarks.receiver import Receiver, number_in
from benchmarks.talk import Talk
from benchmarks.town import leader
from bot.family import Family
from intents.understanding import Understanding
from standin.callbacks import wechat

SENDERS = 4
WARM = 5  # cards before the measured ones
PATIENCE = 15.0  # seconds for the last card; later it counts as missing


@dataclass(frozen=True)
class Cards:
    """seconds: of each card that came. missing: cards that did not. family: the mix with everything running."""

    seconds: tuple[float, ...]
    missing: int
    family: Volley
    count: Count
    queue: bool


@dataclass(frozen=True)
class Errand:
    """One repair sent: the leader who must hear of it, its ticket's number, when it was sent."""

    leader: str
    number: int | None
    sent: float


def measure(
    account: Account,
    folder: Path,
    redis_folder: Path,
    understood: Understanding,
    guns: Guns,
    *,
    seconds: int,
    rate: int,
    mix: int,
    within: float,
) -> Cards:
    """Single repairs, `rate` a second for `seconds`; then `mix` messages of the mix as fast as they are answered, for
    `within` seconds at most.
    """
    family, ledger, talk = Family(), Ledger(), Talk(understood)
    with Receiver() as receiver:
        try:
            redis_url = start_redis(family, redis_folder)
            ours = install("leaders", account, folder, redis_url=redis_url, api_base=receiver.api_base)
            _start(ours, family, queue=bool(redis_url))
            known = writing.write(account.channel, talk.everybody())
            ledger.enter(known, guns.fire(ours.port, known, within))
            _send(account, ours.port, writing.write(account.channel, talk.new_repairs(WARM)), ledger, rate)
            repairs = writing.write(account.channel, talk.new_repairs(seconds * rate))
            errands = _send(account, ours.port, repairs, ledger, rate)
            took = _wait(receiver, errands)
            mixed = writing.write(account.channel, talk.mix(mix))
            volley = ledger.enter(mixed, guns.fire(ours.port, mixed, within))
            found = _settled(ours, ledger)
        finally:
            family.stop()
    return Cards(tuple(took), len(errands) - len(took), volley, found, bool(redis_url))


def _start(ours: Installation, family: Family, *, queue: bool) -> None:
    ours.start(family, "serve", "clock", *(["work"] if queue else []))
    wait_until_up(ours.port, family, ("clock", "worker"))


def _send(account: Account, port: int, repairs: Sequence[Letter], ledger: Ledger, rate: int) -> list[Errand]:
    """Send them at that rate, whether or not the answers come as fast."""
    errands: list[Errand] = []
    hits: list[Hit] = []
    begin = time.monotonic()

    def post(share: int) -> None:
        connection = Connection(port)
        connection.open()
        for n in range(share, len(repairs), SENDERS):
            time.sleep(max(0.0, begin + n / rate - time.monotonic()))
            sent = time.monotonic()
            status, body = connection.ask(repairs[n].request())
            hits.append(Hit(n, status, time.monotonic() - sent, bool(body)))
            if status == OK:
                text = wechat.passive_answer(account.channel, body) or ""
                errands.append(Errand(_leader(repairs[n]), number_in(text), sent))
        connection.close()

    posters = [threading.Thread(target=post, args=(share,)) for share in range(SENDERS)]
    for poster in posters:
        poster.start()
    for poster in posters:
        poster.join()
    accepted = tuple(repairs[hit.number] for hit in hits if hit.status == OK)
    ledger.enter(repairs, Volley(time.monotonic() - begin, tuple(hits), accepted))
    return errands


def _leader(repair: Letter) -> str:
    return leader(repair.matter[0]) if repair.matter else ""


def _wait(receiver: Receiver, errands: Sequence[Errand]) -> list[float]:
    """What each card took, for those that came."""
    until = time.monotonic() + PATIENCE
    wanted = {(errand.leader, errand.number or 0): errand.sent for errand in errands}
    while time.monotonic() < until and not wanted.keys() <= receiver.cards.keys():
        time.sleep(0.05)
    return [receiver.cards[key] - sent for key, sent in wanted.items() if key in receiver.cards]


def _settled(ours: Installation, ledger: Ledger) -> Count:
    """The rows, once what was put off has been taken up again."""
    until = time.monotonic() + PATIENCE
    while (found := count(ours.settings(), ledger)).pending and time.monotonic() < until:
        time.sleep(0.5)
    return found
