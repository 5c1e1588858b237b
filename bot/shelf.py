"""The words in force, as one process holds them: asked for once a second, loaded beside the old ones, swapped at once.

    shelf = Shelf(engine, settings.keyword_files)   # loads them: the published version, else the files
    shelf.current                                   # what a message is understood by from start to end
    shelf.look()                                    # ask, and take up what is new, in this thread
    shelf.watch()                                   # a thread of this process that does so from now on

Loading takes a second or two. Web processes and the clock `watch`, so that no message waits for jieba: until the new
version is there, they go on with the old one. A worker's parent `look`s before it forks: a thread of ours must not be
there when it does, and its children live too short to load anything.

What cannot be asked for or loaded changes nothing: the process keeps what it has, says so in its log and in /health.
"""

import logging
import math
import os
import threading
import time
from pathlib import Path

from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from bot import words
from bot.wording import WordingError
from bot.words import FILES, Words, WordsError
from intents.understanding import KeywordError
from models import db

EVERY = 1.0  # seconds between two questions to the database
AGAIN = 30.0  # seconds until a version is tried again that the machine, not its files, kept from being loaded
WRONG = (WordsError, KeywordError, WordingError)  # what is wrong in its files stays wrong

log = logging.getLogger("danyuan.words")


class Shelf:
    """See above. `current` is read without a lock: it changes by one assignment."""

    def __init__(self, engine: Engine, files: Path) -> None:
        """Load what is in force. A published version that does not load is replaced by the files.

        Raises KeywordError or WordingError where the files are needed and cannot be used, sqlalchemy's errors where
        the database cannot be asked.
        """
        self._engine = engine
        self._files = files
        self._lock = threading.Lock()
        self._asked = 0.0
        self._watching = 0  # the process whose thread watches: it does not outlive a fork
        self._unreachable = False
        self._failed: tuple[int, float] | None = None  # the version that did not load, and when to try again
        self.trouble: str | None = None
        with Session(db.reading(engine)) as session:
            wanted = words.current_id(session)
        published = self._loaded(wanted) if wanted != FILES else None
        self._current = published or words.from_files(files)

    @property
    def current(self) -> Words:
        return self._current

    def look(self) -> None:
        """Take up what is in force, if the last look is a second ago and nobody else is at it. Never raises."""
        if time.monotonic() < self._asked + EVERY or not self._lock.acquire(blocking=False):
            return
        try:
            self._take_up()
        except Exception:
            log.exception("the words could not be looked after: trying again")
        finally:
            self._asked = time.monotonic()
            self._lock.release()

    def watch(self) -> None:
        """Look once a second from now on, in a thread that ends with the process. Twice is the same as once."""
        if self._watching == os.getpid():
            return
        self._watching = os.getpid()
        threading.Thread(target=self._keep_looking, name="words", daemon=True).start()

    def _keep_looking(self) -> None:
        while True:
            time.sleep(EVERY)
            self.look()

    def _take_up(self) -> None:
        try:
            with Session(db.reading(self._engine)) as session:
                wanted = words.current_id(session)
        except SQLAlchemyError as error:
            if not self._unreachable:
                log.warning("the database does not say which words are in force: %s", type(error).__name__)
            self._unreachable = True
            return
        self._unreachable = False
        if wanted == self._current.id:
            self._failed, self.trouble = None, None
        elif self._failed is None or self._failed[0] != wanted or time.monotonic() >= self._failed[1]:
            self._current = self._loaded(wanted) or self._current

    def _loaded(self, version: int) -> Words | None:
        """The version, or None where it cannot be loaded, which is noted."""
        try:
            fresh = self._load(version)
        except Exception as error:  # whatever it is, the words in use go on
            wait = math.inf if isinstance(error, WRONG) else AGAIN
            self._failed = (version, time.monotonic() + wait)
            self.trouble = f"version {version}: {_cause(error)}"
            log.error("words: version %d is in force and cannot be loaded: %s", version, _cause(error))
            return None
        self._failed, self.trouble = None, None
        log.info("words: version %d (%s)", version, fresh.understanding.version)
        return fresh

    def _load(self, version: int) -> Words:
        if version == FILES:
            return words.from_files(self._files)
        with Session(db.reading(self._engine)) as session:
            content = words.stored(session, version)
        return words.from_content(content, version, self._files)


def _cause(error: Exception) -> str:
    """What is wrong in a file is told; any other message might name an address or what somebody wrote."""
    return str(error) if isinstance(error, WRONG) else type(error).__name__
