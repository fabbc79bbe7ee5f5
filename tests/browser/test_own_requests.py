"""Requests of one's own: good ones are answered, bad ones explained, and no text in them does harm."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.steps import answered, choose, example, send, verdicts

MARKUP = '<img src=x onerror="document.title=1"><script>document.title=1</script>**bold** [a](javascript:alert(1))'
RIGHT_TO_LEFT = "\u202eoverride\u202c שלום مرحبا \u2066isolate\u2069"
HOSTILE = {"markup": MARKUP, "right-to-left": RIGHT_TO_LEFT, "10,000 characters": "x" * 10_000}


def test_a_request_that_is_pasted_is_answered_and_explained(console: Page) -> None:
    send(console, json.dumps(example("hcc-too-large")))
    answered(console)
    assert verdicts(console) == ["not-covered"]


def test_a_file_that_is_chosen_is_read_into_the_form(console: Page) -> None:
    console.locator("#own > summary").click()
    console.locator("#own-file").set_input_files(Path("examples/histotripsy/request.json"))
    expect(console.locator("#own-text")).to_have_value(example_text("histotripsy"))


def test_a_file_that_is_dropped_is_read_into_the_form(console: Page) -> None:
    console.locator("#own > summary").click()
    drop = """text => {
      const data = new DataTransfer();
      data.items.add(new File([text], "request.json", { type: "application/json" }));
      const dropped = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
      document.getElementById("own").dispatchEvent(dropped);
    }"""
    console.evaluate(drop, example_text("histotripsy"))
    expect(console.locator("#own-text")).to_have_value(example_text("histotripsy"))


def example_text(name: str) -> str:
    return Path(f"examples/{name}/request.json").read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "told"),
    [("{", "This is not JSON"), ("", "This is not JSON"), ("[]", "it has no hook"), ("null", "it has no hook")],
)
def test_what_is_no_request_is_said_beside_the_form(console: Page, text: str, told: str) -> None:
    send(console, text)
    expect(console.get_by_role("alert")).to_contain_text(told)
    expect(console.locator("#own-text")).to_be_focused()


@pytest.mark.parametrize(
    ("change", "told"),
    [({"hook": "patient-view"}, "no service answers the hook"), ({"context": None}, "$.context")],
)
def test_what_the_service_refuses_is_told_with_its_place(open_page: Open, change: dict[str, Any], told: str) -> None:
    page = open_page(refused=True)
    page.locator("body[data-ready]").wait_for()
    send(page, json.dumps({**example("histotripsy"), **change}))
    expect(page.locator("#status")).to_contain_text(told)


def poisoned(text: str) -> Any:
    """A request in which every text a person may read says something else."""

    def poison(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {k: poison(v, k) for k, v in value.items()}
        if isinstance(value, list):
            return [poison(v, key) for v in value]
        return text if key in ("text", "display", "description", "conclusion", "family", "unit", "name") else value

    return poison(example("hcc-no-child-pugh"))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_shown_and_nothing_more(console: Page, text: str) -> None:
    send(console, json.dumps(poisoned(text)))
    answered(console)
    console.locator(".tree [data-evidence]").first.click()
    expect(console.locator("#evidence-body")).to_contain_text(text[:16])
    unharmed(console)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_ids_and_codes_come_back_as_text(console: Page, text: str) -> None:
    request = example("hcc-no-child-pugh")
    order = request["context"]["draftOrders"]["entry"][0]["resource"]
    order["id"] = text
    send(console, json.dumps(request))
    answered(console)
    unharmed(console)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_name_and_diagnosis_in_the_ehr_are_shown_as_text(
    open_page: Open, demonstration: str, text: str
) -> None:
    page = open_page()
    page.locator("body[data-ready]").wait_for()
    before = page.request.get(f"{demonstration}/demo/fhir/Patient/y90-source").json()
    hostile = {**before, "name": [{"family": text, "given": [text]}]}
    problem = {
        "resourceType": "Condition", "id": "hostile", "subject": {"reference": "Patient/y90-source"},
        "clinicalStatus": {"coding": [{"code": "active"}]}, "code": {"text": text},
    }  # fmt: skip
    write(page, demonstration, hostile, problem)
    try:
        page.reload()
        page.locator("body[data-ready]").wait_for()
        choose(page, "y90-source")
        expect(page.locator("[data-situation='y90-source']")).to_contain_text(text[:20])
        expect(page.locator("#reason")).to_contain_text(text[:20])
        unharmed(page)
    finally:
        write(page, demonstration, before, {**problem, "code": {"text": "nothing"}})


def write(page: Page, url: str, *resources: dict[str, Any]) -> None:
    entries = [
        {"resource": one, "request": {"method": "PUT", "url": f"{one['resourceType']}/{one['id']}"}}
        for one in resources
    ]
    bundle = {"resourceType": "Bundle", "type": "transaction", "entry": entries}
    assert page.request.post(f"{url}/demo/fhir", data=bundle).ok


def unharmed(page: Page, title: str = "Coverage Hooks console") -> None:
    """No markup came to life, no script ran, and the page is no wider than its window."""
    assert page.title() == title
    assert page.locator("main img, main script, main a[href^='javascript']").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
