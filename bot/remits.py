"""Organisations by their remit: which one is meant by 派出所 at a place, who stands for it, how it is called."""

from collections.abc import Mapping, Sequence

from sqlmodel import Session, col, select

from bot import partners, posted
from bot.desk import Desk
from bot.partners import Partner
from bot.people import in_force
from bot.places import ancestors
from bot.routing import TITLES, Candidate
from models import Area, Organisation, Post, Role, Ticket

# What an organisation is called by what it is (Organisation.kind); else a part of its own name says it: 燃气.
KINDS: Mapping[str, tuple[str, ...]] = {
    "property": ("物业", "物业公司", "物管"),
    "repair": ("维修", "维修队", "水电班"),
    "police": ("派出所", "民警", "警察", "警务室", "公安"),
    "hospital": ("医院", "卫生院", "卫生站", "卫生服务中心"),
    "law": ("律所", "律师", "司法所", "法院"),
}
COMPANY = "物业"  # its people work here with accounts of their own, on the roster or not
SHORTEST_NAME = 2  # characters: one alone may stand in any name


def named(session: Session, area: Area, word: str) -> list[Organisation]:
    """The organisations that a word means at an area: those whose own area is it or lies above, the nearest ones.

    A code or whole name beats a part of the name, that beats the kind. [] where none is meant.
    """
    word = word.strip().casefold()
    chain = {above.id: len(above.path) for above in ancestors(session, area)}
    if len(word) < SHORTEST_NAME:
        return []
    query = select(Organisation).where(col(Organisation.area_id).in_(list(chain))).order_by(col(Organisation.id))
    there = session.exec(query).all()
    for fits in (_exactly, _in_part, _by_kind):
        found = [one for one in there if fits(one, word)]
        if found:
            nearest = max(chain[one.area_id] for one in found)
            return [one for one in found if chain[one.area_id] == nearest]
    return []


def staffed(desk: Desk, organisation: Organisation, recused: Sequence[int] = ()) -> list[Candidate]:
    """The posts in force that stand for an organisation, without whoever is a party or away."""
    query = select(Post).where(col(Post.organisation_id) == organisation.id).order_by(col(Post.id))
    posts = [
        post
        for post in desk.session.exec(query)
        if in_force(post, posted.today(desk)) and post.person_id not in recused
    ]
    gone = posted.away(desk, posts)
    return [Candidate(post.id, post.person_id, post.role, post.slot, 0) for post in posts if post.id not in gone]


def handed_to(desk: Desk, ticket: Ticket) -> list[Organisation]:
    """The organisations that a transferred ticket has gone to. What was told in confidence is passed on by hand."""
    if ticket.private or ticket.silent or not ticket.transferred_to:
        return []
    partner, _ = meant(desk, ticket, ticket.transferred_to)
    found = [] if partner is None else [desk.session.get_one(Organisation, partner.id)]
    return [one for one in found if staffed(desk, one)]


def meant(desk: Desk, ticket: Ticket, words: str) -> tuple[Partner | None, list[str]]:
    """The one organisation that a transfer means, and the steps (bot.partners); else the nearest by code, a part of
    its name or its remit.
    """
    area = desk.session.get_one(Area, ticket.area_id)
    known = posted.organisations(desk, area)
    partner, why = partners.meant(words, known, posted.about(desk, ticket))
    if partner is None and (near := named(desk.session, area, words)):
        partner = next(one for one in known if one.id == near[0].id)
        why = [f"转给{partner.name}"]
    return partner, why


def takers(desk: Desk, ticket: Ticket, everybody: Sequence[Candidate]) -> list[Candidate]:
    """Who is told of a transfer: the posts of the organisation it goes to, else the property's there.

    everybody: the posts at the ticket's place that may hear of it.
    """
    theirs = [c for one in handed_to(desk, ticket) for c in staffed(desk, one, ticket.recused_person_ids)]
    if theirs or ticket.silent or COMPANY not in (ticket.transferred_to or ""):
        return theirs
    return [c for c in everybody if c.role == Role.PROPERTY]


def title(session: Session, post: Post) -> str:
    """How whoever holds a post is called before residents: the office; of a called organisation, its name."""
    if post.role == Role.LIAISON and post.organisation_id is not None:
        return session.get_one(Organisation, post.organisation_id).name
    return TITLES[post.role]


def _exactly(one: Organisation, word: str) -> bool:
    return word in (one.code.casefold(), one.name.casefold())


def _in_part(one: Organisation, word: str) -> bool:
    return word in one.name.casefold()


def _by_kind(one: Organisation, word: str) -> bool:
    return any(word in said or said in word for said in KINDS.get(one.kind, ()))
