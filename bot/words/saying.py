"""Whether a sentence can be said: only the blanks that are filled in wherever it is said, and braces in pairs. Pure."""

import string
from dataclasses import dataclass

from bot.wording import Wording
from bot.words.catalogue import Sentence


@dataclass(frozen=True)
class Unsayable:
    """Why not. kind: empty, braces or blank; names: the blanks that nobody fills in."""

    kind: str
    names: tuple[str, ...] = ()


def unsayable(sentence: Sentence, text: str) -> Unsayable | None:
    """What keeps this text from being said in place of the sentence; None for nothing."""
    if not text.strip():
        return Unsayable("empty")
    if sentence.blanks is None:
        return None
    shipped = Wording({sentence.key: " ".join(f"{{{name}}}" for name in sorted(sentence.blanks)) or "-"})
    if not shipped.unfit(Wording({sentence.key: text})):
        return None
    try:
        named = {name for _, name, _, _ in string.Formatter().parse(text) if name}
    except ValueError:
        return Unsayable("braces")
    strange = tuple(sorted(named - sentence.blanks))
    return Unsayable("blank", strange) if strange else Unsayable("braces")
