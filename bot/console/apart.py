"""Each community counts its tickets from 1: what stands before a number where somebody sees several communities."""

from collections.abc import Mapping

from sqlmodel import Session, col, select

from bot.tokens import READERS
from bot.web.auth import Caller
from models import Area, Community

Apart = Mapping[int, str]  # community id -> its short name; empty where the number alone says which ticket is meant
_KINDS = ("社区居委会", "居委会", "社区", "村委会")


def apart(session: Session, caller: Caller) -> Apart:
    """The communities this caller sees tickets of, if there are several: 枫林 for 枫林社区, its code where two share
    a name. One query over the handful of communities."""
    query = select(Community.id, Community.code, Area.name, Area.path).join(
        Area, col(Area.id) == col(Community.area_id)
    )
    paths = caller.paths(READERS)
    seen = [
        (community_id, code, _short(name))
        for community_id, code, name, path in session.exec(query)
        if any(path.startswith(own) or own.startswith(path) for own in paths)
    ]
    names = [name for _, _, name in seen]
    found = {row_id: name if names.count(name) == 1 else code for row_id, code, name in seen}
    return found if len(found) > 1 else {}


def _short(name: str) -> str:
    return next((name.removesuffix(kind) for kind in _KINDS if name.endswith(kind) and name != kind), name)
