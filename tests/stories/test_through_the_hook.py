"""The complete story through /hooks/wechat alone: an unverified account, signed XML in, passive answers out."""

import hashlib
import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlmodel import col, update

from app import create_app
from bot import jobs
from bot import services as building
from bot.bell import Bell
from bot.settings import Settings
from intents.understanding import Understanding
from models import Account, Chat, Status
from tests.conftest import StandingClock
from tests.stories.conftest import PHONES, people
from tests.stories.town import MONDAY, Town

TOKEN = "a-token-for-the-hook"
XML = """<xml><ToUserName><![CDATA[gh_town]]></ToUserName><FromUserName><![CDATA[{who}]]></FromUserName>
<CreateTime>{at}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{text}]]></Content>
<MsgId>{number}</MsgId></xml>"""


class OfficialAccount:
    """The Official Account as WeChat's servers see it: they post, and read what comes back."""

    def __init__(self, client: FlaskClient, town: Town) -> None:
        self.client, self.town, self.numbers = client, town, itertools.count(24000000000000001)

    def say(self, who: str, text: str, number: int | None = None) -> str:
        stamp, nonce = str(int(self.town.services.now().timestamp())), "nonce"
        signature = hashlib.sha1("".join(sorted((TOKEN, stamp, nonce))).encode(), usedforsecurity=False).hexdigest()
        body = XML.format(who=f"oa-{who}", at=stamp, text=text, number=number or next(self.numbers))
        query = {"signature": signature, "timestamp": stamp, "nonce": nonce, "openid": f"oa-{who}"}
        response = self.client.post("/hooks/wechat", query_string=query, data=body.encode())
        assert response.status_code == 200
        found = re.search(r"<Content><!\[CDATA\[(.*)]]></Content>", response.text, re.DOTALL)
        jobs.drain(self.town.services, 5)
        return found[1] if found else ""


@pytest.fixture
def account(database: str, tmp_path: Path, understanding: Understanding) -> Iterator[OfficialAccount]:
    channel = {"kind": "wechat", "area": "XF", "mode": "plain", "account": "unverified", "token": TOKEN}
    settings = Settings.model_validate(
        {"database": {"url": database}, "data": tmp_path, "phones": PHONES, "channels": {"wechat": channel}}
    )
    clock = StandingClock(MONDAY)
    services = building.build(settings, now=clock, bell=Bell(None), understanding=understanding)
    town = Town(replace(services), {})
    people(town, groups=False, bridge=False)
    with services.transaction() as session:
        session.exec(update(Account).values(channel="wechat").where(col(Account.channel) == "oa"))
        session.exec(update(Chat).values(channel="wechat").where(col(Chat.channel) == "oa"))
    yield OfficialAccount(create_app(services).test_client(), town)
    services.engine.dispose()


def test_the_complete_story_through_an_unverified_account(account: OfficialAccount) -> None:
    town = account.town
    assert "(#1)" in account.say("王阿姨", "3栋2单元电梯又坏了")

    waiting = account.say("李姐", "你好")
    assert "电梯" in waiting
    assert "(#1)" in waiting
    assert "(#1)" in account.say("李姐", "我去看看")
    assert town.ticket().status == Status.ACCEPTED
    assert "单元长" in account.say("王阿姨", "到哪一步了")

    account.say("李姐", "修好了 换了门机")
    assert "没好" in account.say("王阿姨", "在吗")
    assert "重新打开" in account.say("王阿姨", "没修好，还是不动")
    assert "还没好" in account.say("李姐", "在的")
    account.say("李姐", "修好了")
    assert "办结" in account.say("王阿姨", "好了")
    assert town.ticket().status == Status.CLOSED


def test_relay_a_person_and_what_nobody_reads_through_an_unverified_account(account: OfficialAccount) -> None:
    town = account.town
    assert "转给邻居" in account.say("李姐", "代报 3栋2单元 电梯停了")
    assert "社区的人" in account.say("王阿姨", "人工")
    assert "请人联系" in account.say("社工小邹", "清单")

    account.say("王阿姨", "3栋2单元楼道灯不亮了")
    town.wait(minutes=11)
    assert town.undelivered()


def test_told_three_times_is_one_ticket_and_the_same_answer(account: OfficialAccount) -> None:
    answers = {account.say("王阿姨", "3栋2单元电梯又坏了", number=99) for _ in range(3)}

    assert len(answers) == 1
    assert len(account.town.tickets()) == 1


def test_a_stranger_is_refused_and_nothing_is_stored(account: OfficialAccount) -> None:
    response = account.client.post("/hooks/wechat", query_string={"signature": "0" * 40}, data=b"<xml/>")

    assert response.status_code == 403
    assert account.town.tickets() == []
