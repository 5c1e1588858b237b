"""What was sent along is fetched from where the platform keeps it, and from nowhere else."""

import base64
import logging

import pytest

from bot.channels import Channel, DeliveryError, Gone, Kind, Media, TooLarge
from bot.channels.proof import body_signature
from tests.channels import kits
from tests.channels.platform import Asked, Platform, Says
from tests.channels.test_wechat_sending import TOKEN_PATH, Wechat

MOST = 1000
BYTES = b"\xff\xd8\xff" + bytes(range(200))
INLINED = base64.b64encode(BYTES).decode()
IMAGE, VOICE, FILE = Media(Kind.IMAGE, "p1.image"), Media(Kind.VOICE, "v1.silk"), Media(Kind.FILE, "f1")
MEDIA_PATH = "/cgi-bin/media/get"


class Shelf(Wechat):
    """WeChat with media: what it answers for each request of one, the last for ever."""

    def __init__(self, *answers: Says) -> None:
        super().__init__()
        self.answers = list(answers)

    def __call__(self, asked: Asked) -> Says:
        if asked.path != MEDIA_PATH:
            return super().__call__(asked)
        if asked.query.get("access_token") != self.alive:
            return Says({"errcode": 42001, "errmsg": "access_token expired"})
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def wechat(platform: Platform, *answers: Says, **fields: object) -> Channel:
    platform.script = Shelf(*answers)
    return kits.connect("wechat", api_base=platform.url, **fields)


def code(number: int) -> Says:
    return Says({"errcode": number, "errmsg": "refused " + kits.APPSECRET})


# --- WeChat


def test_wechat_hands_out_the_bytes_by_media_id(platform: Platform) -> None:
    channel = wechat(platform, Says(BYTES, headers={"Content-Type": "image/jpeg"}))
    assert channel.fetch(Media(Kind.IMAGE, "MEDIA"), {}, MOST) == BYTES
    assert platform.asked[-1].query["media_id"] == "MEDIA"


def test_a_token_that_died_is_renewed_once_for_media_too(platform: Platform) -> None:
    channel = wechat(platform, Says(BYTES))
    shelf = platform.script
    assert isinstance(shelf, Shelf)
    channel.fetch(Media(Kind.IMAGE, "MEDIA"), {}, MOST)
    shelf.forget()
    assert channel.fetch(Media(Kind.IMAGE, "MEDIA"), {}, MOST) == BYTES
    assert platform.paths().count(TOKEN_PATH) == 2


def test_a_video_lies_at_an_address_that_is_fetched_where_it_is_allowed(platform: Platform) -> None:
    with_video = {"video_url": f"{platform.url}/video"}
    channel = wechat(platform, Says(with_video))
    shelf = platform.script
    platform.script = lambda asked: Says(BYTES) if asked.path == "/video" else shelf(asked)
    assert channel.fetch(Media(Kind.FILE, "MEDIA"), {}, MOST) == BYTES
    assert "access_token" not in platform.asked[-1].query

    elsewhere = wechat(platform, Says({"video_url": "http://127.0.0.1:9/video"}))
    with pytest.raises(DeliveryError, match="media_hosts") as refused:
        elsewhere.fetch(Media(Kind.FILE, "MEDIA"), {}, MOST)
    assert refused.value.permanent


@pytest.mark.parametrize(
    ("answer", "kind", "permanent"),
    [
        (code(40007), Gone, True),
        (code(48001), DeliveryError, False),
        (code(-1), DeliveryError, False),
        (code(45009), DeliveryError, False),
        (Says(b"<html>proxy</html>", status=502), DeliveryError, False),
        (Says(b"x" * (MOST + 1)), TooLarge, True),
        (Says(b"", hang_up=True), DeliveryError, False),
    ],
    ids=["expired", "unverified", "busy", "quota", "502", "large", "hangs up"],
)
def test_what_wechat_answers_says_whether_to_ask_again(
    platform: Platform, answer: Says, kind: type[DeliveryError], permanent: bool, caplog: pytest.LogCaptureFixture
) -> None:
    channel = wechat(platform, answer)
    with caplog.at_level(logging.DEBUG), pytest.raises(kind) as refused:
        channel.fetch(Media(Kind.IMAGE, "MEDIA"), {}, MOST)
    assert refused.value.permanent is permanent
    for told in (str(refused.value), caplog.text):
        assert kits.APPSECRET not in told
        assert "ACCESS-" not in told


