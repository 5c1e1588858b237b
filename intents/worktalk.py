"""What somebody on duty says of a matter in hand, among neighbours: clause by clause. Pure; takes folded text.

A message in a group is rarely a command from end to end: "那根线松了 都接牢了 你们再试试". Here one clause
says what was done, and the others may say what they like, as long as none of them says that it is still to come.
"""

import re
from collections.abc import Callable
from dataclasses import replace

from intents.verdict import Command

BETWEEN = re.compile(r"[ ,。.!;:、~…\n]+|(?<=\?)")
MENTION = re.compile(r"@[^\s,。:;!?]{1,24}\s?")
MOST_CLAUSES, LONGEST_CLAUSE = 12, 40
LONGEST = 160
A_SENTENCE = 3  # characters: 我去 alone may as well be an oath
AROUND = " ,。.!、;:~…"
# What the whole message says by itself is left as it is.
PLAIN = frozenset(
    {"resolve", "attend", "escalate", "transfer", "rescued", "refuse", "undo", "merge", "split", "list", "details",
     "relay", "human", "pause", "wait"}
)  # fmt: skip

ACK = re.compile(
    r"(?:我)?(?:收到|要得|知道|明白|好的|好嘞|好滴|好勒|了解|看到|晓得|ok|得嘞|行嘞|中嘞)(?:消息)?(?:了|啦|咯|哉|喽|嘛|哈|啊|呢|咧|嘞)?"
)
# An invitation to look whether it is right now: only who has done something says so.
LOOK = r"(?:看|试|坐|放|开|用|按|听|摸|拧|冲|刷|走|闻|瞧|瞅|睇|感受|体验|检查)"
CHECK = re.compile(
    rf"(?:大家|各位|你们?|您|麻烦|请|方便时?|有空|先|去|也|都|等下|现在|\d{{3,4}}|的|家|那边){{0,4}}(?:再|帮忙|来|重新|先|去){{0,2}}{LOOK}"
    r"(?:一)?(?:下|哈|看|试|眼|趟|遍|试看|下看|下试|哈看|哈子)(?:看|试|看看|试试|子|吧|呢|哈|先|嘛|咯|啊){0,2}(?:还.{1,6}|行不行|好没好|有没有.{1,4}|好了没|怎么样)?"
    rf"|(?!.{{0,6}}(?:我|咱|师傅|电工|维保|他)).{{0,6}}(?:再|你们?|大家|各位|您){{1,2}}{LOOK}{LOOK}(?:看|吧|呢|哈|先|还.{{1,6}})?"
    rf"|(?!.{{0,6}}(?:我|咱|师傅|电工|维保|他)).{{0,6}}再{LOOK}(?:来|起来?|开|上|过|出来)?(?:看|试)(?:看|试|下|哈|一下|一哈|子){{0,2}}"
    r"|(?:你们|大家|各位|那边|家里|屋里)?(?:现在|这下|这会儿?|这回)(?:呢|怎么样|咋样|如何|好了没有?|行了没有?|还.{1,4}(?:吗|不|没)|有没有.{0,4}|可以了吧?|行不行|好不好)\??"
    r"|(?:看看|试试|瞧瞧|听听)(?:还.{1,6}|好了没有?|行不行|有没有.{1,6}|怎么样)?|(?:不行|有问题|不好)(?:再|就|随时|你们?)(?:喊|叫|找|说|讲|打|联系).{0,6}"
    r"|(?!.{0,8}(?:我|咱|师傅|电工|维保|他|去看|来看|去试)).{0,6}(?:试试|试一?[下哈]|看看|看一?[下哈])(?:看|子|先|吧|呢|还.{1,6}){0,2}"
    r"|(?:你们?|您|大家|各位).{0,6}有.{0,4}(?:没得?|没有|不)\??"
    r"|(?:大家|各位|你们)?(?:可以|能)(?:放心)?(?:坐|用|走|进|出|开|停|充|洗|做饭|上楼|下楼)(?:了|啦)"
)
# Work that is done, in whatever words: a verb of hands and what came of it.
_HANDS = (
    r"(?:修|换|焊|接|缠|拧|装|做|冲|洗|调|补|清|推|拉|合|关|堵|通|捅|锯|剪|砍|搬|拖|铲|刷|涂|打|加|绑|固定|复位|处理|疏通"
    r"|更换|清理|整改|重启|送|扛|抬|挪|运|扫|抽|排|紧|粘|贴|架|立|填|盖|围|封|拆|喷|灌|搞|弄|整|掏|挖|磨|校|喂|找|领|买|配|检|查|撬|开|铺|垫)"
)
DONE = re.compile(
    rf"(?:.{{0,12}}?)(?:已经?|都|全|全部|也|给|重新|刚|刚刚|刚才|又)?{_HANDS}(?:好|掉|上|完|开|走|通|紧|平|妥|牢|干净|齐|到位|回)?(?:上去|下来|出来|进去|回去|起来|过去)?"
    r"(?:了|啦|咯|哉|喽|嘞|咧|过了)(?:.{0,8})"
    rf"|.{{0,10}}(?:已经?|都|全|全部){{1,2}}{_HANDS}(?:好|掉|上|完|开|走|通|紧|平|妥|牢|干净|到位|毕)?"
    rf"|.{{0,12}}(?:处理|修理|抢修|更换|清理|清运|整改|疏通|恢复|维修|检修|排查|安装|调试)(?:完毕|完成|完|结束|好|妥当?)(?:了)?"
    rf"|.{{0,8}}{_HANDS}了?[一二两三四五六七八九十几]?(?:遍|趟|次|轮|个|根|块|截|段|道)(?:.{{0,6}})"
)
# Done, and nothing said of what is still to come: enough of what the speaker has in hand already.
CAME_OF_IT = re.compile(
    rf".{{0,12}}?{_HANDS}(?:好|掉|上|完|开|走|通|紧|平|妥|牢|干净|齐|到位|顺|到.{{0,4}}?)(?:上去|下来|出来|进去|去|来)?(?:了|啦|咯|哉|喽|嘞|咧){{1,2}}.{{0,6}}"
    rf"|.{{0,12}}(?:已经?|都|全|全部){{1,2}}{_HANDS}(?:过)?(?:了|啦|咯|哉|喽|嘞|咧).{{0,6}}|.{{0,8}}把.{{1,8}}{_HANDS}(?:上|好|掉|开|走)?(?:了|啦|咯|哉|喽|嘞|咧).{{0,6}}"
)
# In so many words: that needs no invitation beside it.
FINISHED = re.compile(
    r".{0,12}(?:处理|修理|抢修|更换|清理|清运|整改|疏通|恢复|维修|检修|排查|安装|调试)(?:已经?|都|全部)?(?:完毕|完成)(?:了)?"
)
# The supply itself is back, whatever else is still seen to.
SUPPLY_BACK = re.compile(
    r".{0,6}(?:(?:水|电|气|暖气?|热水|灯|网)(?:都|也|全|又|已经|终于|总算){0,2}(?:来|有|通|亮|上来|送上|恢复|热)(?:了|啦|咯|哉|嘞|咧){1,2}"
    r"|(?:来|通|有|送)(?:水|电|气|暖|热水)(?:了|啦|咯|哉|嘞|咧){1,2}|恢复(?:供水|供电|供气|供暖|用水|用电)(?:了)?)(?:.{0,4})"
)
# It is not done, or only for now; or the clause asks.
PENDING = re.compile(
    r"还[没未要得差在]|没(?:修|换|弄|搞|好|通|来|到|整|做)|未|等(?!于)|明[天早晚]|后天|听日|下周|下个?月|预计|估计|争取|准备|打算|才能|要(?:换|等|停|订|动|报|到|修|请|返厂)"
    r"|应急|临时|暂时|凑合|先(?:用|顶|凑合|垫|接|围)|正在|正[一-龥]{1,2}(?:着|呢)|在(?:修|换|弄|查|抢|赶|焊|挖)|如果|要是|[?]|吗|没有?$|伐$|哪|谁|怎么|几时|什么|尽快|尽早|力争|又|更(?!换)|反而|听说|说是|好评|告诉我|说一声|先把"
    r"|(?:师傅|厂家|电工|他们|物业|维保).{0,6}(?:下午|晚上|等下|待会|一会|傍晚)"
)
BARE_DONE = re.compile(r"(?:好|行|完|可以|得|妥|成)(?:了|啦|咯|嘞){1,2}")  # may as well end a talk: 好了,散会
# Going there, or seeing to it: enough where the message quotes the matter, so that it is plain which.
GOING = re.compile(
    r".{0,8}(?:我|我们|咱们?)(?:.{0,4})(?:就|马上|即刻|这就|现在|下午|上午|晚上|等下|等会|待会|一会|先|再|也|中午|明天|明早|带.{1,4}|喊.{1,4}|叫.{1,4}|让.{1,4}|找.{1,4}|跟.{1,4}|在|正在|已经|已|给.{1,4}){0,3}"
    r"(?:去|来|过来|过去|上去|下去|上来|下来|上楼|下楼|到|联系|打电话|通知|处理|协调|跟|办|拉|关|看|查|安排|派).{0,8}"
)
NO_GOING = re.compile(
    r"不(?!急|着急|用急)|没|[?]|吗|要是|如果|昨天|上次|以前|去年|前年|上班|买菜|接孩子|吃饭|打牌|医院|旅游|想"
)


