"""Two busy days in the town of the stories: everything on the pages was said and done there, nothing is laid in."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from sqlmodel import col, select

from bot import console, tokens
from bot.channels import DeliveryError, Kind
from models import ChannelState, Heartbeat, Person, User
from tests.attachments.things import photo, recording
from tests.console.place import hashed
from tests.standin.cast import serving
from tests.stories.conftest import understood
from tests.stories.doubting import doubting_town
from tests.stories.town import Town

STAFF, LEADER = "社工小邹", "网格刘"
LAMP, GATE, MEALS = "楼道的灯晚上好像又不亮了", "最近楼下那个铁门关的时候声音怪怪的", "老人一个人在家没人送饭"
DOUBTS: dict[tuple[str, str], str | None] = {
    ("group", LAMP): "repair",
    ("group", GATE): "repair",
    ("group", MEALS): "help",
}
HOSTILE = "<img src=x onerror=alert(1)>\"'&lt;/script>"


def two_days(database: str, folder: Path) -> Town:
    """Monday morning to Tuesday afternoon: repairs, a dispute, a question, one that was not solved, an emergency."""
    town = doubting_town(database, folder, understood(), DOUBTS)
    group = "3栋2单元群"
    town.say("王阿姨", "3栋2单元电梯停了，老人家上不去，电话13800001111")
    town.say("张伯", "电梯停了，我也上不来", to=group)
    town.wait(minutes=4)
    refused = DeliveryError("never", permanent=True)
    town.channels["oa"].holds |= {"photo": photo(), "voice": recording(), "refused": refused}
    town.say("李姐", "我去看看", to="单元长群")
    town.wait(minutes=6)
    town.say("王阿姨", "3栋2单元楼道灯不亮，三楼到四楼一片黑")
    town.say("王阿姨", "", kind=Kind.IMAGE, media_id="photo")
    town.say("王阿姨", "", kind=Kind.IMAGE, media_id="lost")
    town.say("王阿姨", "", kind=Kind.FILE, media_id="refused")
    town.wait(minutes=20)
    town.say("张伯", "楼上天天半夜拖椅子，我睡不着，跟他们说了也不听")
    town.say("王阿姨", "5栋1单元下水道堵了，一股臭味")
    town.wait(minutes=30)
    town.say("张伯", "社区什么时候可以办居住证续签")
    town.wait(hours=25)
    town.say("李姐", "2号修好了 换了灯泡")
    town.wait(minutes=30)
    town.say("王阿姨", "没修好，灯还是不亮")
    town.wait(hours=3)
    for sentence in (LAMP, GATE, MEALS):
        town.say("张伯", sentence, to=group)
    town.say("王阿姨", f"3栋2单元单元门坏了关不上，急 {HOSTILE}")
    town.wait(minutes=20)
    town.say("王阿姨", "5栋1单元电梯里有人困住了，快来人啊")
    town.wait(minutes=1)
    return town


def sign_in_ready(town: Town, *names: str) -> None:
    """Passwords for some of the people; one channel was heard of just now, and so was the clock."""
    with town.services.transaction() as session:
        desk = town.services.desk(session)
        for name in names:
            person = session.exec(select(Person).where(col(Person.name) == name)).one()
            tokens.create(desk, name)
            user = session.exec(select(User).where(User.person_id == person.id)).one()
            user.password_hash = hashed()
            session.add(user)
        state = session.get(ChannelState, "oa") or ChannelState(channel="oa")
        state.last_heard_at = desk.now
        session.add(state)
        session.add(Heartbeat(name="clock:here:1", kind="clock", seen_at=desk.now))


@contextmanager
def open_console(town: Town) -> Iterator[str]:
    """The console of the town on a port of its own; the address."""
    app = Flask("console-browser", static_folder=None)
    console.install(app, town.services)
    with serving(app) as url:
        yield url
