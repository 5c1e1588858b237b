"""Commands about who and what there is: rosters, groups, tokens."""

from pathlib import Path

import click

from bot import groups, roster, services, tokens
from bot.commandline.place import Place, placed
from models import ChatKind


@click.command("import")
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--template", type=click.Path(path_type=Path, dir_okay=False), help="Write an example to fill in.")
@placed
def import_(place: Place, file: Path | None, template: Path | None) -> None:
    """Import a roster (areas, chats, people, accounts, posts) from FILE.xlsx, whole or not at all."""
    if (file is None) == (template is None):
        raise click.UsageError("either FILE or --template OUT")
    if template is not None:
        roster.template(template, place.settings().levels)
        click.echo(str(template))
    if file is not None:
        with services.at_desk(place.settings()) as desk:
            outcome = roster.apply(desk, roster.read(file, roster.known(desk.session), desk.settings.levels))
        for warning in outcome.warnings:
            click.echo(str(warning), err=True)
        for issued in outcome.codes:
            click.echo(f"code\t{issued.person_code}\t{issued.name}\t{issued.code}")
        click.echo(f"added {outcome.added}, changed {outcome.changed}, unchanged {outcome.unchanged}")


@click.command()
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


@click.group()
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
