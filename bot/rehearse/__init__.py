"""Playing whole chats, as they were, through everything the service does, and sending nothing.

chats, export = scenes(file, cast, area, understanding)
    for played in rehearse(settings, understanding, chats): ...
"""

import json
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bot import services
from bot.bell import Bell
from bot.rehearse import exports, ledger, report, stage
from bot.rehearse.channel import NAME, RehearsalChannel
from bot.rehearse.exports import Cast, Export
from bot.rehearse.playing import Play, SceneClock
from bot.rehearse.report import Played
from bot.rehearse.scene import Scene, SceneError, read_json
from bot.settings import DatabaseSection, RedisSection, Settings
from intents.understanding import Understanding

__all__ = ["Cast", "Export", "Played", "Scene", "SceneError", "read_json", "rehearse", "run", "scenes"]

USUAL_START = datetime(2026, 11, 23, 9, 0)  # noqa: DTZ001 - a Monday; the zone is the community's


def scenes(file: Path, cast: Cast, area: str | None, understanding: Understanding) -> tuple[list[Scene], Export | None]:
    """The chats in `file`: a JSON list of scenes, or one chat exported as text (then with what was left out of it).

    cast, area (3栋2单元): for an export, who holds a post there and where its group is; else the file's name may say
    it. Raises SceneError.
    """
    text = exports.decode(file.read_bytes())
    if text.lstrip().startswith("["):
        if area or cast != Cast():
            raise SceneError("--area, --leader, --property and --staff are for an export; a JSON file says it itself")
        return read_json(text), None
    named = understanding.read(area or file.stem, "private").slots
    if area and not named.building:
        raise SceneError(f"--area {area}: no building in it, like 3栋2单元")
    export = exports.read(text, cast, group=file.stem, building=named.building, unit=named.unit)
    return [export.scene], export


def run(
    settings: Settings, understanding: Understanding, file: Path, cast: Cast, area: str | None, *, as_json: bool
) -> Iterator[tuple[str, bool]]:
    """What the command says, line by line, each with whether it is the result (stdout) or said beside it (stderr).

    Raises SceneError.
    """
    chats, export = scenes(file, cast, area, understanding)
    played = list(rehearse(settings, understanding, chats))
    for line in report.left_out(export) if export else ():
        yield line, not as_json
    if as_json:
        yield json.dumps([one.ledger for one in played], ensure_ascii=False), True
        return
    for line in report.write(understanding, settings.service.name, played):
        yield line, True


def rehearse(settings: Settings, understanding: Understanding, chats: Iterable[Scene]) -> Iterator[Played]:
    """Play each scene in a throw-away community of its own and give what became of it.

    Hours, times and phones are those of `settings`; its database, queue and channels are left alone.
    """
    with tempfile.TemporaryDirectory(prefix="danyuan-rehearsal-") as name:
        folder = Path(name)
        empty = stage.template(folder)
        for n, scene in enumerate(chats):
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
