"""What a version must prove before it is published: it loads, takes nothing away, and understands its own examples.

The examples are those that stand in its files: intents, commands and passages say what they mean, and what they do not.
"""

from collections.abc import Iterable, Iterator
from datetime import date
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


def vet(folder: Path, installed: Path, today: date) -> Understanding:
    """Load the version in `folder` and put it to the test against the installation's files.

    today: passages that are not in force are not asked. Takes some seconds. Raises KeywordError or WordingError for a
    file that cannot be read, WordsError with file, line, key and the example for what is read but not understood.
    """
    loaded = understanding.load(folder)
    _refuse([*_missing(folder, installed, loaded), *_sentences(folder, installed)])
    _refuse([*_intents(folder, loaded), *_commands(folder, loaded), *_passages(folder, loaded, today)])
    return loaded


def _refuse(wrong: list[str]) -> None:
    if wrong:
        more = [f"and {len(wrong) - SHOWN} more"] if len(wrong) > SHOWN else []
        raise WordsError("\n".join([*wrong[:SHOWN], *more]))


def _missing(folder: Path, installed: Path, loaded: Understanding) -> Iterator[str]:
    """The service acts on intents, dangers and commands by name; questions that are open may name any of them."""
    wanted = {intent.value for intent in Intent}
    for key in sorted(wanted - set(loaded.intents)):
        yield f"{key}.toml: is missing: the service needs it"
    for key in sorted(set(loaded.intents) - wanted):
        yield f"{key}.toml: no behaviour of the service belongs to this intent"
    dangers = danger.load(installed / "danger.toml").kinds
    for key in sorted(set(dangers) - set(loaded.danger)):
        yield f"danger.toml: kinds.{key}: is missing: no danger may be taken out"
    ours, theirs = commands.load(installed / "commands.toml"), commands.load(folder / "commands.toml")
    for table, verbs, found in (
        ("handler", ours.handlers, theirs.handlers),
        ("resident", ours.residents, theirs.residents),
        ("called", ours.summoned, theirs.summoned),
    ):
        known, there = {verb.key for verb in verbs}, {verb.key for verb in found}
        for key in sorted(known ^ there):
            yield f"commands.toml: {table}.{key}: {'is missing' if key in known else 'no such command'}"


def _sentences(folder: Path, installed: Path) -> Iterator[str]:
    wrong = wordings.load(installed / WORDING).unfit(own_wording(folder))
    for key, why in wrong.items():
        yield f"{_at(folder / WORDING, f'{key} =')}: {key}: {why}"


def _intents(folder: Path, loaded: Understanding) -> Iterator[str]:
    for key, intent in loaded.intents.items():
        path = folder / f"{key}.toml"
        for text in intent.examples:
            understood = loaded.read(text, "group" if key == Intent.OTHER else "private").intent
            if understood != key:
                yield _wrong(path, "examples", text, f"is understood as {understood}")
        for text in intent.counter_examples:
            if loaded.read(text, "group").intent == key:
                yield _wrong(path, "counter_examples", text, f"is understood as {key}")


def _commands(folder: Path, loaded: Understanding) -> Iterator[str]:
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
                yield _wrong(path, f"{table}.{verb}.{key}", text, f"is understood as {understood}")


def _said_of(verbs: Iterable[Verb]) -> Iterator[tuple[str, str, str]]:
    for verb in verbs:
        yield from ((verb.key, "examples", text) for text in verb.examples)
        yield from ((verb.key, "counter_examples", text) for text in verb.counter_examples)


def _passages(folder: Path, loaded: Understanding, today: date) -> Iterator[str]:
    """A passage finds itself, or a local one that stands for it while that is in force."""
    in_force = [policy for policy in loaded.passages if policy.holds(today)]
    for policy in in_force:
        right = {policy.id, *_instead(policy, in_force)}
        for text in policy.examples:
            answer = loaded.policy(text, today)
            if answer is None or answer.id not in right:
                found = f"finds {answer.id}" if answer else "finds no passage"
                yield _wrong(folder / "policies" / f"{policy.id}.md", "examples", text, found)


def _instead(policy: Policy, in_force: Iterable[Policy]) -> Iterator[str]:
    return (other.id for other in in_force if other.instead == policy.id)


def _wrong(path: Path, key: str, example: str, understood: str) -> str:
    return f"{_at(path, *key.rsplit('.', 1), example)}: {key}: “{example}” {understood}"


def _at(path: Path, *words: str) -> str:
    """The file and, where these words stand there one behind the other, the line of the last."""
    text = path.read_text(encoding="utf-8")
    found = 0
    for word in words:
        found = text.find(word, found)
        if found < 0:
            return path.name
    return f"{path.name}:{text.count(chr(10), 0, found) + 1}"
