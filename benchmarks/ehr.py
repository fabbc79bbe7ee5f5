"""A small FHIR server that holds the covered patient's record under any patient's id, and waits before it answers.

python -m benchmarks.ehr PORT MILLISECONDS [searches|batches|batches-in-turn]

It takes searches only, or batches as well, and works at the entries of a batch side by side or one after the other.
"""

import http.server
import json
import sys
import time
from http import HTTPStatus
from itertools import count
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from benchmarks.bodies import EXAMPLE, EXAMPLE_PATIENT

BASE: Final = "/fhir"
COUNTED: Final = "/counted"
SEARCHES, BATCHES, IN_TURN = "searches", "batches", "batches-in-turn"
STATEMENT: Final = {
    "resourceType": "CapabilityStatement", "status": "active", "kind": "instance", "fhirVersion": "4.0.1",
    "rest": [{"mode": "server", "interaction": [{"code": "batch"}]}],
}  # fmt: skip
TYPES: Final = {
    "coverage": "Coverage", "conditions": "Condition", "observations": "Observation", "procedures": "Procedure",
    "serviceRequests": "ServiceRequest", "diagnosticReports": "DiagnosticReport", "imagingStudies": "ImagingStudy",
    "bodyStructures": "BodyStructure", "questionnaireResponses": "QuestionnaireResponse",
    "medicationRequests": "MedicationRequest", "medicationStatements": "MedicationStatement",
}  # fmt: skip


def answers() -> dict[str, str]:
    """What each type's search answers, for the patient of the examples."""
    prefetch = json.loads(EXAMPLE.read_bytes())["prefetch"]
    return {kind: json.dumps(prefetch[key]) for key, kind in TYPES.items()}


class Ehr(http.server.ThreadingHTTPServer):
    """Answers searches and batches after a pause, and counts the requests."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, pause_seconds: float, way: str = SEARCHES) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.pause_seconds = pause_seconds
        self.way = way
        self.answers = answers()
        self.asked = count()

    def answer(self, query: str) -> str | None:
        """What a search answers, relative to the base."""
        asked = urlsplit(query)
        patient = parse_qs(asked.query).get("patient", [""])[0]
        text = self.answers.get(asked.path)
        return text and text.replace(EXAMPLE_PATIENT, patient)


class Handler(http.server.BaseHTTPRequestHandler):
    """One connection, kept as long as the client likes."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Ehr

    def do_GET(self) -> None:
        query = self.path.removeprefix(f"{BASE}/")
        if self.path == COUNTED:
            self._say(HTTPStatus.OK, str(next(self.server.asked)))
        elif query == "metadata" and self.server.way != SEARCHES:
            self._say(HTTPStatus.OK, json.dumps(STATEMENT))
        else:
            self._answer(self.server.answer(query))

    def do_POST(self) -> None:
        entries = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["entry"]
        found = [self.server.answer(entry["request"]["url"]) or "{}" for entry in entries]
        answers = ",".join(f'{{"resource":{one},"response":{{"status":"200 OK"}}}}' for one in found)
        whole = f'{{"resourceType":"Bundle","type":"batch-response","entry":[{answers}]}}'
        self._answer(whole, len(entries) if self.server.way == IN_TURN else 1)

    def _answer(self, text: str | None, pauses: int = 1) -> None:
        if text is None:
            self._say(HTTPStatus.NOT_FOUND, "{}")
            return
        next(self.server.asked)
        time.sleep(self.server.pause_seconds * pauses)
        self._say(HTTPStatus.OK, text)

    def _say(self, status: HTTPStatus, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/fhir+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing is logged."""


if __name__ == "__main__":
    Ehr(int(sys.argv[1]), int(sys.argv[2]) / 1000, *sys.argv[3:]).serve_forever()
