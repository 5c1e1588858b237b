"""What looks at the pages in both themes finds what is wrong in one of them."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.looking import in_both_themes

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("dark", "fault"),
    [
        ("body { background: #111; color: #eee }", ""),
        ("body { background: #111; color: #222 }", "in the dark: color-contrast"),
        ("p { display: none }", "the dark shows something else"),
    ],
)
def test_what_is_wrong_in_the_dark_alone_is_found(browser: Browser, tmp_path: Path, dark: str, fault: str) -> None:
    page = browser.new_page()
    page.set_content(
        "<html lang=en><title>t</title><style>body { background: #fff; color: #000 }"
        f"@media (prefers-color-scheme: dark) {{ {dark} }}</style><main><h1>Title</h1><p>Some words</p></main></html>"
    )
    found = in_both_themes(page, tmp_path, "page")
    page.close()
    assert (found == []) is (fault == "")
    assert all(one.startswith(fault) for one in found)


def test_the_switch_is_looked_at_in_the_dark_too(browser: Browser, tmp_path: Path) -> None:
    page = browser.new_page()
    page.set_content(
        "<html lang=en><title>t</title><style>.theme { height: 3em; overflow: hidden } .dark { display: none }"
        "@media (prefers-color-scheme: dark) { .dark { display: inline } .light { display: none } }</style><main>"
        "<h1>Title</h1><div class=theme><button class=light>dark</button><button class=dark></button></div></main>"
    )
    found = in_both_themes(page, tmp_path, "page")
    page.close()
    assert [fault.split(":")[1].strip() for fault in found] == ["button-name"]
    assert found[0].startswith("in the dark")
