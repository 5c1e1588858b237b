"""Whom a request for help is offered to, in which order and why. Pure: people and times come as arguments.

behaviour.md, "Everybody else": never 开锁, 强电, 燃气, money, medicines; where a home is entered staff choose.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from models.order import Mode, Skill


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


# What is never a volunteer's, by the sentence that gives the reason (card_help_<key>). The words of the request decide,
# whatever its category: one request too many for staff does no harm, one too many for a volunteer may.
FORBIDDEN: Mapping[str, re.Pattern[str]] = {
    "lock": _any(
        "[开撬换修配拆]个?(?:.{0,3}门)?锁",
        "锁(?:芯|坏|匠|死|住了|在(?:门外|外面|屋里|家里|里面))|反锁",
        "门(?:锁)?(?:打|开)不开|进不(?:去|了)(?:家|屋|门|自己)",
        "钥匙.{0,6}(?:丢|忘|断|掉|不见|没带|锁)|(?:丢|忘|没带|锁).{0,4}钥匙|配(?:把|一把)?钥匙",
    ),
    "mains": _any(
        "跳闸|拉闸|电闸|总闸|合闸|空开|空气开关|保险丝|配电|电路|短路|漏电|触电|电线|接线|布线",
        "插座|插排.{0,4}(?:烧|冒|焦)|电表|强电|没电|断电|停电",
        "(?:修|换|装|接|改)(?:个|一下|下)?(?:灯(?!泡)|吊灯|吸顶灯|开关|电(?!视|脑|话|动车|池|扇|饭|器|梯))",
    ),
    "gas": _any(
        "燃气|煤气|天然气|液化气|瓦斯|气罐|气瓶",
        "(?:灶|炉)(?:具|头|子|台)?.{0,4}(?:打不(?:着|燃)|点不(?:着|燃)|漏|坏|修|换|装|接)",
        "[修换装接](?:个|一下)?(?:灶|燃具)",
    ),
    "money": _any(
        "(?:取|存|转|汇|借|垫|领|凑|要|讨)(?:点|一点|些|个|一下)?(?:钱|款|账|工资|现金|低保金|养老金|退休金)",
        "代?缴(?:费|纳)|代(?:缴|付|交)|[交缴充](?:.{0,4})费",
        "银行|存折|密码|理财|贷款|支付宝|微信(?:支付|红包|转账)|刷卡|ATM|股票|保险(?!丝)|彩票",
        "身份证.{0,6}(?:借|押)",
    ),
    "medicine": _any("药", "打针|输液|注射|胰岛素|针剂|导尿|插管|吸痰|拔(?:管|针)|吊水|挂水"),
}

# A home is entered, or somebody is alone with a person who cannot help themselves: staff choose who goes.
ENTERED = _any(
    "上门|(?:来|到|去|进)(?:我|他|她|老人|奶奶|爷爷|我妈|我爸)?(?:的|们)?(?:家|屋)里?",
    "屋里|家里(?!人|有事|没)|卧床|瘫痪|下不了床|起不来床",
    "洗澡|翻身|擦身|喂饭|剪指甲|照看|照顾|看护|陪护|陪夜|带孩子|看孩子|接(?:一下|下)?(?:孩子|小孩)",
    "打扫|擦玻璃|擦窗",
)
# Door-to-door handling (上门代办): papers are needed, so it is asked for whom, which papers, and when.
VISIT = _any(
    "代办|办(?:理|个|一下)?.{0,6}(?:证|卡|手续|认证|登记|申请|低保|医保|社保|补贴)",
    "认证|填表|递材料|交材料|盖章|开证明|打证明|年审|年检",
)
TOLD_WHO = _any(
    "(?:帮|替|给|为)(?:我)?(?:妈|爸|父亲|母亲|老伴|奶奶|爷爷|外婆|外公|婆婆|公公)",
    "(?:帮|替|给|为)(?:我)?(?:岳父|岳母|儿子|女儿|自己|本人|家婆|家公|嗲嗲|娭毑)",
)
TOLD_WHEN = _any(
    "今天|明天|后天|周[一二三四五六日末]|星期|礼拜|上午|下午|早上|晚上|中午|随时|都行", r"\d{1,2}[点号:：]"
)

# Which skills a request asks for, by its words.
ASKS: Mapping[Skill, re.Pattern[str]] = {
    Skill.TOILETS: _any("马桶|厕所|下水|地漏|疏通|堵了|水龙头|软管"),
    Skill.APPLIANCES: _any(
        "收音机|电视|遥控|机顶盒|洗衣机|冰箱(?!.{0,6}[搬抬])|电扇|风扇|电饭|空调|家电|电器",
        "轮椅.{0,4}(?:坏|修)|修轮椅",
    ),
    Skill.TUTORING: _any("作业|辅导|功课|补课|学习|数学|英语|语文|毛笔|写字|读书"),
    Skill.HAIR: _any("理发|剪头|剪个头|剃头|头发"),
    Skill.SEWING: _any("缝|裁|补衣|改裤|拉链|纽扣|扣子"),
    Skill.PHONES: _any("手机|微信|智能机|视频通话|视频见面|扫码|健康码|挂号|上网|APP|app"),
    Skill.CARRYING: _any("搬|抬|扛|挪|提不动|拿不动|拎不动|柜子|沙发|背下楼|背上楼"),
    Skill.COMPANY: _any("陪|聊天|说话|解闷|读报|散步|坐坐|看看(?:我|老|他|她)|探望"),
    Skill.ERRANDS: _any(
        "买|取(?!暖)|拿(?!不动)|捎|带(?:点|个|份|一)|送(?:饭|菜|餐|一?下)",
        "跑腿|跑一趟|倒垃圾|扔垃圾|寄|复印|打印|排队",
    ),
}
# Nobody can do these by goodwill alone: whoever has told us other skills and not this one is not asked.
EXACTING = frozenset({Skill.TOILETS, Skill.APPLIANCES, Skill.TUTORING, Skill.HAIR, Skill.SEWING})
SAID: Mapping[Skill, str] = {
    Skill.ERRANDS: "跑腿",
    Skill.COMPANY: "陪伴",
    Skill.CARRYING: "搬东西",
    Skill.PHONES: "教手机",
    Skill.TUTORING: "辅导",
    Skill.APPLIANCES: "家电",
    Skill.TOILETS: "疏通",
    Skill.HAIR: "理发",
    Skill.SEWING: "缝补",
}

A_HAND_FULL = 4  # one order in hand weighs as much as so many steps of way
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Terms:
    """How a request is to be offered. reason: a key of FORBIDDEN, or "home"."""

    mode: Mode
    reason: str | None = None
    skills: frozenset[Skill] = frozenset()
    visit: bool = False


@dataclass(frozen=True)
class Volunteer:
    """Somebody who may be asked, as things stand. path: where they live (else what their post covers), as Area.path."""

    post_id: int
    person_id: int
    path: str
    skills: frozenset[str] = frozenset()
    holds: int = 0  # orders in hand now
    lately: int = 0  # orders taken in the last thirty days
    asked_at: datetime | None = None  # when they were asked last, for whatever


@dataclass(frozen=True)
class Ranked:
    """A volunteer who fits, and why they stand where they stand."""

    volunteer: Volunteer
    why: tuple[str, ...] = field(default=())


def terms(category: str, words: str, modes: Mapping[str, str]) -> Terms:
    """How a request of this category and in these words is offered. modes: category -> mode (config.toml, [orders])."""
    skills, visit = needed(words), bool(VISIT.search(words))
    reason = forbidden(words)
    if reason is not None:
        return Terms(Mode.STAFF, reason, skills, visit)
    mode = Mode(modes.get(category, Mode.CLAIM))
    if mode == Mode.CLAIM and (visit or ENTERED.search(words)):
        mode = Mode.ASSIGN
    return Terms(mode, "home" if mode == Mode.ASSIGN else None, skills, visit)


def forbidden(words: str) -> str | None:
    """Which of the forbidden matters the words name: a key of FORBIDDEN, or None."""
    return next((key for key, pattern in FORBIDDEN.items() if pattern.search(words)), None)


def needed(words: str) -> frozenset[Skill]:
    """The skills that the words ask for; where an exacting one is among them, that one alone counts."""
    found = frozenset(skill for skill, pattern in ASKS.items() if pattern.search(words))
    return found & EXACTING or found


def steps(one: str, other: str) -> int:
    """How far apart two areas are in the tree: the levels up from one and down to the other. Takes Area.path twice."""
    a, b = _ids(one), _ids(other)
    common = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return len(a) + len(b) - 2 * common


def rank(people: Iterable[Volunteer], at: str, skills: Collection[Skill], most: int) -> list[Ranked]:
    """Who fits, the one to be asked first in front.

    at: the path of the place. most: orders in hand with which nobody is asked for another. Skill counts first, then
    the way and the load together, then who was asked longest ago: so that among equals everybody gets their turn.
    """
    fit = [v for v in people if v.holds < most and _skilled(v, skills) is not None]
    return [Ranked(v, _why(v, at, skills)) for v in sorted(fit, key=lambda v: _key(v, at, skills))]


def wave(waves: Sequence[int], n: int) -> int:
    """How many are asked in wave `n` (from 0); 0 past the last: then it is the staff's."""
    return waves[n] if n < len(waves) else 0


def _key(v: Volunteer, at: str, skills: Collection[Skill]) -> tuple[int, int, datetime, int]:
    way = steps(v.path, at) + A_HAND_FULL * v.holds + v.lately
    return (_skilled(v, skills) or 0, way, v.asked_at or _LONG_AGO, v.post_id)


def _skilled(v: Volunteer, skills: Collection[Skill]) -> int | None:
    """0: can do it. 1: has told us no skills. 2: has told us others, and it needs none in particular. None: unfit."""
    if not skills or v.skills & {skill.value for skill in skills}:
        return 0
    if not v.skills:
        return 1
    return None if set(skills) <= EXACTING else 2


def _why(v: Volunteer, at: str, skills: Collection[Skill]) -> tuple[str, ...]:
    can = [SAID[skill] for skill in Skill if skill in skills and skill.value in v.skills]
    return (
        f"会{'、'.join(can)}" if can else "没登记这项技能" if skills else "不要特别的技能",
        f"离{steps(v.path, at)}级",
        f"手上{v.holds}件，近30天{v.lately}件",
    )


def _ids(path: str) -> list[str]:
    return [part for part in path.split("/") if part]
