"""Why, and what if: the tree, the evidence behind it, its timeline, and facts assumed to be otherwise."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.steps import VERDICT, sign, verdicts


def test_the_tree_says_met_not_met_and_unknown_in_words(console: Page) -> None:
    sign(console, "hcc-no-child-pugh")
    tree = console.locator(".tree")
    for criterion, answer in (("I.B", "met"), ("I.C", "unknown"), ("I.D.2", "not met")):
        head = tree.locator(".head").filter(has=console.get_by_role("link", name=criterion, exact=True))
        expect(head.locator(".answer")).to_have_text(re.compile(rf"{answer}$"))


@pytest.mark.parametrize(
    ("proof", "value"),
    [
        ("Observation/hcc-covered-child-pugh", '"value": 6'),
        ("QuestionnaireResponse/hcc-covered-form", "liver-reserve-adequate"),
        ("Condition/hcc-covered-hcc", "C22.0"),
    ],
)
def test_the_resource_behind_an_answer_is_one_click_away_with_its_value_marked(
    console: Page, proof: str, value: str
) -> None:
    sign(console, "hcc-covered")
    console.locator(".tree").get_by_role("button", name=proof).first.click()
    dialog = console.get_by_role("dialog", name=proof)
    expect(dialog.locator("mark").filter(has_text=value).first).to_be_visible()
    console.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_a_fact_that_is_assumed_moves_the_verdict_and_is_marked_as_assumed(console: Page) -> None:
    sign(console, "hcc-no-child-pugh")
    assert verdicts(console) == ["missing-documentation"]
    points = console.get_by_label("What if Child pugh points were")
    points.select_option("9")
    expect(console.locator(VERDICT)).to_have_attribute("data-verdict", "covered")
    expect(console.locator(VERDICT)).to_contain_text("the record says otherwise")
    expect(points).to_be_focused()
    points.select_option("10")
    expect(console.locator(VERDICT)).to_have_attribute("data-verdict", "not-covered")
    expect(console.locator("#status")).to_contain_text("not covered by II, I.C")
    console.get_by_role("button", name="As recorded").click()
    expect(console.locator(VERDICT)).to_have_attribute("data-verdict", "missing-documentation")


def test_the_timeline_lists_the_proofs_from_the_oldest_to_the_newest(console: Page) -> None:
    sign(console, "crc-unproven-confinement")
    console.get_by_text("Timeline of the facts").click()
    dates = console.locator(".timeline time").all_inner_texts()
    assert len(dates) > 3
    assert dates == sorted(dates)


def test_the_policy_page_colors_its_tree_by_a_patients_answers(open_page: Open) -> None:
    page = open_page("/policies/151")
    page.get_by_label("Color by the answers for").select_option("hcc-too-large")
    expect(page.locator("#colored-told")).to_contain_text("not covered by II, I.D.1.a.iii")
    expect(page.locator("[data-id='I.D.1.a.iii']")).to_have_class(re.compile("not-met"))
    expect(page.locator("[data-id='I.C']")).to_have_class(re.compile(r"\bmet"))
    expect(page.locator("[data-id='I.C'] text")).to_contain_text("✓")


def test_value_sets_are_found_by_a_code_with_or_without_its_dot(open_page: Open) -> None:
    page = open_page("/policies/151/value-sets")
    for written in ("C22.0", "c220"):
        page.get_by_role("searchbox").fill(written)
        expect(page.locator("#hepatocellular-carcinoma")).to_be_visible()
        expect(page.locator("#breast-primary")).to_be_hidden()
    expect(page.get_by_role("status")).to_contain_text("of 55 value sets")
