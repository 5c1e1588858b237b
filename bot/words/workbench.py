"""Drafts tried out: loaded beside what is in force, and put to the test that publishing asks. Both are remembered.

Loading takes a second or two, the test two or three; a page asks for the same draft again and again. What is loaded is
known by what stands in its files, so that a change to a sentence alone loads nothing anew.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

from bot.wording import WordingError
from bot.words import vetting
from bot.words.bundle import WordsError
from bot.words.editing import LINES, Files
from bot.words.loading import WORDING, spread
from intents import understanding as understandings
from intents.keyfile import KeywordError
from intents.understanding import Understanding

LOADED = 1  # an understanding takes some 75 megabytes, beside the one in force
PROVED = 8
T = TypeVar("T")


class Workbench:
    """One process has one. Of several who ask for the same only one waits for jieba, the others for that one."""

    def __init__(self, installed: Path) -> None:
        self._installed = installed
        self._lock = threading.Lock()
        self._loaded: OrderedDict[str, Understanding] = OrderedDict()
        self._proved: OrderedDict[str, str | Exception] = OrderedDict()

    def understanding(self, files: Files, known: tuple[Files, Understanding] | None = None) -> Understanding:
        """How these files understand. known: files and what they make, for drafts that change nothing of that.

        Raises KeywordError naming file, line and key.
        """
        name = _digest(files, (WORDING,), (LINES,))
        if known is not None and name == _digest(known[0], (WORDING,), (LINES,)):
            return known[1]
        return _remembered(self._lock, self._loaded, name, lambda: _load(files), LOADED)

    def proof(self, files: Files, today: date) -> str:
        """The version (Understanding.version) of files that may be published on this day.

        Raises KeywordError, WordingError, WordsError (vetting.Refused where its examples are not understood).
        """
        name = f"{today}:{_digest(files)}"
        found = _remembered(self._lock, self._proved, name, lambda: self._prove(files, today), PROVED)
        if isinstance(found, Exception):
            raise found.with_traceback(None)
        return found

    def _prove(self, files: Files, today: date) -> str | Exception:
        try:
            with spread(files) as folder:
                return vetting.vet(folder, self._installed, today).version
        except (KeywordError, WordingError, WordsError) as refused:
            return refused.with_traceback(None)  # whose frames hold all that was loaded


def _remembered(lock: threading.Lock, kept: OrderedDict[str, T], name: str, make: Callable[[], T], most: int) -> T:
    with lock:
        if name not in kept:
            kept[name] = make()
        kept.move_to_end(name)
        while len(kept) > most:
            kept.popitem(last=False)
        return kept[name]


def _load(files: Files) -> Understanding:
    with spread({name: data for name, data in files.items() if not name.endswith(LINES)}) as folder:
        return understandings.load(folder)


def _digest(files: Files, without: tuple[str, ...] = (), suffixes: tuple[str, ...] = ()) -> str:
    whole = hashlib.sha256()
    for name in sorted(files):
        if name not in without and not name.endswith(suffixes or ("\0",)):
            whole.update(name.encode())
            whole.update(b"\0")
            whole.update(hashlib.sha256(files[name]).digest())
    return whole.hexdigest()
