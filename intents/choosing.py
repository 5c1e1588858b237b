"""Which of a few numbered sentences somebody wants and which not: 要, 1要, 第一句要第二句不用, 都不用. Pure."""

import re
from collections.abc import Mapping

_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_DIGITS |= {"①": 1, "②": 2, "③": 3, "④": 4, "⑤": 5, "⑥": 6, "⑦": 7, "⑧": 8, "⑨": 9}
_N = "[1-9一二两三四五六七八九①-⑨]"
_NAMES = rf"第?{_N}(?:句|个|条|件|号|项)?(?:(?:和|跟|与|、|,|，| ){{1,2}}第?{_N}(?:句|个|条|件|号|项)?){{0,8}}"
_NO = (
    r"(?:就|先|也|可以)?(?:不用|不要|不必|不是|不需要|不记|别记|莫记|算了|没事|不|唔使|唔要|冇事)"
    r"(?:管|记|了|报|报修|建单|理|的|吧|啊|喇|啦){0,3}"
)
_YES = (
    r"(?:就|是|也|帮我|麻烦|要|请|可以|给我){0,2}(?:报修|要|记|报|建|开|管|办)"
    r"(?:一?下|成|个|上|的|了|报修|单|吧|啊|呀|嘛|喇){0,4}"
)
_TAIL = r"(?:吧|啊|呀|了|的|哈|谢谢|,谢谢|，谢谢){0,2}"
_ALL = r"(?:都|全部?|两句都|两个都|三句都|三个都|通通|统统|一起|一概)"
_BETWEEN = r"[\s,，。.;；、]{0,3}"

_PART = re.compile(
    rf"(?:(?P<names>{_NAMES})(?:是|就|都|那句|那个|的){{0,2}}(?:(?P<no>{_NO})|(?P<yes>{_YES}))"
    rf"|(?P<only>只|就)?(?:(?P<no_before>不要|不用|不记|别记)|(?P<yes_before>{_YES}))(?P<named>{_NAMES})){_TAIL}"
)
_OTHERS = r"(?:其他的?|其它的?|别的|剩下的?|另外的?(?:一句|一个)?|余下的?)(?:都|就)?"
_REST = re.compile(rf"{_OTHERS}(?:(?P<no>{_NO})|(?P<yes>{_YES})){_TAIL}")
_EVERY_NO = re.compile(rf"(?:{_ALL}{_NO}|{_NO}{_ALL}|没一句要(?:记|管)?){_TAIL}")
_EVERY_YES = re.compile(rf"{_ALL}{_YES}{_TAIL}")
_BARE_YES = re.compile(rf"(?:嗯|好|好的|对|是|行)?[,， ]?(?:{_YES}|需要|系|要得){_TAIL}")
_BARE_NO = re.compile(rf"(?:{_NO}|没有|不好|否){_TAIL}")
_LONGEST = 40
_AROUND = " ,，。.!！~～、;；“”\"'"


def chosen(text: str, count: int) -> Mapping[int, bool] | None:
    """For each sentence meant, by its number from 1: True for wanted, False for not. None where the text says neither.

    count: how many there are. A number beyond it, or one both wanted and not, makes it no answer. A bare 要 is an
    answer only where there is one sentence: of several it does not say which (then the mapping is empty).
    """
    said = text.strip(_AROUND)
    if not said or len(said) > _LONGEST:
        return None
    everything = range(1, count + 1)
    if _EVERY_NO.fullmatch(said) or _BARE_NO.fullmatch(said):
        return dict.fromkeys(everything, False)
    if _EVERY_YES.fullmatch(said):
        return dict.fromkeys(everything, True)
    if _BARE_YES.fullmatch(said):
        return {1: True} if count == 1 else {}
    return _parts(said, count)


def bare(text: str) -> bool:
    """Whether it is a word that could answer anything ("要", "不用"): it counts only right after the question."""
    said = text.strip(_AROUND)
    return bool(_BARE_YES.fullmatch(said) or _BARE_NO.fullmatch(said))


def _parts(said: str, count: int) -> Mapping[int, bool] | None:
    found: dict[int, bool] = {}
    at, only = 0, False
    while at < len(said):
        gap = re.compile(_BETWEEN).match(said, at)
        at = gap.end() if gap else at
        if rest := _REST.match(said, at):
            found |= {n: bool(rest["yes"]) for n in range(1, count + 1) if n not in found}
            at = rest.end()
            continue
        part = _PART.match(said, at)
        if part is None:
            break
        wanted = bool(part["yes"] or part["yes_before"])
        only = only or bool(part["only"] and wanted)
        for n in _numbers(part["names"] or part["named"]):
            if n > count or found.get(n, wanted) != wanted:
                return None
            found[n] = wanted
        at = part.end()
    if at < len(said) or not found:
        return None
    return found | ({n: False for n in range(1, count + 1) if n not in found} if only else {})


def _numbers(names: str) -> list[int]:
    return [int(c) if c.isdecimal() else _DIGITS[c] for c in re.findall(_N, names)]
