"""GET /words: what is in force, and what there is; /health tells what the process works with."""

from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from bot.services import Services
from bot.shelf import Shelf
from bot.web import health
from bot.words import Words
from tests.web.world import World
from tests.words.conftest import folder, own, publish, rollback, untried

__all__ = ["folder", "own", "untried"]  # fixtures


class Stuck:
    """A shelf that could not take up what is in force."""

    trouble = "version 1: repair.toml:3: place: must be true or false"

    def __init__(self, current: Words) -> None:
        self.current = current


def test_where_nothing_was_published_the_files_are_in_force(world: World) -> None:
    answer = world.get("staff", "/words")
    version = world.services.understanding.version
    assert (answer["current"], answer["since"], answer["by"], answer["items"]) == (0, None, None, [])
    assert answer["held"] == {"id": 0, "version": version, "error": None}


@pytest.mark.usefixtures("untried")
def test_every_version_is_listed_with_who_made_it_and_why(world: World, own: Path) -> None:
    number = publish(world.services, own, note="电梯的新说法")
    answer = world.get("auditor", "/words")
    (item,) = answer["items"]
    assert (item["id"], item["author"], item["note"], item["parent"]) == (number, "周敏", "电梯的新说法", 0)
    assert item["version"] != answer["held"]["version"]  # this process has not loaded it
    assert item["published_at"] == answer["since"]
    assert (answer["current"], answer["by"]) == (number, "周敏")
    assert answer["since"].endswith("+08:00")


@pytest.mark.usefixtures("untried")
def test_health_tells_what_is_in_force_and_what_this_process_holds(services: Services, own: Path) -> None:
    number = publish(services, own)
    report = health.Checks(services).report()
    assert report["words"] == {"id": 0, "version": services.understanding.version, "error": None, "current": number}
    rollback(services, 0)
    assert health.Checks(services).report()["words"]["current"] == 0


def test_words_that_do_not_load_degrade(services: Services) -> None:
    stuck = replace(services, words=cast("Shelf", Stuck(services.words.current)))
    report = health.Checks(stuck).report()
    assert "words" in report["degraded"]
    assert report["words"]["error"] == Stuck.trouble
