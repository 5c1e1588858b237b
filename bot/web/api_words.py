"""Which words are in force, and the versions there are: to be read. docs/words.md says how they are changed."""

from datetime import datetime

from pydantic import BaseModel

from bot import words
from bot.services import Services
from bot.web.api_routes import Routes
from bot.web.auth import Allow, Caller


class WordVersion(BaseModel):
    """A published version. `version` is what each message heard keeps as its `lexicon_version`; `parent` 0 means that
    it was made from the installation's files."""

    id: int
    version: str
    author: str
    note: str
    parent: int
    published_at: datetime


class HeldWords(BaseModel):
    """What the process that answers works with: for some seconds after a publication still the version before."""

    id: int
    version: str
    error: str | None


class WordList(BaseModel):
    """`current` is the version in force (0: the installation's files) since `since`, put there by `by`.

    All versions, the newest first; there are few enough to be sent at once.
    """

    current: int
    since: datetime | None
    by: str | None
    held: HeldWords
    items: list[WordVersion]


class WordVersions:
    """GET /words."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def enter(self, routes: Routes) -> None:
        routes.add("GET", "/words", self.words, allow=Allow.READERS, answer=WordList)

    def words(self, caller: Caller) -> WordList:
        """The version of the words that is in force, and every one that was published."""
        del caller  # the words are everybody's
        zone = self._services.settings.zone
        with self._services.reading() as session:
            current, versions = words.current(session), words.versions(session)
        held = self._services.words
        now = held.current
        return WordList(
            current=current.id,
            since=current.since.astimezone(zone) if current.since else None,
            by=current.by,
            held=HeldWords(id=now.id, version=now.understanding.version, error=held.trouble),
            items=[
                WordVersion(
                    id=version.id,
                    version=version.digest,
                    author=version.author,
                    note=version.note,
                    parent=version.parent,
                    published_at=version.published_at.astimezone(zone),
                )
                for version in versions
            ],
        )
