"""`create_app()` and the commands. Results go to stdout, logs to stderr; an error is one plain line and code 2."""

import gc

gc.disable()  # until everything is imported: it stays, and looking through it over and over took a quarter of the start

import importlib
import logging
import os
import signal
import sys
from typing import TYPE_CHECKING

import click
from sqlalchemy.exc import DBAPIError

from bot import checkup, family, publishing, rehearse, roster, services, staging, supervise, tokens, worker
from bot.clock import Clock
from bot.commandline import cases, days, digest, directory, ledger, person, users, words
from bot.commandline.place import Place, placed
from bot.services import Services
from bot.settings import SettingsError
from bot.wording import WordingError
from bot.words import WordsError
from intents.understanding import KeywordError
from models import db

if TYPE_CHECKING:
    from flask import Flask

gc.freeze()  # and from now on no collection looks through it
gc.enable()

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


def create_app(services: Services, standin_url: str | None = None) -> "Flask":
    """The web application. standin_url: in the sample alone, where the stand-in platforms are."""
    app: Flask = importlib.import_module("bot.application").create_app(services, standin_url)
    return app


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
    serving = importlib.import_module("bot.web.serving")
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


for command in (
    directory.import_,
    directory.chats,
    directory.token,
    users.user_,
    person.person_,
    days.days,
    cases.cases,
    words.classify,
    words.rehearse_,
    words.train,
    words.approved,
    publishing.commands(placed),
    ledger.ledger_,
    digest.digest_,
):
    cli.add_command(command)


def main() -> int:
    """Run the command line. Returns the exit code: 0, 1 (classify: some lines were bad) or 2 (an error, said)."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in ("alembic", "fontTools"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
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
