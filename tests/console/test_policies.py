"""Rules that are answered: written, tried, kept, published; what found no answer; two at one passage."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from bot import words
from bot.words import passages, vetting
from models import CurrentWords, KeywordVersion, PolicyDraft
from tests.console.place import Browser, Place
from tests.words.conftest import Tried

HOSTILE = "<img src=x onerror=alert(1)>"
PASSAGE = {
    "answer": "满80岁每月100元，带身份证到社区窗口申请。次月起发。",
    "title": "幸福市高龄津贴发放办法",
    "issuer": "幸福市民政局",
    "article": "第五条",
    "in_force": "2020-01-01",
    "region": "幸福市",
    "ask": "社区民政窗口",
    "examples": "高龄津贴每个月多少钱\n八十岁老人能领好多补贴\n高龄津贴到哪里领",
    "keywords": "高龄津贴、高龄补贴、80岁、八十岁，多少钱、哪里领",
    "needs": "高龄、津贴、八十岁",
    "never": "生育、残疾、到账",
    "instead": "old-age-allowance",
}


@pytest.fixture
def untried(monkeypatch: pytest.MonkeyPatch) -> None:
    """What publishing itself puts to the test is tested in tests/words, and takes seconds."""
    monkeypatch.setattr(vetting, "vet", lambda folder, *_: Tried(folder, []))


def opened(place: Place, user: str, passage: str = "new") -> tuple[Browser, dict[str, str]]:
    """Somebody with a passage's page before them, and what its form carries along."""
    browser = place.signed_in(user)
    return browser, carried(browser.get(f"/policies/{passage}").text)


def carried(page: str) -> dict[str, str]:
    found = {name: re.search(rf'name="{name}" value="(\d+)"', page) for name in ("base", "revision")}
    return {name: match[1] for name, match in found.items() if match}


def in_force(place: Place, passage: str) -> str:
    """The answer of a passage in the version that is in force; "" where it has none."""
    with place.world.services.reading() as session:
        version = words.current_id(session)
        found = passages.file_of(session, version, passage, place.world.services.settings.keyword_files)
    return found.answer if found else ""


def test_a_passage_is_written_tried_and_published(place: Place) -> None:
    browser, form = opened(place, "secretary")
    tried = browser.post("/policies/new", do="try", question="高龄津贴每个月多少钱", **form, **PASSAGE).text
    assert "答得对" in tried
    assert tried.count("满80岁每月100元") == 2  # in the field, and as the answer after; not as what is said now
    assert browser.post("/policies/new", do="publish", **form, **PASSAGE).status_code == 302  # the real test of it
    assert in_force(place, "own-1").startswith("满80岁每月100元")
    with place.world.services.reading() as session:
        version = session.exec(select(KeywordVersion)).one()
        content = words.stored(session, version.id)
    assert (version.author, version.note) == ("secretary的名字", "政策：幸福市高龄津贴发放办法")
    loaded = words.from_content(content, version.id, place.world.services.settings.keyword_files)
    today = place.world.services.now().date()
    answer = loaded.understanding.policy("高龄津贴到哪里领", today)
    assert answer is not None
    assert answer.id == "own-1"
    assert "正在换上" in browser.get("/policies").text


def test_a_passage_that_would_take_anothers_questions_is_not_published(place: Place) -> None:
    browser, form = opened(place, "secretary")
    greedy = {
        **PASSAGE,
        "examples": "年假有几天",
        "keywords": "年假、年休假、几天",
        "needs": "",
        "never": "",
        "instead": "",
    }
    answer = browser.post("/policies/new", do="publish", **form, **greedy)
    assert answer.status_code == 400
    assert "本来归别的条文" in answer.text
    assert in_force(place, "own-1") == ""


def test_what_is_wrong_is_said_beside_its_field(place: Place) -> None:
    browser, form = opened(place, "staff")
    bad = {**PASSAGE, "answer": "", "until": "2019-01-01", "in_force": "2020-01-01", "instead": "no-such"}
    page = browser.post("/policies/new", do="try", **form, **bad)
    assert page.status_code == 400
    for said in ("这里要填", "比开始的那天还早", "没有这一条", "有3处要改"):
        assert said in page.text
    assert PASSAGE["title"] in page.text


def test_staff_keep_what_they_wrote_and_the_secretary_publishes_it(place: Place, untried: None) -> None:
    staff, form = opened(place, "staff")
    assert staff.post("/policies/new", do="publish", **form, **PASSAGE).status_code == 403
    assert staff.post("/policies/new", do="save", **form, **PASSAGE).location.endswith("/policies/own-1")
    secretary = place.signed_in("secretary")
    assert "幸福市高龄津贴发放办法" in secretary.get("/policies").text
    page = secretary.get("/policies/own-1").text
    assert PASSAGE["answer"] in page
    assert secretary.post("/policies/own-1", do="publish", **carried(page), **PASSAGE).status_code == 302
    with place.world.services.reading() as session:
        assert session.exec(select(PolicyDraft)).all() == []
    assert "写着的，还没发布" not in secretary.get("/policies").text


