"""Posts into the database: one row a term, and a corrected term is the same post."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeAlias

from sqlmodel import Session, select

from bot.roster.changes import Counts
from bot.roster.rows import OPEN_END, PostRow
from models import Area, Organisation, Person, Post, Role, Slot

Place: TypeAlias = tuple[int, Role, int, Slot]  # person, role, area, slot


def apply_posts(
    session: Session,
    rows: Sequence[PostRow],
    people: Mapping[str, Person],
    areas: Mapping[str, Area],
    organisations: Mapping[str, Organisation],
) -> Counts:
    """Write the posts. A row is the post that starts on that day; else the one whose term it overlaps (its dates are
    being corrected); else a new one. The rows have been checked, so no two of them overlap each other."""
    held: dict[Place, list[Post]] = defaultdict(list)
    for old in session.exec(select(Post)):
        held[old.person_id, old.role, old.area_id, old.slot].append(old)
    counts = Counts()
    begun: dict[Place, set[date]] = defaultdict(set)
    for row in rows:
        begun[_place(row, people, areas)].add(row.starts_on)
    for row in rows:
        place = _place(row, people, areas)
        organisation = organisations[row.organisation].id if row.organisation else None
        post = _same(held[place], row, begun[place])
        if post is None:
            new = _new(row, place, organisation)
            held[place].append(new)
            session.add(new)
            counts.added += 1
        elif _correct(post, row, organisation):
            session.add(post)
            counts.changed += 1
        else:
            counts.unchanged += 1
    session.flush()
    return counts


def _place(row: PostRow, people: Mapping[str, Person], areas: Mapping[str, Area]) -> Place:
    return people[row.person].id, row.role, areas[row.area].id, row.slot


def _same(held: Sequence[Post], row: PostRow, begun: set[date]) -> Post | None:
    exact = next((post for post in held if post.starts_on == row.starts_on), None)
    if exact is not None:
        return exact
    ends_on = row.ends_on or OPEN_END
    # A term that another row names itself is that row's, however the two overlapped before.
    return next(
        (
            post
            for post in held
            if post.starts_on not in begun and post.starts_on <= ends_on and row.starts_on <= (post.ends_on or OPEN_END)
        ),
        None,
    )


def _new(row: PostRow, place: Place, organisation: int | None) -> Post:
    person_id, role, area_id, slot = place
    return Post(
        person_id=person_id,
        role=role,
        area_id=area_id,
        organisation_id=organisation,
        slot=slot,
        starts_on=row.starts_on,
        ends_on=None if row.ends_on in (None, OPEN_END) else row.ends_on,
        duties=list(row.duties or ()),
        skills=[skill.value for skill in row.skills or ()],
    )


def _correct(post: Post, row: PostRow, organisation: int | None) -> bool:
    before = (post.starts_on, post.ends_on, post.organisation_id, post.duties, post.skills)
    post.starts_on = row.starts_on
    if row.ends_on is not None:
        post.ends_on = None if row.ends_on == OPEN_END else row.ends_on
    if row.organisation is not None:
        post.organisation_id = organisation
    if row.duties is not None:
        post.duties = list(row.duties)
    if row.skills is not None:
        post.skills = [skill.value for skill in row.skills]
    return before != (post.starts_on, post.ends_on, post.organisation_id, post.duties, post.skills)
