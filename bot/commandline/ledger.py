"""The command `ledger`: an area's ledger as a workbook, for the wall or the next meeting."""

from pathlib import Path

import click
from sqlmodel import select

from bot import ledger, ledger_file, ledger_table
from bot.commandline.place import Place, placed
from bot.settings import SettingsError
from models import Area


@click.command("ledger")
@click.argument("area_code", metavar="AREA")
@click.argument("file", metavar="OUT.xlsx", type=click.Path(path_type=Path, dir_okay=False))
@placed
def ledger_(place: Place, area_code: str, file: Path) -> None:
    """Write the ledger of the area AREA (its code) and all below it to OUT.xlsx, without anything personal."""
    services = place.ready()
    zone = services.settings.zone
    with services.reading() as session:
        area = session.exec(select(Area).where(Area.code == area_code)).first()
        if area is None:
            raise SettingsError(f"{area_code}: no such area")
        now = services.now()
        since = ledger.since_new_year(now, zone)
        rows = ledger.snapshot(session, area, ledger.beginning(since, zone))
        book = ledger.build(area, rows, now, since, zone, names=ledger.names_in(session, area))
    sheet = ledger_table.sheet(book, services.wording, ledger_table.kinds(services.understanding))
    file.write_bytes(ledger_file.workbook(sheet))
    services.engine.dispose()
    click.echo(f"{file}: open {len(book.open)}, struck off {len(book.struck_off)}")
