"""How alike two matters are: cheap, for merging what several neighbours report.

It tells how alike the words are and nothing else: area, category and time are the caller's to compare.
"""

import re
from functools import lru_cache

from intents.tokens import Tokens

# Each line: words that say one thing about a place, whoever says them.
SAME_TROUBLE = """
停水 没水 断水 不出水 水停 没有水 不来水 来水 放不出水 冇水 冒得水
停电 没电 断电 跳闸 没有电 不来电 来电 冇电
停气 没气 打不着火 点不着火
漏 渗 滴水
堵 不通 返水 反水 冒水 溢
吵 噪音 闹 跳绳 咚咚 扰民
臭 味 脏 垃圾
不热 冰凉 暖气
"""
# Each line: one thing under several names.
SAME_THING = """
电梯 货梯 轿厢 客梯 電梯
灯 燈
下水道 下水 管道 马桶 厕所 地漏
门禁 单元门 大门 门锁 刷卡 刷脸
水管 管子 水龙头 阀门
狗
车位 停车 挪车
"""
# Any fault: tells two matters alike only where the thing is the same.
FAULTS = re.compile("坏|停|不动|故障|罢工|失灵|不亮|灭|熄|打不开|不能用|用不了|没反应|关不上|黑|壞")
WORDS_COUNT = 0.5
THING_COUNTS = 0.3
TROUBLE_COUNTS = 0.5


def _rows(lines: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(line.split()) for line in lines.strip().splitlines())


_TROUBLES, _THINGS = _rows(SAME_TROUBLE), _rows(SAME_THING)


@lru_cache(maxsize=1)
def _tokens() -> Tokens:
    """Not before somebody compares: a command that only lists groups need not wait for jieba."""
    return Tokens()


def same_matter(one: str, other: str) -> float:
    """From 0 (nothing in common) to 1 (the same) for two matters or messages; symmetric.

    From 0.5 on they may be taken as one.
    """
    if one == other:
        return 1.0 if one else 0.0
    words, others = set(_tokens().words(one)), set(_tokens().words(other))
    score = WORDS_COUNT * len(words & others) / max(1, min(len(words), len(others)))
    if _shared(_TROUBLES, one, other):
        score += TROUBLE_COUNTS
    if _shared(_THINGS, one, other):
        score += THING_COUNTS + (THING_COUNTS if FAULTS.search(one) and FAULTS.search(other) else 0.0)
    return min(1.0, score)


def _shared(rows: tuple[tuple[str, ...], ...], one: str, other: str) -> bool:
    return any(any(word in one for word in row) and any(word in other for word in row) for row in rows)
