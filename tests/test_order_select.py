"""order-select: advice on what was just selected, with the other drafts in the background."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.conftest import EMPTY_RECORD, Json, determinations, hook_call, order

SELECT = "/cds-services/order-select-crd"


def selecting(*selections: str, orders: tuple[Json, ...], prefetch: Json | None = None) -> Json:
    body = hook_call(*orders, hook="order-select", prefetch=prefetch)
    body["context"]["selections"] = list(selections)
    return body


TWO = (order("0686T", id="sr-1"), order("0944T", id="sr-2"))


@pytest.mark.parametrize(
    ("selections", "judged"),
    [
        (["ServiceRequest/sr-2"], ["ServiceRequest/sr-2"]),
        (["sr-1"], ["ServiceRequest/sr-1"]),
        (["ServiceRequest/sr-1", "ServiceRequest/sr-2"], ["ServiceRequest/sr-1", "ServiceRequest/sr-2"]),
        (["ServiceRequest/unknown"], ["ServiceRequest/sr-1", "ServiceRequest/sr-2"]),
    ],
)
def test_CK40_only_what_was_selected_is_judged(client: FlaskClient, selections: list[str], judged: list[str]) -> None:
    answer = client.post(SELECT, json=selecting(*selections, orders=TWO))
    assert [found["order"] for found in determinations(answer)] == judged


def test_CK40_a_draft_that_was_not_selected_is_background(client: FlaskClient) -> None:
    """A resection among the other drafts is one the ablation goes together with (b.i.2)."""
    resection: Any = order("71273005", "http://snomed.info/sct", id="sr-9")
    body = selecting("ServiceRequest/sr-1", orders=(order("47382"), resection), prefetch=EMPTY_RECORD)
    (found,) = determinations(client.post(SELECT, json=body))
    assert found["answers"]["I.D.1.b.i.2"] == "met"


def test_selections_are_required(client: FlaskClient) -> None:
    answer = client.post(SELECT, json=hook_call(*TWO, hook="order-select"))
    assert answer.get_json()["issue"][0]["expression"] == ["$.context.selections"]
