"""What somebody who was just asked to help says in other words than 我来 and 不方便, and asks before deciding. Pure."""

import re

CAN = re.compile(
    r"(?:那|那就)?我?(?:可以|能去|有空|有时间|没问题|愿意|能帮|得空)(?:去|的|啊|呀|帮忙?|来|了){0,2}[。.~]?"
)
CANNOT = re.compile(
    r"(?:不好意思|对不起|抱歉)?[,，。 ]{0,2}(?:我|今天|现在|这会儿?|上午|下午|晚上|实在|正|这两天){0,3}"
    r"(?:没空|没时间|没得空|不得空|走不开|抽不开身|忙着|在上班|在外[面地]|出不来)(?:呢|了|啊|呀|哦|哈)?[。.~]?"
    r"(?:[,，。 ]{1,2}(?:不好意思|对不起|抱歉|下次.{0,4}|找别人吧?))?"
)
ASKS = re.compile(
    r"(?:请问|是)?(?:几点|什么时候|哪天|住?(?:在)?(?:哪|几)[一里个栋楼家户单]?|门牌|房号|地址|远不远|多久|谁家|重不重|要多长时间)"
    r"[^,，。]{0,8}[?？]?"
)


def said(text: str) -> str | None:
    """yes, no, asks (where, when), or nothing of the kind, of a whole message."""
    for pattern, meant in ((CAN, "yes"), (CANNOT, "no"), (ASKS, "asks")):
        if pattern.fullmatch(text.strip()):
            return meant
    return None