def heard(text: str, whole: Command | None, hear: Callable[[str], Command | None], *, quotes: bool) -> Command | None:
    """What a message of somebody on duty wants done, read clause by clause.

    text: folded. whole: what it says as one command, which stands where it is plain. hear: reads one clause as a
    handler's command. quotes: the message answers another, so that it need not say what it is about. An acknowledgement
    with nothing that is done, and work told with nothing that says it was this, come back as `bare`: they move only
    what is plainly meant.
    """
    if (whole is not None and (whole.verb in PLAIN or whole.bare)) or len(text) > LONGEST:
        return whole
    clauses = cut(text)
    if not clauses or len(clauses) > MOST_CLAUSES:
        return whole
    read = [hear(clause) if len(clause) <= LONGEST_CLAUSE else None for clause in clauses]
    said = {command.verb for command in read if command is not None}
    note = " ".join(clause for clause in clauses if ACK.fullmatch(clause) is None)
    number = next((c.number for c in (whole, *read) if c is not None and c.number is not None), None)
    made = Command("resolve", number=number, note=note)
    if "rescued" in said:
        return replace(made, verb="rescued")
    if _is_done(clauses, read, quotes=quotes):
        return made
    if "escalate" in said:
        return replace(made, verb="escalate")
    if whole is None and "attend" in said:
        return replace(made, verb="attend")
    if _came_of_it(clauses) and ACK.fullmatch(clauses[0]) is None:
        return replace(made, bare=True)
    if whole is not None and whole.verb == "accept":
        return whole
    if whole is not None and quotes and ACK.fullmatch(clauses[0]):
        return replace(made, verb="accept")  # 收到 已经报给物业了: taken, and what is being done is its note
    if _takes(clauses, read, quotes=quotes):
        return replace(made, verb="accept")
    if whole is not None:
        return whole
    if "progress" in said and quotes:
        return replace(made, verb="progress")
    return replace(made, verb="accept", bare=True) if ACK.fullmatch(clauses[0]) else None