def test_an_unverified_account_is_not_even_asked(platform: Platform) -> None:
    channel = wechat(platform, Says(BYTES), account="unverified")
    assert not channel.fetches
    with pytest.raises(Gone):
        channel.fetch(Media(Kind.IMAGE, "MEDIA"), {}, MOST)
    assert platform.asked == []


# --- OneBot v11


def onebot(platform: Platform, **fields: object) -> Channel:
    return kits.connect("onebot", api_base=platform.url, **fields)


def ok(**data: object) -> Says:
    return Says({"status": "ok", "retcode": 0, "data": data})


def test_a_picture_lies_at_its_address_and_the_token_stays_here(platform: Platform) -> None:
    platform.says(Says(BYTES))
    there = Media(Kind.IMAGE, "p1.image", f"{platform.url}/download?rkey=abc")
    assert onebot(platform).fetch(there, {}, MOST) == BYTES
    assert platform.paths() == ["/download"]
    assert "authorization" not in platform.asked[0].headers


def test_when_the_address_is_over_the_bridge_is_asked_by_its_own_name(platform: Platform) -> None:
    platform.script = lambda asked: ok(base64=INLINED) if asked.path == "/get_image" else Says({}, status=403)
    there = Media(Kind.IMAGE, "p1.image", f"{platform.url}/download")
    assert onebot(platform).fetch(there, {}, MOST) == BYTES
    assert platform.paths() == ["/download", "/get_image"]
    assert platform.asked[1].json == {"file": "p1.image"}
    assert platform.asked[1].headers["authorization"] == f"Bearer {kits.TOKEN}"


def test_a_recording_is_asked_for_as_something_that_can_be_played(platform: Platform) -> None:
    platform.says(ok(file="/bridge/v1.mp3", base64=f"base64://{INLINED}"))
    there = Media(Kind.VOICE, "v1.silk", f"{platform.url}/v1.silk")
    assert onebot(platform).fetch(there, {}, MOST) == BYTES
    assert platform.paths() == ["/get_record"]
    assert platform.asked[0].json == {"file": "v1.silk", "out_format": "mp3"}


def test_a_bridge_may_answer_with_an_address(platform: Platform) -> None:
    platform.script = lambda asked: ok(url=f"{platform.url}/f") if asked.path == "/get_file" else Says(BYTES)
    assert onebot(platform).fetch(FILE, {}, MOST) == BYTES
    assert platform.paths() == ["/get_file", "/f"]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/secret",
        "http://169.254.169.254/latest/meta-data",
        "http://localhost/",
        "http://10.0.0.1/x",
        "http://evilqq.com/x",
        "http://qq.com.evil.example/x",
        "http://qq.com@127.0.0.1:9/x",
        "http://[::1]/x",
        "file:///etc/passwd",
        "gopher://qq.com/x",
        "http://qq.com:port/x",
    ],
)
def test_nobody_is_asked_for_a_picture_but_who_is_allowed(platform: Platform, url: str) -> None:
    """An address may be a stranger's: the machines beside this one are not to be asked through it."""
    platform.says(ok(url=url))
    with pytest.raises(DeliveryError) as refused:
        onebot(platform).fetch(IMAGE, {}, MOST)
    assert refused.value.permanent
    assert platform.paths() == ["/get_image"]
    assert url not in str(refused.value)


def test_a_redirect_is_not_followed(platform: Platform) -> None:
    platform.says(Says(b"", status=302, headers={"Location": f"{platform.url}/elsewhere"}))
    with pytest.raises(DeliveryError, match="HTTP 302"):
        onebot(platform).fetch(Media(Kind.IMAGE, None, f"{platform.url}/p"), {}, MOST)
    assert platform.paths() == ["/p"]


