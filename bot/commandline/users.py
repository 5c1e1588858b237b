"""Commands about who may sign in to the console."""

import click

from bot import accounts, passwords, services
from bot.commandline.place import Place, placed


@click.group("user")
@placed
def user_(place: Place) -> None:
    """Users of the console at /console."""


@user_.command()
@click.argument("name")
@click.option("--role", help="With --area: the post they get where they have none there.")
@click.option("--area", "area_code", help="The code of the area.")
@placed
def create(place: Place, name: str, role: str | None, area_code: str | None) -> None:
    """Let NAME sign in. The first password stands alone on the last line; it is changed at the first login."""
    first = passwords.first()
    with services.at_desk(place.settings()) as desk:
        signs_in_as = accounts.create(desk, first, name, role, area_code).name
    if signs_in_as != name:
        click.echo(f"{name} signs in as {signs_in_as}")
    click.echo(first.text)


@user_.command("list")
@placed
def list_(place: Place) -> None:
    """Every user: name, person, posts, and what they sign in with."""
    with services.at_desk(place.settings()) as desk:
        found = accounts.listed(desk)
    for one in found:
        words = [word for word, said in (("disabled", one.disabled), ("no password", not one.password)) if said]
        words += ["second factor"] if one.second_factor else []
        click.echo("\t".join((one.name, one.person or "", ", ".join(one.posts), ", ".join(words))))


@user_.command()
@click.argument("name")
@placed
def disable(place: Place, name: str) -> None:
    """NAME signs in no more, and their tokens are worth nothing; what they did stays."""
    with services.at_desk(place.settings()) as desk:
        accounts.disable(desk, name)
    click.echo(f"{name} is disabled")


@user_.command()
@click.argument("name")
@placed
def enable(place: Place, name: str) -> None:
    """NAME may sign in again."""
    with services.at_desk(place.settings()) as desk:
        accounts.enable(desk, name)
    click.echo(f"{name} is enabled")


@user_.command("reset-password")
@click.argument("name")
@placed
def reset_password(place: Place, name: str) -> None:
    """A new first password for NAME, alone on the last line."""
    first = passwords.first()
    with services.at_desk(place.settings()) as desk:
        accounts.reset_password(desk, first, name)
    click.echo(first.text)


@user_.command("reset-totp")
@click.argument("name")
@placed
def reset_totp(place: Place, name: str) -> None:
    """NAME has lost the phone with the second factor: they set up another one."""
    with services.at_desk(place.settings()) as desk:
        accounts.reset_totp(desk, name)
    click.echo(f"{name} sets up a second factor anew")
