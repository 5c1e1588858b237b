"""Commands about cases that somebody else keeps a number for (12345, ...)."""

from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from sqlmodel import select

from bot import casesheet, services
from bot.commandline.place import Place, placed
from bot.settings import SettingsError
from models import Area

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
@placed
def cases(place: Place) -> None:
    """External cases: from a sheet onto tickets, and their answers back into a sheet."""


@cases.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@placed
def import_(place: Place, file: Path) -> None:
    """Keep the cases of FILE.xlsx or FILE.csv on their tickets, whole or not at all; what is new opens one."""
    built = place.ready()
    rows, passed_over = casesheet.read(file)
    with services.at_desk(place.settings()) as desk:
        done = casesheet.apply(desk, built.understanding, rows)
    if passed_over:
        click.echo(f"columns not read: {'、'.join(passed_over)}", err=True)
    click.echo(
        f"{len(rows)} cases on {done.matters} matters: opened {done.opened}, attached {done.attached}, "
        f"changed {done.changed}, unchanged {done.unchanged}"
    )


@cases.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--from", "starts", type=DAY, help="Answered on this day or later.")
@click.option("--to", "ends", type=DAY, help="Answered before this day.")
@click.option("--area", "area_code", help="Only those below this area, by its code.")
@placed
def export(place: Place, file: Path, starts: datetime | None, ends: datetime | None, area_code: str | None) -> None:
    """Write the answered cases to FILE.xlsx or FILE.csv."""
    settings = place.settings()
    with services.at_desk(settings) as desk:
        area = desk.session.exec(select(Area).where(Area.code == area_code)).first() if area_code else None
        if area_code and area is None:
            raise SettingsError(f"--area {area_code}: no such area")
        count = casesheet.export(desk, file, _begins(starts, settings.zone), _begins(ends, settings.zone), area)
    click.echo(f"{count} cases: {file}")


def _begins(day: datetime | None, zone: ZoneInfo) -> datetime | None:
    """The beginning of a day in the community's zone."""
    return datetime.combine(day.date(), time(0), zone) if day else None