@pytest.mark.parametrize(
    ("answer", "kind", "permanent"),
    [
        (ok(file="/bridge/p1.jpg"), DeliveryError, True),
        (ok(base64="!!"), DeliveryError, True),
        (ok(base64=base64.b64encode(b"x" * 2 * MOST).decode()), TooLarge, True),
        (Says({"status": "failed", "retcode": 102, "data": None}), DeliveryError, False),
        (Says({}, status=404), DeliveryError, False),
        (Says(b"<html>"), DeliveryError, False),
    ],
    ids=["a path of its own", "no base64", "large", "refused", "no such action", "no bridge"],
)
def test_what_a_bridge_answers_says_whether_to_ask_again(
    platform: Platform, answer: Says, kind: type[DeliveryError], permanent: bool
) -> None:
    platform.says(answer)
    with pytest.raises(kind) as refused:
        onebot(platform).fetch(IMAGE, {}, MOST)
    assert refused.value.permanent is permanent


def test_an_answer_that_never_ends_is_cut_off(platform: Platform) -> None:
    platform.says(Says(b"x" * 10 * MOST, headers={"Transfer-Encoding": "identity"}))
    with pytest.raises(TooLarge):
        onebot(platform).fetch(Media(Kind.IMAGE, None, f"{platform.url}/p"), {}, MOST)


# --- OneBot v12


def test_v12_is_asked_for_the_bytes_with_the_account_that_heard_them(platform: Platform) -> None:
    platform.says(ok(name="p.jpg", data=INLINED))
    channel = kits.connect("onebot12", api_base=platform.url)
    wire = {"self": {"platform": "wechat", "user_id": "bot"}}
    assert channel.fetch(IMAGE, wire, MOST) == BYTES
    asked = platform.asked[0].json
    assert (asked["action"], asked["params"]) == ("get_file", {"file_id": "p1.image", "type": "data"})
    assert asked["self"] == wire["self"]


def test_v12_that_hands_out_no_bytes_is_asked_for_the_address(platform: Platform) -> None:
    def script(asked: Asked) -> Says:
        if asked.path == "/f":
            return Says(BYTES) if asked.headers.get("x-key") == "k" else Says({}, status=403)
        if asked.json["params"] == {"file_id": "p1.image", "type": "url"}:
            return ok(url=f"{platform.url}/f", headers={"X-Key": "k"})
        return Says({"status": "failed", "retcode": 10004, "data": None, "message": "data"})

    platform.script = script
    assert kits.connect("onebot12", api_base=platform.url).fetch(IMAGE, {}, MOST) == BYTES


# --- our own webhook


def test_the_webhook_gives_an_address_and_is_shown_that_it_is_us(platform: Platform) -> None:
    platform.says(Says(BYTES))
    url = f"{platform.url}/media/7"
    channel = kits.connect("webhook", url=f"{platform.url}/lines")
    assert channel.fetch(Media(Kind.IMAGE, "7", url), {}, MOST) == BYTES
    expected = body_signature(kits.SECRET, url.encode(), "sha256")
    assert platform.asked[0].headers["x-signature"] == expected
    with pytest.raises(DeliveryError, match="no url"):
        channel.fetch(Media(Kind.IMAGE, "7"), {}, MOST)


def test_several_pictures_in_one_message_are_all_named() -> None:
    segments = [
        {"type": "text", "data": {"text": "灯坏了"}},
        {"type": "image", "data": {"file": "a.image", "url": "https://multimedia.nt.qq.com.cn/a"}},
        {"type": "image", "data": {"file": "b.image", "url": "javascript:alert(1)"}},
        {"type": "image", "data": {"file": "base64://AAAA"}},
        {"type": "file", "data": {"file_id": "f", "name": "说明\n.pdf"}},
    ]
    event = {"post_type": "message", "message_type": "group", "group_id": 1, "user_id": 2, "self_id": 3,
             "time": 1732233600, "message_id": 4, "message": segments}  # fmt: skip
    (line,) = kits.connect("onebot").read(kits.genuine("onebot", event)).lines
    assert line.kind == Kind.TEXT
    assert line.media == (
        Media(Kind.IMAGE, "a.image", "https://multimedia.nt.qq.com.cn/a"),
        Media(Kind.IMAGE, "b.image"),
        Media(Kind.FILE, "f", None, "说明.pdf"),
    )
