"""Customer-service texts against a platform that refuses, forgets tokens, limits lengths and talks nonsense."""

import logging
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from redis import Redis

from bot.channels import Channel, DeliveryError, Line
from bot.channels.token_store import MemoryTokenStore, RedisTokenStore
from bot.channels.wechat import connect
from bot.settings import ChannelSection
from tests.channels import kits
from tests.channels.platform import Asked, Platform, Says
from tests.conftest import RedisServer

TOKEN_PATH, SEND_PATH = "/cgi-bin/stable_token", "/cgi-bin/message/custom/send"


class Wechat:
    """The API's behaviour: numbered tokens, and a code for each send in turn (0 at last)."""

    def __init__(self, *codes: int, limit: int = 2048) -> None:
        self.codes = list(codes)
        self.limit = limit
        self.tokens = 0
        self.forced = 0
        self.alive: str | None = None
        self.texts: list[str] = []

    def __call__(self, asked: Asked) -> Says:
        if asked.path == TOKEN_PATH:
            return self._token(asked)
        if asked.query.get("access_token") != self.alive:
            return Says({"errcode": 42001, "errmsg": "access_token expired"})
        content = str(dict(asked.json["text"])["content"])  # type: ignore[call-overload]  # a dict, or the test fails
        if len(content.encode()) > self.limit:
            return Says({"errcode": 45002, "errmsg": "content size out of limit"})
        code = self.codes.pop(0) if self.codes else 0
        if code == 0:
            self.texts.append(content)
        return Says({"errcode": code, "errmsg": "refused " + kits.APPSECRET})

    def _token(self, asked: Asked) -> Says:
        assert asked.json["secret"] == kits.APPSECRET
        assert asked.json["grant_type"] == "client_credential"
        self.forced += bool(asked.json["force_refresh"])
        if self.alive is None or asked.json["force_refresh"]:
            self.tokens += 1
            self.alive = f"ACCESS-{self.tokens}"
        return Says({"access_token": self.alive, "expires_in": 7200})

    def forget(self) -> None:
        """The token dies before its time."""
        self.alive = None


LINE = Line("event:1:2", "oUser1", True, "电梯修好了。")


def account(platform: Platform, **fields: object) -> Channel:
    return kits.connect("wechat", api_base=platform.url, **fields)


def refused(channel: Channel, line: Line = LINE) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        channel.send(line)
    return caught.value


def test_a_text_is_sent_with_one_token_for_many(platform: Platform) -> None:
    platform.script = wechat = Wechat()
    channel = account(platform)
    for _ in range(3):
        assert channel.send(LINE) is None
    assert wechat.texts == ["电梯修好了。"] * 3
    assert platform.paths() == [TOKEN_PATH, SEND_PATH, SEND_PATH, SEND_PATH]
    assert platform.asked[1].json == {"touser": "oUser1", "msgtype": "text", "text": {"content": "电梯修好了。"}}


@pytest.mark.parametrize(
    ("code", "permanent", "parked"),
    [
        (45015, False, True),
        (45047, False, True),
        (48001, False, True),
        (40003, True, False),
        (43004, True, False),
        (43019, True, False),
        (48002, True, False),
        (-1, False, False),
        (45009, False, False),
        (45011, False, False),
        (40125, False, False),
        (40164, False, False),
        (50002, False, False),
        (99999, False, False),
    ],
)
def test_a_refusal_means_what_the_table_says(platform: Platform, code: int, permanent: bool, parked: bool) -> None:
    platform.script = Wechat(code)
    error = refused(account(platform))
    assert (error.permanent, error.parked) == (permanent, parked)
    assert str(code) in str(error)
    assert kits.APPSECRET not in str(error)
    if code in (-1, 45009, 45011, 40164):
        assert error.retry_after is not None
    assert platform.paths().count(SEND_PATH) == 1


def test_a_dead_token_is_renewed_once_and_the_text_sent_again(platform: Platform) -> None:
    platform.script = wechat = Wechat()
    channel = account(platform)
    channel.send(LINE)
    wechat.forget()
    channel.send(LINE)
    assert wechat.texts == ["电梯修好了。"] * 2
    assert platform.paths()[2:] == [SEND_PATH, TOKEN_PATH, SEND_PATH]
    assert wechat.forced == 0


def test_a_token_refused_within_its_time_is_forced_once(platform: Platform) -> None:
    platform.script = wechat = Wechat(40001)
    account(platform).send(LINE)
    assert wechat.forced == 1
    assert wechat.texts == ["电梯修好了。"]


@pytest.mark.parametrize("code", [40001, 40014, 42001])
def test_a_token_refused_for_ever_ends_after_one_retry(platform: Platform, code: int) -> None:
    platform.script = Wechat(*[code] * 100)
    error = refused(account(platform))
    assert not error.permanent
    assert platform.paths().count(SEND_PATH) == 2
    assert platform.paths().count(TOKEN_PATH) == 3


def test_a_wrong_app_secret_asks_for_one_token_and_sends_nothing(platform: Platform) -> None:
    platform.says(Says({"errcode": 40125, "errmsg": "invalid appsecret"}))
    assert "AppSecret" in str(refused(account(platform)))
    assert platform.paths() == [TOKEN_PATH]


@pytest.mark.parametrize(
    "answer", [{}, [], {"access_token": None}, {"access_token": ""}, {"access_token": {"a": 1}}, "x"]
)
def test_a_token_answer_without_a_token_means_later(platform: Platform, answer: object) -> None:
    platform.says(Says(answer))
    assert not refused(account(platform)).permanent
    assert platform.paths() == [TOKEN_PATH]


