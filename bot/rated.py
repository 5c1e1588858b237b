"""What a resident's words say of how a matter was handled, and when nobody is asked. Pure.

behaviour.md, "Voice" and "Danger": asked once; never after a dispute, a danger, a bereavement.
"""

import re

GOOD = re.compile(
    r"好(?!不|没|几|久|多)|满意|谢谢|感谢|辛苦|及时|不错|很快|挺快|真快|麻利|周到|热心|负责|耐心|清楚|方便|给力|可以|还行|行的|要得|巴适|安逸|点赞"
)
BAD = re.compile(
    r"不(?:太|怎么|是很|大)?(?:好|满意|行|及时|负责|耐烦|耐心|方便|清楚)|太慢|[有真好]点?慢|慢(?:死|得|了|吞)|拖|等了.{0,6}(?:天|久)|敷衍|糊弄|"
    r"马虎|态度.{0,3}(?:差|坏|凶|不)|差劲|凶|没人(?:管|理)|白跑|乱收|脏|失望|一般|凑合"
)
BEREAVEMENT = re.compile(
    r"去世|过世|病逝|辞世|节哀|殡仪|火化|丧(?:事|葬|礼|假|属)|死亡证明|骨灰|出殡|追悼|遗体|遗属|抚恤|"
    r"(?:爹|爸|妈|娘|嗲|公|婆|奶|爷|老伴|老头|父亲|母亲|丈夫|妻子|儿子|女儿)(?:昨天|前天|刚|已经?|今早|昨晚|今天)?(?:走了|走哒|不在了|不在哒|没了|冇得哒)"
)
BEST, MIDDLE, POOR, LEAST_GOOD = 5, 3, 2, 3
DIGIT = re.compile(r"(?:打|给|评)?([1-5一二两三四五])(?:分|星|颗星)?(?:吧|了)?")
DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}


def score_of_digit(words: str) -> int | None:
    """1 to 5 from "4", "四分", "给5星"; None for anything else."""
    found = DIGIT.fullmatch(words.strip(" ,，。.!！~"))
    if found is None:
        return None
    return DIGITS.get(found[1]) or int(found[1])


def score_of_words(words: str) -> int | None:
    """5 for praise, 2 for blame, 3 for both, None where they say nothing of either."""
    bad = BAD.search(words) is not None
    good = GOOD.search(BAD.sub("", words)) is not None
    if bad and good:
        return MIDDLE
    return POOR if bad else BEST if good else None


def speaks_of_death(words: str) -> bool:
    """Whether somebody has lost somebody: then nothing is asked."""
    return BEREAVEMENT.search(words) is not None
