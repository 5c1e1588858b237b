"""Exports of chats as text: the forms that are known, and lines that are not."""

from datetime import datetime

import pytest

from bot.channels import Kind
from bot.rehearse import exports
from bot.rehearse.exports import Cast, Reason
from bot.rehearse.scene import Part, SceneError

NINE = datetime(2026, 11, 23, 9, 0)  # noqa: DTZ001 - an export knows no zone

FORMS = {
    "time and name above": "2026-11-23 09:00:00 小罗\n水停了\n\n2026-11-23 09:02:30 老许\n我家也是\n",
    "name and time above": "小罗 2026/11/23 9:00\n水停了\n老许 2026/11/23 9:02:30\n我家也是",
    "with an id": "小罗(wxid_a1) 2026-11-23 09:00:00\n水停了\n\n老许(b2@im) 2026-11-23 09:02:30\n我家也是\n",
    "with the group in every line": "小罗(wxid_a1) [七栋(9@chatroom)] 2026-11-23 09:00:00\n水停了\n"
    "老许(b22) [七栋(9@chatroom)] 2026-11-23 09:02:30\n我家也是",
    "all on one line": "2026-11-23 09:00 小罗: 水停了\n2026-11-23 09:02:30 老许：我家也是",
    "time in brackets": "小罗(2026-11-23 09:00:00):水停了\n老许（2026-11-23 09:02:30）：我家也是",
    "the phone's own": "七栋 微信群上的聊天记录如下，请查收。\n\n—————  2026-11-23  —————\n\n\n小罗  09:00\n\n水停了\n"
    "\n老许  09:02\n\n我家也是\n",
    "in Chinese": "小罗 2026年11月23日 上午9:00\n水停了\n老许 2026年11月23日 上午9:02:30\n我家也是",
    "from Windows": "\ufeff2026-11-23 09:00:00 小罗\r\n水停了\r\n\r\n2026-11-23 09:02:30 老许\r\n我家也是\r\n",
}


def read(text: str, cast: Cast = Cast()) -> exports.Export:  # noqa: B008 - frozen
    return exports.read(text, cast, group="七栋")


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_every_form_says_the_same(text: str) -> None:
    scene = read(text).scene
    assert [event.text for event in scene.events] == ["水停了", "我家也是"]
    assert [one.name for one in scene.participants] == ["小罗", "老许"]
    assert scene.starts_at == NINE
    assert int(scene.events[1].at_minutes) == 2


def test_two_of_one_name_are_told_apart_by_their_ids() -> None:
    text = "平安(a11) 2026-11-23 09:00:00\n早\n平安(b22) 2026-11-23 09:01:00\n早\n"
    assert [event.user_id for event in read(text).scene.events] == ["a11", "b22"]


def test_a_message_may_have_several_lines_and_a_time_in_it() -> None:
    text = "2026-11-23 09:00:00 小罗\n明天停水\n\n时间：9:00 到 17:00\n2026-11-23 09:05:00 老许\n好\n"
    assert read(text).scene.events[0].text == "明天停水\n\n时间：9:00 到 17:00"


def test_what_cannot_be_read_is_named_by_its_line_and_costs_nothing_else() -> None:
    text = (
        "七栋的群\n"  # 1
        "2026-11-23 09:00:00 小罗\n水停了\n"  # 2
        "2026-13-45 09:01:00 老许\n这句没有日子\n"  # 4
        "老许 11-23 09:01:30\n这句没有年份\n"  # 6
        "2026-11-23 09:02:00 小罗\n\n"  # 8
        '2026-11-23 09:03:00 "老许" 撤回了一条消息\n'  # 10
        "2026-11-23 09:04:00 老许\n[动画表情]\n"  # 11
        "2026-11-23 09:05:00 老许\n来水了\n"
    )
    export = read(text)
    assert [(problem.line, problem.reason) for problem in export.problems] == [
        (1, Reason.BEFORE), (4, Reason.TIME), (6, Reason.UNDATED), (8, Reason.EMPTY), (10, Reason.NOTICE),
        (11, Reason.WORDLESS),
    ]  # fmt: skip
    assert [event.text for event in export.scene.events] == ["水停了", "来水了"]


@pytest.mark.parametrize(
    ("body", "kind", "text"),
    [
        ("[图片]", Kind.IMAGE, ""),
        ("[图片: 8b0a.jpg(请在附件中查看)]", Kind.IMAGE, ""),
        ("![图片](http://127.0.0.1/image/1)", Kind.IMAGE, ""),
        ("[语音] 电梯坏了", Kind.VOICE, "电梯坏了"),
        ("[视频]", Kind.FILE, ""),
        ("[文件|通知.pdf](http://127.0.0.1/file/1)", Kind.FILE, ""),
        ("[位置]", Kind.LOCATION, ""),
        ("[捂脸]又停水", Kind.TEXT, "[捂脸]又停水"),
    ],
)
def test_pictures_and_voice_become_such_messages(body: str, kind: Kind, text: str) -> None:
    export = read(f"2026-11-23 09:00:00 小罗\n{body}\n")
    assert [(event.kind, event.text) for event in export.scene.events] == [(kind, text)]
    assert export.media == (kind != Kind.TEXT)


@pytest.mark.parametrize(
    "answer",
    [
        "收到，马上来\n引用:小罗:水停了",
        "> 小罗(wxid_a1) 11-23 09:00:00\n> 水停了\n收到，马上来",
        "「小罗：水停了」\n- - - - - - - - - - - - - - -\n收到，马上来",
    ],
)
def test_a_quotation_is_found_again_and_is_not_said_twice(answer: str) -> None:
    text = f"2026-11-23 09:00:00 小罗\n水停了\n2026-11-23 09:01:00 老许\n早\n2026-11-23 09:02:00 许姐\n{answer}\n"
    last = read(text).scene.events[-1]
    assert (last.text, last.reply_to) == ("收到，马上来", 0)


def test_a_quotation_of_something_unknown_still_leaves_the_answer() -> None:
    last = read("2026-11-23 09:00:00 许姐\n好\n引用:小罗:前天的话\n").scene.events[-1]
    assert (last.text, last.reply_to) == ("好", None)


def test_posts_go_by_name_and_a_misspelt_one_is_refused() -> None:
    people = read(FORMS["all on one line"], Cast(leaders=("老许",))).scene.participants
    assert [one.part for one in people] == [Part.RESIDENT, Part.LEADER]
    with pytest.raises(SceneError, match="--staff 小陈"):
        read(FORMS["all on one line"], Cast(staff=("小陈",)))


@pytest.mark.parametrize("text", ["", "\n\n", "随便写的几行\n没有时间"])
def test_a_file_without_any_message_is_refused(text: str) -> None:
    with pytest.raises(SceneError, match=r"docs/rehearse\.md"):
        read(text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_encodings_of_a_chinese_windows(encoding: str) -> None:
    assert exports.decode("水停了".encode(encoding)) == "水停了"


def test_hostile_lines_take_no_time() -> None:
    text = "2026-11-23 09:00:00 小罗\n" + "[" * 20000 + "\n" + "「" + "：" * 20000 + "\n" + " " * 20000 + "9:00\n"
    assert len(read(text).scene.events) == 1
