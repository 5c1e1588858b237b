"""The files of a version by name, whichever version it is, quickly: what a page looks at is not unpacked each time."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path

from sqlmodel import Session, col, select

from bot.words import bundle
from bot.words.bundle import WordsError
from bot.words.loading import FILES
from models import KeywordVersion

Files = Mapping[str, bytes]
Stamp = tuple[tuple[str, int, int], ...]
KEPT = 4  # versions whose files are in memory, some three megabytes each


class Library:
    """Of one installation. A published version never changes; the installation's files are read anew when they do."""

    def __init__(self, installed: Path) -> None:
        self._folder = installed
        self._lock = threading.Lock()
        self._kept: OrderedDict[int, Files] = OrderedDict()
        self._installed: tuple[Stamp, Files] | None = None

    def files(self, session: Session, version: int) -> Files:
        """The files of a version, 0 for the installation's. Raises WordsError where there is none of that number."""
        if version == FILES:
            return self.installed()
        with self._lock:
            if version in self._kept:
                self._kept.move_to_end(version)
                return self._kept[version]
        files = bundle.files(stored(session, version))
        with self._lock:
            self._kept[version] = files
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return files

    def installed(self) -> Files:
        """The installation's own files, as they are now."""
        stamp = _stamp(self._folder)
        with self._lock:
            if self._installed is None or self._installed[0] != stamp:
                self._installed = stamp, bundle.read(self._folder)
            return self._installed[1]


def stored(session: Session, version: int) -> bytes:
    """What stands in a published version. Raises WordsError where there is none of that number."""
    query = select(KeywordVersion.content).where(
        KeywordVersion.id == version, col(KeywordVersion.published_at).is_not(None)
    )
    content = session.exec(query).first()
    if content is None:
        raise WordsError(f"there is no version {version}")
    return content


def _stamp(folder: Path) -> Stamp:
    """Changes whenever one of its files does."""
    found = []
    for path in sorted(folder.rglob("*")):
        state = path.stat()
        found.append((path.name, state.st_mtime_ns, state.st_size))
    return tuple(found)
