"""One ticket in the town, and everybody who might try something with it: for random walks. Nothing is committed."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from bot import holders, permits, tickets
from bot.consequences import SERVICE
from bot.desk import Desk
from bot.moves import Verb
from bot.permits import Actor
from bot.places import Place
from bot.tickets import Matter, Voice
from models import (
    Account,
    Area,
    Chat,
    ChatKind,
    Community,
    Intent,
    Outgoing,
    Person,
    Post,
    Report,
    Ticket,
    TicketEvent,
)
from tests.stories.more import GROUP, LEADERS, STAFF
from tests.stories.town import Town

HANDLERS = ("李姐", "陈副", "网格刘", "社工小邹", "书记", "值班员", "物业邓工", "调解员老何")
OFFICE = ("社工小邹", "书记")
TRAINED = ("社工小邹", "书记", "值班员")
RESIDENTS = ("王阿姨", "张伯")
EVERYBODY = (*HANDLERS, "周叔", "志愿者小马", *RESIDENTS, "路人")
KINDS = ("repair", "help", "policy", "dispute", "about_leader", "danger", "silent")
CHATS = ("private", GROUP, LEADERS, STAFF)

_MATTERS = {
    "repair": (Intent.REPAIR, "lift", "电梯停了"),
    "help": (Intent.HELP, "errand", "请人买菜"),
    "policy": (Intent.POLICY, "other", "问办事"),
    "dispute": (Intent.DISPUTE, "noise", "楼上吵"),
    "about_leader": (Intent.DISPUTE, "other", "邻里的事"),
    "danger": (Intent.REPAIR, "gas", "燃气味"),
    "silent": (Intent.DISPUTE, "violence", "有人可能有危险"),
}
_WHOM = {"about_leader": "secretary", "dispute": "mediator"}


@dataclass
class Walk:
    """A ticket under way in an open transaction that is never committed."""

    town: Town
    session: Session
    kind: str
    now: datetime
    ticket: Ticket = field(init=False)
    looked_at: int = 0  # the id of the last line that new_lines() gave

    @property
    def desk(self) -> Desk:
        return Desk(self.session, self.town.services.settings, self.town.services.wording, self.now)

    def begin(self, *, in_group: bool, asked_first: bool) -> None:
        """王阿姨 tells it, 张伯 has heard it. asked_first: nobody has yet said whom a dispute should go to."""
        community = tickets.lock(
            self.session, self.session.exec(select(Community.id).where(Community.code == "XF")).one()
        )
        area = self.session.exec(select(Area).where(Area.code == "B3U2")).one()
        voice = self.voice("王阿姨", in_group=in_group)
        self.ticket, _ = tickets.open_ticket(self.desk, community, self._matter(area), voice)
        if not (asked_first and self.kind == "dispute"):
            tickets.act(self.desk, self.ticket, Verb.DISPATCH, SERVICE, target_name=_WHOM.get(self.kind))
        self.session.flush()

    def _matter(self, area: Area) -> Matter:
        intent, category, words = _MATTERS[self.kind]
        leaders = select(Person.id).where(col(Person.name).in_(("李姐", "陈副", "网格刘")))
        return Matter(
            intent,
            category,
            words,
            Place(area, "3", "2"),
            area,
            urgent=self.kind in ("danger", "silent"),
            danger={"danger": "gas", "silent": "violence"}.get(self.kind),
            private=intent == Intent.DISPUTE,
            silent=self.kind == "silent",
            recused=tuple(self.session.exec(leaders)) if self.kind == "about_leader" else (),
        )

    def voice(self, who: str, *, in_group: bool) -> Voice:
        account = self.account(who, "bridge" if in_group else "oa")
        chat = self.chat(GROUP) if in_group else self.chat(f"oa-{who}")
        return Voice(account, chat, None, "电梯停了,我住502,电话13800001111", self.now, "502", "13800001111")

    def actor(self, who: str, chat: str) -> Actor:
        """Somebody speaking: in their own chat at the Official Account, or in a group through the bridge."""
        if who == "服务":
            return SERVICE
        account = self.account(who, "oa" if chat == "private" else "bridge")
        where = self.chat(f"oa-{who}") if chat == "private" else self.chat(chat)
        return Actor(account_id=account.id, person_id=account.person_id, chat_id=where.id)

    def account(self, who: str, channel: str) -> Account:
        query = select(Account).where(Account.channel == channel, Account.user_id == f"{channel}-{who}")
        found = self.session.exec(query).first()
        if found is None:
            found = Account(channel=channel, user_id=f"{channel}-{who}", created_at=self.now)
            self.session.add(found)
            self.session.flush()
        return found

    def chat(self, external_id: str) -> Chat:
        found = self.session.exec(select(Chat).where(Chat.external_id == external_id)).first()
        if found is None:
            found = Chat(channel="oa", external_id=external_id, kind=ChatKind.PRIVATE, created_at=self.now)
            self.session.add(found)
            self.session.flush()
        return found

    def forward(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    # --- looking

    def target(self, verb: Verb) -> str:
        """Whom a transfer goes to; the id of the post that staff give it to, a good one and a bad one in turn."""
        if verb != Verb.GIVE:
            return "物业"
        fit = holders.choices(self.desk, self.ticket)
        return str(fit[len(self.events()) % len(fit)].post_id if fit and self.now.minute % 3 else 0)

    def is_reporter(self, actor: Actor) -> bool:
        return permits.is_reporter(self.desk, self.ticket, actor.account_id)

    def state(self) -> dict[str, Any]:
        """All that a move may change and an undo must put back: the ticket whole, and who still stands by it."""
        self.session.flush()
        reports = self.session.exec(select(Report).where(Report.ticket_id == self.ticket.id).order_by(col(Report.id)))
        return {**self.ticket.model_dump(), "withdrawn": [report.withdrawn_at for report in reports]}

    def events(self) -> list[TicketEvent]:
        query = select(TicketEvent).where(TicketEvent.ticket_id == self.ticket.id).order_by(col(TicketEvent.id))
        return list(self.session.exec(query))

    def lines(self) -> list[Outgoing]:
        query = select(Outgoing).where(Outgoing.ticket_id == self.ticket.id).order_by(col(Outgoing.id))
        return list(self.session.exec(query))

    def new_lines(self) -> list[Outgoing]:
        """The lines owed since this was asked last."""
        fresh = [line for line in self.lines() if line.id > self.looked_at]
        self.looked_at = fresh[-1].id if fresh else self.looked_at
        return fresh

    def chat_kinds(self, line: Outgoing) -> set[ChatKind]:
        """The kinds of all chats this line goes to or may yet go to."""
        ids = [chat_id for chat_id in (line.chat_id, *line.reach) if chat_id is not None]
        return {self.session.get_one(Chat, chat_id).kind for chat_id in ids}

    def told(self, line: Outgoing) -> str | None:
        """By name, whose post this line is for; None for the line to a reporter."""
        if line.post_id is None:
            return None
        return self.session.get_one(Person, self.session.get_one(Post, line.post_id).person_id).name
