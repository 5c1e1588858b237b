"""Cause, plan and outcome in what a handler says: "查了是主板烧了，约明天下午换". Pure.

Of the five questions (domain.md) the need is the reporter's word and progress the whole note; the other three are
found in the note clause by clause. What says neither is left out rather than guessed at.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from intents import again, times

_BETWEEN = re.compile(r"[,，。.;；!！、\n]{1,9}|\s{1,9}")
_NUMBERED = re.compile(r"^#\s?\d{1,6}号?\s?|^\d{1,6}号(?=[^楼栋院门单])\s?|\s#\d{1,6}$")
_FAULT = (
    r"(?:烧|坏|断|堵|爆|老化|松动?|漏|短路|跳闸?|卡|生?锈|裂|脱落|掉|没电|没气|缺|进水|受潮|失灵|故障|接触不良"
    r"|磨|变形|偏|移位|问题|毛病)"
)
_HEDGE = r"(?:应该|估计|可能|好像|怕|说|原来|就|主要|都|多半|八成)?"
_CAUSES = (
    re.compile(r"(?:原因|毛病|问题)(?:找到了?|查到了?|出?在|就?是|:|：){1,3}(?P<cause>.{2,30})"),
    re.compile(r"(?:因为|由于|原来是)(?P<cause>.{2,30})"),
    re.compile(
        rf"(?:师傅|物业|维保|他们|电工|水工|检测|我)?(?:查|看|检查|检测|问|拆开看?|排查)?(?:了|过|出来|到)?{_HEDGE}是(?P<cause>.{{1,14}}{_FAULT}.{{0,4}})"
    ),
    re.compile(
        r"(?:查|看|检查|检测)?(?:了|过|出来|到)?(?P<cause>.{1,8}(?:烧|爆|断|堵|老化|短路|跳闸|卡住|锈|裂|脱落|进水|受潮|失灵|接触不良|磨)(?:坏|断|死|穿|掉|毁|到)?了?)"
    ),
)
_NO_CAUSE = re.compile(r"不是|是不是|没(?!电|气)|不(?!良)|吗|\?|？|换好|修好|疏?通了|好了")
_DOING = re.compile(
    r"约|来|去|换|修|装|到货|上门|动工|开工|处理|看|弄|拆|焊|清|完成|接|送|疏通|安排|到|办|搞|施工|做|补"
)
_INTENDED = re.compile(
    r"^(?:我们?|物业|师傅|他们|社区)?(?:已经?|还)?(?:打算|准备|计划|要|得|需要|等|在等|约|安排|申请|报价|下单|订|联系|找|请)(?!了$).{0,10}"
    r"(?:换|修|装|配件|零件|材料|主板|厂家|师傅|货|审批|报价|加固|更换|维保|公司|施工|拆|焊|大修|检测|改|清|疏通)"
)
_OVER = re.compile(r"(?:好|完|掉|换|修|装|到|来|去|疏通)(?:了|啦|过)$")
_PART = re.compile(r"上午|中午|下午|傍晚|晚上")
_ONLY_SAYS_DONE = re.compile(
    r"(?:都|全|已经?|全部|现在|刚刚?|终于|总算|这下|今天){0,4}(?:修|弄|搞|整|换|办|处理|解决|清理|疏通|恢复)?(?:好|完|定|掂|妥|成|掉|正常|毕)?(?:了|啦|咯|喽|嘞)"
    r"|收到|好的|销号|解决|搞定|处理完毕|已解决|已处理"
)


@dataclass(frozen=True)
class Answers:
    """What a note says of the three questions; None where it says nothing of one."""

    cause: str | None = None
    plan: str | None = None
    outcome: str | None = None


def read(text: str, said_at: datetime) -> Answers:
    """Cause, plan and (for a note that tells it is done) outcome. said_at: aware, in the community's zone.

    A plan names its day by date, so that it can be read later. The outcome is what was done: all that is neither the
    cause nor a bare "修好了"; where nothing else was said, that.
    """
    looked = again.read(text, said_at)
    text = _NUMBERED.sub("", looked[1] if looked else text).strip()
    clauses = [clause for clause in _BETWEEN.split(text) if clause]
    causes = {clause: cause for clause in clauses if (cause := _cause(clause))}
    plans = _plans(clauses, said_at)
    told = [clause for clause in clauses if clause not in causes and not _ONLY_SAYS_DONE.fullmatch(clause)]
    done = [clause for clause in told if clause not in plans] or [c for c in clauses if c not in causes][:1]
    return Answers(
        cause="，".join(dict.fromkeys(causes.values())) or None,
        plan="，".join(times.dated(plan, said_at) for plan in plans) or None,
        outcome="，".join(done) or None,
    )


def _cause(clause: str) -> str | None:
    if _NO_CAUSE.search(clause):
        return None
    for pattern in _CAUSES:
        if found := pattern.fullmatch(clause):
            return found["cause"].strip("是的:： ")
    return None


def _plans(clauses: list[str], said_at: datetime) -> list[str]:
    """What is to be done, each with its time where one was said; a time by itself belongs to the clause behind it."""
    plans, before = [], ""
    for clause in clauses:
        if times.words(clause) == clause:
            before = clause
            continue
        told, before = _on_its_day(f"{before}{clause}", said_at), ""
        window = times.window(told, said_at)
        ahead = window is not None and window.end > said_at and _DOING.search(told) is not None
        if (ahead or _INTENDED.match(told)) and not _ONLY_SAYS_DONE.fullmatch(clause) and not _is_over(clause):
            plans.append(told)
    return plans


def _on_its_day(clause: str, said_at: datetime) -> str:
    """师傅下午来: the part of a day without a day is today's."""
    found = None if times.words(clause) else _PART.search(clause)
    if found is None:
        return clause
    return f"{clause[: found.start()]}{said_at.month}月{said_at.day}日{clause[found.start() :]}"


def _is_over(clause: str) -> bool:
    return _OVER.search(clause) is not None and not clause.startswith("约")
