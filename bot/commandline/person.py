"""Commands about one person: what is held on them, as a file; and forgetting them (docs/console.md)."""

from pathlib import Path

import click

from bot import handover, held, services
from bot.commandline.place import Place, placed
from bot.desk import Desk
from bot.inbox import erasing
from bot.inbox.erasing import Needed, Order, Way


@click.group("person")
@placed
def person_(place: Place) -> None:
    """One person: find, export what is held on them, erase it."""


@person_.command()
@click.argument("words")
@placed
def find(place: Place, words: str) -> None:
    """Who has this name, phone, account, roster code, or told the ticket of this number: key, name, accounts."""
    with services.at_desk(place.settings()) as desk:
        for one in held.find(desk.session, words):
            click.echo("\t".join((one.key, one.name, ", ".join(account.channel for account in one.accounts))))


@person_.command()
@click.argument("key")
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@placed
def export(place: Place, key: str, out: Path) -> None:
    """Write all that is held on KEY (of `find`) to OUT.zip."""
    with services.at_desk(place.settings()) as desk:
        data = handover.as_zip(desk, _somebody(desk, key))
    out.write_bytes(data)
    click.echo(str(out))


@person_.command()
@click.argument("key")
@click.option("--confirm", "name", required=True, help="Their name, as `find` writes it; erased is erased.")
@placed
def erase(place: Place, key: str, name: str) -> None:
    """Erase all that is held on KEY (of `find`), and enter it in the register."""
    with services.at_desk(place.settings()) as desk:
        somebody = _somebody(desk, key)
        if name != somebody.name:
            raise click.UsageError(f"{key} is called {somebody.name!r}")
        try:
            row = erasing.person(desk, somebody, Order(Way.COMMAND))
        except Needed as needed:
            raise click.ClickException("they hold a post, or may sign in: end that first") from needed
    click.echo("nothing was left" if row is None else f"register {row.id}: {row.counts}")


def _somebody(desk: Desk, key: str) -> held.Subject:
    found = held.subject(desk.session, key)
    if found is None:
        raise click.UsageError(f"nobody has the key {key}: person find")
    return found
