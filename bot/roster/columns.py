"""The sheets of a roster and their columns: what `read` expects and what the template shows, in one place."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.roster import cells, lists, skilled
from bot.roster.cells import Reader
from bot.roster.rows import AccountRow, AreaRow, ChatRow, OrganisationRow, PersonRow, PostRow, ShiftRow
from bot.roster.words import CHAT_KINDS, DUTIES, LEVELS, ORGANISATION_KINDS, ROLES, SKILLS, SLOTS
from bot.roster.words import levels as own_levels
from models import Level


@dataclass(frozen=True)
class Column:
    """One column: the field it fills, its heading, what else the heading may be, and what it means."""

    field: str
    heading: str
    read: Reader
    note: str
    others: tuple[str, ...] = ()
    required: bool = False
    choices: tuple[str, ...] = ()  # for the template's drop-down


@dataclass(frozen=True)
class Sheet:
    """One sheet: where its rows go in the Roster, its titles, its columns, and how a row is made."""

    field: str
    title: str
    note: str
    columns: tuple[Column, ...]
    make: Callable[..., Any]  # a Row of a roster; other tables make their own
    key: str = ""  # the column others refer to
    lenient: bool = False  # columns that nobody knows are passed over and named, not refused

    def heading(self, field: str) -> str:
        """The heading of the column that fills `field`."""
        return next(column.heading for column in self.columns if column.field == field)


def _firsts(words: object) -> tuple[str, ...]:
    return tuple(spoken[0] for spoken in words.values()) if isinstance(words, dict) else ()


_PHONE_NOTE = "危险情况里要说的电话；下面的区域没填就用上面区域的"

AREAS = Sheet(
    "areas",
    "区域",
    "一行一个区域，从街道到单元，上级也要在表里。编号自己定，定了就不要改，别的表都用它。",
    (
        Column(
            "code", "编号", cells.code(64), "自己定，不重复，比如 XF-3-2", ("code", "区域编号", "编码"), required=True
        ),
        Column("parent", "上级编号", cells.code(64, clears=True), "上一级的编号；最上面一级空着", ("parent", "上级")),
        Column(
            "level",
            "级别",
            cells.one_of(LEVELS, "级别"),
            "街道、社区、小区……",
            ("level",),
            required=True,
            choices=_firsts(LEVELS),
        ),
        Column("name", "名称", cells.name(100), "邻居怎么叫就怎么写，比如 3栋、2单元", ("name", "名字"), required=True),
        Column("label", "门牌标签", cells.label, "楼栋、单元的号，3栋填 3；空着就从名称里取", ("label", "标签")),
        Column("aliases", "别名", cells.aliases, "别的叫法，用、隔开，比如 超市楼上、老3栋", ("aliases", "alias")),
        Column("gas", "燃气抢修电话", cells.phone, _PHONE_NOTE, ("gas", "燃气电话")),
        Column("lift", "电梯救援电话", cells.phone, _PHONE_NOTE, ("lift", "电梯电话")),
        Column("property_night", "物业夜间电话", cells.phone, _PHONE_NOTE, ("property_night", "物业值班电话")),
        Column("staff_duty", "社区值班电话", cells.phone, _PHONE_NOTE, ("staff_duty", "值班电话")),
        Column(
            "co_area",
            "共管社区编号",
            cells.code(64, clears=True),
            "在两个社区交界的地方才填：另一个社区的编号。这边牵头，那边协办",
            ("co_area", "共管社区"),
        ),
    ),
    AreaRow,
    key="code",
)

ORGANISATIONS = Sheet(
    "organisations",
    "单位",
    "物业公司、维修队、派出所、医院、律所、驻区单位。",
    (
        Column("code", "编号", cells.code(64), "自己定，不重复", ("code", "单位编号", "编码"), required=True),
        Column("name", "名称", cells.name(100), "单位的名字", ("name", "名字"), required=True),
        Column(
            "kind",
            "类型",
            cells.one_of(ORGANISATION_KINDS, "单位类型"),
            "物业、维修……",
            ("kind", "type"),
            required=True,
            choices=_firsts(ORGANISATION_KINDS),
        ),
        Column("area", "区域编号", cells.code(64), "管到哪个区域", ("area", "区域"), required=True),
        Column("phone", "电话", cells.phone, "单位的电话", ("phone",)),
    ),
    OrganisationRow,
    key="code",
)

CHATS = Sheet(
    "chats",
    "群",
    "群号由桥接软件给出。还不知道群号的，先不写，让机器人进群，再用绑定码。",
    (
        Column("channel", "渠道", cells.channel, "配置里渠道的名字，比如 onebot", ("channel",), required=True),
        Column("chat", "群号", cells.identifier(128), "平台给的群号", ("chat", "chat id", "chat_id"), required=True),
        Column(
            "kind",
            "类型",
            cells.one_of(CHAT_KINDS, "群"),
            "居民群、骨干群、工作群",
            ("kind", "type"),
            required=True,
            choices=_firsts(CHAT_KINDS),
        ),
        Column("area", "区域编号", cells.code(64), "群属于哪个区域", ("area", "区域"), required=True),
        Column("name", "群名", cells.text(100), "群的名字", ("name", "名称")),
    ),
    ChatRow,
)

PEOPLE = Sheet(
    "people",
    "人员",
    "有岗位的人和要绑定的居民。没有写账号的人，导入后得一个绑定码，本人私聊发给机器人就绑上。",
    (
        Column(
            "code",
            "编号",
            cells.code(64),
            "自己定，不重复，不要用身份证号",
            ("code", "人员编号", "编码"),
            required=True,
        ),
        Column("name", "姓名", cells.name(100), "姓名或称呼", ("name", "名字", "名称"), required=True),
        Column("phone", "电话", cells.phone, "只给办这件事的人看", ("phone", "手机", "手机号", "联系电话")),
        Column("contact_note", "联系须知", cells.text(200), "比如 听不见，请发文字", ("contact_note", "contact note")),
        Column("area", "区域编号", cells.code(64, clears=True), "住在或管着的单元", ("area", "区域")),
        Column("kin", "亲属编号", lists.codes(64), "跟谁是一家，用、隔开；一家人的纠纷他不经手", ("kin", "亲属")),
    ),
    PersonRow,
    key="code",
)

ACCOUNTS = Sheet(
    "accounts",
    "账号",
    "已经知道平台账号的才写。不知道的不写，用绑定码。",
    (
        Column("person", "人员编号", cells.code(64), "人员表里的编号", ("person", "person code"), required=True),
        Column("channel", "渠道", cells.channel, "配置里渠道的名字，比如 wechat", ("channel",), required=True),
        Column("user", "账号", cells.identifier(128), "平台给的用户号", ("user", "user id", "user_id"), required=True),
    ),
    AccountRow,
)

POSTS = Sheet(
    "posts",
    "岗位",
    "谁在哪里任什么岗，从哪天到哪天。A岗在前，B岗在A岗不在时顶上。",
    (
        Column("person", "人员编号", cells.code(64), "人员表里的编号", ("person", "person code"), required=True),
        Column(
            "role",
            "岗位",
            cells.one_of(ROLES, "岗位"),
            "单元长、楼栋长……",
            ("role", "角色"),
            required=True,
            choices=_firsts(ROLES),
        ),
        Column("area", "区域编号", cells.code(64), "管哪个区域", ("area", "area code", "区域"), required=True),
        Column(
            "organisation",
            "单位编号",
            cells.code(64, clears=True),
            "物业等单位的人才填",
            ("organisation", "organization", "单位"),
        ),
        Column(
            "slot",
            "A/B岗",
            cells.one_of(SLOTS, "A/B岗"),
            "A或B，空着算A",
            ("a/b", "slot", "ab岗"),
            choices=_firsts(SLOTS),
        ),
        Column("starts_on", "起", cells.day, "任期第一天，2026-03-01", ("from", "开始", "起始日期"), required=True),
        Column("ends_on", "止", cells.last_day, "任期最后一天；长期的空着", ("to", "结束", "截止日期")),
        Column("duties", "职责", lists.several_of(DUTIES, "职责"), "只管其中几样的才填，用、隔开", ("duties", "分工")),
        Column(
            "skills",
            "技能",
            skilled.skills,
            f"志愿者会什么，用、隔开：{'、'.join(_firsts(SKILLS))}",
            ("skills", "特长"),
        ),
    ),
    PostRow,
)

SHIFTS = Sheet(
    "shifts",
    "值班",
    "值班表：谁哪几天几点到几点当班。危险和下班以后的急事先告诉当班的人。值班的人要在岗位表里有岗位。",
    (
        Column("person", "人员编号", cells.code(64), "人员表里的编号", ("person", "person code"), required=True),
        Column("area", "区域编号", cells.code(64), "值哪个区域的班", ("area", "area code", "区域"), required=True),
        Column("weekdays", "星期", lists.weekdays, "周一、周一至周五、周末、每天；空着算每天", ("weekday", "weekdays")),
        Column("starts", "几点起", lists.clock, "18:00", ("starts", "开始时间"), required=True),
        Column("ends", "几点止", lists.clock, "08:00；比几点起早就是第二天", ("ends", "结束时间"), required=True),
        Column("from_on", "起", cells.day, "从哪天开始排", ("from", "开始", "起始日期"), required=True),
        Column("to_on", "止", cells.last_day, "排到哪天；长期的空着", ("to", "结束", "截止日期")),
    ),
    ShiftRow,
)


def sheets(levels: Mapping[Level, tuple[str, ...]]) -> tuple[Sheet, ...]:
    """Every sheet, with a community's own words for the levels."""
    if not levels:
        return SHEETS
    words = own_levels(levels)
    columns = tuple(
        replace(column, read=cells.one_of(words, "级别"), choices=_firsts(words)) if column.field == "level" else column
        for column in AREAS.columns
    )
    return tuple(replace(sheet, columns=columns) if sheet is AREAS else sheet for sheet in SHEETS)


SHEETS = (AREAS, ORGANISATIONS, CHATS, PEOPLE, ACCOUNTS, POSTS, SHIFTS)
