"""What is told of a pattern without searching is never against what searching finds."""

import re

import pytest

from intents.shapes import eager, needed
from intents.sieve import Sieve, pieces
from intents.understanding import Understanding
from tests.intents.conftest import table


@pytest.mark.parametrize(
    ("pattern", "held"),
    [
        ("着火了", [{"着火"}]),
        ("(?:火|烟).{0,4}(?:封住|堵住)", [{"封住", "堵住"}, {"火", "烟"}]),
        ("水管?漏", [{"水管", "水漏"}]),
        ("气{1,3}味?", [{"气"}]),
        ("[水电]停", [{"水停", "电停"}]),
        ("(?<!没)停水(?!通知)", [{"停水"}]),
        ("(?P<a>漏)(?:水|电)", [{"漏水", "漏电"}]),
        (r"\d{1,3}号.{0,2}坏了", [{"坏了"}, {"号"}]),
        ("(?:水.{0,2}喷了|电.{0,2}响了)", [{"喷了", "响了"}]),
        ("^.{0,8}$", []),
        (r"[^水]{1,3}", []),
        ("停水|.{2}", []),
        ("(?:停水)?", []),
        ("(?i)wifi", []),
        ("(?i:wifi)坏", [{"坏"}]),
    ],
)
def test_a_pattern_says_which_pieces_it_cannot_do_without(pattern: str, held: list[set[str]]) -> None:
    assert list(needed(re.compile(pattern))) == held


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"\s?3栋", "在 3栋"),
        (r"(?<=在)(?:[东西]区|\d{1,2})号", "在西区号 在12号"),
        ("[^水]电", "停电 水电"),
        (r"[\]^-]a|\\b", "]a ^a -a \\b"),
        ("(?:早|晚)?(?P<part>上)?8点", "8点 上8点 晚上8点"),
        ("(?:x)?", "ax"),
        ("(?i)f3", "F3 f3"),
        ("a(?!b)|(?=c)c", "ab ac"),
    ],
)
def test_an_eager_pattern_finds_the_same(pattern: str, text: str) -> None:
    plain = [(found.span(), found.groupdict()) for found in re.finditer(pattern, text)]
    assert [(found.span(), found.groupdict()) for found in eager(pattern).finditer(text)] == plain
    assert plain


def test_the_sieve_lets_through_whatever_can_be_found(understanding: Understanding) -> None:
    """Every pattern of the danger file and of the intents, on messages that are full of them."""
    signs = understanding.reader.dangers.signs
    patterns = [pattern for own in signs.values() for pattern in own.patterns]
    patterns += [
        pattern
        for intent in understanding.intents.values()
        for own in (intent.negations, intent.fixed, *(one.patterns for one in intent.categories.values()))
        for pattern in own
    ]
    sieve = Sieve((pattern, None) for pattern in patterns)
    texts = [understanding.fold(text) for _, text in table("dangers.tsv")]
    texts += [example for intent in understanding.intents.values() for example in intent.examples]
    found = passed = 0
    for text in texts:
        let_through = {id(pattern) for pattern, _ in sieve.fitting(pieces(text))}
        standing = {id(pattern) for pattern in patterns if pattern.search(text)}
        assert standing <= let_through, text
        found, passed = found + len(standing), passed + len(let_through)
    assert found > len(texts) / 4
    assert passed < len(texts) * len(patterns) / 10


def test_a_sieve_keeps_its_order() -> None:
    sieve = Sieve([(re.compile("停电"), 1), (re.compile(".{0,9}$"), 2), (re.compile("停水"), 3), (re.compile("停"), 4)])
    assert [name for _, name in sieve.fitting(pieces("又停水"))] == [2, 3, 4]
    assert [name for _, name in sieve.fitting(pieces(""))] == [2]
