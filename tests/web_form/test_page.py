"""The page: what is asked and what is known, for people with and without a script, and nothing for anybody else."""

import re

import pytest
from flask.testing import FlaskClient

from tests.browser.test_own_requests import HOSTILE, poisoned
from tests.conformance.wire import example
from tests.conftest import EMPTY_RECORD, hook_call, identifying_words, order
from tests.web_form.building import CLASS_A, OPEN, faults, fields, form_path, send, words

UNKNOWN_PATIENT = hook_call(order(), prefetch=EMPTY_RECORD)
"""Nothing at all is on record: everything is asked."""


def test_what_is_open_is_asked_under_its_criterion_and_the_known_is_folded(service: FlaskClient) -> None:
    page = service.get(form_path(service)).get_data(as_text=True)
    asked, folded = page.split("<details", 1)
    assert 'href="/policies/151#I.C"' in asked
    assert "What is the current Child-Pugh class?" in asked
    assert "ECOG" not in asked.split("<form", 1)[1]
    assert "What is the current ECOG performance status" in folded
    assert "<summary>On record already" in page


def test_what_is_known_is_shown_with_its_source_and_date(service: FlaskClient) -> None:
    said = words(service.get(form_path(service)))
    assert "On record: 1 ECOG 1, 2026-11-05 Observation/hcc-no-child-pugh-ecog" in said
    assert "On record: 2.4 cm tumor of 2.4 cm, 2026-11-05" in said


def test_what_was_not_used_is_told_with_the_reason(service: FlaskClient) -> None:
    assert "is older than 90 days" in words(service.get(form_path(service)))


def test_the_page_tells_whom_and_which_order_it_is_about(service: FlaskClient) -> None:
    said = words(service.get(form_path(service)))
    assert "Patient Keiko Tanabe, born 1949-01-14" in said
    assert "Order Percutaneous radiofrequency ablation, liver ServiceRequest/hcc-no-child-pugh-order-1" in said


def test_a_page_without_a_patient_in_prefetch_shows_the_order_alone(service: FlaskClient) -> None:
    body = example(OPEN)
    del body["prefetch"]["patient"]
    assert "Patient Keiko" not in words(service.get(form_path(service, body)))


def test_every_question_can_be_left_open_and_says_so(service: FlaskClient) -> None:
    page = service.get(form_path(service, UNKNOWN_PATIENT)).get_data(as_text=True)
    asked = re.findall(r'name="asked" value="([\w-]+)"', page)
    assert len(asked) > 15
    for link_id in asked:
        assert f'name="{link_id}" value="dont-know"' in page or f'name="{link_id}.unknown"' in page, link_id


def test_without_a_script_every_question_shows_with_the_answers_that_make_it_one_to_ask(service: FlaskClient) -> None:
    said = words(service.get(form_path(service, UNKNOWN_PATIENT)))
    assert "To answer only if “Which tumor of the liver does the order treat?” is Metastasis of another cancer." in said


def test_no_question_is_hidden_that_the_order_of_the_page_would_ask_before_what_enables_it(
    service: FlaskClient,
) -> None:
    from cds_service.dtr.enabling import conditions_of  # noqa: PLC0415
    from cds_service.dtr.outline import grouped  # noqa: PLC0415
    from cds_service.dtr.questions import BY_LINK_ID  # noqa: PLC0415

    order = [question for members in grouped().values() for question in members]
    places = {question.link_id: place for place, question in enumerate(order)}
    for question in order:
        for condition in conditions_of(question, BY_LINK_ID):
            assert places[condition.link_id] < places[question.link_id]


def test_the_answers_can_be_looked_at_without_a_script_and_nothing_is_saved(service: FlaskClient) -> None:
    path = form_path(service)
    page = send(service, path, {"child-pugh-class": CLASS_A}, action="check")
    assert page.status_code == 200
    assert "Likely covered: criterion I.D.1.a is met" in words(page)
    assert fields(page)["child-pugh-class"] == [CLASS_A], "what was picked stays picked"
    assert fields(service.get(path)).get("child-pugh-class") is None


def test_the_page_says_what_happens_next(service: FlaskClient) -> None:
    said = words(service.get(form_path(service)))
    assert "encrypted, by this service" in said
    assert "Sign the order again" in said
    assert "not a guarantee of coverage or payment" in said


def test_title_and_address_name_no_patient_and_no_cache_or_other_site_gets_the_page(service: FlaskClient) -> None:
    path = form_path(service)
    page = service.get(path)
    title = re.findall(r"<title>([^<]*)</title>", page.get_data(as_text=True))[0]
    assert title == "Documentation form, policy 151"
    assert not [word for word in identifying_words() if word in path + title]
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Access-Control-Allow-Origin"] == "http://127.0.0.1:8000"
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_of_the_ehr_stays_text(service: FlaskClient, text: str) -> None:
    path = form_path(service, poisoned(text))
    page = service.get(path).get_data(as_text=True)
    assert "<img" not in page
    assert page.count("<script") == 1
    saved = send(service, path, {"child-pugh-class": CLASS_A}, follow_redirects=True)
    assert "The form is saved" in words(saved)
    assert "<img" not in saved.get_data(as_text=True)


def test_two_orders_stand_side_by_side(service: FlaskClient) -> None:
    body = example(OPEN)
    entry = body["context"]["draftOrders"]["entry"]
    entry.append({"resource": {**entry[0]["resource"], "id": "second"}})
    said = words(service.get(form_path(service, body)))
    assert "Where ServiceRequest/hcc-no-child-pugh-order-1 stands" in said
    assert "Where ServiceRequest/second stands" in said


def test_what_could_not_be_read_for_the_call_is_told(service: FlaskClient) -> None:
    body = example(OPEN)
    body["prefetch"]["medicationRequests"] = {
        "resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "exception"}],
    }  # fmt: skip
    assert "could be read for the call (MedicationRequest)" in words(service.get(form_path(service, body)))


def test_a_fault_stands_beside_its_field_and_leads_to_it(service: FlaskClient) -> None:
    path = form_path(service)
    page = send(service, path, {"ecog-grade": "nine", "child-pugh-class": CLASS_A})
    assert page.status_code == 422
    assert faults(page) == {"ecog-grade": "a whole number from 0 to 5 is expected"}
    text = page.get_data(as_text=True)
    assert '<a href="#ecog-grade">' in text
    assert 'id="faults" tabindex="-1" autofocus' in text
    assert fields(page)["ecog-grade"] == ["nine"], "what was typed is still there"
    assert re.findall(r"<title>([^<]*)", text) == ["Some answers cannot be used: Documentation form, policy 151"]
