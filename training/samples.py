"""The examples of a keyword folder as samples to learn from."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from intents import examples
from intents.decide import OTHER
from intents.examples import NO_DANGER, Example
from intents.features import named
from intents.model import FORMAT
from intents.understanding import Understanding, load
from training.fit import Sample, version_of

FILED = "keywords"  # the voice of the examples that stand in the intents' own files


@dataclass(frozen=True)
class Corpus:
    """Everything to learn from: each example beside its sample, and the version of the whole."""

    examples: tuple[Example, ...]
    samples: tuple[Sample, ...]
    version: str


def read(folder: Path) -> Corpus:
    """All examples of a keyword folder, taken apart by its keyword files. Raises KeywordError."""
    understanding = load(folder, learned=False)
    found = (*voices(folder, understanding), *_filed(understanding))
    return Corpus(found, tuple(_sample(understanding, example) for example in found), version(folder))


def voices(folder: Path, understanding: Understanding) -> list[Example]:
    """The examples of all voices. Raises KeywordError."""
    return examples.load(folder / "examples", understanding.labels, understanding.danger)


def version(folder: Path) -> str:
    """The version of what would be learned from a folder as it is."""
    return version_of(_parts(folder))


def _filed(understanding: Understanding) -> Iterator[Example]:
    """The examples in the intents' own files, whose category the keyword files themselves tell; and of the
    counter-examples those that the words, too, take for chatter.
    """
    for key, intent in understanding.intents.items():
        for line, text in enumerate(intent.examples):
            weights = understanding.reader.read(text, "group").weights
            category = next(weight.category for weight in weights if weight.intent == key)
            yield Example(FILED, line, f"{key}.{category}", None, "group", text)
        for line, text in enumerate(intent.counter_examples):
            heard = understanding.read(text, "group")
            if heard.intent == OTHER:
                yield Example(FILED, line, f"{OTHER}.{heard.category}", None, "group", text)


def _sample(understanding: Understanding, example: Example) -> Sample:
    found = understanding.reader.read(example.text, example.setting)
    return Sample(found.features, named(found.features), example.intent, example.category, example.danger or NO_DANGER)


def _parts(folder: Path) -> Iterator[bytes]:
    """What a model depends on: its format, the examples and the words they are taken apart by."""
    yield str(FORMAT).encode()
    for path in sorted([*folder.glob("*.toml"), *(folder / "examples").glob("*.tsv")]):
        if path.name not in ("wording.toml", "commands.toml"):
            yield path.name.encode() + path.read_bytes()
