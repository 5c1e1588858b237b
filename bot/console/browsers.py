"""Which browser on which machine, out of what a browser calls itself: enough for people to know their own again.

A table and no library: ua-parser (1.0.2, kept, small) takes WeChat on Android, WeCom, 360 and HarmonyOS for something
else, and these are what offices here have. What is not in the table is said to be unknown; nothing is guessed.
"""

import re

UNKNOWN = "other"

# The first that fits: whoever builds on another's engine names that one as well.
_MACHINES = (
    ("ipad", r"iPad"),
    ("iphone", r"iPhone"),
    ("harmony", r"HarmonyOS|OpenHarmony"),
    ("android", r"Android.*Mobile"),
    ("tablet", r"Android"),
    ("windows", r"Windows"),
    ("mac", r"Macintosh"),
    ("linux", r"Linux|X11"),
)
_BROWSERS = (
    ("wecom", r"wxwork/"),
    ("wechat", r"MicroMessenger/|WindowsWechat"),
    ("dingtalk", r"DingTalk"),
    ("qq", r"QQBrowser/"),
    ("360", r"QIHU|360SE|360EE"),
    ("sogou", r"MetaSr"),
    ("uc", r"UCBrowser/"),
    ("huawei", r"HuaweiBrowser/"),
    ("xiaomi", r"MiuiBrowser/"),
    ("vivo", r"VivoBrowser/"),
    ("oppo", r"HeyTapBrowser/"),
    ("edge", r"Edg(?:e|A|iOS)?/"),
    ("firefox", r"Firefox/|FxiOS/"),
    ("chrome", r"Chrome/|CriOS/"),
    ("safari", r"Version/.*Safari/"),
    ("ie", r"Trident/|MSIE "),
)
_LONGEST = 600


def noted(agent: str) -> str:
    """What is kept of a browser's name for itself: "android/wechat". The rest of it nobody needs to know."""
    said = agent[:_LONGEST]
    return f"{_first(_MACHINES, said)}/{_first(_BROWSERS, said)}"


def read(kept: str) -> tuple[str, str]:
    """Machine and browser of a session, keys of the page's words; of one that was begun before, out of its own name."""
    machine, _, browser = kept.partition("/")
    if machine in _KEYS and browser in _KEYS:
        return machine, browser
    machine, _, browser = noted(kept).partition("/")
    return machine, browser


def _first(table: tuple[tuple[str, str], ...], said: str) -> str:
    return next((key for key, pattern in table if re.search(pattern, said)), UNKNOWN)


_KEYS = {UNKNOWN, *(key for key, _ in (*_MACHINES, *_BROWSERS))}
