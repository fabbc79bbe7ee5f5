"""What a person does in the console, and what they then see."""

import json
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from cds_service.demo_ehr import Situation, load_situations
from examples.record import FOLDER
from tests.conftest import TODAY

SITUATIONS = load_situations(TODAY)
VERDICT = ".explanation .verdict"


def expected_of(situation: Situation) -> list[tuple[str, list[str]]]:
    """The outcomes a situation promises, with their criteria; orders without a card are left out."""
    parts = [re.fullmatch(r"([a-z-]+)(?: \(([^)]*)\))?", part) for part in situation.expected.split("; ")]
    told = [(found[1], (found[2] or "").split(", ")) for found in parts if found]
    return [(outcome, [number for number in criteria if " " not in number]) for outcome, criteria in told]


def choose(page: Page, situation: str) -> None:
    patient = page.locator(f"[data-situation='{situation}']")
    patient.click()
    expect(page.locator("#chosen")).to_contain_text(patient.locator("strong").inner_text())
    expect(page.locator("#answer")).to_be_hidden()
    expect(page.locator("#orders li").first).to_be_visible()


def sign(page: Page, situation: str) -> None:
    """Choose a patient and sign the orders as they are."""
    choose(page, situation)
    page.locator("#sign").click()
    answered(page)


def answered(page: Page) -> None:
    expect(page.locator("#status")).to_have_text(re.compile("came back"))


def verdicts(page: Page) -> list[str]:
    return [str(one.get_attribute("data-verdict")) for one in page.locator(VERDICT).all()]


def example(name: str) -> Any:
    return json.loads(Path(FOLDER / name / "request.json").read_text("utf-8"))


def send(page: Page, text: str) -> None:
    """Paste a request of one's own and send it."""
    page.locator("#own > summary").click()
    page.locator("#own-text").fill(text)
    page.get_by_role("button", name="Send").click()
