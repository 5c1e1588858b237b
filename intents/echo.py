"""What a short line says about a matter told just before it: the same here, not here, or more about it. Pure.

All take folded text (intents.dialects): 冇得 is 没得 here, 三单元 is 3单元.
"""

import re

AROUND = " ,。.!?、;:~()…"
# Agreement and nothing else: to what, only the place among other messages can tell.
BARE = re.compile(
    r"(?:\+1|加1|加一|同|同样的?|同上|同楼上|同问题?|一样的?|我也是|我也|也是|都是|都一样|是的,?我也是|\+1\+1)"
)
# The same trouble at one's own place, named by nothing but 也: 我家也是, 5栋也是.
LIKEWISE = re.compile(r".{0,14}(?:也是|也一样|也这样|也同样|也不行|同样)(?:的|啊|呀|哦|呢|了)?")
# A list that people put themselves on. Nothing in it is about a matter.
SIGN_UP = re.compile(
    r"接龙|团购|拼单|报名|同意|赞成|反对|投票|签到|签字|参加|订购|下单|\d份|几份|要的(?:扣|打|回)1?|收到请回"
)
# The opposite of a neighbour's trouble: whose place, how it is there, and that it is well.
PLACE = (
    r"(?:我们家|我们这里?|我们?这边|我们?(?:楼|栋|单元|层)|我家|俺家|我屋里?|我这里?|我们|我|俺|这边|这里"
    r"|\d{1,3}栋|\d{1,2}单元|\d{1,2}楼|\d{3,4}|家里|屋里|,| ){1,6}"
)
WELL = (
    r"(?:(?:有|来)(?:水|电|气|网|暖气|热水)?(?:的|啊|呀|呢|了|哦)?"
    r"|没(?:事|停|坏|断|问题|影响|漏|有停|有问题|有影响)(?:的|啊|呀|呢|哦)?|不(?:停|漏|堵|黑|影响)"
    r"|正常(?:的|得很)?|好(?:好的|着呢|的很|得很)|能用|亮(?:着|的)|可以用|蛮好|挺好)"
)
AND_WELL = r"(?:[, ]{0,2}(?:正常|好得很|好好的|没问题|没停|正常得很|蛮好|很正常|都正常|没事)(?:的|啊|呢)?)?"
NOT_HERE = re.compile(PLACE + r"(?:还|倒|都|是|就|一直|现在|目前|暂时|的|,| ){0,3}" + WELL + AND_WELL)
# Which categories a trouble may be of, by the words for it. The first that stand in a text decide.
NAMED = {
    "lift": re.compile(r"梯(?!子)|轿厢"),
    "gas": re.compile(r"燃气|煤气|天然气|(?<![空天暖客生运力])气(?!人|死)|灶|打不着|点不着|打不燃"),
    "power": re.compile(r"电(?!梯|话|视|瓶|动|费|影)|跳闸|黑"),
    "light": re.compile(r"灯|黑|不亮"),
    "heating": re.compile(r"暖|冰凉|不热|地热"),
    "drain": re.compile(r"堵|返|冒水|马桶|下水|地漏"),
    "leak": re.compile(r"漏|渗|滴水"),
    "water": re.compile(r"(?<![漏渗返冒积滴污下污])水(?!管|泵|池|果|电费|沟)|洗澡|洗到|泡泡|龙头"),
    "access": re.compile(r"门禁|刷卡|刷脸|单元门|大门|道闸"),
    "sanitation": re.compile(r"臭|垃圾|脏"),
}
FAILS = re.compile(r"停|断|没得|没有|没了|没的|不来|不出")
FAILING = frozenset({"water", "power", "gas", "heating", "lift", "other"})
# More about what one has just said: who is in it, since when, how bad, where exactly.
MORE = re.compile(
    r"老人|老爷子|老子|老娘|娭毑|嗲嗲|奶奶|爷爷|外婆|外公|公公|婆婆|爸|妈|孩子|小孩|伢|宝宝|孕妇|轮椅|残疾|病|岁"
    r"|[七八九]十多?了?|一个人在|一直|已经|开始|越来越|还在|好久|半天|小时|分钟|昨天|早上|昨晚|半夜|好几天|几天了"
    r"|到处|一地|满|里面|外面|里头|外头|这里|那里|这边|那边|这儿|那儿|声音|味|全是|都是水|严重|厉害|快点|麻烦快"
)
# The same at the speaker's, in a clause of its own, said to a message about it: 601也湿了, 俺这儿也黑.
AS_WELL = re.compile(
    r"(?!你|您|他|她|谁|大家)(?:我|我们|咱|俺|阿拉|这|那)?.{0,8}也(?!好|有[水电气网暖]|来[水电气]|是醉|不知|不清|不想|不会|不行啊|没(?:漏|滴|停|堵|响|黑|坏|事|有事|问题|收到|去|看到|听说)|想|要|去|可以|能|会|觉得|同意|支持|赞成|知道|听说"
    r"|问|看到|看见|在(?!滴|漏|响|晃|抖|闪|冒|渗|吵|停)|住|买|姓|姨|来|给|得|该|许|罢).{1,8}"
)
WELL_AGAIN = re.compile(r"(?:好|亮|通|热|行|来|有|正常|恢复|不\w)了$")
KIN_INSIDE = re.compile(
    r"(?:里面|里头|困在|关在|在里|被困|卡在).{0,6}(?:是|有|的)?(?:我|我们|俺|咱|阿拉).{0,3}(?:爷|奶|爸|妈|爹|娘|公|婆|儿|女|孙|崽|娃|孩|伢|妹|弟|哥|姐|老|外甥|媳妇|丈夫|对象)"
    r"|(?:我|我们|俺|咱|阿拉).{0,3}(?:爷|奶|爸|妈|爹|娘|公|婆|儿|女|孙|崽|娃|孩|伢|妹|弟|哥|姐|老|外甥|媳妇|丈夫|对象).{0,6}(?:在里面|在里头|困在|关在|被困|卡在)"
)
TALK = re.compile(r"谢谢|感谢|哈哈|早上好|晚安|吃饭|团购|快递|天气|打麻将|跳舞|好看|恭喜|生日|[?？]$|吗$|呢$")
LONGEST = 40
AT_HOME = re.compile(r"家里|屋里|我家|我屋|俺家|他家|她家|家的?灯|家的?门|卧室|客厅|厨房|阳台|卫生间|浴室|房间")


