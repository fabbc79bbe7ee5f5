"""What was answered, in codes: cards by topic, system actions by their coverage statements (metric-1)."""

import json
from typing import Any

import pytest

from cds_service.crd.extension import URL, sub
from cds_service.crd.versions import Version
from cds_service.crd_metrics.responses import authorization_numbers, responses_of
from tests.crd.building import decided, draft, order
from tests.crd_metrics.building import MISSING, Json, action, card, carrying, statement

LINES = {"ServiceRequest/sr-1": "commercial"}


def counted(*cards: Json, actions: tuple[Json, ...] = (), lines: dict[str, str] | None = None) -> list[Json]:
    return [one.counted for one in responses_of(cards, actions, LINES if lines is None else lines)]


@pytest.mark.parametrize(
    "extension",
    [
        {"davinci-crd.associated-resource": ["ServiceRequest/sr-1"]},
        {"davinci-crd.associated-resource": [{"reference": "ServiceRequest/sr-1"}]},
        {"coverage-hooks.determination": {"order": "ServiceRequest/sr-1"}},
    ],
    ids=["CRD 2.0", "CRD 2.2", "by its determination"],
)
def test_a_card_is_told_by_its_topic_and_the_type_it_is_about(extension: Any) -> None:
    (response,) = responses_of([card(topic="claim", **extension)], [], {})
    assert response.about == ("ServiceRequest/sr-1",)
    assert response.counted == {"type": "claim", "focus": ["ServiceRequest"], "card": "card-1"}


def test_a_card_about_nothing_has_no_focus() -> None:
    assert counted({"uuid": "card-1", "source": {"label": "x"}}) == [{"card": "card-1"}]


@pytest.mark.parametrize("version", Version)
def test_a_statement_is_told_without_its_coverage_and_its_words(version: Version) -> None:
    made = action(
        order(), decided(MISSING, questionnaires=("http://payer.example/Questionnaire/f|1",)), version=version
    )
    (info,) = counted(actions=(made,))[0]["coverageInfo"]
    assert info.pop("assertionId").startswith("coverage-hooks-")
    if version is Version.V2_0:
        assert info.pop("paNeeded") == "conditional"
    assert info == {
        "covered": "conditional",
        "docNeeded": "clinical",
        "infoNeeded": "OTH",
        "questionnaire": [
            {"reference": "http://payer.example/Questionnaire/f|1", "adaptive": False, "response": False}
        ],
        "businessLine": {"text": "commercial"},
    }


def test_only_statements_of_ours_are_told() -> None:
    foreign = {"url": URL, "extension": [sub("covered", "Code", "covered"),
                                         sub("coverage-assertion-id", "String", "other-payer-1")]}  # fmt: skip
    (response,) = counted(actions=(action(order(extension=[foreign])),))
    assert [info["covered"] for info in response["coverageInfo"]] == ["covered"]
    assert "other-payer-1" not in str(response)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ({"ServiceRequest/sr-1": "medicare", "ServiceRequest/sr-2": "medicaid"}, {"text": "medicare"}),
        ({"ServiceRequest/sr-2": "medicare", "ServiceRequest/sr-3": "medicare"}, {"text": "medicare"}),
        ({"ServiceRequest/sr-2": "medicare", "ServiceRequest/sr-3": "medicaid"}, None),
        ({}, None),
    ],
)
def test_the_line_of_business_is_the_orders_or_the_one_all_orders_share(lines: Any, told: Any) -> None:
    (response,) = counted(actions=(action(),), lines=lines)
    assert response["coverageInfo"][0].get("businessLine") == told


def test_a_statement_on_an_appointment_is_about_the_appointment() -> None:
    (response,) = responses_of([], [action(draft({"resourceType": "Appointment", "id": "a"}))], {})
    assert (response.about, response.counted["focus"]) == (("Appointment/a",), ["Appointment"])


def test_the_number_of_an_authorization_is_not_counted_and_can_be_read_from_the_action() -> None:
    extension = statement()
    number = sub("satisfied-pa-id", "String", "PA-123456")
    made = carrying({**extension, "extension": [*extension["extension"], number]})
    assert "PA-123456" not in str(counted(actions=(made,)))
    stored = {**made, "resource": json.loads(bytes(made["resource"]))}
    assert list(authorization_numbers([stored]).values()) == ["PA-123456"]
    assert authorization_numbers([{"resource": {}}]) == {}
