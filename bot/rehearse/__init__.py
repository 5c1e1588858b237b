"""Playing whole chats, as they were, through everything the service does, and sending nothing.

for played in rehearse(settings, understanding, scenes): ...
"""

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from bot import services
from bot.bell import Bell
from bot.rehearse import ledger, stage
from bot.rehearse.channel import NAME, RehearsalChannel
from bot.rehearse.ledger import Ledger
from bot.rehearse.playing import Play, SceneClock
from bot.rehearse.scene import Scene, SceneError, read_json
from bot.settings import DatabaseSection, RedisSection, Settings
from intents.understanding import Understanding

__all__ = ["Played", "Scene", "SceneError", "read_json", "rehearse"]

USUAL_START = datetime(2026, 11, 23, 9, 0)  # noqa: DTZ001 - a Monday; the zone is the community's


@dataclass(frozen=True)
class Played:
    """One chat after its rehearsal."""

    scene: Scene
    ledger: Ledger
    start: datetime


def rehearse(settings: Settings, understanding: Understanding, scenes: Iterable[Scene]) -> Iterator[Played]:
    """Play each scene in a throw-away community of its own and give what became of it.

    Hours, times and phones are those of `settings`; its database, queue and channels are left alone.
    """
    with tempfile.TemporaryDirectory(prefix="danyuan-rehearsal-") as name:
        folder = Path(name)
        empty = stage.template(folder)
        for n, scene in enumerate(scenes):
            yield _play(_own(settings, stage.copy(empty, folder, n)), understanding, scene)


def _play(settings: Settings, understanding: Understanding, scene: Scene) -> Played:
    start = scene.starts_at or USUAL_START
    start = start.replace(tzinfo=settings.zone) if start.tzinfo is None else start
    clock = SceneClock(start)
    channel = RehearsalChannel(clock)
    built = services.build(settings, now=clock, bell=Bell(None), understanding=understanding)
    built = replace(built, channels={NAME: channel})
    try:
        with built.transaction() as session:
            stage.people(session, scene, start)
        play = Play(built, scene, clock, channel)
        play.run()
        with built.reading() as session:
            return Played(scene, ledger.write(session, scene, play, start), start)
    finally:
        built.engine.dispose()


def _own(settings: Settings, url: str) -> Settings:
    """The settings with nothing in them that reaches outside.

    There is no leaders' chat in a rehearsal, and a card in the group would be one line more that nobody wrote there:
    leaders get theirs in private.
    """
    return settings.model_copy(
        update={
            "database": DatabaseSection(url=url, synchronous="NORMAL"),
            "redis": RedisSection(),
            "channels": {},
            "reach": settings.reach.model_copy(update={"leader": ("private", "staff_chat")}),
        }
    )
