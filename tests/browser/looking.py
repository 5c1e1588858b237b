"""A page as axe sees it: what it calls serious or worse, in the light and in the dark."""

from pathlib import Path
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

Scheme = Literal["light", "dark"]
# Axe is on the page already. Of its rules these two ask for colours; the others ask for what SHOWN would tell of.
COLOURS = """axe.run({resultTypes: ["violations"],
    runOnly: {type: "rule", values: ["color-contrast", "link-in-text-block"]}})"""
# The switch of the theme has another face in the dark, which is meant: there it is asked about by all rules.
SWITCH = """document.querySelector(".theme") ? axe.run(".theme", {resultTypes: ["violations"]}) : {violations: []}"""
SHOWN = """[...document.querySelectorAll("body *")].filter(one => !one.closest(".theme")).map(one => {
    const size = one.getBoundingClientRect();
    return [one.checkVisibility(), Math.round(size.width), Math.round(size.height)].join();
}).join(" ")"""


def faults(page: Page) -> list[str]:
    """What axe calls serious or worse on this page, and whether it can be moved sideways."""
    found = serious(Axe().run(page).response)
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [*found, "wider than the window"] if wide else found


def serious(response: Any) -> list[str]:
    return [
        f"{rule['id']}: {node['html'][:120]}"
        for rule in response["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


def in_both_themes(page: Page, folder: Path, name: str) -> list[str]:
    """The faults of a page in the light, and in the dark those of its colours: nothing else is another there, which is
    made sure of. Leaves a picture of each in the folder: NAME-light.png, NAME-dark.png.
    """
    page.emulate_media(color_scheme="light")
    page.screenshot(path=folder / f"{name}-light.png", full_page=True)
    found = faults(page)
    shown = page.evaluate(SHOWN)
    page.emulate_media(color_scheme="dark")
    page.screenshot(path=folder / f"{name}-dark.png", full_page=True)
    found += [f"in the dark: {fault}" for asked in (COLOURS, SWITCH) for fault in serious(page.evaluate(asked))]
    return found if page.evaluate(SHOWN) == shown else [*found, "the dark shows something else"]
