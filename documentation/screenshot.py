"""The picture of the console in the README, taken of the running product: `make screenshot`."""

import shutil
import sys
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, sync_playwright

from documentation.demonstration import served

PICTURE: Final = Path(__file__).parents[1] / "docs" / "console.png"
SIZE: Final = {"width": 1200, "height": 800}
PATIENT: Final = "hcc-no-child-pugh"


def take(page: Page, url: str) -> None:
    """Sign an order for which documentation is missing, and take the picture where the tree begins."""
    page.goto(url)
    page.locator("body[data-ready]").wait_for()
    page.locator(f"[data-situation='{PATIENT}']").click()
    page.locator("#orders li").first.wait_for()
    page.locator("#sign").click()
    page.locator(".explanation").wait_for()
    page.evaluate("document.querySelector('.explanation').scrollIntoView()")
    page.screenshot(path=PICTURE)


def main() -> None:
    """Take it; exit 1 without a browser."""
    chromium = next(
        (p for name in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(name))), None
    )
    if chromium is None:
        sys.exit("no Chromium on this machine: apt-get install chromium")
    with served() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        take(browser.new_page(viewport={"width": SIZE["width"], "height": SIZE["height"]}), url)
        browser.close()


if __name__ == "__main__":
    main()
