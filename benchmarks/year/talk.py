"""What the people of the year say. {place} is a stairwell (3栋2单元), {n} a ticket's number."""

from collections.abc import Mapping, Sequence

from intents.understanding import Understanding

# What opens a matter, by how it must be read. Weighted like life: most are repairs, emergencies are rare.
MATTERS: Mapping[str, tuple[float, Sequence[str]]] = {
    "repair": (
        62,
        (
            "{place}电梯停了不动", "{place}楼道灯不亮了", "{place}停水了", "{place}门禁刷不开",
            "{place}下水道堵了，返水", "{place}楼顶漏水，天花板湿了一片", "{place}暖气片冰凉",
            "{place}楼下垃圾桶满了没人清", "{place}楼道里堆满了垃圾",
            "{place}电梯按钮坏了", "{place}单元门关不上", "{place}声控灯一闪一闪的",
        ),
    ),
    "help": (
        9,
        ("{place}我腿脚不便，想请人帮忙买点菜", "{place}想请人帮忙把米搬上楼",
         "{place}我一个人带孩子，想请人代取一下快递"),
    ),
    "policy": (
        10,
        ("老人优待证怎么办理", "离婚要等多久的冷静期", "给孩子上户口要带什么", "高龄补贴怎么申请"),
    ),
    "dispute": (
        10,
        ("{place}楼上天天半夜吵，没法睡", "{place}隔壁把鞋柜摆在楼道里，说了也不听",
         "{place}对门的狗天天叫，吵得睡不着"),
    ),
    "danger": (
        2.2,
        ("{place}电梯困人了，快来人", "{place}楼道里好大的煤气味", "{place}楼上一直往下扔东西，差点砸到人"),
    ),
    "silent": (0.3, ("{place}我老公又打我，救救我",)),
}  # fmt: skip
CHATTER = ("早上好", "谢谢你们啊", "辛苦了", "哈哈哈", "今天好热啊", "新年快乐")

TAKES = ("收到，我去看看 #{n}", "我去看看 #{n}", "要得，#{n}我来看看")
DONE = ("#{n} 修好了", "#{n} 修好了 换了零件", "#{n} 搞好了")
SETTLED = ("#{n} 处理好了", "#{n} 解决了")
THERE = ("#{n} 我到了", "#{n} 我在现场")
OVER = ("#{n} 处理好了", "#{n} 弄好了")
PROGRESS = ("#{n} 查了是线路的问题", "#{n} 等配件")
TRANSFER = ("#{n} 转物业",)
REFUSE = ("#{n} 退回 这是业主自己家里的管子", "#{n} 不归我们管")
ESCALATE = ("#{n} 上报", "#{n} 忙不过来，转社区")
PAUSE = ("#{n} 先放一放 等配件", "#{n} 先放一放，等下周三配件")
WAIT = ("#{n} 家里没人", "#{n} 等住户回复")
WHISTLE = "#{n} 吹哨 物业"
UNDO = "撤销"
CLAIM = "我来"
CANNOT = "不好意思，我临时有事去不了 #{n}"

FIXED = ("好了，谢谢", "修好了谢谢", "可以了")
NOT_FIXED = ("没修好", "还是老样子", "没弄好啊")
URGE = ("催一下", "怎么还没来", "还没人来")
WHY = ("几时给回话", "为什么要等这么久")
TAKE_BACK = ("不用来了 自己修好了", "算了不修了")
GOOD, BAD = ("好", "满意"), ("不好", "不满意")
WHOM = ("1", "2", "3")
LEAVE = "我请假到{month}月{day}日"
BACK = "我回来了"
DUTY = ("每周五清理1栋楼道", "以后每月15号巡查2栋消防栓")

_HANDLER = {
    "accept": TAKES, "resolve": (*DONE, *SETTLED, *OVER), "attend": THERE, "progress": PROGRESS, "transfer": TRANSFER,
    "refuse": REFUSE, "escalate": ESCALATE, "pause": PAUSE, "wait": WAIT, "whistle": (WHISTLE,), "undo": (UNDO,),
    "release": (CANNOT,), "leave": (LEAVE,), "back": (BACK,), "duty": DUTY,
}  # fmt: skip
_RESIDENT = {"confirm": FIXED, "unsatisfied": NOT_FIXED, "urge": URGE, "why": WHY, "withdraw": TAKE_BACK}


class UnfitTalk(Exception):
    """The understanding reads one of our sentences otherwise: what became of it could not be counted."""


def check(understanding: Understanding) -> None:
    """Raises UnfitTalk with every sentence that is not read as it is meant."""
    wrong = [*_matters(understanding), *_commands(understanding)]
    if wrong:
        raise UnfitTalk("; ".join(wrong))


def _matters(understanding: Understanding) -> list[str]:
    wrong = []
    for kind, (_, sentences) in MATTERS.items():
        for sentence in sentences:
            verdict = understanding.read(sentence.format(place="3栋2单元"), "private", True)
            danger = verdict.danger is not None
            read = ("silent" if verdict.danger and verdict.danger.silent else "danger") if danger else verdict.intent
            if read != kind:
                wrong.append(f"{sentence}: is read as {read}, not as {kind}")
    return wrong


def _commands(understanding: Understanding) -> list[str]:
    wrong = []
    for reads, expected in ((understanding.handler, _HANDLER), (understanding.resident, _RESIDENT)):
        for verb, sentences in expected.items():
            for sentence in sentences:
                command = reads(sentence.format(n=12, month=2, day=23))
                if command is None or command.verb != verb:
                    wrong.append(f"{sentence}: is read as {command.verb if command else 'nothing'}, not as {verb}")
    return wrong
