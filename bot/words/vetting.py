"""What a version must prove before it is published: it loads, takes nothing away, and understands its own examples.

The examples are those that stand in its files: intents, commands and passages say what they mean, and what they do not.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from bot import wording as wordings
from bot.words.bundle import WordsError
from bot.words.loading import WORDING, own_wording
from intents import commands, danger, understanding
from intents.commands import Verb
from intents.policies import Policy
from intents.understanding import Understanding
from models import Intent

SHOWN = 10  # of what is wrong, this many are told


class Fault(StrEnum):
    """What can be wrong with a version that loads."""

    MISSING = "missing"  # an intent, danger or command that the service acts on
    STRANGE = "strange"  # one that no behaviour belongs to
    SENTENCE = "sentence"  # it cannot be said
    MISREAD = "misread"  # an example is understood as something else
    TAKEN = "taken"  # a counter-example is understood as this


@dataclass(frozen=True)
class Problem:
    """One thing that a version must be refused for. found: what it was understood as, or why it cannot be said."""

    fault: Fault
    file: str
    line: int | None
    key: str
    example: str = ""
    found: str = ""
    told: str = ""  # the same for a command line, without its place

    def __str__(self) -> str:
        at = f"{self.file}:{self.line}" if self.line else self.file
        return f"{at}: {self.told}"


class Refused(WordsError):
    """A version that loads and does not prove itself. The message has the first ten of its problems."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        more = [f"and {len(problems) - SHOWN} more"] if len(problems) > SHOWN else []
        super().__init__("\n".join([*map(str, problems[:SHOWN]), *more]))


def vet(folder: Path, installed: Path, today: date) -> Understanding:
    """Load the version in `folder` and put it to the test against the installation's files.

    today: passages that are not in force are not asked. Takes some seconds. Raises KeywordError or WordingError for a
    file that cannot be read, Refused with file, line, key and the example for what is read but not understood.
    """
    loaded = understanding.load(folder)
    _refuse([*_missing(folder, installed, loaded), *_sentences(folder, installed)])
    _refuse([*_intents(folder, loaded), *_commands(folder, loaded), *_passages(folder, loaded, today)])
    return loaded


def _refuse(wrong: list[Problem]) -> None:
    if wrong:
        raise Refused(wrong)


def _missing(folder: Path, installed: Path, loaded: Understanding) -> Iterator[Problem]:
    """The service acts on intents, dangers and commands by name; questions that are open may name any of them."""
    wanted = {intent.value for intent in Intent}
    for key in sorted(wanted - set(loaded.intents)):
        yield Problem(Fault.MISSING, f"{key}.toml", None, key, told="is missing: the service needs it")
    for key in sorted(set(loaded.intents) - wanted):
        told = "no behaviour of the service belongs to this intent"
        yield Problem(Fault.STRANGE, f"{key}.toml", None, key, told=told)
    dangers = danger.load(installed / "danger.toml").kinds
    for key in sorted(set(dangers) - set(loaded.danger)):
        told = f"kinds.{key}: is missing: no danger may be taken out"
        yield Problem(Fault.MISSING, "danger.toml", None, f"kinds.{key}", told=told)
    ours, theirs = commands.load(installed / "commands.toml"), commands.load(folder / "commands.toml")
    for table, verbs, found in (
        ("handler", ours.handlers, theirs.handlers),
        ("resident", ours.residents, theirs.residents),
        ("called", ours.summoned, theirs.summoned),
    ):
        known, there = {verb.key for verb in verbs}, {verb.key for verb in found}
        for key in sorted(known ^ there):
            gone = key in known
            told = f"{table}.{key}: {'is missing' if gone else 'no such command'}"
            fault = Fault.MISSING if gone else Fault.STRANGE
            yield Problem(fault, "commands.toml", None, f"{table}.{key}", told=told)


def _sentences(folder: Path, installed: Path) -> Iterator[Problem]:
    wrong = wordings.load(installed / WORDING).unfit(own_wording(folder))
    for key, why in wrong.items():
        line = _line(folder / WORDING, f"{key} =")
        yield Problem(Fault.SENTENCE, WORDING, line, key, found=why, told=f"{key}: {why}")


def _intents(folder: Path, loaded: Understanding) -> Iterator[Problem]:
    for key, intent in loaded.intents.items():
        path = folder / f"{key}.toml"
        for text in intent.examples:
            understood = loaded.read(text, "group" if key == Intent.OTHER else "private").intent
            if understood != key:
                yield _wrong(Fault.MISREAD, path, "examples", text, understood)
        for text in intent.counter_examples:
            if loaded.read(text, "group").intent == key:
                yield _wrong(Fault.TAKEN, path, "counter_examples", text, key)


def _commands(folder: Path, loaded: Understanding) -> Iterator[Problem]:
    path = folder / "commands.toml"
    kept = commands.load(path)
    for table, verbs, read in (
        ("handler", kept.handlers, loaded.handler),
        ("resident", kept.residents, loaded.resident),
        ("called", kept.summoned, loaded.called),
    ):
        for verb, key, text in _said_of(verbs):
            command = read(text)
            understood = command.verb if command else "no command"
            if (understood == verb) != (key == "examples"):
                fault = Fault.MISREAD if key == "examples" else Fault.TAKEN
                yield _wrong(fault, path, f"{table}.{verb}.{key}", text, understood)


def _said_of(verbs: Iterable[Verb]) -> Iterator[tuple[str, str, str]]:
    for verb in verbs:
        yield from ((verb.key, "examples", text) for text in verb.examples)
        yield from ((verb.key, "counter_examples", text) for text in verb.counter_examples)


def _passages(folder: Path, loaded: Understanding, today: date) -> Iterator[Problem]:
    """A passage finds itself, or a local one that stands for it while that is in force."""
    in_force = [policy for policy in loaded.passages if policy.holds(today)]
    for policy in in_force:
        right = {policy.id, *_instead(policy, in_force)}
        for text in policy.examples:
            answer = loaded.policy(text, today)
            if answer is None or answer.id not in right:
                path, key = folder / "policies" / f"{policy.id}.md", "examples"
                told = f"{key}: “{text}” {f'finds {answer.id}' if answer else 'finds no passage'}"
                found = answer.id if answer else ""
                yield Problem(Fault.MISREAD, path.name, _line(path, key, text), key, text, found, told)


def _instead(policy: Policy, in_force: Iterable[Policy]) -> Iterator[str]:
    return (other.id for other in in_force if other.instead == policy.id)


def _wrong(fault: Fault, path: Path, key: str, example: str, understood: str) -> Problem:
    line = _line(path, *key.rsplit(".", 1), example)
    told = f"{key}: “{example}” is understood as {understood}"
    return Problem(fault, path.name, line, key, example, understood, told)


def _line(path: Path, *words: str) -> int | None:
    """The line of the last of these words, where they stand in the file one behind the other."""
    text = path.read_text(encoding="utf-8")
    found = 0
    for word in words:
        found = text.find(word, found)
        if found < 0:
            return None
    return text.count(chr(10), 0, found) + 1
