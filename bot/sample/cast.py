"""Who plays in the sample, as the stand-in platforms have to be told. Static: it comes from no database."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.sample.neighbours import COMPANIES, EVERYBODY, LEADERS, OFFICE, RESIDENTS, Neighbour
from bot.sample.places import GROUPS, PRIVATE, UNBOUND_GROUP, chats
from models import ChatKind

PHONES = ("wang-ayi", "zhou-jie", "li-shu", "xiao-chen")  # whose phones the page shows at first


@dataclass(frozen=True)
class Actor:
    """Somebody with a phone. accounts: their user id by channel; part: which suggestions they get."""

    id: str
    name: str
    role: str
    part: str
    about: str
    accounts: dict[str, str]


@dataclass(frozen=True)
class Stage:
    """A group, its members by Actor.id, and the channel that hears it."""

    id: str
    name: str
    members: tuple[str, ...]
    channel: str
    about: str = ""
    kind: str = "group"


@dataclass(frozen=True)
class Cast:
    people: tuple[Actor, ...]
    chats: tuple[Stage, ...]
    phones: tuple[str, ...]

    def to_standin(self) -> dict[str, object]:
        """The keys people, chats and phones of the stand-in's configuration, as plain JSON values."""
        return {
            "people": [
                {
                    "id": actor.id,
                    "name": actor.name,
                    "role": actor.role,
                    "part": actor.part,
                    "about": actor.about,
                    "accounts": dict(actor.accounts),
                }
                for actor in self.people
            ],
            "chats": [
                {
                    "id": stage.id,
                    "kind": stage.kind,
                    "name": stage.name,
                    "members": list(stage.members),
                    "channel": stage.channel,
                    "about": stage.about,
                }
                for stage in self.chats
            ],
            "phones": list(self.phones),
        }


def cast() -> Cast:
    """The whole cast, the same every time."""
    people = tuple(Actor(one.id, one.name, one.role, one.part, one.about, accounts_of(one.id)) for one in EVERYBODY)
    unit, unbound, name = UNBOUND_GROUP
    bound = tuple(
        Stage(row.chat, row.name or row.chat, tuple(_members(row.kind, row.area)), row.channel) for row in chats()
    )
    new = Stage(unbound, name, tuple(_members(ChatKind.RESIDENTS, unit)), GROUPS, "还没绑定，先不说话")
    return Cast(people, (*bound, new), PHONES)


def accounts_of(person: str) -> dict[str, str]:
    """Their user ids: an openid at the Official Account, another at the bridge."""
    return {PRIVATE: f"o-{person}", GROUPS: f"u-{person}"}


def _members(kind: ChatKind, area: str) -> Iterable[str]:
    community = area.partition("-")[0]
    if kind == ChatKind.RESIDENTS:
        found = [*_living_in(area), *_holding(LEADERS, area), *_tenants(area), *_of(COMPANIES, community)]
    elif kind == ChatKind.LEADERS:
        found = [*_of(LEADERS, community), *_of(OFFICE, community)]
    else:
        found = _of(OFFICE, community)  # what is said in private about a company is no business of its people
    return dict.fromkeys(one.id for one in found)


def _living_in(unit: str) -> list[Neighbour]:
    return [one for one in RESIDENTS if one.area == unit]


def _tenants(unit: str) -> list[Neighbour]:
    """Who lives over the supermarket reads along there, though nobody has told us who they are."""
    return [one for one in RESIDENTS if not one.known and unit == "FL-XF-1-1"]


def _holding(among: Iterable[Neighbour], unit: str) -> list[Neighbour]:
    return [one for one in among if any(duty.area == unit for duty in one.duties)]


def _of(among: Iterable[Neighbour], community: str) -> list[Neighbour]:
    return [one for one in among if any(duty.area.partition("-")[0] == community for duty in one.duties)]
