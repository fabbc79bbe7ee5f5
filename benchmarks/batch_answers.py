"""Whether a batch says what the service says: a sample of its patients, asked over HTTP. See README.md."""

import argparse
import json
import random
import tempfile
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from benchmarks.population import patient
from cds_service import create_app
from cds_service.batch.orders import assumed_body
from cds_service.cards.coverage import DETERMINATION
from cds_service.settings import Settings
from examples.record import TODAY
from fhir_mappings.prefetch import CLINICAL, COVERAGE

Json = dict[str, Any]


def over_http(service: FlaskClient, resources: list[Json], order: Json) -> list[Json]:
    """What an order-sign call says of one order over all resources of a patient, as a batch writes it."""
    identity = next(one["id"] for one in resources if one["resourceType"] == "Patient")
    answer = service.post("/cds-services/order-sign-crd", json=hook_call(identity, resources, order))
    assert answer.status_code == 200, answer.get_data(as_text=True)
    told = (card.get("extension", {}).get(DETERMINATION) for card in answer.get_json()["cards"])
    return [{"patient": f"Patient/{identity}", **one} for one in told if one]


def hook_call(identity: str, resources: list[Json], order: Json) -> Json:
    return {
        "hook": "order-sign",
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": {
            "userId": "Practitioner/1",
            "patientId": identity,
            "draftOrders": {"resourceType": "Bundle", "entry": [{"resource": order}]},
        },
        "prefetch": {s.key: searchset(s.resource_type, resources) for s in (COVERAGE, *CLINICAL)},
    }


def searchset(kind: str, resources: list[Json]) -> Json:
    entries = [{"resource": one} for one in resources if one["resourceType"] == kind]
    return {"resourceType": "Bundle", "type": "searchset", "total": len(entries), "entry": entries}


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("output", type=Path)
    words.add_argument("--sample", type=int, default=1000)
    words.add_argument("--order-code", default="47382")
    words.add_argument("--seed", type=int, default=151)
    words.add_argument("--laboratories", type=int, default=20)
    asked = words.parse_args()
    with (asked.output / "determinations.ndjson").open("rb") as lines:
        sample = random.Random(0).sample(list(lines), asked.sample)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(auth="off", today=TODAY, log_level="warning", database_url=f"sqlite:///{folder}/record.db")
        compare(create_app(settings).test_client(), [json.loads(line) for line in sample], asked)
    print(f"{len(sample)} of {len(sample)} say the same")


def compare(service: FlaskClient, lines: list[Json], asked: argparse.Namespace) -> None:
    for line in lines:
        resources = patient(asked.seed, int(line["patient"].rpartition("-")[2]), asked.laboratories)
        order = dict(assumed_body(asked.order_code, line["patient"].removeprefix("Patient/")))
        assert [line] == over_http(service, resources, order), line["patient"]


if __name__ == "__main__":
    main()
