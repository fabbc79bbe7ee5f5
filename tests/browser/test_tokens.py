"""Where the service asks for tokens the console signs its calls, and shows no token to anyone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from documentation.demonstration import served
from tests.browser.conftest import PATIENCE_MS
from tests.browser.steps import sign, verdicts


@pytest.fixture(scope="module")
def guarded() -> Iterator[str]:
    with served(auth="jwt") as url:
        yield url


def test_a_call_is_signed_where_tokens_are_required(browser: Browser, guarded: str) -> None:
    page = browser.new_context().new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(guarded)
    page.locator("body[data-ready]").wait_for()
    with page.expect_request("**/cds-services/order-sign-crd") as caught:
        sign(page, "hcc-covered")
    assert caught.value.headers["authorization"].startswith("Bearer ")
    assert verdicts(page) == ["covered"]
    page.locator("#drawer > summary").click()
    expect(page.locator("#headers")).to_contain_text("Authorization: Bearer ...")
    expect(page.locator("#curl")).to_contain_text("Bearer $TOKEN")
    page.context.close()
