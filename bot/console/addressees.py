"""Who a line was for, so that somebody can pass it on: a colleague by post and name, a resident never by name."""

from collections.abc import Sequence

from sqlmodel import col, select

from bot.desk import Desk
from bot.people import in_force
from bot.routing import TITLES
from models import Account, Chat, ChatKind, Outgoing, Person, Post

RESIDENT = "一位居民"


def addressees(desk: Desk, line_ids: Sequence[int]) -> dict[int, str]:
    """By the id of the line: a group by its name, who holds a post as "网格长 欧阳", anybody else as "一位居民".

    What the platform calls them (an openid) is never said. A line without a chat is missing.
    """
    query = (
        select(Outgoing.id, Chat, Person, Post)
        .join(Chat, col(Chat.id) == col(Outgoing.chat_id))
        .outerjoin(Account, col(Account.id) == col(Chat.account_id))
        .outerjoin(Person, col(Person.id) == col(Account.person_id))
        .outerjoin(Post, col(Post.person_id) == col(Person.id))
        .where(col(Outgoing.id).in_(line_ids))
        .order_by(col(Outgoing.id), col(Post.id).desc())  # the oldest post in force is said
    )
    today = desk.now.astimezone(desk.settings.zone).date()
    found: dict[int, str] = {}
    for line_id, chat, person, post in desk.session.exec(query) if line_ids else ():
        if chat.kind != ChatKind.PRIVATE:
            found[line_id] = chat.name or chat.external_id
        elif person is not None and post is not None and in_force(post, today):
            found[line_id] = f"{TITLES[post.role]} {person.name or ''}".strip()
        else:
            found.setdefault(line_id, RESIDENT)
    return found
