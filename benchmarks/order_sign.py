"""Policy evaluation alone, and a whole order-sign call against its parse-only twin. See README.md."""

import argparse
import http.client
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

from cds_service.hook_request import parse_request
from cds_service.policies.policy_151.effective_2025_05_06 import IV, I
from cds_service.policy.criteria import facts_of
from cds_service.policy.evaluation import evaluate
from cds_service.settings import Settings
from examples.record import TODAY
from fhir_mappings.chart import open_chart
from fhir_mappings.client import FhirClient
from fhir_mappings.findings import read_findings
from fhir_mappings.gathering import Source, deadline_in, gather
from fhir_mappings.orders import read_order
from fhir_mappings.prefetch import CLINICAL

EXAMPLE = Path(__file__).parent.parent / "examples" / "hcc-covered" / "request.json"
PATIENTS = 200
REQUESTS = 400
PORTS = {"service": 8471, "twin": 8472}
TARGETS = {"service": "cds_service:create_app", "twin": "benchmarks.twin:create_twin"}
TICKS = os.sysconf("SC_CLK_TCK")


def body(observations: int, patient: int) -> bytes:
    """The covered patient of the examples under another id, with laboratory values that do not matter.

    An Observation is 1.4 KB, as US Core ones are: 140 KB at 100 of them.
    """
    request: Any = json.loads(EXAMPLE.read_text("utf-8").replace("hcc-covered", f"patient-{patient}"))
    entries = request["prefetch"]["observations"]["entry"]
    subject = f"Patient/{request['context']['patientId']}"
    entries += [{"resource": laboratory(n, patient, subject)} for n in range(observations - len(entries))]
    request["prefetch"]["observations"]["total"] = len(entries)
    return json.dumps(request).encode()


def laboratory(number: int, patient: int, subject: str) -> dict[str, Any]:
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


def policy_microseconds() -> float:
    """Median time of one evaluation with its whole trace."""
    request = parse_request(body(10, 0), "order-sign")
    order = read_order(request.orders[0].body, request.orders[0].reference)
    assert order is not None
    record = gather(Source(request.patient_id, request.prefetch, None, deadline_in(1)), CLINICAL, FhirClient())
    findings = read_findings(open_chart(record, order, (), TODAY, Settings().age_windows()), facts_of(I) | facts_of(IV))
    times = []
    for _ in range(300):
        start = time.perf_counter()
        evaluate(IV, findings)
        evaluate(I, findings)
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1e6


@contextmanager
def served(target: str, port: int, settings: Mapping[str, str] = MappingProxyType({})) -> Iterator[int]:
    """Run an application on Granian with one worker, and stop it by its process id."""
    ours = {"COVERAGE_HOOKS_AUTH": "off", "COVERAGE_HOOKS_TODAY": TODAY.isoformat()}
    environment = {**os.environ, **ours, **settings}
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "--host", "127.0.0.1",
        "--port", str(port), "--workers", "1", "--blocking-threads", "2", "--no-log", target,
    ]  # fmt: skip
    process = subprocess.Popen(command, env=environment)
    try:
        wait_for(port)
        yield process.pid
    finally:
        process.terminate()
        process.wait(10)


def wait_for(port: int) -> None:
    for _ in range(100):
        try:
            post(http.client.HTTPConnection("127.0.0.1", port, timeout=5), body(10, 0))
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"nothing answers on port {port}")


def post(connection: http.client.HTTPConnection, text: bytes) -> Any:
    connection.request("POST", "/cds-services/order-sign-crd", text, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    content = answer.read()
    assert answer.status == 200, content[:200]
    return json.loads(content)


def cpu_seconds(pid: int) -> float:
    """User and system time of a process and of its children."""
    total = 0.0
    for one in [pid, *children_of(pid)]:
        fields = Path(f"/proc/{one}/stat").read_text("utf-8").rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / TICKS
    return total


def children_of(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()
    return [deeper for child in map(int, listed) for deeper in (child, *children_of(child))]


def cpu_per_request(name: str, pid: int, bodies: list[bytes]) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", PORTS[name], timeout=30)
    before = cpu_seconds(pid)
    for number in range(REQUESTS):
        answer = post(connection, bodies[number % len(bodies)])
        if name == "service":
            found = answer["cards"][0]["extension"]["coverage-hooks.determination"]
            assert found["outcome"] == "covered", found
    return (cpu_seconds(pid) - before) / REQUESTS


def ratios(observations: int, rounds: int) -> list[float]:
    """CPU per request of the service over that of the twin, one ratio a round."""
    bodies = [body(observations, patient) for patient in range(PATIENTS)]
    found = []
    with (
        served(TARGETS["twin"], PORTS["twin"]) as twin,
        served(TARGETS["service"], PORTS["service"]) as service,
    ):
        for _ in range(rounds):
            plain = cpu_per_request("twin", twin, bodies)
            found.append(cpu_per_request("service", service, bodies) / plain)
            print(f"  n={observations}: twin {plain * 1e6:.0f} us, ratio {found[-1]:.2f}", flush=True)
    return found


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--observations", type=int, nargs="*", default=[10, 100, 1000])
    words.add_argument("--rounds", type=int, default=5)
    asked = words.parse_args()
    print(f"policy: {policy_microseconds():.0f} us for one evaluation with its trace")
    for observations in asked.observations:
        found = sorted(ratios(observations, asked.rounds))
        middle = statistics.median(found)
        print(f"call: n={observations}: CPU ratio {middle:.2f} (range {found[0]:.2f} to {found[-1]:.2f})")


if __name__ == "__main__":
    main()
