"""Commands about the understanding: reading, rehearsing, learning."""

import importlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

import click

from bot import learned, rehearse, services
from bot.classify import BadLine
from bot.classify import classify as read_lines
from bot.commandline.place import Place, placed
from bot.settings import SettingsError
from intents import examples, understanding
from intents.likest import Likest


@click.command()
@click.argument("file", type=click.File("rb"))
@click.option("--explain", "why", is_flag=True, help="Say which words, rules, features and examples decided.")
@placed
def classify(place: Place, file: BinaryIO, why: bool) -> None:
    """Understand JSON lines {id, setting, text} from FILE or - (stdin), one JSON line each."""
    folder = place.keywords()
    understood = understanding.load(folder)
    likest = None
    if why:
        known = examples.load(folder / "examples", understood.labels, understood.danger)
        likest = Likest(known, understood.fold)
    if not _print_readings(read_lines(understood, file, likest)):
        raise SystemExit(1)


@click.command()
@placed
def train(place: Place) -> None:
    """Learn from the examples of the keyword folder, and write its model. Needs requirements-train.txt."""
    try:
        command = importlib.import_module("training.command")
    except ModuleNotFoundError as error:
        raise SettingsError(f"{error.name} is not installed: pip install -r requirements-train.txt") from error
    if code := command.main(["--keywords", str(place.keywords())]):
        raise SystemExit(code)


@click.command("examples")
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@placed
def approved(place: Place, out: Path) -> None:
    """Write what staff approved on the review list to OUT.tsv, masked and labelled.

    Put beside keywords/examples, the next training learns from it.
    """
    with services.at_desk(place.settings()) as desk:
        rows = learned.examples(desk.session)
    out.write_text(learned.as_tsv(rows), encoding="utf-8")
    click.echo(f"{len(rows)} examples: {out}")


@click.command("rehearse")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="One JSON list: tickets and lines of every chat.")
@click.option(
    "--area", help="For an exported chat: where its group is, like 3栋2单元; else the file's name may say it."
)
@click.option("--leader", "leaders", multiple=True, help="For an exported chat: a name in it; may be given again.")
@click.option("--property", "property_", multiple=True, help="Likewise, of the property company.")
@click.option("--staff", multiple=True, help="Likewise, of the community's staff.")
@placed
def rehearse_(place: Place, file: Path, as_json: bool, area: str | None, **names: tuple[str, ...]) -> None:
    """Play the chats of FILE (scenes as JSON, or an export as text) through everything, and send nothing."""
    settings = place.settings()
    understood = understanding.load(place.keywords())
    cast = rehearse.Cast(names["leaders"], names["property_"], names["staff"])
    for line, result in rehearse.run(settings, understood, file, cast, area, as_json=as_json):
        click.echo(line, err=not result)


def _print_readings(readings: Iterable[dict[str, Any] | BadLine]) -> bool:
    """Whether every line could be read."""
    good = True
    for reading in readings:
        if isinstance(reading, BadLine):
            good = False
            click.echo(str(reading), err=True)
        else:
            click.echo(json.dumps(reading, ensure_ascii=False))
    return good
