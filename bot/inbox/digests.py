"""日报, 本周, 本月: staff ask in private how it goes. Leaders and residents are answered as if it were no command."""

from sqlmodel import col, select

from bot import digesting
from bot.digest import text
from bot.digest.periods import Period
from bot.inbox.hearing import Hearing
from bot.people import covers
from bot.routing import OFFICE
from intents.verdict import Command
from models import Area, Community

SHOWN = 2  # communities of one answer: who works for a subdistrict has a console


def show(h: Hearing, command: Command) -> bool:
    """How it goes since the last digest, or in this week or month so far. False in a group, or for who is no staff."""
    communities = _communities(h) if h.private else []
    for community in communities[:SHOWN]:
        digest = digesting.current(h.services, community.id, _period(command.rest))
        zone, url = h.desk.settings.zone, digesting.address(h.desk.settings, digest)
        h.answer("digest_said", digest=text.said(h.desk.wording, digest, zone, url))
    return bool(communities)


def _period(said: str) -> Period:
    if "月" in said:
        return Period.MONTH
    return Period.WEEK if "周" in said or "星期" in said else Period.DAY


def _communities(h: Hearing) -> list[Community]:
    """Those that lie in an area where the speaker holds a post of the office."""
    own = [h.session.get_one(Area, post.area_id) for post in h.posts if post.role in OFFICE]
    if not own:
        return []
    query = select(Community, Area).join(Area, col(Area.id) == col(Community.area_id)).order_by(col(Area.path))
    return [community for community, area in h.session.exec(query) if any(covers(one, area) for one in own)]
