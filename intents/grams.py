"""Short pieces of text looked up many at once: which of the known runs of one to three characters stand in a text.

A message holds some eighty runs. Asked for one by one in a dictionary of a hundred thousand, each waits for memory
three or four times over; here all wait together. A run is a number, sixteen bits a character, and the known ones lie in
a table at places that are computed from them.
"""

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

LONGEST = 3
NUMBER = np.dtype("<u8")  # four characters of a text in UTF-16, the first in the lowest bits
FIRSTS = np.array([(1 << 16 * length) - 1 for length in range(1, LONGEST + 1)], NUMBER)  # the first one, two, three
WIDE = 8  # numbers at one place of the table: a line of the processor's cache
SPREAD = 0x9E3779B97F4A7C15  # the golden ratio in 64 bits: multiplied by it, numbers that are alike come far apart
LARGE = re.compile("[^\x00-\uffff]")  # characters of more than sixteen bits: rare, but 𠮶 is a word in Jiangxi
STAND_INS = range(0xD800, 0xE000)  # for them, numbers that are no characters


class Grams:
    """Known runs of one to three characters."""

    def __init__(self, pieces: Sequence[str]) -> None:
        """pieces: each once and without NUL; one that is found is told by its place in this sequence."""
        large = sorted({one for piece in pieces for one in LARGE.findall(piece)})
        self._large = {one: chr(number) for one, number in zip(large, STAND_INS, strict=False)}
        padded = "".join(self._small(piece).ljust(NUMBER.itemsize // 2, "\0") for piece in pieces)
        numbers = np.frombuffer(padded.encode("utf-16-le", "surrogatepass"), NUMBER)
        self._shift = np.uint64(64 - (2 + 8 * len(pieces) // 5).bit_length())
        self._factor = np.uint64(SPREAD)
        while not self._lay(numbers):
            self._factor *= np.uint64(SPREAD)

    def find(self, text: str) -> tuple[npt.NDArray[np.int32], int]:
        """The known pieces in a text without NUL, each once, and how many different runs it holds, known or not."""
        raw = f"{text}\0\0\0\0".encode("utf-16-le", "surrogatepass")
        length = len(raw) // 2 - LONGEST
        if length - 1 != len(text):
            return self.find(self._small(text))
        # At each character, and at the NUL after the last, what follows cut to one, two and three.
        runs = (np.ndarray((length, 1), NUMBER, raw, 0, (2, 2)) & FIRSTS).ravel()
        runs.sort()
        later = runs[1:]
        runs = later[later != runs[:-1]]  # each once, without the 0 of the NUL, which stood first
        places = self._placed(runs)
        found = self._numbers.take(places, axis=0) == runs[:, None]
        return self._pieces.take(places, axis=0)[found], len(runs)

    def _small(self, text: str) -> str:
        """The text with a stand-in for each character of more than sixteen bits; for an unknown one of the last."""
        unknown: dict[str, str] = {}

        def stand_in(found: re.Match[str]) -> str:
            known = self._large.get(found[0])
            return known or unknown.setdefault(found[0], chr(STAND_INS[-1 - len(unknown) % len(STAND_INS)]))

        return LARGE.sub(stand_in, text)

    def _placed(self, numbers: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
        return (numbers * self._factor >> self._shift).view(np.int64)

    def _lay(self, numbers: npt.NDArray[np.uint64]) -> bool:
        """Put all numbers into the table. False where a place would have to hold more than it can."""
        places = self._placed(numbers)
        order = np.argsort(places, kind="stable")
        places = places[order]
        within = np.arange(len(places)) - np.searchsorted(places, places)
        if within.max(initial=0) >= WIDE:
            return False
        size = 1 << 64 - int(self._shift)
        self._numbers = np.zeros((size, WIDE), NUMBER)
        self._pieces = np.zeros((size, WIDE), np.int32)
        self._numbers[places, within] = numbers[order]
        self._pieces[places, within] = order
        return True
