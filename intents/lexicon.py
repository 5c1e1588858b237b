"""The intents as data: keywords/<intent>.toml, one file each. A new intent is a new file."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from intents.keyfile import KeywordError, Table, read_toml

ACTIONS = ("ticket", "private", "order", "answer", "none")
# What stands in keywords/ beside the intents.
NOT_INTENTS = frozenset({"danger", "commands", "dialects", "wording"})
SIGN_WEIGHT = 3.0
SURE = 0.5
FILE_NAME = re.compile(r"[a-z][a-z_]{0,23}")


@dataclass(frozen=True)
class Category:
    """One kind of matter within an intent. A thing near a sign (电梯 + 停了) says it; a word (停水) says it alone."""

    key: str
    label: str
    matter: str  # what is shown where no better words are found
    words: Mapping[str, float] = field(default_factory=dict)
    things: tuple[str, ...] = ()
    signs: Mapping[str, float] = field(default_factory=dict)  # for this category's things only
    patterns: tuple[re.Pattern[str], ...] = ()
    pattern_weight: float = SIGN_WEIGHT


@dataclass(frozen=True)
class Intent:
    """One intent: what it is called, what follows from it, and what people say."""

    key: str
    label: str
    action: str
    group: float  # the score from which a group's message opens a ticket
    private: float  # likewise in a private chat
    sure: float  # the probability from which a group's message opens a ticket, where a model was learned
    place: bool  # a place is needed
    categories: Mapping[str, Category]
    signs: Mapping[str, float] = field(default_factory=dict)  # for the things of every category
    cues: Mapping[str, float] = field(default_factory=dict)  # add to this intent, whatever its category
    negations: tuple[re.Pattern[str], ...] = ()  # they take the intent back
    fixed: tuple[re.Pattern[str], ...] = ()  # already fixed: likewise, unless it broke again
    masks: tuple[str, ...] = ()  # what lies inside is not looked at: 停车 is no 停
    shown: tuple[
        re.Pattern[str], ...
    ] = ()  # thing and sign that may be shown as the matter, whole; else the category's
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()

    def all_words(self) -> Iterator[str]:
        """Every literal word of the file."""
        yield from self.signs
        yield from self.cues
        yield from self.masks
        for category in self.categories.values():
            yield from category.words
            yield from category.things
            yield from category.signs


def load(folder: Path) -> dict[str, Intent]:
    """All intents by key, which is the file's name. Raises KeywordError; `other` must be among them."""
    intents = {path.stem: _intent(path) for path in sorted(folder.glob("*.toml")) if path.stem not in NOT_INTENTS}
    if "other" not in intents:
        raise KeywordError(f"{folder.name}: other.toml is missing: chatter needs a file of its own")
    return intents


def _intent(path: Path) -> Intent:
    if not FILE_NAME.fullmatch(path.stem):
        raise KeywordError(f"{path.name}: the file's name is the intent's key: small letters, at most 24")
    file = read_toml(path)
    action = file.text("action")
    if action not in ACTIONS:
        raise file.error("action", f"must be one of {', '.join(ACTIONS)}")
    threshold = file.table("threshold")
    intent = Intent(
        key=path.stem,
        label=file.text("label"),
        action=action,
        group=threshold.number("group"),
        private=threshold.number("private"),
        sure=threshold.number("sure", SURE),
        place=file.flag("place", default=False),
        categories=_categories(file),
        signs=_weighted(file, "signs"),
        cues=_weighted(file, "cues"),
        negations=file.patterns("negations"),
        fixed=file.patterns("fixed"),
        masks=file.texts("masks"),
        shown=file.patterns("shown"),
        examples=file.texts("examples", None),
        counter_examples=file.texts("counter_examples", None),
    )
    threshold.finish()
    file.finish()
    return intent


def _categories(file: Table) -> dict[str, Category]:
    categories = {key: _category(key, table) for key, table in file.tables("categories").items()}
    if not categories:
        raise file.error("categories", "is missing: an intent has at least one category")
    return categories


def _category(key: str, table: Table) -> Category:
    category = Category(
        key=key,
        label=table.text("label"),
        matter=table.text("matter", ""),
        words=_weighted(table, "words"),
        things=table.texts("things"),
        signs=_weighted(table, "signs"),
        patterns=table.patterns("patterns"),
        pattern_weight=table.number("pattern_weight", SIGN_WEIGHT),
    )
    table.finish()
    return category


def _weighted(table: Table, key: str) -> dict[str, float]:
    """Words by weight: {"3" = [...], "1.5" = [...]} in the file, word -> weight in memory."""
    if not table.has(key):
        return {}
    weights: dict[str, float] = {}
    rows = table.table(key)
    for name in rows.names():
        try:
            weight = float(name)
        except ValueError as error:
            raise rows.error(name, 'must be a weight, such as "3" or "1.5"') from error
        weights |= dict.fromkeys(rows.texts(name, None), weight)
    return weights
