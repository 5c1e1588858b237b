"""`create_app()` and the commands. Results go to stdout, logs to stderr; an error is one plain line and code 2."""

import functools
import json
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import click
from flask import Flask
from sqlalchemy.exc import DBAPIError

from bot import checkup, family, groups, publishing, rehearse, roster, services, staging, supervise, tokens, worker
from bot import settings as configuration
from bot.classify import BadLine
from bot.classify import classify as read_lines
from bot.clock import Clock
from bot.services import Services
from bot.settings import Settings, SettingsError
from bot.web import api, health, hooks, metrics, serving, simulator
from bot.wording import WordingError
from bot.words import WordsError
from intents import understanding
from intents.understanding import KeywordError
from models import ChatKind, db

ROOT = Path(__file__).parent
PLAIN_ERRORS = (
    SettingsError,
    WordingError,
    KeywordError,
    WordsError,
    db.DatabaseError,
    tokens.TokenError,
    roster.RosterRefused,
    rehearse.SceneError,
    supervise.CannotRun,
    OSError,
)


def create_app(services: Services, standin_url: str | None = None) -> Flask:
    """The web application. standin_url: in the sample alone, where the stand-in platforms are."""
    app = Flask("danyuan", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = services.settings.web.max_body_bytes
    for part in (hooks, api, health, metrics):
        app.register_blueprint(part.blueprint(services))
    if standin_url is not None and services.settings.sample:
        app.register_blueprint(simulator.blueprint(standin_url))
    return app


@dataclass
class Place:
    """--config and --data, wherever on the line they stood."""

    config: Path | None = None
    data: Path = Path("data")

    def settings(self) -> Settings:
        """The settings; in the sample (for children of `run`) with its channels. Raises SettingsError."""
        standin = os.environ.get(staging.STANDIN)
        channels = staging.channels(self.data, standin) if standin else None
        return configuration.load(self.file(), self.data, os.environ, sample_channels=channels)

    def ready(self) -> Services:
        """Services on a database at the right revision, with the words that are in force."""
        built = services.build(self.settings(), live=True)
        built.engine.dispose()
        return built

    def file(self) -> Path | None:
        default = ROOT / "config.toml"
        return self.config or (default if default.exists() else None)


def placed(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command --config and --data, and hand it the Place."""

    @click.option(
        "--config", type=click.Path(path_type=Path), help="The configuration; else config.toml beside app.py."
    )
    @click.option("--data", type=click.Path(path_type=Path), help="The folder for what is kept; else ./data.")
    @functools.wraps(command)
    def wrapper(config: Path | None, data: Path | None, **rest: Any) -> Any:
        place = click.get_current_context().ensure_object(Place)
        place.config = config or place.config
        place.data = data or place.data
        return command(place, **rest)

    return wrapper


@click.group(no_args_is_help=True)
@placed
def cli(place: Place) -> None:
    """Danyuan (单元): a neighbour's message becomes a ticket, its unit leader hears of it and closes it by talking."""


@cli.command()
@click.option("--host", help="Where to listen; else as configured.")
@click.option("--port", type=click.IntRange(0, 65535), help="0: any free port.")
@placed
def run(place: Place, host: str | None, port: int | None) -> None:
    """All in one; without any channel configured a fictional sample with a simulator."""
    try:
        supervise.run(place.file(), place.data, os.environ, host, port)
    except family.Refused as refused:
        raise SettingsError(f"{refused}: cannot be started, see above") from refused


@cli.command()
@click.option("--host", help="Where to listen; else as configured.")
@click.option("--port", type=click.IntRange(0, 65535))
@placed
def serve(place: Place, host: str | None, port: int | None) -> None:
    """The web server."""
    family.follow_parent(os.environ)
    built = place.ready()
    web = built.settings.web
    app = create_app(built, os.environ.get(staging.STANDIN))
    serving.serve(app, built, web.host if host is None else host, web.port if port is None else port)


@cli.command()
@placed
def work(place: Place) -> None:
    """A worker behind the queue; any number may run."""
    family.follow_parent(os.environ)
    if not place.settings().redis.url:
        raise SettingsError("REDIS_URL: missing, a worker needs a queue; without one `clock` does the work")
    worker.work(place.ready())


@cli.command()
@placed
def clock(place: Place) -> None:
    """The clock: timers, ladders, what lies too long; any number may run."""
    family.follow_parent(os.environ)
    ticking = Clock(place.ready())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ticking.stop())
    ticking.run()


@cli.command()
@placed
def migrate(place: Place) -> None:
    """Bring the database to this version."""
    place.data.mkdir(parents=True, exist_ok=True)
    db.migrate(services.database_url(place.settings()))
    click.echo(f"the database is at revision {db.head()}")


@cli.command("check-config")
@placed
def check_config(place: Place) -> None:
    """Check the configuration, the keywords and the sentences, without starting anything."""
    for line in checkup.check(place.settings()):
        click.echo(line)
    click.echo("ok")


@cli.command("import")
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--template", type=click.Path(path_type=Path, dir_okay=False), help="Write an example to fill in.")
@placed
def import_(place: Place, file: Path | None, template: Path | None) -> None:
    """Import a roster (areas, chats, people, accounts, posts) from FILE.xlsx, whole or not at all."""
    if (file is None) == (template is None):
        raise click.UsageError("either FILE or --template OUT")
    if template is not None:
        roster.template(template)
        click.echo(str(template))
    if file is not None:
        with services.at_desk(place.settings()) as desk:
            outcome = roster.apply(desk, roster.read(file, roster.known(desk.session)))
        for warning in outcome.warnings:
            click.echo(str(warning), err=True)
        for issued in outcome.codes:
            click.echo(f"code\t{issued.person_code}\t{issued.name}\t{issued.code}")
        click.echo(f"added {outcome.added}, changed {outcome.changed}, unchanged {outcome.unchanged}")


@cli.command()
@click.option("--code", "chat_id", type=int, help="Issue a one-time code for the group with this number.")
@click.option("--area", "area_code", help="With --code: the area the group is to be bound to.")
@click.option("--kind", type=click.Choice([kind.value for kind in ChatKind if kind.name not in {"PRIVATE", "UNBOUND"}]))
@click.option(
    "--listen-only", "listen", type=(int, click.Choice(["on", "off"])), help="CHAT on|off: understand, say nothing."
)
@placed
def chats(
    place: Place,
    chat_id: int | None,
    area_code: str | None,
    kind: str | None,
    listen: tuple[int, str] | None,
) -> None:
    """List the groups, unbound ones first; issue the code that binds one; or only listen to one."""
    with services.at_desk(place.settings()) as desk:
        if listen is not None:
            click.echo(groups.listen_only(desk, listen[0], listen[1] == "on"))
        elif chat_id is not None:
            click.echo(groups.code(desk, chat_id, area_code, kind))
        else:
            for line in groups.listed(desk):
                click.echo(line)


@cli.group()
@placed
def token(place: Place) -> None:
    """Tokens for the API."""


@token.command()
@click.option("--user", required=True, help="Who it is for.")
@click.option("--role", help="With --area: the post they get where they have none there.")
@click.option("--area", "area_code", help="The code of the area.")
@placed
def create(place: Place, user: str, role: str | None, area_code: str | None) -> None:
    """Make a token; it stands alone on the last line and is never shown again."""
    with services.at_desk(place.settings()) as desk:
        made = tokens.create(desk, user, role, area_code)
    click.echo(made)


@cli.command()
@click.argument("file", type=click.File("rb"))
@placed
def classify(place: Place, file: BinaryIO) -> None:
    """Understand JSON lines {id, setting, text} from FILE or - (stdin), one JSON line each."""
    folder = place.settings().keywords
    if not _print_readings(understanding.load(Path(folder) if folder else services.KEYWORDS), file):
        raise SystemExit(1)


@cli.command("rehearse")
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
    understood = understanding.load(Path(settings.keywords) if settings.keywords else services.KEYWORDS)
    cast = rehearse.Cast(names["leaders"], names["property_"], names["staff"])
    for line, result in rehearse.run(settings, understood, file, cast, area, as_json=as_json):
        click.echo(line, err=not result)


cli.add_command(publishing.commands(placed))


def _print_readings(understood: understanding.Understanding, lines: Iterable[bytes]) -> bool:
    """Whether every line could be read."""
    good = True
    for reading in read_lines(understood, lines):
        if isinstance(reading, BadLine):
            good = False
            click.echo(str(reading), err=True)
        else:
            click.echo(json.dumps(reading, ensure_ascii=False))
    return good


def main() -> int:
    """Run the command line. Returns the exit code: 0, 1 (classify: some lines were bad) or 2 (an error, said)."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        cli.main(standalone_mode=False)
    except click.ClickException as error:
        return _complain(error.format_message())
    except PLAIN_ERRORS as error:
        return _complain(str(error))
    except DBAPIError as error:
        return _complain(f"the database refused: {str(error.orig).splitlines()[0]}")
    except (click.Abort, KeyboardInterrupt):
        return 130
    return 0


def _complain(message: str) -> int:
    click.echo(f"danyuan: {message}", err=True)
    return 2


if __name__ == "__main__":
    sys.exit(main())
