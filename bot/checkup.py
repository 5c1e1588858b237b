"""What `check-config` looks at beyond the settings themselves: keywords, sentences, channels, emergency numbers."""

from collections.abc import Mapping

from sqlalchemy.engine import Engine
from sqlmodel import Session, col, select

from bot import services, wording, words
from bot.settings import Settings, SettingsError
from intents import understanding
from models import Area, Level, db

NEEDED = ("gas", "lift", "property_night", "staff_duty")  # behaviour.md: no live compound without these


def check(settings: Settings) -> list[str]:
    """What was found, a line each. Raises SettingsError, WordingError or KeywordError naming what is wrong."""
    keywords = settings.keyword_files
    understood = understanding.load(keywords)
    wording.load(keywords / "wording.toml")
    services.require_kinds(settings, understood)
    for name, section in settings.channels.items():
        services.connect(name, section)
    engine = db.connect(services.database_url(settings))
    try:
        if settings.channels:
            _refuse_missing_numbers(settings, engine)
        return [
            f"database: {engine.url.render_as_string()}",
            f"queue: {'Redis' if settings.redis.url else 'none, the clock does the work'}",
            f"channels: {', '.join(settings.channels) or 'none, `run` starts the sample'}",
            f"keywords: {keywords} ({understood.version})",
            f"calendar: holidays are known until the end of {max(settings.calendar.years)}",
            *_published(engine),
        ]
    finally:
        engine.dispose()


def _refuse_missing_numbers(settings: Settings, engine: Engine) -> None:
    missing = [name for name in NEEDED if not getattr(settings.phones, name)]
    if not missing:
        return
    estates = _estates(engine)
    for name in missing:
        without = [code for code, phones in estates.items() if not phones.get(name)]
        if without or not estates:
            where = f", and {without[0]} has none of its own" if without else ""
            raise SettingsError(f"phones.{name}: missing{where}: a live service must know whom to ring")


def _published(engine: Engine) -> list[str]:
    """That the keyword files are not what is in force, where that is so: editing them would change nothing."""
    try:
        db.require_head(engine)
    except db.DatabaseError:
        return []
    with Session(db.reading(engine)) as session:
        current = words.current(session)
    return [f"words: version {current.id} is in force, not these files (words list)"] if current.id else []


def _estates(engine: Engine) -> dict[str, Mapping[str, str]]:
    """Each estate's code with its numbers, those of the areas above it included; nothing without a database yet."""
    try:
        db.require_head(engine)
    except db.DatabaseError:
        return {}
    with Session(db.reading(engine)) as session:
        areas = {area.id: area for area in session.exec(select(Area).order_by(col(Area.path)))}
    return {area.code: _numbers(area, areas) for area in areas.values() if area.level == Level.ESTATE}


def _numbers(area: Area, areas: Mapping[int, Area]) -> Mapping[str, str]:
    numbers: dict[str, str] = {}
    for step in area.path.strip("/").split("/"):
        above = areas.get(int(step)) if step else None
        numbers |= {} if above is None else {name: number for name, number in above.phones.items() if number}
    return numbers
