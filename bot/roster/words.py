"""The words a roster may use for levels, roles and kinds: what people write, in Chinese or English, to what we keep."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from bot.routing import TITLES
from models import ChatKind, DutyTag, Level, Role, Skill, Slot

W = TypeVar("W", bound=StrEnum)


class OrganisationKind(StrEnum):
    """What an organisation is to the community (kept as a word in Organisation.kind)."""

    PROPERTY = "property"
    REPAIR = "repair"
    POLICE = "police"
    HOSPITAL = "hospital"
    LAW = "law"
    MEMBER = "member"  # an enterprise or institution of the neighbourhood that takes part


# The first word of each is the one the template and the screens use.
LEVELS: Mapping[Level, tuple[str, ...]] = {
    Level.SUBDISTRICT: ("街道", "镇", "乡", "街镇"),
    Level.COMMUNITY: ("社区", "村", "居委会"),
    Level.ESTATE: ("小区", "苑", "物业小区"),
    Level.GRID: ("网格",),
    Level.PATCH: ("片区", "片"),
    Level.BUILDING: ("楼栋", "栋", "幢", "楼", "院落"),
    Level.UNIT: ("单元", "门"),
    Level.PLACE: ("场所", "地点", "商铺", "公共场所"),
}


def levels(own: Mapping[Level, tuple[str, ...]]) -> dict[Level, tuple[str, ...]]:
    """The words of each level, a community's own ([levels] of config.toml) in place of the usual ones."""
    taken = {word for words in own.values() for word in words}
    return {
        level: own[level] if level in own else tuple(word for word in usual if word not in taken)
        for level, usual in LEVELS.items()
    }


# What else people call the roles, beside the title on screen.
_OTHER_TITLES: Mapping[Role, tuple[str, ...]] = {
    Role.BUILDING_LEADER: ("院落长", "楼长", "栋长"),
    Role.YARD_SECRETARY: ("院落书记",),
    Role.GRID_LEADER: ("网格员",),
    Role.SECRETARY: ("书记",),
    Role.STAFF: ("社区工作者", "社区工作人员", "工作人员"),
    Role.DUTY: ("值班员", "值班人员"),
    Role.PROPERTY: ("物业人员", "物业经理"),
    Role.OWNERS_COMMITTEE: ("业委会委员",),
    Role.MEDIATOR: ("人民调解员",),
    Role.DEPUTY: ("代表",),
    Role.ADMINISTRATOR: ("系统管理员",),
    Role.AUDITOR: ("审计员",),
    Role.LIAISON: ("联系人", "民警", "单位代表"),
}
ROLES: Mapping[Role, tuple[str, ...]] = {role: (TITLES[role], *_OTHER_TITLES.get(role, ())) for role in Role}

# A private chat belongs to its account and is made when somebody writes, so a roster can't list one.
CHAT_KINDS: Mapping[ChatKind, tuple[str, ...]] = {
    ChatKind.RESIDENTS: ("居民群", "单元群", "楼栋群", "小区群"),
    ChatKind.LEADERS: ("骨干群", "单元长群", "楼栋长群"),
    ChatKind.STAFF: ("工作群", "社区工作群"),
}

ORGANISATION_KINDS: Mapping[OrganisationKind, tuple[str, ...]] = {
    OrganisationKind.PROPERTY: ("物业", "物业公司"),
    OrganisationKind.REPAIR: ("维修", "维修队"),
    OrganisationKind.POLICE: ("派出所", "警务室"),
    OrganisationKind.HOSPITAL: ("医院", "卫生站", "社区卫生服务中心"),
    OrganisationKind.LAW: ("律所", "律师事务所", "司法所"),
    OrganisationKind.MEMBER: ("驻区单位", "共建单位", "单位"),
}

# The ten duties of a unit leader.
DUTIES: Mapping[DutyTag, tuple[str, ...]] = {
    DutyTag.LIAISON: ("联络", "上传下达", "政策宣传"),
    DutyTag.RELATIONS: ("邻里", "邻里关系", "调解"),
    DutyTag.ACTIVITIES: ("活动", "文体活动"),
    DutyTag.CONDUCT: ("文明", "移风易俗", "公约"),
    DutyTag.HYGIENE: ("卫生", "环境卫生"),
    DutyTag.FACILITIES: ("设施", "设施巡查", "报修"),
    DutyTag.MUTUAL_HELP: ("互助", "帮扶"),
    DutyTag.SAFETY: ("安全", "消防"),
    DutyTag.EMERGENCIES: ("应急", "突发"),
    DutyTag.RIGHTS: ("维权", "权益"),
}

# What volunteers can do. Locks, mains, gas, money and medicines are none of it: the reader of the cell says so.
SKILLS: Mapping[Skill, tuple[str, ...]] = {
    Skill.ERRANDS: ("跑腿", "代买", "买菜", "取快递"),
    Skill.COMPANY: ("陪伴", "陪护", "陪诊", "陪聊", "读报"),
    Skill.CARRYING: ("搬东西", "搬运", "搬家具", "力气活"),
    Skill.PHONES: ("教手机", "手机", "智能手机"),
    Skill.TUTORING: ("辅导", "辅导作业", "家教"),
    Skill.APPLIANCES: ("家电", "修家电", "小家电", "修小家电"),
    Skill.TOILETS: ("疏通", "通马桶", "马桶", "通下水道", "修马桶"),
    Skill.HAIR: ("理发", "剪头发"),
    Skill.SEWING: ("缝补", "裁缝", "缝纫"),
}

SLOTS: Mapping[Slot, tuple[str, ...]] = {Slot.A: ("A", "A岗", "A角", "主岗"), Slot.B: ("B", "B岗", "B角", "副岗")}


def index(words: Mapping[W, tuple[str, ...]]) -> dict[str, W]:
    """Every accepted word, lower case, with what it means; the English value itself is one of them."""
    found: dict[str, W] = {}
    for meaning, spoken in words.items():
        found[meaning.value.lower()] = meaning
        found[meaning.value.lower().replace("_", " ")] = meaning
        for word in spoken:
            found[word.lower()] = meaning
    return found
