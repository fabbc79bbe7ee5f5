"""A browser before the demonstration: Debian's Chromium, driven by Playwright; nothing comes from elsewhere."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, Response, sync_playwright

from documentation.demonstration import served

NAMES = ("chromium", "chromium-browser", "google-chrome")
PATIENCE_MS = 15_000


@pytest.fixture(scope="session")
def chromium() -> str:
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        reason = "no Chromium on this machine: apt-get install chromium, then the browser tests run"
        if os.environ.get("CI_CHROMIUM") == "required":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # Chromium refuses its sandbox to root, who runs the tests in containers.
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def demonstration() -> Iterator[str]:
    with served(insights=True) as url:
        yield url


@dataclass  # Playwright marks the methods it calls: neither frozen nor slots would allow that
class Seen:
    """What the browser was asked, what it got, and what it complained of."""

    requests: list[Request]
    responses: list[Response]
    complaints: list[str]

    def only_from(self, url: str) -> bool:
        return all(request.url.startswith((url, "blob:", "data:")) for request in self.requests)

    def request(self, request: Request) -> None:
        self.requests.append(request)

    def response(self, response: Response) -> None:
        self.responses.append(response)

    def failed(self, error: Error) -> None:
        self.complaints.append(str(error))

    def told(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)


def watch(page: Page) -> Seen:
    seen = Seen([], [], [])
    page.on("request", seen.request)
    page.on("response", seen.response)
    page.on("pageerror", seen.failed)
    page.on("console", seen.told)
    return seen


Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, demonstration: str) -> Iterator[Open]:
    """Open a page of the demonstration. At the end: no script failed, nothing was asked of another site.

    A request the service refuses is told by `refused=True`: browsers report each as an error.
    """
    opened: list[tuple[Page, Seen, bool]] = []

    def start(path: str = "/", refused: bool = False, **context: Any) -> Page:
        page = browser.new_context(**context).new_page()
        page.set_default_timeout(PATIENCE_MS)
        opened.append((page, watch(page), refused))
        page.goto(f"{demonstration}{path}")
        return page

    yield start
    for page, seen, refused in opened:
        page.context.close()
        assert refused or seen.complaints == []
        assert seen.only_from(demonstration)


@pytest.fixture
def console(open_page: Open) -> Page:
    """The console, ready."""
    page = open_page()
    page.locator("body[data-ready]").wait_for()
    return page
