"""The colours stand in pairs that can be read: computed from the stylesheet itself, in both themes (WCAG 2.2, AA)."""

import re

import pytest

from bot.console.pages import STATIC

CSS = (STATIC / "console.css").read_text(encoding="utf-8")
TEXT, EDGE = 4.5, 3.0
GROUNDS = ("ground", "surface", "sunk")
PAIRS = [
    *((ink, ground) for ink in ("ink", "muted", "accent", "accent-strong", "red") for ground in GROUNDS),
    *((colour, f"{colour}-soft") for colour in ("red", "amber", "blue", "green", "violet", "grey")),
    ("accent-strong", "accent-soft"), ("ink", "accent-soft"), ("muted", "accent-soft"),
    ("on-accent", "accent"), ("on-accent", "accent-strong"), ("on-danger", "danger"),
]  # fmt: skip
THEMES = {
    "light": r"\n:root \{(.*?)\n\}",
    "dark": r':root\[data-theme="dark"\] \{(.*?)\n\}',
    "dark by the system": r':root:not\(\[data-theme="light"\]\) \{(.*?)\n  \}',
}


def colours(theme: str) -> dict[str, str]:
    found = re.search(THEMES[theme], CSS, re.DOTALL)
    assert found is not None
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", found[1]))


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_every_pair_can_be_read(theme: str) -> None:
    known = colours(theme)
    dim = {pair: round(contrast(known[pair[0]], known[pair[1]]), 2) for pair in PAIRS}
    assert {pair: ratio for pair, ratio in dim.items() if ratio < TEXT} == {}
    assert min(contrast(known["edge"], known[ground]) for ground in ("ground", "surface")) >= EDGE


def test_both_dark_themes_are_one() -> None:
    assert colours("dark") == colours("dark by the system")


def test_nothing_comes_from_elsewhere_and_nothing_is_inline() -> None:
    templates = STATIC.parents[1] / "templates" / "console"
    assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)", CSS) == []
    for path in templates.glob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"https?://", text) == [], path.name
        assert re.findall(r"""<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|<style|\|\s*safe""", text) == [], path.name
