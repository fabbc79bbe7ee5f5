"""Dark and light, phone and desk, by keyboard alone, light to load, and nothing axe-core finds serious."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, watch
from tests.browser.steps import answered, sign

PHONE = {"width": 360, "height": 740}
PAGES = ["/", "/policies", "/policies/151", "/policies/151/value-sets", "/policies/151/sign-off", "/console/insights"]
HEAVIEST = 300_000
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLORS = ["color-contrast", "link-in-text-block"]
"""What dark mode can change: the other rules look at the same elements either way."""


def serious(page: Page, rules: list[str] | None = None) -> list[tuple[str, str]]:
    found: Any = (
        Axe().run(page, options={"runOnly": rules or RULES, "resultTypes": ["violations"]}).response["violations"]
    )
    worst = [one for one in found if one["impact"] in ("serious", "critical")]
    return [(one["id"], node["html"][:200]) for one in worst for node in one["nodes"]]


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_serious(open_page: Open, path: str) -> None:
    page = open_page(path)
    assert serious(page) == []
    page.emulate_media(color_scheme="dark")
    assert serious(page, COLORS) == []


def test_axe_finds_nothing_serious_in_an_answer(console: Page) -> None:
    sign(console, "hcc-no-child-pugh")
    console.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    assert serious(console) == []
    console.emulate_media(color_scheme="dark")
    console.locator("[data-evidence]").first.click()
    expect(console.get_by_role("dialog")).to_be_visible()
    assert serious(console, COLORS) == []


def test_dark_mode_is_dark(open_page: Open) -> None:
    def brightness(scheme: str) -> float:
        color = open_page(color_scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(int(part) for part in color.strip("rgb()").split(","))

    assert brightness("dark") < 120 < 600 < brightness("light")


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_is_wide_enough(open_page: Open, path: str) -> None:
    page = open_page(path, viewport=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_an_answer_fits_a_phone(open_page: Open) -> None:
    page = open_page(viewport=PHONE)
    page.locator("body[data-ready]").wait_for()
    sign(page, "crc-unproven-confinement")
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there, as a person without a mouse does."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement?.matches(selector) ?? false", selector):
            return
    pytest.fail(f"the keyboard does not reach {selector}")


def test_the_keyboard_alone_is_enough(console: Page) -> None:
    tab_to(console, "a.skip")
    tab_to(console, "[data-situation='hcc-too-large']")
    console.keyboard.press("Enter")
    expect(console.locator("#orders-title")).to_be_focused()
    tab_to(console, "#code")
    console.keyboard.type("simulation")
    expect(console.locator("#codes").get_by_role("option").first).to_be_visible()
    console.keyboard.press("ArrowDown")
    console.keyboard.press("Enter")
    expect(console.locator("#orders li")).to_have_count(2)
    tab_to(console, "#sign")
    console.keyboard.press("Enter")
    answered(console)
    expect(console.locator("#cards-title")).to_be_focused()
    tab_to(console, ".tree [data-evidence]")
    console.keyboard.press("Enter")
    expect(console.get_by_role("dialog")).to_be_visible()
    console.keyboard.press("Escape")
    expect(console.locator(".tree [data-evidence]").first).to_be_focused()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_light_to_load(open_page: Open, path: str) -> None:
    page = open_page("/health")
    seen = watch(page)
    page.goto(page.url.removesuffix("/health") + path)
    if path == "/":
        page.locator("body[data-ready]").wait_for()
    assert sum(len(response.body()) for response in seen.responses) < HEAVIEST
