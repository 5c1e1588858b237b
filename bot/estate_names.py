"""Estates as people name them when they search: 桃园 for 桃园小区, and 桃园3栋电梯 for what is broken there.

A ticket's place begins with the building, so its words do not hold the estate. The name is looked up in the tree when
somebody searches, and is not written into a million tickets' words: an estate that is renamed, gets an alias or loses
a building is found by what it is called now, and nothing has to be cut anew.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, or_, select

from intents.normalise import clean
from models import Area, Level

_SHORTEST = 2  # characters that name an estate
_KINDS = ("小区", "花园", "家园", "新村", "公寓", "宿舍", "家属院", "苑", "里")  # left out in speech


@dataclass(frozen=True)
class Meant:
    """What a search names: an estate as it was said, what else is asked for, and the areas of all estates called so."""

    name: str
    rest: str
    area_ids: list[int]


def meant(session: Session, words: str) -> Meant | None:
    """The estates that a search names; None where it names none. One query over the tree, and one more for what lies
    in them."""
    query = select(Area.path, Area.name, Area.aliases).where(Area.level == Level.ESTATE)
    known = [(form, path) for path, name, aliases in session.exec(query) for form in _forms(name, aliases)]
    pieces = clean(words).lower().split()
    name, rest = _said_whole(known, pieces) or _begun(known, pieces) or ("", "")
    if not name:
        return None
    paths = {path for form, path in known if form == name} or {path for form, path in known if _begins(name, form)}
    inside = select(Area.id).where(or_(*(col(Area.path).startswith(path, autoescape=True) for path in paths)))
    return Meant(name, rest, list(session.exec(inside)))


def _forms(name: str, aliases: Sequence[str]) -> Iterator[str]:
    """What an estate is called: each name without blanks, whole and without what kind of estate it is."""
    for one in (name, *aliases):
        whole = "".join(clean(one).lower().split())
        kind = next((kind for kind in _KINDS if whole.endswith(kind)), "")
        for form in {whole, whole.removesuffix(kind)}:
            if len(form) >= _SHORTEST and not form.isdigit():
                yield form


def _said_whole(known: list[tuple[str, str]], pieces: list[str]) -> tuple[str, str] | None:
    """The longest name that stands in a piece, also with the building right behind it; and what is left."""
    for form in sorted({form for form, _ in known}, key=lambda one: (-len(one), one)):
        for at, piece in enumerate(pieces):
            found = re.search(rf"(?<!\d){re.escape(form)}", piece)  # 1号院 is not named in 11号院
            if found is not None:
                left = (piece[: found.start()], piece[found.end() :])
                return form, " ".join((*pieces[:at], *left, *pieces[at + 1 :])).strip()
    return None


def _begun(known: list[tuple[str, str]], pieces: list[str]) -> tuple[str, str] | None:
    """A piece that is at least half of a name from its beginning: 翠湖 for 翠湖天地."""
    for at, piece in enumerate(pieces):
        if any(_begins(piece, form) for form, _ in known):
            return piece, " ".join((*pieces[:at], *pieces[at + 1 :]))
    return None


def _begins(piece: str, form: str) -> bool:
    return len(piece) >= max(_SHORTEST, len(form) / 2) and not piece[-1].isdigit() and form.startswith(piece)
