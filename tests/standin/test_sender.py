"""What somebody says becomes a genuine callback, and what the hook answers comes back to their phone."""

from threading import Thread

import pytest
import requests

from standin.callbacks.wechat import FAULT
from tests.standin.cast import Town, nobody, town

ELEVATOR = "3栋2单元电梯又坏了"


@pytest.mark.parametrize("sealed", [True, False])
def test_a_private_line_is_answered_by_the_passive_reply(sealed: bool) -> None:
    with town(sealed=sealed) as place:
        answer = place.say(**{"as": "wang", "text": "路灯不亮"})
        assert (answer.status_code, answer.json()["status"], answer.json()["message"]["state"]) == (200, 200, "sent")
        assert [(line["by"], line["text"]) for line in place.messages("private:wang")] == [
            ("wang", "路灯不亮"),
            ("bot", place.echo.answer),
        ]
        assert place.echo.heard[0]["FromUserName"] == "wang"


def test_the_whole_small_story_reaches_the_leader_and_comes_back(place: Town) -> None:
    place.say(**{"as": "wang", "text": ELEVATOR})
    card = place.wait_for("70001@chatroom", 1)[0]
    place.say(**{"as": "li", "chat": "70001@chatroom", "text": "我去看看", "reply_to": card["id"]})
    told = place.wait_for("private:wang", 3)[-1]
    assert (told["by"], told["text"]) == ("bot", "单元长李师傅说他去看看，有消息就告诉您。(#128)")
    event = place.echo.heard[-1]
    assert event["user_id"] == 30001
    assert event["message"][0] == {"type": "reply", "data": {"id": card["id"]}}


@pytest.mark.parametrize(
    ("who", "chat"), [("wang", ""), ("wang", "50002"), ("wang", "courtyard"), ("zhou", "notice-board")]
)
def test_a_wrong_secret_fails_with_403_and_says_why(place: Town, who: str, chat: str) -> None:
    place.control(**{name: {"wrong_secret": True} for name in ("wechat", "onebot", "onebot12", "webhook")})
    answer = place.say(**{"as": who, "chat": chat, "text": ELEVATOR})
    assert answer.status_code == 403
    assert "密钥" in answer.json()["reason"]
    (line,) = place.messages()
    assert (line["state"], line["reason"]) == ("failed", answer.json()["reason"])
    assert place.echo.heard == []


@pytest.mark.parametrize("chat", ["50002", "courtyard"])
def test_a_group_line_is_heard_through_its_bridge(place: Town, chat: str) -> None:
    assert place.say(**{"as": "li", "chat": chat, "text": "晚上好"}).status_code == 200
    event = place.echo.heard[0]
    assert str(event["group_id"]) == chat
    assert event["message"] == [{"type": "text", "data": {"text": "晚上好"}}]


def test_the_neutral_webhook_is_told_too(place: Town) -> None:
    place.say(**{"as": "zhou", "chat": "notice-board", "text": "晚上好"})
    assert place.echo.heard[0]["user"] == {"id": "zhou", "name": "周姐"}


def test_a_5xx_is_told_three_times_with_the_same_message_id(place: Town) -> None:
    place.echo.statuses = [503, 503]
    assert place.say(**{"as": "wang", "text": "路灯不亮"}).status_code == 200
    assert len({line["MsgId"] for line in place.echo.heard}) == 1
    assert len(place.echo.heard) == 3
    place.echo.statuses = [503, 503, 503]
    failed = place.say(**{"as": "wang", "text": "路灯不亮"})
    assert failed.status_code == 503
    assert "3次" in failed.json()["reason"]


def test_nobody_at_the_hook_is_502_and_a_slow_one_504() -> None:
    with nobody() as nowhere, town(hook_base=nowhere) as place:
        assert place.say(**{"as": "wang", "text": "在吗"}).status_code == 502
    with town() as place:
        place.echo.slow = 0.5
        place.control(sender={"seconds": 0.1, "tries": 1})
        assert place.say(**{"as": "wang", "text": "在吗"}).status_code == 504


def test_with_little_patience_the_answer_is_202_and_the_bubble_tells_the_rest(place: Town) -> None:
    place.echo.slow = 0.4
    answer = place.say(**{"as": "wang", "text": "在吗", "patience": 0.05})
    assert (answer.status_code, place.messages()[0]["state"]) == (202, "pending")
    assert place.wait_for("private:wang", 2)[0]["state"] == "sent"