def bare(text: str) -> bool:
    """+1, 同, 我也是: agreement without a word of what to."""
    return BARE.fullmatch(text.strip(AROUND)) is not None


def likewise(text: str) -> bool:
    """我家也是: agreement that names a place or a person, and no trouble."""
    return bare(text) or LIKEWISE.fullmatch(text.strip(AROUND)) is not None


def signs_up(text: str) -> bool:
    """A purchase, a sign-up, a vote: who says +1 after it wants eggs."""
    return SIGN_UP.search(text) is not None


def not_here(text: str) -> bool:
    """我家有水, 2单元有 正常得很: the neighbour's trouble is not the speaker's."""
    words = text.strip(AROUND)
    return "也" not in words and NOT_HERE.fullmatch(words) is not None


def categories(text: str) -> frozenset[str]:
    """Of which categories the trouble named may be; empty where the words fit any."""
    named = frozenset(category for category, words in NAMED.items() if words.search(text))
    if named:
        return named
    return FAILING if FAILS.search(text) else frozenset()


def more(text: str, *, placed: bool) -> bool:
    """Whether this may be a further word on what the speaker has just reported. placed: it says a place."""
    words = text.strip(AROUND)
    if not 1 < len(words) <= LONGEST or TALK.search(text.strip()) or signs_up(words):
        return False
    return placed or MORE.search(words) is not None


def as_well(text: str) -> bool:
    """Whether a clause says that it is the same with the speaker, whatever it is."""
    clauses = re.split(r"[ ,。.!;:、~…\n]+", text.strip(AROUND))
    return (
        "也" in text
        and not signs_up(text)
        and "?" not in text
        and any(AS_WELL.fullmatch(clause) and not WELL_AGAIN.search(clause) for clause in clauses)
    )


def of_the_family(text: str) -> bool:
    """Whether the speaker says that whoever is in there is one of theirs."""
    return KIN_INSIDE.search(text) is not None


def at_home(text: str) -> bool:
    """Whether it is about somebody's own rooms, not about what a stairwell shares."""
    return AT_HOME.search(text) is not None
