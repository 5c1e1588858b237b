"""The words on the console: drafts of several people, the test bench, publication, and what people taught."""

import re
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot import services as building
from bot import words
from bot.bell import Bell
from bot.services import KEYWORDS
from bot.settings import Settings
from bot.words import vetting
from bot.words.vetting import Fault, Problem, Refused
from models import AuditEntry, Intent, Learning, Review, ReviewState, WordsChange, WordsDraft
from tests.conftest import StandingClock
from tests.console.place import Browser, Place, build
from tests.web.test_reviews import heard
from tests.web.world import World
from tests.web.world import build as build_world
from tests.words.conftest import Tried

HOSTILE = "<img src=x onerror=alert(1)>\"'"
RECEIPT = {"file": "wording.toml", "place": "receipts/receipt_group"}
SAID = "{topic}的事记下了(#{number})，有消息在这里说。"


def begun(browser: Browser, title: str = "电梯的新说法") -> str:
    """A new draft; its address."""
    browser.get("/words")
    answer = browser.post("/words/drafts", title=title)
    assert answer.status_code == 302, answer.text
    path = str(answer.location).removeprefix("/console")
    browser.get(path)
    return path


def entry(browser: Browser, draft: str, file: str, place: str, **form: str) -> str:
    """Change a list; what the page says afterwards."""
    answer = browser.post(f"{draft}/entries", file=file, place=place, back=f"/console{draft}", **form)
    assert answer.status_code == 302, answer.text
    return browser.get(draft).text


def rows(place: Place) -> list[tuple[str, str, str]]:
    with place.world.services.reading() as session:
        found = session.exec(select(WordsChange).order_by(col(WordsChange.id)))
        return [(row.kind.value, row.place, row.value) for row in found]


