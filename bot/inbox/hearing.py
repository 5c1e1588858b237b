"""One message being heard: what is known about it, and what is answered to whoever said it."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session, col, select

from bot import estates, people, telling
from bot.channels import Channel, Incoming
from bot.desk import Desk
from bot.permits import Actor
from bot.services import Services
from intents.understanding import Understanding
from intents.verdict import Verdict
from models import Account, Area, Chat, ChatKind, Community, Inbound, Post, Ticket, Urgency


@dataclass(frozen=True)
class Said:
    """One line of the answer. `key`: its own, where it must never be said twice."""

    text: str
    key: str | None = None
    ticket: Ticket | None = None


@dataclass
class Hearing:
    """Everything the ears need. Lives as long as the transaction it was made in."""

    services: Services
    desk: Desk
    channel: Channel
    line: Incoming
    row: Inbound
    chat: Chat
    account: Account
    verdict: Verdict
    live: bool = True  # the callback still waits: an answer may ride on it
    answers: list[Said] = field(default_factory=list)
    urgency: Urgency = Urgency.ANSWER

    @property
    def session(self) -> Session:
        return self.desk.session

    @property
    def understanding(self) -> Understanding:
        return self.services.understanding

    @property
    def now(self) -> datetime:
        return self.desk.now

    @property
    def private(self) -> bool:
        return self.chat.kind == ChatKind.PRIVATE

    @property
    def addressed(self) -> bool:
        """Somebody waits for an answer: in private, or where the service was called by name."""
        return self.private or self.line.to_me

    @property
    def actor(self) -> Actor:
        return Actor(
            account_id=self.account.id,
            person_id=people.person_of(self.account),
            chat_id=self.chat.id,
            inbound_id=self.row.id,
        )

    @property
    def posts(self) -> list[Post]:
        """The speaker's posts in force today."""
        person_id = people.person_of(self.account)
        if person_id is None:
            return []
        today = self.now.astimezone(self.desk.settings.zone).date()
        return people.posts_of(self.session, person_id, today)

    @property
    def base(self) -> Area | None:
        """Where the speaker's places are looked for: the chat's area, else the account's, else the channel's."""
        for area_id in (self.chat.area_id, self.account.area_id):
            if area_id is not None:
                return self.session.get_one(Area, area_id)
        code = self.desk.settings.channels[self.channel.name].area if self._configured else ""
        if code:
            return self.session.exec(select(Area).where(Area.code == code)).first()
        return None

    @property
    def _configured(self) -> bool:
        return self.channel.name in self.desk.settings.channels

    def fallback_community(self) -> Community | None:
        """Where a matter goes whose place nobody knows: the first community there is."""
        return self.session.exec(select(Community).order_by(col(Community.id))).first()

    def answer(self, key: str, **blanks: object) -> None:
        """Answer in this chat with a sentence of the wording file."""
        self.answers.append(Said(self.desk.wording(key, **blanks)))

    def answer_about(self, key: str, ticket: Ticket, *, once: str | None = None, **blanks: object) -> None:
        """Answer in this chat about a ticket. once: the line's own key, for what a chat is told a single time."""
        text = self.desk.wording(key, **{**telling.matter_words(self.desk, ticket), **blanks})
        self.answers.append(Said(text, once, ticket))

    def in_this_chat(self, ticket: Ticket, text: str) -> str:
        """A line about a ticket as whoever reads here needs it: with the estate, where they read of several."""
        return estates.told(self.desk, self.chat, ticket, text)

    def whisper(self, text: str, key: str, ticket: Ticket | None = None) -> bool:
        """Say something to the speaker alone; False where there is no private way to them."""
        if self.private:
            self.answers.append(Said(text, ticket=ticket))
            return True
        own = self.own_chat()
        if own is None:
            return False
        telling.say(self.desk, own, f"{key}:{self.row.id}", text, ticket=ticket, urgency=self.urgency)
        return True

    def own_chat(self) -> Chat | None:
        """The speaker's private chat. A bridge reaches a member of a group by user id, so there it can be begun."""
        if self.private:
            return self.chat
        known = telling.private_chat(self.desk, self.account)
        if known is not None or not self.channel.whispers:
            return known
        chat = Chat(
            channel=self.channel.name,
            external_id=self.account.user_id,
            kind=ChatKind.PRIVATE,
            account_id=self.account.id,
            created_at=self.now,
            wire=dict(self.line.wire),
        )
        self.session.add(chat)
        self.session.flush()
        return chat


class Wait(Exception):
    """This message has to wait behind an older one of its chat that is still pending."""
