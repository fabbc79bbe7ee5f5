"""Write every example anew from the demonstration: its patients, its orders, and what the service answers today."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from cds_service.demo import create_demo_app
from cds_service.demo_ehr import Situation, load_situations
from cds_service.settings import Settings

FOLDER = Path(__file__).parent
TODAY = date(2026, 11, 24)


def demo_client() -> FlaskClient:
    """The demonstration as it stands on the day of the examples."""
    app = create_demo_app(Settings(auth="off", today=TODAY))
    return app.test_client()


def request_of(situation: Situation, client: FlaskClient) -> dict[str, Any]:
    """The hook call of a situation, its prefetch filled as the discovery document asks."""
    service = client.get("/cds-services").get_json()["services"][0]
    return {
        "hook": "order-sign",
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": {
            "userId": "Practitioner/demo-practitioner",
            "patientId": situation.patient_id,
            "draftOrders": {
                "resourceType": "Bundle",
                "type": "collection",
                "entry": [{"resource": order} for order in situation.draft_orders],
            },
        },
        "prefetch": {
            key: filled
            for key, template in service["prefetch"].items()
            if (filled := _filled(template, situation.patient_id, client)) is not None
        },
    }


def _filled(template: str, patient_id: str, client: FlaskClient) -> Any:
    query = template.replace("{{context.patientId}}", patient_id)
    if "{{" in query:
        return None
    found = client.get(f"/demo/fhir/{query}").get_json()
    found.pop("link", None)
    for entry in found.get("entry", []):
        entry.pop("fullUrl", None)
    return found


def answer_to(request: dict[str, Any], client: FlaskClient) -> dict[str, Any]:
    """What the service answers, without what differs from call to call."""
    answer = client.post("/cds-services/order-sign-crd", json=request).get_json()
    for card in answer.get("cards", []):
        for named in (card, *card.get("suggestions", [])):
            named.pop("uuid")
        for link in card.get("links", []):
            link["url"] = re.sub(r"/forms/[\w-]+$", "/forms/LINK", link["url"])
    return dict(answer)


def main() -> None:
    """Write request and response of every situation."""
    client = demo_client()
    for situation in load_situations(TODAY):
        request = request_of(situation, client)
        folder = FOLDER / situation.id
        folder.mkdir(exist_ok=True)
        for name, body in (("request", request), ("response", answer_to(request, client))):
            text = json.dumps(body, indent=1, ensure_ascii=False)
            (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
