"""Saving: once, whole or not at all, and read with the next signature."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, text, update

from cds_service import check_of
from cds_service.pages import pages
from cds_service.settings import Settings
from cds_service.store.encryption import Sealer
from cds_service.store.feedback import summary
from cds_service.store.form_links import CLAIM, claim_link
from cds_service.store.shelf import Shelf
from cds_service.store.tables import FORM_LINK, SUBMITTED_FORM
from cds_service.web_form.blueprint import form_blueprint
from cds_service.web_form.desk import WebDesk
from tests.conformance.wire import assert_explained, example
from tests.conftest import EMPTY_RECORD, TODAY, Json, determinations, hook_call, order
from tests.web_form.building import CLASS_A, CONFINEMENT, OPEN, WHO, faults, fields, form_path, send, signed, words
from tests.web_form.conftest import Start

AS_JSON = {"Accept": "application/fhir+json"}
ANSWERS = {
    OPEN: {"child-pugh-class": CLASS_A},
    CONFINEMENT: {"mets-confined-to-liver": "yes"},
}


def forms(engine: Engine, sealer: Sealer) -> list[Json]:
    """The forms the service keeps."""
    with engine.connect() as connection:
        return [dict(sealer.open(one)["response"]) for one in connection.scalars(select(SUBMITTED_FORM.c.payload))]


def items(response: Json) -> dict[str, Any]:
    """The items of a response by link id."""
    return {item["linkId"]: item for group in response.get("item", []) for item in group["item"]}


@pytest.mark.parametrize(("name", "criterion"), [(OPEN, "I.C"), (CONFINEMENT, "I.D.1.b.iv")])
def test_what_was_missing_is_saved_and_the_next_signature_is_covered(
    service: FlaskClient, name: str, criterion: str
) -> None:
    saved = send(service, form_path(service, name), ANSWERS[name], follow_redirects=True)
    assert "The form is saved" in words(saved)
    assert "sign the order again" in words(saved)
    (after,) = determinations(signed(service, example(name)))
    assert after["outcome"] == "covered"
    assert any(e["reference"].startswith("QuestionnaireResponse/") for e in after["evidence"][criterion])


@pytest.mark.parametrize(
    ("answer", "outcome", "criterion"),
    [
        ("710065009", "covered", "I.D.1.a"),
        ("710066005", "covered", "I.D.1.a"),
        ("710067001", "not-covered", "I.C"),
        ("dont-know", "missing-documentation", "I.C"),
    ],
)
def test_the_page_and_the_next_signature_say_the_same(
    service: FlaskClient, answer: str, outcome: str, criterion: str
) -> None:
    path = form_path(service)
    shown = service.post(f"{path}/outcome", data={**fields(service.get(path)), "child-pugh-class": answer}).get_json()
    send(service, path, {"child-pugh-class": answer})
    (after,) = determinations(signed(service, example(OPEN)))
    assert (shown["orders"][0]["outcome"], after["outcome"]) == (outcome, outcome)
    assert criterion in shown["orders"][0]["decides"]
    assert list(shown["orders"][0]["decides"]) == after["criteria"]


def test_the_response_is_complete_valid_and_says_who_said_what_and_when(
    service: FlaskClient, engine: Engine, sealer: Sealer
) -> None:
    send(service, form_path(service), ANSWERS[OPEN])
    (response,) = forms(engine, sealer)
    QuestionnaireResponse.model_validate(response)
    assert response["status"] == "completed"
    assert response["questionnaire"].endswith("/Questionnaire/liver-tumor-ablation|2025-05-06")
    assert response["subject"] == {"reference": f"Patient/{OPEN}"}
    assert response["author"] == {"type": "Practitioner", "display": "Ines Okafor, physician"}
    assert response["authored"].startswith("2026-11-24T")
    assert list(items(response)) == ["child-pugh-class"]
    (answer,) = items(response)["child-pugh-class"]["answer"]
    assert answer["valueCoding"]["code"] == CLASS_A
    assert answer["extension"][0]["extension"] == [{"url": "source", "valueCode": "manual"}]


def test_what_is_on_record_is_not_said_again_under_a_new_date(
    service: FlaskClient, engine: Engine, sealer: Sealer
) -> None:
    send(service, form_path(service), {**ANSWERS[OPEN], "ecog-grade": "1"})
    assert list(items(forms(engine, sealer)[0])) == ["child-pugh-class"]


def test_what_is_wrong_on_record_is_changed_and_marked_as_such(
    service: FlaskClient, engine: Engine, sealer: Sealer
) -> None:
    page = send(service, form_path(service), {**ANSWERS[OPEN], "ecog-grade": "3"}, follow_redirects=True)
    found = items(forms(engine, sealer)[0])["ecog-grade"]["answer"][0]
    assert found["valueInteger"] == 3
    assert found["extension"][0]["extension"] == [{"url": "source", "valueCode": "override"}]
    assert "(changes what was on record) 3" in words(page)


def test_dont_know_is_kept_as_such_and_stays_unknown(service: FlaskClient, engine: Engine, sealer: Sealer) -> None:
    page = send(service, form_path(service), {"child-pugh-class": "dont-know"}, follow_redirects=True)
    (response,) = forms(engine, sealer)
    assert items(response)["child-pugh-class"]["answer"][0]["valueCoding"]["code"] == "asked-unknown"
    assert "Don't know" in words(page) or "Don&#39;t know" in words(page)
    assert determinations(signed(service, example(OPEN)))[0]["outcome"] == "missing-documentation"


def test_answers_to_questions_that_are_not_to_be_answered_are_left_out(
    service: FlaskClient, engine: Engine, sealer: Sealer
) -> None:
    answers = {"liver-tumor-diagnosis": "hcc", "mets-primary": "breast", "extrahepatic-disease": "present"}
    send(service, form_path(service, hook_call(order(), prefetch=EMPTY_RECORD)), answers)
    assert list(items(forms(engine, sealer)[0])) == ["liver-tumor-diagnosis"]


class TestRefused:
    """Nothing is stored, and it is said where, what and what to do, to people and to programs."""

    @pytest.fixture
    def path(self, service: FlaskClient) -> str:
        return form_path(service)

    @pytest.fixture(autouse=True)
    def nothing_is_stored(self, engine: Engine, sealer: Sealer, request: pytest.FixtureRequest) -> Any:
        yield
        expected = 1 if "saved_before" in request.node.name else 0
        assert len(forms(engine, sealer)) == expected

    @pytest.mark.parametrize(
        ("answers", "field"),
        [
            ({"child-pugh-class": "Z"}, "child-pugh-class"),
            ({"ecog-grade": "1.5"}, "ecog-grade"),
            ({"largest-liver-tumor-cm": "big"}, "largest-liver-tumor-cm"),
            ({"resection-feasible": "x" * 10_000}, "resection-feasible"),
            ({"author_name": ""}, "author_name"),
            ({"author_role": "neighbor"}, "author_role"),
            ({"child-pugh-class": ""}, "child-pugh-class"),
        ],
    )
    def test_an_answer_of_the_wrong_type(
        self, service: FlaskClient, path: str, answers: dict[str, str], field: str
    ) -> None:
        page = send(service, path, {**ANSWERS[OPEN], **answers})
        assert page.status_code == 422
        assert list(faults(page)) == [field]
        assert_explained(send(service, path, {**ANSWERS[OPEN], **answers}, headers=AS_JSON), 422, field)
        assert service.get(path).status_code == 200, "the form is still open"

    @pytest.mark.parametrize("secret", ["x", "A" * 43, "..", "%00", "' OR 1=1 --"])
    def test_a_link_there_is_not(self, service: FlaskClient, secret: str) -> None:
        assert "there is no form under this link" in words(service.get(f"/forms/{secret}")).lower()
        assert_explained(service.post(f"/forms/{secret}", data=WHO, headers=AS_JSON), 404)
        assert_explained(service.post(f"/forms/{secret}/outcome", data={}), 404)

    def test_a_link_that_was_altered(self, service: FlaskClient, path: str) -> None:
        altered = path[:-1] + ("A" if path[-1] != "A" else "B")
        assert service.get(altered).status_code == 404
        assert service.post(altered, data={**WHO, **ANSWERS[OPEN]}).status_code == 404

    def test_a_link_that_expired(self, service: FlaskClient, path: str, engine: Engine) -> None:
        form = fields(service.get(path))
        with engine.begin() as connection:
            connection.execute(update(FORM_LINK).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
        page = service.get(path)
        assert page.status_code == 410
        assert "sign the order again" in words(page)
        assert_explained(
            service.post(path, data={**form, **WHO, **ANSWERS[OPEN], "action": "save"}, headers=AS_JSON), 410
        )
        assert_explained(service.post(f"{path}/outcome", data=form), 410)

    def test_a_page_of_another_case(self, service: FlaskClient, path: str) -> None:
        other = fields(service.get(form_path(service, CONFINEMENT)))
        page = service.post(path, data={**other, **WHO, **ANSWERS[OPEN], "action": "save"})
        assert page.status_code == 409
        assert "page of another case" in words(page)
        assert_explained(service.post(path, data={**WHO, **ANSWERS[OPEN]}, headers=AS_JSON), 409, "case")

    def test_answers_to_questions_of_another_case(self, service: FlaskClient, path: str) -> None:
        page = send(service, path, {**ANSWERS[OPEN], "net-symptoms-refractory": "yes"})
        assert page.status_code == 422
        assert "this form does not ask it" in words(page)

    def test_a_form_that_was_saved_before(self, service: FlaskClient, path: str) -> None:
        form = fields(service.get(path))
        send(service, path, ANSWERS[OPEN])
        again = service.post(path, data={**form, **WHO, "child-pugh-class": "710067001", "action": "save"})
        assert again.status_code == 409
        assert "was saved before" in words(again)
        shown = service.get(path)
        assert "Class A, 5 or 6 points" in words(shown)
        assert "<form" not in shown.get_data(as_text=True), "it is shown, and not to be written on"
        assert_explained(service.post(f"{path}/outcome", data=form), 409)
        assert service.post(path, data={**form, "action": "check"}).status_code == 409

    def test_a_form_that_somebody_else_is_saving(self, service: FlaskClient, path: str, engine: Engine) -> None:
        secret = path.rpartition("/")[2]
        assert claim_link(engine, secret, datetime.now(UTC))
        assert "is being saved already" in words(send(service, path, ANSWERS[OPEN]))

    def test_a_body_that_is_no_form(self, service: FlaskClient, path: str) -> None:
        assert_explained(service.post(path, json={"child-pugh-class": CLASS_A}, headers=AS_JSON), 415)
        assert service.post(path, data={"a": "b" * 200_000}).status_code == 413

    def test_a_form_that_cannot_be_kept_can_be_sent_again(
        self, service: FlaskClient, path: str, engine: Engine
    ) -> None:
        with engine.begin() as connection:
            connection.execute(text("ALTER TABLE submitted_form RENAME TO elsewhere"))
        page = send(service, path, ANSWERS[OPEN])
        assert page.status_code == 503
        assert "Try again in a minute" in words(page)
        with engine.begin() as connection:
            connection.execute(text("ALTER TABLE elsewhere RENAME TO submitted_form"))
        assert service.get(path).status_code == 200

    def test_a_link_whose_key_is_gone(self, start: Start, path: str) -> None:
        other = start(record_keys="QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=")
        assert other.get(path).status_code == 503


def test_a_claim_of_a_process_that_died_ends_by_itself(service: FlaskClient, engine: Engine) -> None:
    secret, now = form_path(service).rpartition("/")[2], datetime.now(UTC)
    assert claim_link(engine, secret, now - CLAIM - timedelta(seconds=1))
    assert claim_link(engine, secret, now)
    assert not claim_link(engine, secret, now)


def test_the_clock_ends_a_link_to_the_minute(service: FlaskClient, engine: Engine, sealer: Sealer) -> None:
    path = form_path(service)
    settings = Settings(auth="off", today=TODAY)

    def after(**length: float) -> int:
        moment = datetime.now(UTC) + timedelta(**length)
        app = Flask(__name__)
        app.register_blueprint(pages)
        app.register_blueprint(
            form_blueprint(WebDesk(Shelf(engine, sealer), check_of(settings), settings, lambda: moment))
        )
        return app.test_client().get(path).status_code

    assert (after(hours=7.9), after(hours=8.1)) == (200, 410)


def test_another_patients_signature_does_not_see_the_form(service: FlaskClient) -> None:
    send(service, form_path(service), ANSWERS[OPEN])
    body = example(OPEN)
    body["fhirServer"] = "https://other.example/fhir"
    assert determinations(signed(service, body))[0]["outcome"] == "missing-documentation"


def test_both_ways_to_supply_it_stand_in_the_answer_and_come_back_as_feedback(
    service: FlaskClient, engine: Engine
) -> None:
    """Issue 5, item 5: laboratory tests as draft orders and the form as a task, each with its suggestion's id."""
    cards = [card for card in signed(service, example(OPEN)).get_json()["cards"] if card.get("suggestions")]
    created = [
        [action["resource"]["resourceType"] for one in card["suggestions"] for action in one["actions"]]
        for card in cards
    ]
    assert created == [["Task"], ["ServiceRequest"] * 3]
    feedback = [
        {"card": card["uuid"], "outcome": "accepted", "outcomeTimestamp": "2026-11-24T12:00:00Z",
         "acceptedSuggestions": [{"id": one["uuid"]} for one in card["suggestions"]]}
        for card in cards
    ]  # fmt: skip
    assert service.post("/cds-services/order-sign-crd/feedback", json={"feedback": feedback}).status_code == 200
    accepted = {row.kind: row.accepted for row in summary(engine)}
    assert accepted == {"form-completion": 1, "additional-orders": 1}
