"""The loop in the demonstration: sign, see what is missing, answer by keyboard, save, sign again: covered."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from documentation.demonstration import served
from tests.browser.conftest import PATIENCE_MS, Seen, watch
from tests.browser.steps import VERDICT, answered, send, sign, verdicts
from tests.browser.test_appearance import COLORS, PHONE, serious, tab_to
from tests.browser.test_own_requests import HOSTILE, poisoned, unharmed
from tests.conftest import EMPTY_RECORD, hook_call, order

LINK = "Answer in the documentation form"


@pytest.fixture
def own_demonstration() -> Iterator[str]:
    """A demonstration of the test's own: what is saved in it changes what is said next."""
    with served() as url:
        yield url


@pytest.fixture
def console(browser: Browser, own_demonstration: str) -> Iterator[Page]:
    page = browser.new_context().new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(own_demonstration)
    page.locator("body[data-ready]").wait_for()
    yield page
    page.context.close()


def opened(console: Page) -> tuple[Page, Seen]:
    """The form, opened from the card."""
    with console.context.expect_page() as caught:
        console.locator("#cards .card").get_by_role("link", name=LINK).first.click()
    page = caught.value
    page.set_default_timeout(PATIENCE_MS)
    seen = watch(page)
    page.locator("body[data-ready]").wait_for()
    return page, seen


def form_for_nobody_known(console: Page) -> Page:
    """The form of a patient of whom nothing is on record: everything is asked."""
    send(console, json.dumps(hook_call(order(), prefetch=EMPTY_RECORD)))
    answered(console)
    return opened(console)[0]


def test_sign_see_what_is_missing_answer_save_sign_again_covered(console: Page, own_demonstration: str) -> None:
    sign(console, "hcc-no-child-pugh")
    assert verdicts(console) == ["missing-documentation"]
    form, seen = opened(console)
    expect(form.locator("[data-sentence]")).to_contain_text("Documentation missing: I.C")
    assert serious(form) == []
    form.emulate_media(color_scheme="dark")
    assert serious(form, COLORS) == []
    tab_to(form, "[name='child-pugh-class']")
    form.keyboard.press("Space")
    expect(form.get_by_role("status")).to_contain_text("Likely covered: criterion I.D.1.a is met")
    expect(form.locator("[data-criterion='I.C'] > .head .answer")).to_have_text(re.compile("met"))
    tab_to(form, "#author_name")
    form.keyboard.type("Ines Okafor")
    tab_to(form, "#author_role")
    form.keyboard.type("phys")
    tab_to(form, "button.primary")
    form.keyboard.press("Enter")
    expect(form.get_by_role("heading", name="The form is saved")).to_be_visible()
    expect(form.locator("dl.said")).to_contain_text("Class A, 5 or 6 points")
    assert serious(form) == []
    assert seen.complaints == []
    assert seen.only_from(own_demonstration)
    console.locator("#sign").click()
    expect(console.locator("#cards .card h3").first).to_contain_text("Likely covered")
    expect(console.locator(VERDICT)).to_have_attribute("data-verdict", "covered")
    expect(console.get_by_role("link", name=LINK)).to_have_count(0)


def test_the_questions_of_a_branch_show_once_its_tumor_is_chosen(console: Page) -> None:
    form = form_for_nobody_known(console)
    question = form.locator("[data-question='liver-tumor-count']")
    expect(question).to_be_hidden()
    form.get_by_label("Hepatocellular carcinoma", exact=True).check()
    expect(question).to_be_visible()
    form.get_by_label("Benign tumor").check()
    expect(question).to_be_hidden()
    form.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    assert serious(form) == []


def test_an_answer_that_cannot_be_used_is_said_at_once_beside_it(console: Page) -> None:
    form = form_for_nobody_known(console)
    form.locator("#ecog-grade").fill("nine")
    form.locator("#ecog-grade").blur()
    expect(form.locator("#fault-ecog-grade")).to_have_text("a whole number from 0 to 5 is expected")
    expect(form.locator("#ecog-grade")).to_have_attribute("aria-invalid", "true")
    form.locator("[name='ecog-grade.unknown']").check()
    expect(form.locator("#ecog-grade")).to_have_value("")
    expect(form.locator("#fault-ecog-grade")).to_be_hidden()


def test_what_keeps_a_form_from_being_saved_gets_the_focus_and_leads_to_the_field(console: Page) -> None:
    form = form_for_nobody_known(console)
    form.locator("#ecog-grade").fill("nine")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("alert")).to_be_focused()
    assert serious(form) == []
    form.get_by_role("alert").get_by_role("link", name="Your name").click()
    expect(form.locator("#author_name")).to_be_focused()
    expect(form.locator("#ecog-grade")).to_have_value("nine")


def test_the_form_fits_a_phone(console: Page) -> None:
    form = form_for_nobody_known(console)
    form.set_viewport_size(PHONE)  # type: ignore[arg-type]
    form.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    assert form.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_without_a_script_the_form_is_filled_in_and_saved(
    browser: Browser, console: Page, own_demonstration: str
) -> None:
    sign(console, "hcc-no-child-pugh")
    address = console.locator("#cards .card").get_by_role("link", name=LINK).first.get_attribute("href")
    form = browser.new_context(java_script_enabled=False).new_page()
    form.goto(f"{own_demonstration}{address}")
    form.get_by_label("Class C").check()
    form.get_by_role("button", name="See what this leads to").click()
    expect(form.locator("[data-sentence]")).to_contain_text("Not covered: ")
    form.get_by_label("Class B").check()
    form.get_by_label("Your name").fill("Ines Okafor")
    form.get_by_label("Your role").select_option("nurse")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("heading", name="The form is saved")).to_be_visible()
    form.context.close()


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_in_the_record_does_no_harm_on_the_form(console: Page, text: str) -> None:
    send(console, json.dumps(poisoned(text)))
    answered(console)
    form, seen = opened(console)
    form.set_viewport_size(PHONE)  # type: ignore[arg-type]
    form.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    expect(form.locator(".about")).to_contain_text(text[:16])
    unharmed(form, "Documentation form, policy 151")
    assert form.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert serious(form) == []
    assert seen.complaints == []
