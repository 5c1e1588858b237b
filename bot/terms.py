"""Terms of office that are about to end: staff are told once, a month before, while there is time to ask people.

A post past its end keeps working 60 days (bot.people.GRACE); one that staff never heard of is told while it does.
"""

from collections import defaultdict
from datetime import date, timedelta

from sqlmodel import Session, col, select

from bot import consequences, people, places
from bot.desk import Desk
from bot.routing import TITLES
from models import Area, Community, Post

BEFORE = timedelta(days=30)
MOST_SHOWN = 12


def due(session: Session, today: date) -> bool:
    """Whether some post's end has to be told."""
    return session.exec(_ending(today).limit(1)).first() is not None


def tell(desk: Desk) -> int:
    """Tell each community's staff of the terms that end, in one line. Returns how many posts are marked as told."""
    today = desk.now.astimezone(desk.settings.zone).date()
    ending: dict[int, list[Post]] = defaultdict(list)
    count = 0
    for post in desk.session.exec(_ending(today).with_for_update()):
        post.end_told = post.ends_on
        count += 1
        community = places.community_of(desk.session, desk.session.get_one(Area, post.area_id))
        if community is not None and not _goes_on(desk.session, post):
            ending[community.id].append(post)
    for community_id, posts in ending.items():
        _tell(desk, desk.session.get_one(Community, community_id), posts)
    return count


def _ending(today: date):  # type: ignore[no-untyped-def]  # a select of posts
    """The posts that end within a month, or ended within their days of grace, and were not told yet."""
    return (
        select(Post)
        .where(col(Post.ends_on) <= today + BEFORE, col(Post.ends_on) >= today - people.GRACE)
        .where(col(Post.end_told).is_(None) | (col(Post.end_told) != col(Post.ends_on)))
        .order_by(col(Post.ends_on), col(Post.id))
    )


def _goes_on(session: Session, post: Post) -> bool:
    """Whether the same person holds the same post again after it: they were appointed anew."""
    later = select(Post.id).where(
        Post.person_id == post.person_id,
        Post.role == post.role,
        Post.area_id == post.area_id,
        Post.id != post.id,
        (col(Post.ends_on).is_(None)) | (col(Post.ends_on) > post.ends_on),
    )
    return session.exec(later).first() is not None


def _tell(desk: Desk, community: Community, posts: list[Post]) -> None:
    lines = [_line(desk, post) for post in posts[:MOST_SHOWN]]
    if len(posts) > MOST_SHOWN:
        lines.append(desk.wording("terms_more", count=len(posts) - MOST_SHOWN))
    text = desk.wording("terms_end", count=len(posts), lines="\n".join(lines))
    area = desk.session.get_one(Area, community.area_id)
    consequences.tell_area_office(desk, area, f"terms:{posts[0].id}:{posts[0].ends_on}", text)


def _line(desk: Desk, post: Post) -> str:
    area = desk.session.get_one(Area, post.area_id)
    ends = post.ends_on or date.max
    title = f"{TITLES[post.role]}{post.slot}岗"
    return desk.wording("terms_one", place=places.label_in_full(desk.session, area), title=title,
                        day=f"{ends.month}月{ends.day}日")  # fmt: skip
