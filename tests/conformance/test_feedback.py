"""CK46 to CK48: what clinicians did with the cards."""

import uuid
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import create_engine

from cds_service import create_app
from cds_service.settings import Settings
from cds_service.store.feedback import Row, summary
from tests.conformance.wire import FEEDBACK, NEEDS_NO_RECORD, SIGN, assert_explained
from tests.conftest import TODAY, Json, hook_call, order

NOW = "2026-11-22T12:24:43Z"
SUGGESTION = [{"id": "4f5a33f2-4b21-4a9a-9f1c-0d3b7d2f10aa"}]
REMOVED: Any = object()


class Feedback:
    """A service with a record of its own: what is sent to it, and what it then holds."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self.client = create_app(Settings(auth="off", today=TODAY)).test_client()

    def send(self, *entries: Any) -> Any:
        return self.client.post(FEEDBACK, json={"feedback": list(entries)})

    def rows(self) -> set[Row]:
        engine = create_engine(self._url)
        try:
            return set(summary(engine))
        finally:
            engine.dispose()

    def total(self) -> tuple[int, int]:
        """How many acts are kept: accepted and overridden."""
        rows = self.rows()
        return sum(row.accepted for row in rows), sum(row.overridden for row in rows)

    def signed_card(self) -> Json:
        answer = self.client.post(SIGN, json=hook_call(order(NEEDS_NO_RECORD)))
        return answer.get_json()["cards"][0]


@pytest.fixture(scope="module")
def feedback(tmp_path_factory: pytest.TempPathFactory) -> Feedback:
    url = f"sqlite:///{tmp_path_factory.mktemp('feedback')}/record.db"
    with pytest.MonkeyPatch.context() as environment:  # which wins over what a test gives to Settings
        environment.setenv("COVERAGE_HOOKS_DATABASE_URL", url)
        return Feedback(url)


def accepted(**more: Any) -> Json:
    return changed({"outcome": "accepted", "acceptedSuggestions": SUGGESTION}, more)


def overridden(**more: Any) -> Json:
    return changed({"outcome": "overridden"}, more)


def changed(entry: Json, more: Json) -> Json:
    good = {"card": str(uuid.uuid4()), "outcomeTimestamp": NOW, **entry, **more}
    return {name: value for name, value in good.items() if value is not REMOVED}


@pytest.mark.parametrize("entry", [
    accepted(),
    accepted(acceptedSuggestions=[*SUGGESTION, {"id": "another"}]),
    overridden(),
    overridden(overrideReason={"reason": {"code": "data-is-wrong", "system": "http://x.example"}}),
    overridden(overrideReason={"reason": {"code": "data-is-wrong"}}),
    overridden(overrideReason={"userComment": "the scan is at the other site"}),
    overridden(overrideReason={"reason": {"code": "x", "system": "http://x.example", "display": "X"},
                               "userComment": "y"}),
    overridden(outcomeTimestamp="2026-11-22T12:24:43.185Z"),
    overridden(outcomeTimestamp="2026-11-22T13:24:43+01:00"),
    overridden(extension={"org.example": 1}, unknown=None),
])  # fmt: skip
def test_CK46_feedback_in_every_form_is_kept(feedback: Feedback, entry: Json) -> None:
    taken, set_aside = feedback.total()
    assert feedback.send(entry).status_code == 200
    is_taken = entry["outcome"] == "accepted"
    assert feedback.total() == (taken + is_taken, set_aside + (not is_taken))


def test_CK46_a_reason_picked_from_the_card_is_kept_under_the_card(feedback: Feedback) -> None:
    card = feedback.signed_card()
    picked = card["overrideReasons"][0]
    reason = {"reason": {"code": picked["code"], "system": picked["system"]}}
    assert feedback.send(overridden(card=card["uuid"], overrideReason=reason)).status_code == 200
    assert Row("coverage", "not-covered", "VI", picked["code"], 0, 1) in feedback.rows()


def test_CK46_many_entries_come_at_once_and_a_repeated_one_counts_once(feedback: Feedback) -> None:
    taken, set_aside = feedback.total()
    entries = [accepted(), overridden(), overridden()]
    assert feedback.send(*entries, entries[0]).status_code == 200
    assert feedback.send(*entries).status_code == 200
    assert feedback.total() == (taken + 1, set_aside + 2)


@pytest.mark.parametrize(("entry", "place"), [
    (overridden(card=REMOVED), "card"),
    (overridden(card=7), "card"),
    (overridden(card=""), "card"),
    (overridden(outcome=REMOVED), "outcome"),
    (overridden(outcome="ignored"), "outcome"),
    (overridden(outcome=["accepted"]), "outcome"),
    (accepted(acceptedSuggestions=REMOVED), "acceptedSuggestions"),
    (accepted(acceptedSuggestions=[]), "acceptedSuggestions"),
    (accepted(acceptedSuggestions=[{}]), "acceptedSuggestions[0].id"),
    (overridden(overrideReason={}), "overrideReason"),
    (overridden(overrideReason="no"), "overrideReason"),
    (overridden(overrideReason={"reason": {}}), "overrideReason.reason"),
    (overridden(overrideReason={"reason": {"display": "X"}}), "overrideReason.reason.code"),
    (overridden(outcomeTimestamp=REMOVED), "outcomeTimestamp"),
    (overridden(outcomeTimestamp="2026-11-22"), "outcomeTimestamp"),
    (overridden(outcomeTimestamp="2026-11-22T12:24:43Z UTC"), "outcomeTimestamp"),
    (overridden(outcomeTimestamp="2026-13-45T12:24:43Z"), "outcomeTimestamp"),
    (overridden(outcomeTimestamp=1795350283), "outcomeTimestamp"),
])  # fmt: skip
def test_CK47_a_wrong_entry_is_named_and_nothing_of_the_batch_is_kept(
    feedback: Feedback, entry: Json, place: str
) -> None:
    before = feedback.total()
    assert_explained(feedback.send(accepted(), entry), 400, f"$.feedback[1].{place}")
    assert feedback.total() == before


@pytest.mark.parametrize("body", [{}, {"feedback": None}, {"feedback": {}}, {"feedback": "x"}, {"feedback": [7]}])
def test_CK47_a_body_that_is_no_feedback_is_400(feedback: Feedback, body: Json) -> None:
    before = feedback.total()
    assert_explained(feedback.client.post(FEEDBACK, json=body), 400)
    assert feedback.total() == before


def test_CK48_feedback_on_an_unknown_card_and_no_feedback_at_all_are_fine(feedback: Feedback) -> None:
    assert feedback.send(overridden(card="nobody-has-seen-it")).status_code == 200
    assert feedback.send().status_code == 200


def test_CK48_feedback_for_an_unknown_service_is_404(client: FlaskClient) -> None:
    assert_explained(client.post("/cds-services/nothing-here/feedback", json={"feedback": []}), 404)
