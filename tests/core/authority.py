"""Five tickets, twenty-one speakers, and what follows when one of them gives a command. Nothing is committed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, cast

from sqlmodel import Session, col, select

from bot.channels import Incoming
from bot.consequences import SERVICE
from bot.inbox import casework, commands, residents, whistling
from bot.inbox.hearing import Hearing
from bot.moves import Verb
from bot.services import Services
from bot.tickets import act
from bot.words import Words
from intents.understanding import Understanding
from intents.verdict import Command, Verdict
from models import (
    Area,
    ChatKind,
    Inbound,
    Organisation,
    Outgoing,
    OutgoingState,
    Person,
    Post,
    Role,
    Slot,
    Ticket,
)
from tests.core.walk import Walk
from tests.stories.more import GROUP, second_community
from tests.stories.town import MONDAY, Town

# How the table calls them: inside the ticket's area, beside it, outside of it.
SPEAKERS = {
    "reporter": "王阿姨", "neighbour": "张伯", "leader_a": "李姐", "leader_b": "陈副", "grid_leader": "网格刘",
    "staff": "社工小邹", "secretary": "书记", "duty": "值班员", "property": "物业邓工", "mediator": "调解员老何",
    "volunteer": "志愿者小马", "auditor": "审计员", "stranger": "路人",
    "other_leader": "周叔",
    "out_leader": "秦姐", "out_staff": "社工小吴", "out_property": "贾经理", "out_mediator": "外调解",
    "out_volunteer": "外志愿", "liaison": "民警小高", "out_liaison": "外单位",
}  # fmt: skip
KINDS = ("repair", "dispute", "about_leader", "silent", "help")


@dataclass(frozen=True)
class Heard:
    """What followed from one command."""

    moved: bool  # something was written into the ticket's history
    opened: bool  # a ticket of its own was opened
    shown: str  # all that was answered


@dataclass(frozen=True)
class Told:
    """An understanding that hears one command, whatever was said."""

    whole: Understanding
    command: Command
    by: str  # "handler", "resident", "called" or "said": then the words themselves count

    def read(self, text: str, setting: str, to_me: bool = False) -> Verdict:
        return self.whole.read(text, setting, to_me)

    def __getattr__(self, name: str) -> Any:
        """Whatever else is asked of it, it answers as the whole."""
        return getattr(self.whole, name)

    def handler(self, text: str) -> Command | None:
        return self.command if self.by == "handler" else None

    def called(self, text: str) -> Command | None:
        return self.command if self.by == "called" else None

    def resident(self, text: str) -> Command | None:
        return self.command if self.by == "resident" else None


def more_people(town: Town) -> None:
    """A second community with its own posts, and an auditor here."""
    second_community(town)
    town.person("贾经理", (Role.PROPERTY, "HY", Slot.A))
    town.person("外调解", (Role.MEDIATOR, "YX", Slot.A))
    town.person("外志愿", (Role.VOLUNTEER, "YX", Slot.A))
    town.person("审计员", (Role.AUDITOR, "XF", Slot.A))
    # Two organisations: one of the subdistrict, and one next door that nobody here calls.
    town.person("民警小高", (Role.LIAISON, "QH", Slot.A))
    town.person("外单位", (Role.LIAISON, "QH", Slot.A))
    with town.services.transaction() as session:
        for who, code, area in (("民警小高", "派出所", "QH"), ("外单位", "别家", "YX")):
            at = session.exec(select(Area).where(Area.code == area)).one()
            organisation = Organisation(code=code, name=code, kind="member", area_id=at.id)
            session.add(organisation)
            session.flush()
            person = session.exec(select(Person).where(Person.name == who)).one()
            session.exec(select(Post).where(Post.person_id == person.id)).one().organisation_id = organisation.id


def try_out(
    town: Town,
    kind: str,
    command: Command,
    by: str,
    *,
    before: tuple[Verb, ...] = (),
    first: Callable[[Walk], None] | None = None,
    in_group: bool = False,
    text: str = "一句话",
) -> dict[str, Heard]:
    """Every speaker gives one command about a ticket of that kind, each as if the others had not spoken.

    before: moves that the service made first. first: what somebody did last.
    """
    with Session(town.services.engine, expire_on_commit=False) as session:
        walk = Walk(town, session, kind, MONDAY)
        walk.begin(in_group=kind in ("repair", "help"), asked_first=False)
        for verb in before:
            act(walk.desk, walk.ticket, verb, SERVICE, note="原因", target_name="物业")
        if first is not None:
            first(walk)
        outcomes = {}
        for speaker, name in SPEAKERS.items():
            inner = session.begin_nested()
            outcomes[speaker] = _hear(walk, name, command, by, GROUP if in_group else "private", text)
            inner.rollback()
        session.rollback()
        return outcomes


def _hear(walk: Walk, who: str, command: Command, by: str, where: str, text: str) -> Heard:
    town, session = walk.town, walk.session
    events, ticket_ids = len(walk.events()), set(session.exec(select(Ticket.id)))
    account = walk.account(who, "oa" if where == "private" else "bridge")
    chat = walk.chat(f"oa-{who}" if where == "private" else where)
    chat.account_id = account.id if chat.kind == ChatKind.PRIVATE else None
    row = Inbound(channel=account.channel, external_id="x", chat_id=chat.id, account_id=account.id, kind="text",
                  text=text, said_at=walk.now, received_at=walk.now)  # fmt: skip
    session.add(row)
    session.flush()
    told = Told(town.services.understanding, command, by)
    services: Services = replace(town.services, words=Words(cast(Any, told), town.services.wording))
    line = Incoming("x", chat.external_id, where == "private", account.user_id, walk.now, text=text)
    verdict = services.understanding.read(text, "private" if line.private else "group")
    h = Hearing(services, walk.desk, town.channels[account.channel], line, row, chat, account, verdict)
    _ = casework.handle(h) or whistling.answered(h) or commands.handle(h) or residents.handle(h)
    session.flush()
    return Heard(
        moved=len(walk.events()) > events,
        opened=bool(set(session.exec(select(Ticket.id))) - ticket_ids),
        shown="\n".join(said.text for said in h.answers) + _whispered(walk, chat.id),
    )


def _whispered(walk: Walk, chat_id: int) -> str:
    """Lines without an event are answers that went to a private chat."""
    query = select(Outgoing.text).where(
        col(Outgoing.event_id).is_(None), Outgoing.chat_id != chat_id, Outgoing.state == OutgoingState.QUEUED
    )
    return "\n".join(walk.session.exec(query))


def by_leader_a(verb: Verb) -> Callable[[Walk], None]:
    """李姐 has just made a move in her own chat."""

    def move(walk: Walk) -> None:
        act(walk.desk, walk.ticket, verb, walk.actor("李姐", "private"))

    return move