@pytest.mark.parametrize("answer", [b'{"error": "no"}', b"<html>", b"<xml><MsgType>text</MsgType></xml>"])
def test_an_answer_that_wechat_cannot_use_shows_its_fault(place: Town, answer: bytes) -> None:
    place.echo.asked = answer
    place.say(**{"as": "wang", "text": "在吗"})
    assert [line["text"] for line in place.messages()] == ["在吗", FAULT]


def test_a_passive_answer_over_2048_bytes_shows_the_fault_too(place: Town) -> None:
    place.echo.answer = "字" * 683
    place.say(**{"as": "wang", "text": "在吗"})
    assert place.messages()[-1]["text"] == FAULT


@pytest.mark.parametrize("answer", [b"", b"success"])
def test_silence_shows_nothing(place: Town, answer: bytes) -> None:
    place.echo.asked = answer
    place.say(**{"as": "wang", "text": "在吗"})
    assert len(place.messages()) == 1


def test_photo_voice_location_menu_scan_and_follow_are_told_as_wechat_tells_them(place: Town) -> None:
    for do, text in (
        ("image", ""),
        ("voice", ""),
        ("location", "楼下"),
        ("menu", "help"),
        ("scan", "u32"),
        ("follow", "u32"),
    ):
        assert place.act(**{"as": "wang", "do": do, "text": text}).status_code == 200
    told = place.echo.heard
    assert [line["MsgType"] for line in told] == ["image", "voice", "location", "event", "event", "event"]
    assert told[1]["Recognition"] is None
    assert told[2]["Label"] == "楼下"
    assert [(line["Event"], line["EventKey"]) for line in told[3:]] == [
        ("CLICK", "help"),
        ("SCAN", "u32"),
        ("subscribe", "qrscene_u32"),
    ]


def test_a_recall_is_told_by_a_bridge_but_not_by_an_official_account(place: Town) -> None:
    mine = place.say(**{"as": "wang", "chat": "50002", "text": "说错了"}).json()["message"]
    answer = place.act(**{"as": "wang", "chat": "50002", "do": "recall", "message": mine["id"]})
    assert answer.json()["message"]["state"] == "recalled"
    assert (place.echo.heard[-1]["notice_type"], str(place.echo.heard[-1]["message_id"])) == (
        "group_recall",
        mine["id"],
    )
    private = place.say(**{"as": "wang", "text": "说错了"}).json()["message"]
    assert place.act(**{"as": "wang", "do": "recall", "message": private["id"]}).status_code == 409
    assert place.messages("private:wang")[0]["state"] == "sent"


def test_nobody_recalls_what_another_said(place: Town) -> None:
    hers = place.say(**{"as": "wang", "chat": "50002", "text": "电梯坏了"}).json()["message"]
    assert place.act(**{"as": "li", "chat": "50002", "do": "recall", "message": hers["id"]}).status_code == 409


def test_the_bot_can_be_taken_into_a_group(place: Town) -> None:
    place.act(**{"as": "li", "chat": "50002", "do": "join"})
    assert place.echo.heard[0]["notice_type"] == "group_increase"


def test_who_is_not_in_a_chat_cannot_speak_there_and_nothing_is_quoted_in_an_official_account(place: Town) -> None:
    assert place.say(**{"as": "chen", "chat": "50002", "text": "喂"}).status_code == 404
    assert place.say(**{"as": "nobody", "text": "喂"}).status_code == 404
    assert place.say(**{"as": "wang", "text": "喂", "reply_to": "1"}).status_code == 409
    assert place.say(**{"as": "wang", "text": "  "}).status_code == 400
    assert place.messages() == []


def test_since_waits_for_news_and_tells_changes_once(place: Town) -> None:
    place.say(**{"as": "wang", "text": "在吗"})
    first = requests.get(place.url + "/since", timeout=5).json()
    talk = Thread(target=place.say, kwargs={"as": "li", "chat": "50002", "text": "晚上好"})
    talk.start()
    waited = {"cursor": first["cursor"], "wait": 5}
    news = requests.get(place.url + "/since", params=waited, timeout=10).json()
    talk.join()
    assert {line["text"] for line in news["messages"]} == {"晚上好"}
    assert news["cursor"] > first["cursor"]


def test_the_cast_holds_no_secret_and_no_account_id(place: Town) -> None:
    answer = requests.get(place.url + "/cast", timeout=5).text
    for hidden in ("30001", "onebot-secret", "callback-token", "app-secret"):
        assert hidden not in answer