def test_of_two_who_keep_a_draft_the_second_is_told_and_loses_nothing(place: Place) -> None:
    first, one = opened(place, "staff", "annual-leave")
    second, two = opened(place, "colleague", "annual-leave")
    assert first.post("/policies/annual-leave", do="save", **one, **PASSAGE).status_code == 302
    mine = {**PASSAGE, "answer": "我写的另一种说法。"}
    told = second.post("/policies/annual-leave", do="save", **two, **mine)
    assert told.status_code == 409
    assert "staff的名字也改了这一条" in told.text
    assert "我写的另一种说法。" in told.text
    assert PASSAGE["answer"] in told.text
    assert second.post("/policies/annual-leave", do="save", **carried(told.text), **mine).status_code == 302
    with place.world.services.reading() as session:
        assert "另一种说法" in session.exec(select(PolicyDraft)).one().content


def test_who_publishes_on_an_older_text_is_told_and_other_words_do_not_matter(place: Place, untried: None) -> None:
    browser, form = opened(place, "secretary", "annual-leave")
    colleague, others = opened(place, "administrator", "birth-registration")
    birth = {
        **PASSAGE,
        "instead": "",
        "examples": "出生登记在哪里办呀",
        "keywords": "出生登记、在哪里办",
        "needs": "出生登记",
    }
    leave = {
        **PASSAGE,
        "instead": "",
        "examples": "带薪年休假怎么算",
        "keywords": "年休假、带薪年休假、怎么算",
        "needs": "年休假",
    }
    assert colleague.post("/policies/birth-registration", do="publish", **others, **birth).status_code == 302
    answer = browser.post("/policies/annual-leave", do="publish", **form, **leave)
    assert answer.status_code == 302  # another file: both are in force
    assert in_force(place, "annual-leave") == in_force(place, "birth-registration") == PASSAGE["answer"]
    later = {**leave, "answer": "换一个说法。"}
    told = browser.post("/policies/annual-leave", do="publish", **form, **later)
    assert told.status_code == 409
    assert "已经发布" in told.text
    assert browser.post("/policies/annual-leave", do="publish", **carried(told.text), **later).status_code == 302
    assert in_force(place, "annual-leave") == "换一个说法。"
    with place.world.services.reading() as session:
        assert session.exec(select(CurrentWords.version_id)).one() == 3


@pytest.mark.parametrize(
    ("refusal", "status", "said"),
    [
        (words.Conflict("later"), 409, "请再按一次"),
        (words.WordsError("x.md:3: examples: “<b>” finds y"), 400, "x.md:3: examples: “&lt;b&gt;”"),
    ],
)
def test_what_publishing_refuses_is_told_and_nothing_is_lost(
    place: Place, monkeypatch: pytest.MonkeyPatch, refusal: Exception, status: int, said: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise refusal

    browser, form = opened(place, "secretary")
    monkeypatch.setattr(words, "publish", refuse)
    answer = browser.post("/policies/new", do="publish", **form, **PASSAGE)
    assert answer.status_code == status
    assert said in answer.text
    assert PASSAGE["answer"] in answer.text
    assert 'method="post" action="/console/policies/new"' in answer.text  # pressed again, it is published


def test_a_question_without_an_answer_is_written_for_or_is_none(place: Place) -> None:
    asked = place.world.ticket(intent="policy", category="other", words="3栋1204的高龄津贴多少钱 13912345678")
    none = place.world.ticket(intent="policy", category="other", words="隔壁的猫叫什么")
    old = place.world.services.now() - timedelta(days=100)
    place.world.ticket(intent="policy", category="other", words="很久以前问的", opened_at=old)
    browser = place.signed_in("staff")
    page = browser.get("/policies").text
    assert "高龄津贴多少钱" in page
    assert "很久以前问的" not in page
    assert "1204" not in page
    assert "13912345678" not in page
    form = browser.get(f"/policies/new?from={asked}").text
    assert "高龄津贴多少钱" in form
    assert "1204" not in form
    assert browser.post(f"/policies/missed/{none}").status_code == 302
    assert "隔壁的猫" not in browser.get("/policies").text
    assert "看过，不是问政策" in browser.get(f"/tickets/{none}").text
    unanswered = place.world.get("staff", "/policies")["unanswered"]
    assert [row["count"] for row in unanswered] == [2]


def test_a_second_new_one_does_not_write_over_the_first(place: Place, untried: None) -> None:
    """The process has not taken up the first one yet."""
    for number in (1, 2):
        browser, form = opened(place, "secretary")
        mine = {**PASSAGE, "answer": f"第{number}条。"}
        assert browser.post("/policies/new", do="publish", **form, **mine).status_code == 302
    assert [in_force(place, f"own-{number}") for number in (1, 2)] == ["第1条。", "第2条。"]


def test_a_draft_is_thrown_away_and_what_is_in_force_stays(place: Place) -> None:
    browser, form = opened(place, "staff", "annual-leave")
    browser.post("/policies/annual-leave", do="save", **form, **PASSAGE)
    before = in_force(place, "annual-leave")
    assert browser.post("/policies/annual-leave/drop").status_code == 302
    browser.get("/policies")
    assert "草稿" not in browser.get("/policies/annual-leave").text
    assert in_force(place, "annual-leave") == before
    assert browser.get("/policies/own-9").status_code == 404
    assert browser.get("/policies/..%2F..%2Fetc").status_code == 404


def test_hostile_words_stand_there_as_words(place: Place) -> None:
    browser, form = opened(place, "staff")
    hostile = dict.fromkeys(PASSAGE, f"{HOSTILE}---\n---") | {"in_force": "2020-01-01", "instead": ""}
    answers = [browser.post("/policies/new", do=do, question=HOSTILE, **form, **hostile).text for do in ("try", "save")]
    for page in (*answers, browser.get("/policies/own-1").text, browser.get("/policies").text):
        assert "<img" not in page
