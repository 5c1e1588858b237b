"""What people send along, handed out as the platforms do: to our own channels, over real HTTP."""

from collections.abc import Callable

import pytest

from bot.channels import Channel, DeliveryError, Gone, Kind, Media
from bot.channels.onebot import OneBot11
from bot.channels.onebot12 import OneBot12
from bot.channels.wechat import connect
from bot.settings import ChannelSection
from tests.attachments.things import photo, recording
from tests.standin.cast import Town
from tests.standin.echo import AES_KEY, APPID, BEARER, BRIDGE_TOKEN, SECRET, TOKEN

MOST = 100_000


def official(place: Town) -> Channel:
    fields = {"appid": APPID, "secret": SECRET, "token": TOKEN, "aes_key": AES_KEY}
    return connect(
        "wechat", ChannelSection.model_validate({"kind": "wechat", "api_base": f"{place.url}/wechat", **fields})
    )


def v11(place: Town) -> Channel:
    return OneBot11("onebot", "", f"{place.url}/onebot", BRIDGE_TOKEN)


def v12(place: Town) -> Channel:
    return OneBot12("onebot12", BEARER, f"{place.url}/onebot12/")


@pytest.mark.parametrize("connected", [official, v11, v12], ids=["wechat", "onebot", "onebot12"])
def test_each_platform_hands_out_what_was_sent_and_nothing_else(
    place: Town, connected: Callable[[Town], Channel]
) -> None:
    channel = connected(place)
    for deed, kind, expected in (("image", Kind.IMAGE, photo()), ("voice", Kind.VOICE, recording())):
        sent = place.act(**{"as": "wang", "do": deed}).json()["message"]
        assert channel.fetch(Media(kind, f"standin-{sent['id']}"), {}, MOST) == expected
    with pytest.raises(DeliveryError):
        channel.fetch(Media(Kind.IMAGE, "standin-1"), {}, MOST)


def test_wechat_keeps_it_for_three_days(place: Town) -> None:
    channel = official(place)
    sent = place.act(**{"as": "wang", "do": "image"}).json()["message"]
    thing = Media(Kind.IMAGE, f"standin-{sent['id']}")
    place.control(clock={"ahead": 3 * 86400 + 60})
    with pytest.raises(Gone):
        channel.fetch(thing, {}, MOST)


def test_an_account_without_a_licence_hands_nothing_out(place: Town) -> None:
    channel = official(place)
    sent = place.act(**{"as": "wang", "do": "image"}).json()["message"]
    place.control(wechat={"unverified": True})
    with pytest.raises(DeliveryError, match="48001"):
        channel.fetch(Media(Kind.IMAGE, f"standin-{sent['id']}"), {}, MOST)
