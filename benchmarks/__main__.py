"""`python -m benchmarks NAME`: measure something on this machine. A table, and one JSON object as the last line."""

import logging
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from benchmarks import understanding as understandings
from benchmarks import webhook as webhooks
from benchmarks.console import asking
from benchmarks.console import report as consoles
from benchmarks.installation import VARIANTS, CannotMeasure
from benchmarks.result import QUICK, WHOLE
from benchmarks.talk import UnfitTalk
from benchmarks.year import report as years
from benchmarks.year.life import Length


@click.group(no_args_is_help=True)
def cli() -> None:
    """Benchmarks. Ratios matter, not figures: they depend on the machine and on what else it does."""


def _setting(context: click.Context, option: click.Parameter, value: str | None) -> tuple[tuple[int, int], ...] | None:
    """2x4 as the only setting to try."""
    if value is None:
        return None
    workers, _, threads = value.partition("x")
    if not (workers.isdecimal() and threads.isdecimal() and int(workers) and int(threads)):
        raise click.BadParameter("is written as 2x4: workers, then threads")
    return ((int(workers), int(threads)),)


@cli.command()
@click.option("--quick", is_flag=True, help="Half a minute in place of three: a look, not a measurement.")
@click.option("--mode", type=click.Choice(["plain", "safe"]), help="How callbacks are sealed; else plain.")
@click.option("--on", "variants", multiple=True, type=click.Choice(VARIANTS), help="The databases; else all there are.")
@click.option("--rounds", type=click.IntRange(1, 100), help="How often ours and the peer take turns.")
@click.option("--turn-seconds", type=click.FloatRange(0.1, 60), help="How long a turn is at most.")
@click.option("--messages", type=click.IntRange(10, 100_000), help="Messages to ours in a turn at most.")
@click.option("--senders", type=click.IntRange(1, 64), help="Connections that send at the same time.")
@click.option(
    "--peer",
    "search",
    metavar="WORKERSxTHREADS",
    callback=_setting,
    help="The peer's setting; else the best is looked for.",
)
@click.option("--leader-seconds", type=click.IntRange(1, 120), help="How long single repairs are timed.")
@click.option("--folder", type=click.Path(path_type=Path), help="Where the databases lie; else below /var/tmp.")
def webhook(*, quick: bool, folder: Path | None, **wished: Any) -> None:
    """Signed callbacks through the whole durable path, against a bare wechatpy + Flask echo."""
    chosen = {key: value for key, value in wished.items() if value not in (None, ())}
    plan = replace(QUICK if quick else WHOLE, **chosen)
    try:
        right = webhooks.run(plan, folder)
    except (CannotMeasure, UnfitTalk) as error:
        raise click.ClickException(str(error)) from error
    sys.exit(0 if right else 1)


@cli.command()
@click.option(
    "--messages",
    multiple=True,
    type=click.Path(path_type=Path, exists=True),
    help="Further labelled messages, JSON lines.",
)
@click.option("--voices", is_flag=True, help="Cross-validate the training data by voice too: some minutes.")
@click.option("--report", type=click.Path(path_type=Path), help="Write confusion and worst errors there, as Markdown.")
def understanding(*, messages: tuple[Path, ...], voices: bool, report: Path | None) -> None:
    """How well and how fast messages of unseen voices are understood, beside two simple bots."""
    try:
        understandings.run(messages, voices=voices, report=report)
    except understandings.UnfitSample as error:
        raise click.ClickException(str(error)) from error


@cli.command()
@click.option("--days", type=click.IntRange(1, 2000), default=365, show_default=True, help="How many days.")
@click.option(
    "--per-day", type=click.FloatRange(0.1, 200), default=12, show_default=True, help="Matters told on a day."
)
@click.option("--seed", type=int, default=1, show_default=True, help="Of all chance: the same seed, the same table.")
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), default="2026-01-01", help="The first day.")
@click.option("--database", default="", help="The URL of an empty database; else a SQLite file that is thrown away.")
def year(*, days: int, per_day: float, seed: int, first: datetime, database: str) -> None:
    """A generated year of tickets through the inbox, the clocks and the ladders; what must never be ends it."""
    try:
        years.run(Length(first.date(), days, per_day, seed), database)
    except (years.Broken, years.UnfitTalk) as error:
        raise click.ClickException(str(error)) from error


@cli.command()
@click.option(
    "--tickets", "sizes", multiple=True, type=click.IntRange(1000, 5_000_000), help="How many; else 10^4 to 10^6."
)
@click.option(
    "--on", "databases", multiple=True, type=click.Choice(consoles.DATABASES), help="The databases; else both."
)
@click.option("--times", type=click.IntRange(10, 1000), default=60, show_default=True, help="Requests of each page.")
@click.option("--folder", type=click.Path(path_type=Path, exists=True), help="Where the databases lie.")
def console(*, sizes: tuple[int, ...], databases: tuple[str, ...], times: int, folder: Path | None) -> None:
    """The staff's pages with many tickets behind them: how long each takes and how many queries it makes."""
    plan = consoles.Plan(sizes or consoles.SIZES, databases or consoles.DATABASES, times)
    try:
        consoles.run(plan, folder)
    except (CannotMeasure, asking.Unanswered) as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    cli()
