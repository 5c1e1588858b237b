"""Runs of characters looked up all at once are those that a plain set of them would hold."""

from hypothesis import given, settings
from hypothesis import strategies as st

from intents.grams import Grams
from tests.intents.conftest import table

TEXTS = [text for _, text in table("dangers.tsv")]
MIXED = st.text(st.sampled_from("水电停了𠮶𩠌😀🌹a1 ^$,"), max_size=40)


def runs(text: str) -> set[str]:
    return {text[start : start + length] for length in (1, 2, 3) for start in range(len(text) - length + 1)}


def found(grams: Grams, known: list[str], text: str) -> list[str]:
    return sorted(known[place] for place in grams.find(text)[0])


def test_what_is_known_of_a_message_is_found_once_each_and_all_is_counted() -> None:
    known = sorted(set().union(*(runs(text) for text in TEXTS[::2])))
    grams = Grams(known)
    unknown = 0
    for text in TEXTS:
        held = runs(text)
        assert found(grams, known, text) == sorted(held.intersection(known)), text
        assert grams.find(text)[1] == len(held)
        unknown += len(held.difference(known))
    assert unknown


KNOWN = sorted({*runs("水电停了𠮶水电"), *runs("了𩠌了"), "^水", "了$", "𠮶1"})
GRAMS = Grams(KNOWN)


@given(MIXED)
@settings(deadline=None, max_examples=300)
def test_any_mixture_is_read_as_it_is_written(text: str) -> None:
    assert found(GRAMS, KNOWN, text) == sorted(runs(text).intersection(KNOWN))
    assert GRAMS.find(text)[1] == len(runs(text))


def test_a_character_beyond_sixteen_bits_is_one_character() -> None:
    assert found(Grams(["𠮶个", "个"]), ["𠮶个", "个"], "𠮶个") == ["个", "𠮶个"]
    assert Grams(["水"]).find("😀")[1] == 1


def test_nothing_is_found_in_nothing_nor_by_nothing() -> None:
    assert found(Grams(["水"]), ["水"], "") == []
    assert Grams(["水"]).find("")[1] == 0
    assert found(Grams([]), [], "停水") == []
