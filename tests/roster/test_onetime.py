"""The form of a code, and what only looks a little like one."""

import pytest

from bot import binding, onetime


@pytest.mark.parametrize(
    "said",
    ["", "绑定", "收到", "88886666", "13800138000", "电梯坏了", "3栋2单元电梯又坏了", "ABCDEFGH", "hello world",
     "ABCD2345X", "AB0D2345", "1BCD2345", "绑定 电梯坏了", "A" * 100_000, "@" * 100_000, "2345 6789 2345 6789"],
)  # fmt: skip
def test_what_people_write_is_no_code(said: str) -> None:
    assert not binding.looks_like_code(said)


def test_codes_are_unambiguous_and_never_look_like_a_word_or_a_number() -> None:
    codes = {onetime.generate() for _ in range(2000)}
    assert len(codes) == 2000
    assert not set("0O1IL") & set("".join(codes))
    assert all(len(code) == 8 and 2 <= sum(letter.isdigit() for letter in code) <= 6 for code in codes)
    assert all(onetime.code_in(code) == code for code in codes)
