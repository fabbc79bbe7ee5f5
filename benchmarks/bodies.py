"""Bodies of order-sign calls: the covered patient of the examples, as many different ones as a measurement asks for."""

import json
from pathlib import Path
from typing import Any, Final

EXAMPLE: Final = Path(__file__).parent.parent / "examples" / "hcc-covered" / "request.json"
EXAMPLE_PATIENT: Final = "hcc-covered"
EXAMPLE_INSTANCE: Final = json.loads(EXAMPLE.read_bytes())["hookInstance"]
UNADDRESSED: Final = {"system": "http://www.ama-assn.org/go/cpt", "code": "99213"}
"""An office visit: no policy held here says anything of it."""


def addressed(observations: int, patient: int) -> bytes:
    """A prefetched call about an ablation that is covered, with laboratory values that do not matter.

    An Observation is 1.4 KB, as US Core ones are: 140 KB at 100 of them.
    """
    request = _request(patient)
    entries = request["prefetch"]["observations"]["entry"]
    subject = f"Patient/{request['context']['patientId']}"
    entries += [{"resource": laboratory(n, patient, subject)} for n in range(observations - len(entries))]
    request["prefetch"]["observations"]["total"] = len(entries)
    return json.dumps(request).encode()


def unaddressed(observations: int, patient: int) -> bytes:
    """The same call with an order no policy addresses."""
    request = json.loads(addressed(observations, patient))
    order = request["context"]["draftOrders"]["entry"][0]["resource"]
    order["code"] = {"coding": [UNADDRESSED]}
    return json.dumps(request).encode()


def without_prefetch(patient: int, fhir_server: str) -> bytes:
    """The call of a client that sends no prefetch: everything is read from its FHIR server."""
    request = {**_request(patient), "fhirServer": fhir_server}
    del request["prefetch"]
    return json.dumps(request).encode()


def _request(patient: int) -> dict[str, Any]:
    request: dict[str, Any] = json.loads(EXAMPLE.read_text("utf-8").replace(EXAMPLE_PATIENT, f"patient-{patient}"))
    return request


def laboratory(number: int, patient: int, subject: str) -> dict[str, Any]:
    """An Observation no reader asks for."""
    unit = {"unit": "mg/dL", "system": "http://unitsofmeasure.org", "code": "mg/dL"}
    return {
        "resourceType": "Observation", "id": f"lab-{patient}-{number}",
        "meta": {"versionId": "1", "lastUpdated": "2026-10-01T12:00:00Z", "profile": [
            "http://hl7.org/fhir/us/core/StructureDefinition/us-core-observation-lab",
        ]},
        "identifier": [{"system": "https://laboratory.example/values", "value": f"{patient}-{number}"}],
        "status": "final", "encounter": {"reference": f"Encounter/{patient}"},
        "category": [{"coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "laboratory",
        }]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": f"{3000 + number}-9", "display": "A value"}]},
        "subject": {"reference": subject}, "effectiveDateTime": "2026-10-01T10:00:00Z",
        "issued": "2026-10-01T12:00:00Z", "valueQuantity": {"value": number * 1.1, **unit},
        "referenceRange": [{"low": {"value": 1, **unit}, "high": {"value": 10, **unit}, "text": "1 - 10 mg/dL"}],
        "performer": [{"reference": "Organization/lab", "display": "Central laboratory"}],
        "note": [{"text": "x" * 200}],
    }  # fmt: skip