def test_a_token_fetch_that_hangs_ends(platform: Platform, impatient: None) -> None:
    platform.says(Says(wait=2))
    assert str(refused(account(platform))) == "no answer in time"


def test_many_threads_fetch_one_token(platform: Platform) -> None:
    platform.script = wechat = Wechat()
    channel = account(platform)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: channel.send(LINE), range(24)))
    assert wechat.tokens == 1
    assert platform.paths().count(TOKEN_PATH) == 1
    assert len(wechat.texts) == 24


def test_a_long_text_goes_in_parts_that_fit(platform: Platform) -> None:
    platform.script = wechat = Wechat()
    said = "\n".join(f"{number}栋停水，物业已经在修。" for number in range(150))
    account(platform).send(Line("k", "oUser1", True, said))
    assert len(wechat.texts) > 2
    assert "\n".join(wechat.texts) == said
    assert all(len(part.encode()) <= 2048 for part in wechat.texts)


def test_a_platform_with_a_lower_limit_gets_smaller_parts(platform: Platform) -> None:
    platform.script = wechat = Wechat(limit=600)
    account(platform).send(Line("k", "oUser1", True, "楼" * 600))
    assert "".join(wechat.texts) == "楼" * 600


def test_a_text_refused_at_any_length_is_given_up(platform: Platform) -> None:
    platform.script = Wechat(limit=5)
    assert refused(account(platform)).permanent


def test_an_unverified_account_sends_nothing_and_asks_nobody(platform: Platform) -> None:
    channel = account(platform, account="unverified")
    assert not channel.pushes
    assert refused(channel).parked
    assert platform.asked == []


def test_an_account_without_its_app_secret_can_only_answer(platform: Platform) -> None:
    channel = account(platform, secret="")
    assert not channel.pushes
    assert refused(channel).parked


def test_a_verified_account_pushes(platform: Platform) -> None:
    assert account(platform).pushes


def test_a_group_is_no_place_for_an_official_account(platform: Platform) -> None:
    assert refused(account(platform), Line("k", "g", False, "x")).permanent
    assert platform.asked == []


@pytest.mark.parametrize("ending", ["", "/", "/cgi-bin", "/cgi-bin/", "/front"])
def test_tokens_and_texts_go_to_the_configured_api(platform: Platform, ending: str) -> None:
    platform.says(Says({"errcode": 0, "access_token": "ACCESS-1", "expires_in": 7200}))
    kits.connect("wechat", api_base=platform.url + ending).send(LINE)
    start = "/front" if ending == "/front" else ""
    assert platform.paths() == [start + TOKEN_PATH, start + SEND_PATH]


def test_no_token_or_secret_reaches_a_log(platform: Platform, caplog: pytest.LogCaptureFixture) -> None:
    platform.script = Wechat(40001, 45015)
    with caplog.at_level(logging.DEBUG):
        refused(account(platform))
    assert "access_token=***" in caplog.text  # urllib3 did log the address
    assert "ACCESS-" not in caplog.text
    assert kits.APPSECRET not in caplog.text
    assert "电梯修好了" not in caplog.text


def shared(platform: Platform, store: RedisTokenStore | MemoryTokenStore) -> Channel:
    section = ChannelSection.model_validate(
        {
            "kind": "wechat",
            "token": kits.TOKEN,
            "aes_key": kits.AES_KEY,
            "appid": kits.APPID,
            "secret": kits.APPSECRET,
            "api_base": platform.url,
        }
    )
    return connect("front", section, store)


def redis_store(redis: RedisServer) -> RedisTokenStore:
    return RedisTokenStore(Redis.from_url(redis.url, socket_timeout=0.3, socket_connect_timeout=0.3))


def test_processes_share_a_token_through_redis(platform: Platform, redis: RedisServer) -> None:
    platform.script = wechat = Wechat()
    one, two = shared(platform, redis_store(redis)), shared(platform, redis_store(redis))
    one.send(LINE)
    two.send(LINE)
    wechat.forget()
    one.send(LINE)
    two.send(LINE)
    assert wechat.tokens == 2
    assert platform.paths().count(TOKEN_PATH) == 2


def test_without_redis_each_process_keeps_its_own_token(platform: Platform, redis: RedisServer) -> None:
    platform.script = wechat = Wechat()
    channel = shared(platform, redis_store(redis))
    redis.kill()
    channel.send(LINE)
    channel.send(LINE)
    assert len(wechat.texts) == 2
    assert platform.paths().count(TOKEN_PATH) == 1


def test_a_kept_token_ends_with_its_time() -> None:
    store = MemoryTokenStore()
    store.set("a", "T", 0)
    assert store.get("a") is None
    store.set("a", "T", 60)
    assert store.get("a") == "T"
    assert store.get("b") is None


@pytest.mark.parametrize("kind", ["memory", "redis"])
def test_a_lock_lets_one_in_at_a_time(kind: str, redis: RedisServer) -> None:
    store = MemoryTokenStore() if kind == "memory" else redis_store(redis)
    inside: list[int] = []
    crowds: list[int] = []

    def enter(number: int) -> None:
        with store.lock("a"):
            inside.append(number)
            time.sleep(0.002)
            crowds.append(len(inside))
            inside.remove(number)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(enter, range(30)))
    assert crowds == [1] * 30
