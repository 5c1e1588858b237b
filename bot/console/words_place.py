"""What the pages of the words share: the files of a version, a draft opened with them, who changes it."""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from bot import words
from bot.console import errors
from bot.console.visitor import signed_in
from bot.services import Services
from bot.words import Words, drafts
from bot.words.catalogue import Sentence, sentence
from bot.words.drafts import AUTHOR_LENGTH, Who
from bot.words.editing import Clash, Edited, Files, edited
from bot.words.library import Library
from bot.words.workbench import Workbench
from intents.understanding import Understanding
from models import DraftState, WordsChange, WordsDraft

_LAST_ID = 2**31 - 1
KEPT = 8  # drafts as files: what a change leaves alone is the same object as in its base


@dataclass(frozen=True)
class Opened:
    """A draft with the files of its base and its own. current: the version that is in force."""

    draft: WordsDraft
    changes: list[WordsChange]
    base: Files
    files: Files
    clashes: tuple[Clash, ...]
    idle: tuple[WordsChange, ...]
    current: int

    @property
    def base_id(self) -> int:
        return drafts.base_of(self.draft)

    @property
    def overtaken(self) -> bool:
        return self.base_id != self.current

    @property
    def open(self) -> bool:
        return self.draft.state == DraftState.OPEN


class WordsPlace:
    """One for all pages of the words: they look at the same files, and load the same drafts."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.library = Library(services.settings.keyword_files)
        self.bench = Workbench(services.settings.keyword_files)
        self._made: OrderedDict[tuple[object, ...], tuple[Files, Edited]] = OrderedDict()
        self._lock = threading.Lock()

    def opened(self, session: Session, draft_id: int, *, lock: bool = False) -> Opened:
        """The draft of this number. lock: somebody is about to change it. Raises the page's 404."""
        number = min(draft_id, _LAST_ID)
        draft = drafts.locked(session, number) if lock else session.get(WordsDraft, number)
        if draft is None:
            raise errors.not_found()
        found = drafts.changes(session, draft)
        base = self.library.files(session, drafts.base_of(draft))
        made = self._edited(base, found)
        made_idle = {getattr(one, "id", None) for one in made.idle}
        idle = tuple(change for change in found if change.id in made_idle)
        return Opened(draft, found, base, made.files, made.clashes, idle, words.current_id(session))

    def _edited(self, base: Files, changes: list[WordsChange]) -> Edited:
        """The draft's files, made once for as long as nothing changes in it."""
        key = tuple((change.id, change.was) for change in changes)
        with self._lock:
            kept = self._made.get(key)
            if kept is not None and kept[0] is base:
                self._made.move_to_end(key)
                return kept[1]
        made = edited(base, changes)
        with self._lock:
            self._made[key] = base, made
            while len(self._made) > KEPT:
                self._made.popitem(last=False)
        return made

    def understanding(self, session: Session, files: Files, held: Words) -> Understanding:
        """How a draft understands. held: what this process understands by, for a draft that changes nothing of that.
        Takes seconds where nobody has asked before. Raises KeywordError.
        """
        return self.bench.understanding(files, (self.library.files(session, held.id), held.understanding))

    def sentence(self, opened: Opened, file: str, place: str) -> Sentence:
        """A sentence as the draft has it. Raises the page's 404."""
        found = sentence(opened.files, self.library.installed(), file, place)
        if found is None:
            raise errors.not_found()
        return found

    def today(self) -> date:
        return self.services.now().astimezone(self.services.settings.zone).date()


def who() -> Who:
    """Whoever is signed in."""
    caller = signed_in().caller
    return Who((caller.person_name or caller.name)[:AUTHOR_LENGTH], caller.person_id)
