"""The command: a street, its tickets, the pages; a table for each size, and one JSON object as the last line."""

import gc
import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from sqlmodel import select

from benchmarks import installation
from benchmarks.console import bare, filling, street
from benchmarks.console.asking import Figures, Reader
from bot import console, digesting, services
from bot import settings as configuration
from bot.bell import Bell
from bot.digest.periods import Period
from bot.services import Services
from intents.understanding import Understanding, load
from models import Community, db

DATABASES = ("sqlite", "postgresql")
SIZES = (10_000, 100_000, 1_000_000)
DEEP = 40  # pages that are turned before the one that is timed
AIM, AIM_OF_A_DIGEST = 100.0, 2000.0  # milliseconds


@dataclass(frozen=True)
class Plan:
    sizes: Sequence[int] = SIZES
    databases: Sequence[str] = DATABASES
    times: int = 60  # requests of each page


@dataclass(frozen=True)
class Line:
    """One page for one reader, at one size, on one database."""

    database: str
    tickets: int
    reader: str
    page: str
    median_ms: float
    p95_ms: float
    of_bare: float  # its p95, measured by that of the bare page
    queries: int

    @property
    def reckoned(self) -> bool:
        return self.reader == "-"

    @property
    def within_aim(self) -> bool:
        return self.p95_ms <= (AIM_OF_A_DIGEST if self.reckoned else AIM)


def run(plan: Plan, folder: Path | None) -> None:
    """Measure and print. folder: where the databases lie. Raises CannotMeasure, asking.Unanswered."""
    understanding = load(services.KEYWORDS)
    gc.freeze()  # as the service does: what has been loaded stays until the end
    lines: list[Line] = []
    for database in plan.databases:
        for size in plan.sizes:
            with _installed(database, folder, understanding) as built:
                lines.extend(_measured(built, database, size, plan.times))
    print()
    print(json.dumps(_summary(lines), ensure_ascii=False))


@contextmanager
def _installed(database: str, folder: Path | None, understanding: Understanding) -> Iterator[Services]:
    with tempfile.TemporaryDirectory(prefix="dyconsole", dir=folder) as name:
        if database == "sqlite":
            yield from _serving(f"sqlite:///{Path(name) / 'console.sqlite3'}", Path(name), understanding)
            return
        with installation.postgresql() as url:
            if not url:
                raise installation.CannotMeasure("PostgreSQL's wheel is not installed: --on sqlite")
            yield from _serving(url, Path(name), understanding)


def _serving(url: str, folder: Path, understanding: Understanding) -> Iterator[Services]:
    db.migrate(url)
    settings = configuration.load(None, folder, {"DATABASE_URL": url})
    built = services.build(settings, bell=Bell(None), understanding=understanding)
    try:
        yield built
    finally:
        built.engine.dispose()


def _measured(built: Services, database: str, size: int, times: int) -> Iterator[Line]:
    began = time.monotonic()
    with built.transaction() as session:
        laid = street.lay(built.desk(session))
    filling.fill(built.engine, laid, size, built.now())
    print(f"\n{database}, {size:,} tickets (filled in {time.monotonic() - began:.0f} s)", flush=True)
    print(f"{'reader':<10}{'page':<28}{'median':>9}{'p95':>9}{'x bare':>8}{'queries':>9}", flush=True)
    app = Flask("console-benchmark", static_folder=None)
    console.install(app, built)
    bare.add(app, built.engine)
    reader = Reader(app, built.engine, street.SOCIAL_WORKER)
    least = reader.time("bare", bare.PATH, times)
    for name in (street.SOCIAL_WORKER, street.STREET_OFFICE):
        reader = Reader(app, built.engine, name)
        for page, path in pages(reader, laid, size, built).items():
            yield _line(database, size, name, reader.time(page, path, times), least)
    for period in Period:
        yield _line(database, size, "-", reckoned(built, period, max(3, times // 6)), least)


def pages(reader: Reader, laid: street.Street, size: int, built: Services) -> dict[str, str]:
    """What is asked for: the pages of the day, and lists as far from the first page and as wide as they get."""
    number = next(n for n in range(size // 2, size) if filling.home_of(laid, n).community_code == "C1")
    with built.reading() as session:
        ref = filling.ref_of(session, number)
    return {
        "today": "/",
        "tickets, open": "/tickets",
        "tickets, all": "/tickets?status=all",
        f"tickets, all, page {DEEP + 1}": reader.pages_on("/tickets?status=all", DEEP),
        "tickets, by due time": "/tickets?sort=due",
        "tickets, late": "/tickets?due=late",
        "tickets, oldest": "/tickets?status=all&sort=oldest",
        "tickets, closed disputes": "/tickets?status=closed&intent=dispute",
        "tickets, of one place": "/tickets?status=all&area=c1-e1-1-1",
        "search: a common word": "/tickets?status=all&q=电梯",
        "search: a common word, open": "/tickets?q=电梯",
        "search: two words": "/tickets?status=all&q=3栋 电梯",
        "search: a rare word": "/tickets?status=all&q=窨井盖",
        "search: no such word": "/tickets?status=all&q=天花板",
        "search: an estate": "/tickets?status=all&q=1号院",
        "search: a number": f"/tickets?status=all&q=%23{number}",
        "a ticket": f"/tickets/{ref}",
        "a ticket, refreshed": f"/tickets/{ref}/live",
        "owed work": "/owed",
        "directory": "/directory",
        "people": "/people?q=住户777",
        "policies": "/policies",
        "words": "/words",
        "settings": "/settings",
        "digests": "/digest",
        "digest: since yesterday": "/digest/C1/day/now",
        "digest: this month": "/digest/C1/month/now",
    }


def reckoned(built: Services, period: Period, times: int) -> Figures:
    """The digest of the first community until now, counted anew each time. The page keeps it for a minute."""
    figures = Figures(f"digest reckoned: {period.value}")
    with built.reading() as session:
        community_id = session.exec(select(Community.id).where(Community.code == "C1")).one()
    for _ in range(times):
        figures.take(built.engine, lambda: digesting.current(built, community_id, period))
    return figures


def _line(database: str, size: int, reader: str, found: Figures, least: Figures) -> Line:
    line = Line(database, size, reader, found.page, round(found.median, 1), round(found.p95, 1),
                round(found.p95 / least.p95, 1), found.queries)  # fmt: skip
    figures = f"{line.median_ms:>9}{line.p95_ms:>9}{line.of_bare:>8}{line.queries:>9}"
    print(f"{reader:<8}{line.page:<28}{figures}", flush=True)
    return line


def _summary(lines: Sequence[Line]) -> dict[str, Any]:
    """All lines, the slowest, and the pages whose number of queries is not the same at every size."""
    counts: dict[tuple[str, str, str], set[int]] = {}
    for line in lines:
        counts.setdefault((line.database, line.reader, line.page), set()).add(line.queries)
    return {
        "aim_ms": AIM,
        "aim_of_a_digest_ms": AIM_OF_A_DIGEST,
        "above_aim": [f"{one.database} {one.tickets} {one.reader} {one.page}" for one in lines if not one.within_aim],
        "slowest_page_ms": max(line.p95_ms for line in lines if not line.reckoned),
        "slowest_digest_ms": max(line.p95_ms for line in lines if line.reckoned),
        "queries_grow": [" ".join(key) for key, found in counts.items() if len(found) > 1],
        "lines": [asdict(line) for line in lines],
    }