@pytest.fixture
def believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is published is believed to be good: trying it out takes seconds."""
    monkeypatch.setattr(vetting, "vet", lambda folder, *_: Tried(folder, []))


def test_a_new_word_is_tried_published_and_understood_without_a_restart(
    sqlite: str, tmp_path: Path, clock: StandingClock
) -> None:
    settings = Settings.model_validate({"database": {"url": sqlite}, "data": tmp_path})
    services = building.build(settings, now=clock, bell=Bell(None), live=True)
    place = build(build_world(services))
    staff, secretary = place.signed_in("staff"), place.signed_in("secretary")
    draft = begun(staff)
    assert "加上了" in entry(staff, draft, "dialects.toml", "community", said="哐叽笼", means="电梯")

    tried = staff.post(f"{draft}/try", text="3栋2单元哐叽笼停了", setting="group", area="xf-3-2").text
    assert "听得不一样了" in tried
    now, drafted = tried.split('id="read-draft"')
    assert "报修，电梯" not in now
    assert "报修，电梯" in drafted

    staff.get(draft)
    assert staff.post(f"{draft}/publish", note="电梯的新说法").status_code == 403
    secretary.get(draft)
    assert "请写一句" in secretary.post(f"{draft}/publish", note="").text
    assert secretary.post(f"{draft}/publish", note="电梯的新说法").status_code == 302
    services.words.look()
    assert "报修，电梯" in staff.post("/words/try", text="3栋2单元哐叽笼停了", setting="group").text
    version = staff.get("/words/versions/1").text
    assert "哐叽笼 → 电梯" in version
    assert "电梯的新说法" in version

    secretary.get("/words/versions/0")
    assert secretary.post("/words/versions/0").status_code == 302
    with services.reading() as session:
        assert words.current_id(session) == 0
    with services.reading() as session:
        noted = {entry.action for entry in session.exec(select(AuditEntry))}
    assert {"draft.begun", "draft.add", "draft.published", "words.published", "words.rolled_back"} <= noted
    services.engine.dispose()


def test_what_keeps_it_from_being_published_stands_there_in_plain_words(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = Problem(Fault.MISREAD, "repair.toml", 12, "examples", "早上好呀各位", "other", "told")
    monkeypatch.setattr(vetting, "vet", lambda *_: (_ for _ in ()).throw(Refused([wrong])))
    staff = place.signed_in("secretary")
    draft = begun(staff)
    entry(staff, draft, "repair.toml", "examples", value="早上好呀各位")
    for answer in (staff.post(f"{draft}/check", note="问好"), staff.post(f"{draft}/publish", note="问好")):
        for said in (
            "还不能发布",
            "“早上好呀各位”",
            "这句例句没有听对",
            "现在听成了其他",
            "repair.toml，第12行",
            "例句",
        ):
            assert said in answer.text
        assert 'value="问好"' in answer.text
        assert f"{draft}/lists?file=repair.toml" in answer.text


def test_of_two_who_change_a_sentence_the_second_is_told_and_loses_nothing(place: Place) -> None:
    first, second = place.signed_in("staff"), place.signed_in("secretary")
    draft = begun(first)
    for browser in (first, second):
        browser.get(f"{draft}/sentence?file=wording.toml&place=receipts/receipt_group")
    assert first.post(f"{draft}/sentence", **RECEIPT, shown=SAID, text="{topic}记下了(#{number})").status_code == 302

    told = second.post(f"{draft}/sentence", **RECEIPT, shown=SAID, text="{topic}我写在本子上了(#{number})")
    assert told.status_code == 409
    assert "{topic}记下了(#{number})" in told.text
    assert ">{topic}我写在本子上了(#{number})</textarea>" in told.text
    assert re.search("刚才[^有].*先改了这一句", told.text)
    again = second.post(
        f"{draft}/sentence", **RECEIPT, shown="{topic}记下了(#{number})", text="{topic}我写了(#{number})"
    )
    assert again.status_code == 302
    assert rows(place) == [("set", RECEIPT["place"], "{topic}我写了(#{number})")]


def test_a_sentence_keeps_to_its_blanks(place: Place) -> None:
    staff = place.signed_in("staff")
    draft = begun(staff)
    for text, said in (("{room}记下了", "这里填不上：{room}"), ("{topic记下了", "花括号要成对"), (" ", "不能空着")):
        answer = staff.post(f"{draft}/sentence", **RECEIPT, shown=SAID, text=text)
        assert answer.status_code == 400
        assert said in answer.text
    assert rows(place) == []


def test_words_of_two_people_come_together_and_a_change_and_its_opposite_leave_nothing(place: Place) -> None:
    first, second = place.signed_in("staff"), place.signed_in("colleague")
    draft = begun(first)
    second.get(draft)
    things = ("repair.toml", "categories/lift/things")
    entry(first, draft, *things, value="哐叽笼")
    entry(second, draft, *things, value="轿箱")
    assert "已经有了" in entry(second, draft, *things, value="哐叽笼")
    entry(second, draft, *things, strike="货梯")
    assert [row[0] for row in rows(place)] == ["add", "add", "strike"]
    page = second.get(f"{draft}/lists?file=repair.toml&at=categories/lift").text
    assert "<del>货梯</del>" in page
    entry(first, draft, *things, restore="货梯")
    entry(first, draft, *things, strike="哐叽笼")
    assert rows(place) == [("add", things[1], "轿箱")]
    assert "没有写字" in entry(first, draft, *things, value=" ")
    assert first.post(f"{draft}/entries", file="repair.toml", place="negations", value="x").status_code == 404


def test_hostile_words_stand_there_as_words(place: Place) -> None:
    staff = place.signed_in("staff")
    draft = begun(staff, HOSTILE)
    entry(staff, draft, "repair.toml", "examples", value=HOSTILE)
    entry(staff, draft, "dialects.toml", "community", said=HOSTILE, means=HOSTILE)
    pages = ["/words", draft, f"{draft}/lists?file=repair.toml", f"{draft}/pairs", f"{draft}/pairs?q=<img",
             f"{draft}/lines?q=<img", f"{draft}/sentences?q=<img"]  # fmt: skip
    texts = [staff.get(page).text for page in pages]
    texts.append(staff.post("/words/try", text=HOSTILE).text)
    for text in texts:
        assert "&lt;img" in text
        assert "<img" not in text


@pytest.mark.usefixtures("believed")
def test_a_draft_that_was_overtaken_goes_on_from_the_new_version_with_all_that_fits(place: Place) -> None:
    staff, secretary = place.signed_in("staff"), place.signed_in("secretary")
    mine, theirs = begun(staff), begun(secretary, "别的")
    entry(staff, mine, "repair.toml", "categories/lift/things", value="哐叽笼")
    for browser, draft, text in ((staff, mine, "我的{topic}"), (secretary, theirs, "他的{topic}")):
        assert browser.post(f"{draft}/sentence", **RECEIPT, shown=SAID, text=text).status_code == 302
    secretary.get(theirs)
    assert secretary.post(f"{theirs}/publish", note="先发布").status_code == 302

    page = staff.get(mine).text
    assert "这一稿照第0版改。现在用的是第1版" in page
    assert "先发布" in page
    assert "别的1处都接得上" in page
    change = re.search(r'name="keep-(\d+)" value="mine"', page)
    assert change is not None
    secretary.get(mine)
    assert secretary.post(f"{mine}/publish", note="也发布").status_code == 409
    assert "还有几处没有选" in staff.post(f"{mine}/base").text
    assert staff.post(f"{mine}/base", **{f"keep-{change[1]}": "mine"}).status_code == 302
    with place.world.services.reading() as session:
        assert session.get_one(WordsDraft, int(mine.rpartition("/")[2])).base_id == 1
    secretary.get(mine)
    assert secretary.post(f"{mine}/publish", note="也发布").status_code == 302
    assert "他的{topic}" in staff.get("/words/versions/2").text  # what stood there before


@pytest.mark.usefixtures("believed")
def test_a_file_that_both_changed_is_shown_side_by_side_and_one_is_chosen(place: Place) -> None:
    administrator, secretary = place.signed_in("administrator"), place.signed_in("secretary")
    mine, theirs = begun(administrator), begun(secretary, "别的")
    text = (KEYWORDS / "help.toml").read_text(encoding="utf-8")
    shown = re.search(r'name="shown" value="(\w+)"', administrator.get(f"{mine}/file?name=help.toml").text)
    assert shown is not None
    administrator.post(f"{mine}/file", name="help.toml", shown=shown[1], content=f"# 我的\n{text}")
    entry(secretary, theirs, "help.toml", "examples", value="他们的例句")
    assert secretary.post(f"{theirs}/publish", note="先发布").status_code == 302

    page = administrator.get(mine).text
    assert "他们的例句" in page
    assert "# 我的" in page
    change = re.search(r'name="keep-(\d+)" value="mine" required>', page)
    assert change is not None
    assert administrator.post(f"{mine}/base", **{f"keep-{change[1]}": "mine"}).status_code == 302
    administrator.get(mine)
    assert administrator.post(f"{mine}/publish", note="用我的").status_code == 302
    difference = administrator.get("/words/versions/2").text
    assert "划掉" in difference
    assert "+# 我的" in difference


def test_a_file_that_is_broken_says_where_and_a_second_editor_sees_both(place: Place) -> None:
    place.app.config["MAX_CONTENT_LENGTH"] = 65536  # as the settings have it
    administrator, other = place.signed_in("administrator"), place.signed_in("administrator_next_door")
    draft = begun(administrator)
    page = other.get(f"{draft}/file?name=help.toml").text
    shown = re.search(r'name="shown" value="(\w+)"', page)
    assert shown is not None
    form = {"name": "help.toml", "shown": shown[1]}
    administrator.get(f"{draft}/file?name=help.toml")
    assert administrator.post(f"{draft}/file", **form, content='label = "求助').status_code == 302
    told = other.post(f"{draft}/file", **form, content="我写的")
    assert told.status_code == 409
    assert "label = &#34;求助" in told.text
    assert ">我写的\n</textarea>" in told.text
    checked = administrator.post(f"{draft}/check")
    assert "这个文件读不懂" in checked.text
    assert "help.toml，第1行" in checked.text
    whole = administrator.get(f"{draft}/file?name=danger.toml").text
    shown = re.search(r'name="shown" value="(\w+)"', whole)
    assert shown is not None
    content = (KEYWORDS / "danger.toml").read_text(encoding="utf-8").replace("\n", "\r\n")  # as a browser sends it
    answer = administrator.post(f"{draft}/file", name="danger.toml", shown=shown[1], content=content)
    assert answer.status_code == 302
    assert [row[0] for row in rows(place)] == ["file"]  # of help.toml: danger.toml is as it was
    assert "这一稿还装不上" in administrator.post(f"{draft}/try", text="电梯停了").text


def test_what_was_taught_is_listed_used_and_taken_back(place: Place) -> None:
    world, staff = place.world, place.signed_in("staff")
    review = heard(world)
    staff.get("/")
    staff.post(f"/reviews/{review}", decision="ignore", learn="on")
    asked = heard(world, "门口的灯坏了", state=ReviewState.INTENT, learning=Learning.ASKED,
                  label_intent=Intent.REPAIR, label_category="light")  # fmt: skip
    page = staff.get("/words/samples").text
    assert "楼道×××门口的灯不亮了" in page
    assert "等您点头" in page
    assert "楼道×××门口" not in place.signed_in("staff_next_door").get("/words/samples").text

    draft = begun(staff)
    number = draft.rpartition("/")[2]
    staff.post(f"/words/samples/{asked}", do="learn")
    staff.post(f"/words/samples/{asked}", **{"do": "use", "as": "example", "draft": number})
    assert rows(place) == [
        ("add", "", "repair.light\t-\tgroup\t门口的灯坏了"),
        ("add", "examples", "门口的灯坏了"),
    ]
    assert "要重新训练才有用" in staff.get(draft).text
    staff.get("/words/samples")
    staff.post(f"/words/samples/{review}", **{"do": "use", "as": "line", "draft": number})
    assert len(rows(place)) == 3
    staff.post(f"/words/samples/{review}", do="forget")
    assert len(rows(place)) == 2
    assert "楼道×××门口" not in staff.get("/words/samples").text
    assert _text(world, review) is None
    assert (
        "已经有人处理了" in (staff.post(f"/words/samples/{review}", do="forget"), staff.get("/words/samples"))[1].text
    )


def test_the_replay_shows_tickets_to_whoever_may_see_them(place: Place) -> None:
    world = place.world
    ref = world.ticket(words="电梯停了")
    world.post("staff", f"/tickets/{ref}/accept")
    staff, stranger = place.signed_in("staff"), place.signed_in("staff_next_door")
    draft = begun(staff)
    assert "没有一句变" in staff.get(f"{draft}/replay").text
    assert "1句" in staff.get(f"{draft}/replay").text
    assert "还没有定过的话" in stranger.get(f"{draft}/replay").text


def _text(world: World, review_id: int) -> str | None:
    with world.services.reading() as session:
        return session.get_one(Review, review_id).text
