"""The passive answer: short enough, well formed, sealed as the callback was, and nobody's text breaks out of it."""

import pytest
import xmltodict
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import Response
from bot.channels.wechat import PASSIVE_BYTES, cut_bytes, split_bytes
from tests.channels import kits
from tests.channels.test_wechat_reading import text


def answer(said: str | None) -> Response:
    return kits.connect("wechat", mode="plain").read(kits.wechat_plain(text())).reply(said)


def fields(response: Response) -> dict[str, str]:
    found = xmltodict.parse(response.body.decode())["xml"]
    assert isinstance(found, dict)
    return found


def test_the_answer_goes_back_to_whoever_wrote() -> None:
    found = fields(answer("好的，记下了。(#128)"))
    assert found == {
        "ToUserName": "oUser1",
        "FromUserName": "gh_abc",
        "CreateTime": "1732233600",
        "MsgType": "text",
        "Content": "好的，记下了。(#128)",
    }
    assert answer("好的").content_type.startswith("application/xml")


@pytest.mark.parametrize("nothing", [None, "", "  \n", "\x00\x1d", "\ud83d"])
def test_nothing_to_say_is_success(nothing: str | None) -> None:
    assert answer(nothing).body == b"success"


def test_an_answer_breaks_out_of_no_cdata() -> None:
    attack = "a]]></Content><MsgType><![CDATA[image]]></MsgType><Content><![CDATA[b"
    found = fields(answer(attack))
    assert (found["Content"], found["MsgType"]) == (attack, "text")


def test_control_characters_do_not_reach_the_answer() -> None:
    assert fields(answer("电\x1d梯\x00\uffff\ud83d坏\r\n了"))["Content"] == "电梯坏\n了"


def test_a_long_answer_is_cut_to_the_limit_between_characters() -> None:
    content = fields(answer("a" + "楼" * 2000))["Content"]
    assert PASSIVE_BYTES - 3 < len(content.encode()) <= PASSIVE_BYTES
    assert content.startswith("a楼")
    assert content.endswith("楼…")


def test_an_answer_of_exactly_the_limit_is_left_alone() -> None:
    exact = "楼" * 682 + "ab"
    assert len(exact.encode()) == PASSIVE_BYTES
    assert fields(answer(exact))["Content"] == exact


def test_a_sealed_callback_gets_a_sealed_answer_and_a_plain_one_a_plain_answer() -> None:
    channel = kits.connect("wechat", mode="compatible")
    sealed = channel.read(kits.wechat_sealed(text())).reply("好的").body
    assert "好的".encode() not in sealed
    assert "<Content><![CDATA[好的]]></Content>" in kits.decoded(sealed)
    plain = channel.read(kits.wechat_plain(text())).reply("好的").body
    assert "好的".encode() in plain


def test_an_event_can_be_answered_too() -> None:
    (follow,) = [case for case in kits.fixtures("wechat") if case.name == "follow"]
    reading = kits.connect("wechat", mode="plain").read(kits.wechat_plain(str(follow.body)))
    assert fields(reading.reply("您好，我是小单。"))["Content"] == "您好，我是小单。"


def test_the_same_message_gets_the_same_answer_bytes() -> None:
    assert answer("好的").body == answer("好的").body


@given(st.text(st.characters(codec="utf-8")), st.integers(4, 40))
def test_parts_fit_and_lose_nothing_but_line_ends(said: str, limit: int) -> None:
    parts = split_bytes(said, limit)
    assert all(len(part.encode()) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(said.split())


@given(st.text(), st.integers(7, 40))
def test_a_cut_text_fits(said: str, limit: int) -> None:
    assert len(cut_bytes(said, limit).encode("utf-8", "ignore")) <= limit


def test_parts_end_with_lines_where_they_can() -> None:
    assert split_bytes("第一行\n第二行\n第三行", 20) == ["第一行\n第二行", "第三行"]
    assert split_bytes("abcdef\n\nxyz", 6) == ["abcdef", "\nxyz"]


def test_a_part_without_room_for_a_character_is_refused() -> None:
    with pytest.raises(ValueError, match="room"):
        split_bytes("楼", 3)
