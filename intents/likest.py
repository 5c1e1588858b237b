"""Examples like a message: those that share the most neighbouring characters with it."""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable

from intents.examples import Example

MOST = 3


class Likest:
    """Examples to compare messages with: folded once, and looked up by what they share with a message."""

    def __init__(self, examples: Iterable[Example], fold: Callable[[str], str]) -> None:
        """fold: brings a text into the form in which words are looked for."""
        self._examples = tuple(examples)
        self._sizes = array("I")
        self._holders: dict[str, array[int]] = {}  # of each two neighbouring characters, the numbers of the examples
        for number, example in enumerate(self._examples):
            pairs = _pairs(fold(example.text))
            self._sizes.append(len(pairs))
            for pair in pairs:
                self._holders.setdefault(pair, array("I")).append(number)

    def to(self, said: str, most: int = MOST) -> list[tuple[Example, float]]:
        """The likest examples of a folded text, how like from above 0 to 1: the share of pairs that both have."""
        pairs = _pairs(said)
        shared: Counter[int] = Counter()
        for pair in pairs:
            shared.update(self._holders.get(pair, ()))
        like = [
            (self._examples[number], round(count / (len(pairs) + self._sizes[number] - count), 3))
            for number, count in shared.items()
        ]
        like.sort(key=lambda row: (-row[1], row[0].voice, row[0].line))
        return [(example, share) for example, share in like[:most] if share > 0]


def _pairs(said: str) -> frozenset[str]:
    return frozenset(said[start : start + 2] for start in range(len(said) - 1))
