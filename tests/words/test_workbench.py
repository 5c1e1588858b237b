"""Drafts tried out: what was loaded or refused once is not asked again, and a sentence changes nothing of it."""

from datetime import date

import pytest

from bot.services import KEYWORDS
from bot.words import vetting, workbench
from bot.words.editing import Files
from bot.words.library import Library
from bot.words.vetting import Fault, Problem, Refused
from bot.words.workbench import Workbench
from bot.words.wrong import wrongs
from intents.keyfile import KeywordError
from tests.conftest import START

INSTALLED = Library(KEYWORDS).installed()
TODAY: date = START.date()


def changed(name: str) -> Files:
    return {**INSTALLED, name: INSTALLED[name] + b"# more\n"}


def test_only_what_is_understood_by_is_loaded_and_only_once(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[Files] = []
    monkeypatch.setattr(workbench, "_load", loaded.append)
    bench = Workbench(KEYWORDS)
    for name in ("wording.toml", "examples/vague.tsv"):
        bench.understanding(changed(name))
    assert len(loaded) == 1
    bench.understanding(changed("repair.toml"))
    bench.understanding(changed("repair.toml"))
    assert len(loaded) == 2


def test_what_was_refused_is_refused_again_and_another_day_is_asked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[date] = []

    def refuse(_folder: object, _installed: object, today: date) -> None:
        asked.append(today)
        raise Refused([Problem(Fault.MISREAD, "repair.toml", 3, "examples", "早上好", "other", "told")])

    monkeypatch.setattr(vetting, "vet", refuse)
    bench = Workbench(KEYWORDS)
    for today in (TODAY, TODAY, date.fromordinal(TODAY.toordinal() + 1)):
        with pytest.raises(Refused) as caught:
            bench.proof(INSTALLED, today)
        assert [(one.kind, one.line, one.example) for one in wrongs(caught.value)] == [("misread", 3, "早上好")]
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("message", "kind", "at"),
    [
        ("repair.toml:12: signs.3: must be a list of texts", "not_a_list", ("repair.toml", 12, "signs.3")),
        ("help.toml: Unterminated string (at line 7, column 3)", "unreadable", ("help.toml", 7, "")),
        ("danger.toml:9: kinds.gas.advice: unknown blank: room", "blank", ("danger.toml", 9, "kinds.gas.advice")),
        ("vague.tsv:4: label: no such intent and category: x.y", "no_such_label", ("vague.tsv", 4, "label")),
        ("something else altogether", "unreadable", ("", None, "")),
    ],
)  # fmt: skip
def test_what_a_file_suffers_from_is_told_apart(message: str, kind: str, at: tuple[str, int | None, str]) -> None:
    (one,) = wrongs(KeywordError(message))
    assert (one.kind, (one.file, one.line, one.key)) == (kind, at)
