"""What an answer to "办得还行吗？" is worth, and when nobody is asked."""

import pytest

from bot import rated


@pytest.mark.parametrize(
    ("words", "score"),
    [
        ("挺好的", 5), ("师傅来得快，谢谢", 5), ("还行吧", 5), ("蛮及时的，辛苦了", 5),
        ("太慢了", 2), ("等了三天才来", 2), ("态度很差", 2), ("有点敷衍", 2), ("不太满意", 2), ("不好", 2),
        ("好是好，就是慢了点，等了两天", 3), ("修得可以，态度不好", 3),
        ("今晚吃什么", None), ("知道了", None), ("", None),
    ],
)  # fmt: skip
def test_words_are_heard_as_praise_blame_both_or_neither(words: str, score: int | None) -> None:
    assert rated.score_of_words(words) == score


@pytest.mark.parametrize(
    ("words", "score"),
    [
        ("5", 5),
        ("4分", 4),
        ("给三星", 3),
        ("打2分吧", 2),
        ("一", 1),
        ("6", None),
        ("12", None),
        ("5栋", None),
        ("四个", None),
    ],
)
def test_digits(words: str, score: int | None) -> None:
    assert rated.score_of_digit(words) == score


@pytest.mark.parametrize(
    "words", ["我爹走哒，要办么子手续", "我妈昨天去世了", "老伴过世了，户口怎么销", "要开死亡证明", "爷爷不在了"]
)
def test_a_bereavement_is_heard(words: str) -> None:
    assert rated.speaks_of_death(words)


@pytest.mark.parametrize("words", ["我爸走路不稳", "电梯走走停停", "奶奶不在家", "老人走丢了", "师傅走了又坏了"])
def test_and_what_only_sounds_like_one_is_not(words: str) -> None:
    assert not rated.speaks_of_death(words)