def cut(text: str) -> list[str]:
    """The clauses of a folded message, without mentions and the punctuation around them."""
    return [part for piece in BETWEEN.split(MENTION.sub("", text)) if (part := piece.strip(AROUND))]


def supply_back(text: str) -> bool:
    """Whether a clause of a folded message says that water, power or the like is back."""
    return any(SUPPLY_BACK.fullmatch(clause) and not PENDING.search(clause) for clause in cut(text))


def _is_done(clauses: list[str], read: list[Command | None], *, quotes: bool) -> bool:
    plain = (clause for clause in clauses if SUPPLY_BACK.fullmatch(clause) or FINISHED.fullmatch(clause))
    if any(not PENDING.search(clause) for clause in plain):
        return True
    checked = any(CHECK.fullmatch(clause) for clause in clauses)
    told = [
        clause
        for clause, command in zip(clauses, read, strict=True)
        if not PENDING.search(clause)
        and (quotes or len(clauses) == 1 or not BARE_DONE.fullmatch(clause))
        and command is not None
        and command.verb == "resolve"
    ]
    if told and (checked or not any(PENDING.search(clause) for clause in clauses if clause not in told)):
        return True
    return checked and any(
        DONE.fullmatch(clause) and not PENDING.search(clause) and CHECK.fullmatch(clause) is None for clause in clauses
    )


def _came_of_it(clauses: list[str]) -> bool:
    return any(CAME_OF_IT.fullmatch(c) for c in clauses) and not any(PENDING.search(c) for c in clauses)


def _takes(clauses: list[str], read: list[Command | None], *, quotes: bool) -> bool:
    for clause, command in zip(clauses, read, strict=True):
        if command is not None and command.verb == "accept" and not command.bare and len(clause) >= A_SENTENCE:
            return True
    return quotes and any(GOING.fullmatch(clause) and not NO_GOING.search(clause) for clause in clauses)
