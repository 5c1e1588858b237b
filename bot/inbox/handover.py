"""Accounts and posts that change hands: another phone, a flat that was sold, a leader in hospital.

Rights go at once, a person checks, and what was open is not left lying (behaviour.md, "Leaders are volunteers"; daily
life 1, 38, 42).
"""

import re

from sqlmodel import col, select

from bot import absences, frozen, people, telling
from bot.inbox import filing, plights, worklist
from bot.inbox.hearing import Hearing
from bot.moves import OPEN
from bot.permits import accounts_of_same_person
from bot.places import Place
from bot.tickets import Matter, lock
from intents.verdict import Command
from models import (
    Account,
    AccountState,
    Area,
    AuditEntry,
    Chat,
    ChatKind,
    Intent,
    Outgoing,
    Report,
    Ticket,
    TicketEvent,
)

ACCOUNT = "account"  # the category under which staff check whose account it is
# Who says it of themselves: a leader who writes that an old neighbour has a new phone keeps their own account.
SELF = re.compile(
    r"(?:^|[,，。 ])(?:我|俺|本人|这是我|是我)"
    r"(?!爸|妈|爹|娘|爷|奶|公|婆|儿|女|弟|哥|姐|妹|孙|老伴|们?(?:楼上|楼下|隔壁|邻居|对门|单元的?.{0,3}(?:奶奶|爷爷|阿姨|大爷)))"
)
MOVED = re.compile(
    r"卖(?:了|掉)?(?:我的?|这)?(?:房|屋)|房子?(?:已经?)?卖|搬(?:走|家|出|到|离|去)|退(?:了)?租|不住(?:这|在)"
)


def notice(h: Hearing) -> None:
    """After a message: whether it said that this account changes hands, which staff have a ticket for by now."""
    ticket = h.session.get(Ticket, h.row.ticket_id) if h.row.ticket_id is not None else None
    if ticket is None or ticket.intent != Intent.HELP or ticket.category != ACCOUNT:
        return
    if SELF.search(h.verdict.text):
        suspend(h, ticket)


def suspend(h: Hearing, ticket: Ticket) -> None:
    """Whoever writes "我换手机了" or "我卖房搬走了" has no rights until somebody has rung the number on file; who moved
    away hears nothing more of the place. `ticket`: the one under which staff check it.
    """
    moved = MOVED.search(h.verdict.text) is not None
    for account_id in accounts_of_same_person(h.desk, h.account.id):
        account = h.session.get_one(Account, account_id)
        if moved:
            _silence_voices(h, account, ticket)
            account.area_id, account.room = None, None
        if account.person_id is not None:
            frozen.freeze(h.desk, account, "moved" if moved else "changed")
    h.session.flush()


def taken_over(h: Hearing) -> None:
    """A code that staff gave was said from a new phone: the account on the old one is frozen, and the open cards of the
    person's posts come again, here.
    """
    if not _said_so(h) or h.account.person_id is None:
        return
    query = select(Account).where(
        Account.person_id == h.account.person_id, Account.channel == h.account.channel, Account.id != h.account.id
    )
    for old in h.session.exec(query):
        if old.state == AccountState.ACTIVE:
            frozen.freeze(h.desk, old, "replaced")
    today = h.now.astimezone(h.desk.settings.zone).date()
    posts = [post.id for post in people.posts_of(h.session, h.account.person_id, today)]
    held = select(Ticket).where(col(Ticket.holder_post_id).in_(posts), col(Ticket.status).in_(list(OPEN)))
    for ticket in h.session.exec(held.order_by(col(Ticket.id))):
        _card_again(h, ticket, h.chat)


def ill(h: Hearing, command: Command) -> bool:
    """Somebody with a post is in hospital, whoever of the family writes it: the leave is kept, whoever stands in has
    what was open, and staff ring.
    """
    del command
    if h.chat.kind == ChatKind.RESIDENTS or not worklist.working(h) or h.account.person_id is None:
        return False
    area = h.session.get_one(Area, h.posts[0].area_id)
    place, area, community = filing.at(h, Place(area, told=True))
    lock(h.session, community.id)
    _, handed = absences.record(h.desk, h.account.person_id, h.now, None)
    for post in h.posts:
        h.session.add(
            AuditEntry(at=h.now, person_id=post.person_id, action="leave", subject=f"post:{post.id}", detail={})
        )
    matter = Matter(Intent.HELP, "leave", h.desk.wording("matter_leave"), place, area, private=True)
    plights.with_staff(h, matter, community)
    h.answer("leave_ill", handed=absences.handed_words(h.desk, handed))
    return True


def _chat_of(h: Hearing, person_id: int) -> Chat | None:
    query = (
        select(Chat)
        .join(Account, col(Account.id) == col(Chat.account_id))
        .where(Account.person_id == person_id, Account.state == AccountState.ACTIVE, Chat.kind == ChatKind.PRIVATE)
        .order_by(col(Chat.last_heard_at).desc().nulls_last(), col(Chat.id))
    )
    return h.session.exec(query).first()


def _card_again(h: Hearing, ticket: Ticket, chat: Chat) -> None:
    """The card as it was last given to whoever holds the ticket, said once in this chat."""
    card = (
        select(Outgoing)
        .where(Outgoing.ticket_id == ticket.id, col(Outgoing.post_id).is_not(None), Outgoing.text != "")
        .order_by(col(Outgoing.id).desc())
    )
    given = h.session.exec(card).first()
    event = h.session.get(TicketEvent, given.event_id) if given is not None and given.event_id is not None else None
    text = given.text if given is not None else h.desk.wording("card_again", **telling.matter_words(h.desk, ticket))
    telling.say(h.desk, chat, f"again:{ticket.id}:{chat.id}", text, ticket=ticket, event=event)


def _said_so(h: Hearing) -> bool:
    """Whether this account told us of another phone, and staff have not closed that yet."""
    query = (
        select(Ticket.id)
        .join(Report, col(Report.ticket_id) == col(Ticket.id))
        .where(
            Report.account_id == h.account.id,
            Ticket.intent == Intent.HELP,
            Ticket.category == ACCOUNT,
            col(Ticket.status).in_(list(OPEN)),
        )
    )
    return h.session.exec(query).first() is not None


def _silence_voices(h: Hearing, account: Account, besides: Ticket) -> None:
    """Their open matters stay with whoever holds them; they themselves are told nothing more."""
    query = (
        select(Report)
        .join(Ticket, col(Ticket.id) == col(Report.ticket_id))
        .where(
            Report.account_id == account.id,
            col(Report.withdrawn_at).is_(None),
            Ticket.id != besides.id,
            col(Ticket.status).in_(list(OPEN)),
        )
    )
    for report in h.session.exec(query):
        report.withdrawn_at = h.now
