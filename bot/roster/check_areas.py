"""Is the area tree a tree, and does it hold what the service needs to find a place? Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from bot.roster.cells import label_of
from bot.roster.columns import AREAS
from bot.roster.known import Known, KnownArea
from bot.roster.rows import AreaRow, Problem
from models import Level

MAX_DEPTH = 12  # so that a path of ids fits its column

# Cities order estates, grids and patches differently, and a yard holds buildings: these may stand in one another.
RANK: Mapping[Level, int] = {
    Level.SUBDISTRICT: 0,
    Level.COMMUNITY: 1,
    Level.ESTATE: 2,
    Level.GRID: 2,
    Level.PATCH: 2,
    Level.BUILDING: 3,
    Level.UNIT: 4,
    Level.PLACE: 5,
}
NESTED = {Level.ESTATE, Level.GRID, Level.PATCH, Level.BUILDING, Level.PLACE}


def area_problems(rows: Sequence[AreaRow], known: Known, there: Collection[str]) -> Iterator[Problem]:
    """What is wrong with the tree that the rows and the known areas make. `there`: every code that may be named."""
    tree = {**known.areas, **{row.code: _node(row, known) for row in rows}}
    siblings: dict[tuple[str | None, Level, str], int] = {}
    for row in rows:
        parent = tree[row.code].parent
        if parent and parent not in there:
            yield _at(row, "parent", f"没有编号是“{parent}”的区域")
            continue
        yield from _level_kept(row, known)
        yield from _named(row, parent, siblings)
        yield from _shared(row, tree, there)
        chain = _above(tree, row.code)
        if chain is None:
            yield _at(row, "parent", "上级绕成了一个圈，或者层数太多")
        elif all(code in tree for code in chain):
            yield from _placed(row, [tree[code].level for code in chain])


def _node(row: AreaRow, known: Known) -> KnownArea:
    """A blank parent of an area that is there already leaves it where it is."""
    before = known.areas.get(row.code)
    parent = before.parent if row.parent is None and before is not None else row.parent
    return KnownArea(row.level, parent or None)


def _above(tree: Mapping[str, KnownArea], code: str) -> list[str] | None:
    """The codes above, nearest first; None where the way up never ends. Its last may be missing from the tree."""
    chain: list[str] = []
    node = tree.get(code)
    while node is not None and node.parent:
        if len(chain) >= MAX_DEPTH:
            return None
        chain.append(node.parent)
        node = tree.get(node.parent)
    return chain


def _level_kept(row: AreaRow, known: Known) -> Iterator[Problem]:
    before = known.areas.get(row.code)
    if before is not None and before.level != row.level and Level.COMMUNITY in (before.level, row.level):
        yield _at(row, "level", "已经导入过的社区不能改级别，工单号跟着它")


def _named(row: AreaRow, parent: str | None, siblings: dict[tuple[str | None, Level, str], int]) -> Iterator[Problem]:
    key = (parent, row.level, row.name)
    if key in siblings:
        yield _at(row, "name", f"同一个上级下面，第{siblings[key]}行已经叫这个名字")
    siblings.setdefault(key, row.at)
    if row.level in (Level.BUILDING, Level.UNIT) and not row.label and label_of(row.name) is None:
        yield _at(row, "label", f"从“{row.name[:20]}”看不出是几号，请填门牌标签")


def _shared(row: AreaRow, tree: Mapping[str, KnownArea], there: Collection[str]) -> Iterator[Problem]:
    """A place at a border names another community than its own."""
    if not row.co_area:
        return
    if row.co_area not in there:
        yield _at(row, "co_area", f"没有编号是“{row.co_area}”的区域")
    elif row.co_area in tree and tree[row.co_area].level != Level.COMMUNITY:
        yield _at(row, "co_area", "要填社区的编号")
    elif row.co_area in (_above(tree, row.code) or [row.code]):
        yield _at(row, "co_area", "填的就是它自己的社区，要填边上的另一个")


def _placed(row: AreaRow, above: Sequence[Level]) -> Iterator[Problem]:
    if above and (RANK[row.level] < RANK[above[0]] or (row.level == above[0] and row.level not in NESTED)):
        yield _at(row, "parent", "级别比上级还高或跟上级一样，上级填错了吧")
        return
    if above and above[0] == Level.PLACE and row.level != Level.PLACE:
        yield _at(row, "parent", "场所下面不能再有这一级")
        return
    if row.level not in (Level.SUBDISTRICT, Level.COMMUNITY) and Level.COMMUNITY not in above:
        yield _at(row, "parent", "往上找不到社区，每个区域都要属于一个社区")
    if row.level == Level.UNIT and Level.BUILDING not in above:
        yield _at(row, "parent", "单元要在楼栋下面")


def _at(row: AreaRow, field: str, reason: str) -> Problem:
    return Problem(AREAS.title, row.at, AREAS.heading(field), reason)
