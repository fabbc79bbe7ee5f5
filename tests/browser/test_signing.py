"""A clinician signs: the call an EHR makes, the cards it shows, the verdict behind them."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from cds_service.demo_ehr import Situation
from tests.browser.conftest import PATIENCE_MS
from tests.browser.steps import SITUATIONS, VERDICT, answered, choose, expected_of, sign, verdicts

CALL = "**/cds-services/order-sign-crd"


@pytest.fixture(scope="module")
def one_day(browser: Browser, demonstration: str) -> Iterator[Page]:
    """A console in which one patient is signed after the other."""
    page = browser.new_context().new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(demonstration)
    page.locator("body[data-ready]").wait_for()
    yield page
    page.context.close()


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda s: s.id)
def test_each_patient_is_signed_and_the_verdict_seen(one_day: Page, situation: Situation) -> None:
    sign(one_day, situation.id)
    expected = expected_of(situation)
    assert verdicts(one_day) == [outcome for outcome, _ in expected]
    told = one_day.locator(VERDICT).all_inner_texts()
    assert all(number in text for text, (_, criteria) in zip(told, expected, strict=True) for number in criteria)
    assert one_day.locator("#cards .card").count() >= len(expected)


def test_the_call_is_the_one_an_ehr_makes(console: Page) -> None:
    with console.expect_request("**/cds-services/order-sign-crd") as caught:
        sign(console, "hcc-covered")
    sent = caught.value.post_data_json
    assert sent["hook"] == "order-sign"
    assert sent["context"]["encounterId"] == "hcc-covered-encounter"
    assert {"patient", "encounter", "coverage", "conditions", "observations", "procedures"} <= set(sent["prefetch"])


def test_a_card_has_its_indicator_detail_link_and_source_as_in_an_ehr(console: Page) -> None:
    sign(console, "hcc-no-child-pugh")
    card = console.locator("#cards .card").first
    expect(card.get_by_role("heading", name="Documentation missing: I.C")).to_be_visible()
    expect(card).to_contain_text("Warning")
    expect(card.get_by_role("table")).to_be_visible()
    expect(card).to_contain_text("Source: Providence Health Plan (demonstration)")


def test_the_statement_on_the_order_is_shown_beside_the_cards(console: Page) -> None:
    sign(console, "hcc-covered")
    expect(console.locator("#actions")).to_contain_text("covered")


def test_a_card_that_is_overridden_is_told_to_the_service(console: Page) -> None:
    sign(console, "hcc-too-large")
    with console.expect_request("**/feedback") as caught:
        console.get_by_role("button", name="Override").click()
    expect(console.locator("#cards")).to_contain_text("Overridden; the service was told.")
    assert caught.value.post_data_json["feedback"][0]["overrideReason"]["reason"]["code"]


def test_a_suggestion_that_is_accepted_changes_the_drafts_and_is_told_to_the_service(console: Page) -> None:
    sign(console, "hcc-no-child-pugh")
    before = console.locator("#orders li").count()
    with console.expect_request("**/feedback") as caught:
        console.get_by_role("button", name="Accept: Order albumin").click()
    expect(console.locator("#orders li")).to_have_count(before + 1)
    expect(console.locator("#orders")).to_contain_text("albumin")
    assert caught.value.post_data_json["feedback"][0]["outcome"] == "accepted"


def test_the_card_leads_to_the_criterion_on_the_policy_page(console: Page) -> None:
    sign(console, "hcc-no-child-pugh")
    with console.context.expect_page() as opened:
        console.locator("#cards .card").get_by_role("link", name="Policy 151, criterion I.C").click()
    assert opened.value.url.endswith("/policies/151#I.C")
    expect(opened.value.locator("li:target")).to_contain_text("Child-Pugh class is A or B")


@pytest.mark.parametrize(
    ("words", "code", "outcome"),
    [("histotripsy", "0686T", "not-covered"), ("47383", "47383", "covered"), ("yttrium", "C2616", "no-criterion")],
)
def test_an_order_is_found_by_code_or_words_and_signed(console: Page, words: str, code: str, outcome: str) -> None:
    choose(console, "hcc-covered")
    console.get_by_role("button", name="Remove the order").click()
    expect(console.locator("#sign")).to_be_disabled()
    console.get_by_role("combobox", name="Add an order").fill(words)
    console.locator("#codes").get_by_role("option").filter(has_text=code).first.click()
    console.get_by_role("button", name="Sign").click()
    answered(console)
    assert verdicts(console) == [outcome]


def test_an_order_nobody_knows_is_not_offered(console: Page) -> None:
    choose(console, "hcc-covered")
    console.get_by_role("combobox", name="Add an order").fill("appendectomy")
    expect(console.locator("#codes").get_by_role("option")).to_have_count(0)


def test_patients_are_found_by_their_history(console: Page) -> None:
    console.get_by_label("Find a patient").fill("melanoma")
    expect(console.locator(".patient:visible")).to_have_count(1)
    expect(console.locator(".patient:visible .avatar")).to_have_text(re.compile(r"^[A-Z]{2}$"))


def test_developers_see_request_response_headers_time_and_a_curl_that_can_be_copied(console: Page) -> None:
    console.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign(console, "histotripsy")
    console.locator("#drawer > summary").click()
    expect(console.locator("#timing")).to_have_text(re.compile(r"^200 in \d+ ms"))
    expect(console.locator("#headers")).to_contain_text("content-security-policy")
    expect(console.locator("#response")).to_contain_text('"cards"')
    console.get_by_role("button", name="Copy curl").click()
    expect(console.locator("#copied")).to_have_text("Copied.")
    copied = console.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("curl -s http://127.0.0.1")
    assert '"hook":"order-sign"' in copied


def test_an_answer_that_comes_after_another_patient_was_chosen_is_not_shown(console: Page) -> None:
    held: list[Route] = []
    explained: list[Request] = []

    def hold(route: Route) -> None:
        held.append(route)

    def count(request: Request) -> None:
        if request.url.endswith("/console/explanation"):
            explained.append(request)

    console.on("request", count)
    console.route(CALL, hold, times=1)
    choose(console, "hcc-covered")
    with console.expect_request(CALL):
        console.locator("#sign").click()
    choose(console, "hcc-too-large")
    with console.expect_response(CALL):
        held[0].continue_()
    console.locator("#sign").click()
    answered(console)
    assert verdicts(console) == ["not-covered"]
    assert len(explained) == 1
