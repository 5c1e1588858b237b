"""The command `digest`: how it goes in a community, as it would be told now or as it was told."""

from datetime import datetime
from pathlib import Path

import click
from sqlmodel import Session, col, select

from bot import digesting
from bot.commandline.place import Place, placed
from bot.digest import drawing, text, workbook
from bot.digest.figures import Digest
from bot.digest.periods import Period
from bot.services import Services
from bot.settings import SettingsError
from models import Community

FILES = ("xlsx", "pdf")


@click.command("digest")
@click.option("--community", help="Its code; needed where there are several.")
@click.option("--period", type=click.Choice([period.value for period in Period]), default="day", show_default=True)
@click.option("--date", "on", type=click.DateTime(["%Y-%m-%d"]), help="A day that it covers; else until now.")
@click.option("--format", "form", type=click.Choice(["text", "json", *FILES]), default="text", show_default=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Where to; needed for xlsx and pdf.")
@placed
def digest_(place: Place, community: str | None, period: str, on: datetime | None, form: str, out: Path | None) -> None:
    """Show how it goes in a community. Nothing personal is in it, and nobody is told."""
    if form in FILES and out is None:
        raise click.UsageError(f"--out: where shall the {form} go?")
    services = place.ready()
    try:
        with services.reading() as session:
            which = _community(session, community)
        found = _digest(services, which, Period(period), on)
        content = _content(services, found, form)
    finally:
        services.engine.dispose()
    if out is None:
        click.echo(content.decode())
    else:
        out.write_bytes(content)
        click.echo(f"{out}: new {found.new}, solved {found.solved}, open {found.open}")


def _community(session: Session, code: str | None) -> Community:
    rows = session.exec(select(Community).order_by(col(Community.code))).all()
    found = [row for row in rows if code in (None, row.code)]
    if len(found) != 1:
        known = ", ".join(row.code for row in rows) or "none yet"
        raise SettingsError(f"--community: which one? There are: {known}")
    return found[0]


def _digest(services: Services, community: Community, period: Period, on: datetime | None) -> Digest:
    if on is None:
        return digesting.current(services, community.id, period)
    try:
        return digesting.around(services, community.id, period, on.date())
    except digesting.NotYet as error:
        raise SettingsError(f"--date: {on.date()}: not begun yet") from error


def _content(services: Services, digest: Digest, form: str) -> bytes:
    zone, wording = services.settings.zone, services.wording
    if form == "json":
        return digest.model_dump_json(indent=2).encode()
    if form == "xlsx":
        return workbook.workbook(digest, wording, zone)
    if form == "pdf":
        return drawing.pdf(digest, wording, zone)
    return text.said(wording, digest, zone, digesting.address(services.settings, digest)).encode()
