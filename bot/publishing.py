"""The commands `words list`, `export`, `publish` and `rollback`: how a community changes its words (docs/words.md).

A folder that was exported remembers in a hidden file which version it was made from, and `publish` need not be told.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import click

from bot import services, words
from bot.desk import Desk
from bot.settings import Settings
from bot.words import FILES, Listed, WordsError
from intents import understanding

MADE_FROM = ".version"


class Place(Protocol):
    """Where the settings come from: app.py's --config and --data."""

    def settings(self) -> Settings: ...


def commands(placed: Callable[[Callable[..., Any]], Callable[..., Any]]) -> click.Group:
    """The group `words`. placed: gives a command --config and --data, and hands it the Place."""
    group = click.Group("words", help="Versions of the words: keyword files and sentences.")

    @group.command("list")
    @placed
    def list_(place: Place) -> None:
        """Every version, the newest first; * is in force, 0 are the installation's files."""
        with services.at_desk(place.settings()) as desk:
            for line in listed(desk):
                click.echo(line)

    @group.command()
    @click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
    @click.option("--version", "number", type=click.IntRange(0), help="Which one; else the one in force.")
    @placed
    def export(place: Place, folder: Path, number: int | None) -> None:
        """Write the files of a version into DIR, new or empty, to be edited."""
        with services.at_desk(place.settings()) as desk:
            wanted = words.current_id(desk.session) if number is None else number
            written = words.export(desk, wanted, folder)
        (folder / MADE_FROM).write_text(f"{wanted}\n", encoding="ascii")
        click.echo(f"version {wanted}: {len(written)} files in {folder}")

    @group.command()
    @click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False, exists=True))
    @click.option("--author", required=True, help="Who made it.")
    @click.option("--note", default="", help="What is new in it.")
    @click.option("--parent", type=click.IntRange(0), help="The version it was made from; else as exported.")
    @placed
    def publish(place: Place, folder: Path, author: str, note: str, parent: int | None) -> None:
        """Test the words in DIR and put them in force; every process takes them up within seconds."""
        with services.at_desk(place.settings()) as desk:
            made_from = made_from_of(folder) if parent is None else parent
            version = words.publish(desk, folder, author, note, parent=made_from)
        if (folder / MADE_FROM).exists():
            (folder / MADE_FROM).write_text(f"{version.id}\n", encoding="ascii")
        click.echo(f"version {version.id} ({version.digest}) is in force, made from version {made_from}")

    @group.command()
    @click.argument("number", metavar="N", type=click.IntRange(0))
    @click.option("--author", default="command", help="Who does it.")
    @placed
    def rollback(place: Place, number: int, author: str) -> None:
        """Put version N in force again; 0: the installation's files."""
        with services.at_desk(place.settings()) as desk:
            words.rollback(desk, number, author)
        click.echo(f"version {number} is in force")

    return group


def listed(desk: Desk) -> Iterator[str]:
    """A line a version: number with * where it is in force, digest, when, parent, author, note."""
    current, zone = words.current_id(desk.session), desk.settings.zone
    files = understanding.version_of(desk.settings.keyword_files)
    for version in words.versions(desk.session):
        when = f"{version.published_at.astimezone(zone):%Y-%m-%d %H:%M}"
        yield _line(version, version.id == current, (version.digest, when, f"from {version.parent}"))
    yield f"{FILES}{'*' if current == FILES else ''}\t{files}\t-\t-\t-\t{desk.settings.keyword_files}"


def made_from_of(folder: Path) -> int:
    """The version that the folder was exported from. Raises WordsError where it does not say."""
    try:
        return int((folder / MADE_FROM).read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        raise WordsError(f"{folder}: from which version was this made? --parent says it (words list)") from error


def _line(version: Listed, in_force: bool, middle: tuple[str, ...]) -> str:
    return "\t".join([f"{version.id}{'*' if in_force else ''}", *middle, version.author, version.note])
