"""A small FHIR server that holds the covered patient's record under any patient's id, and waits before it answers.

python -m benchmarks.ehr PORT MILLISECONDS
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

COUNTED: Final = "/counted"
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
    """Answers searches after a pause, and counts them."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, pause_seconds: float) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.pause_seconds = pause_seconds
        self.answers = answers()
        self.asked = count()


class Handler(http.server.BaseHTTPRequestHandler):
    """One connection, kept as long as the client likes."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Ehr

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        kind, patient = asked.path.rpartition("/")[2], parse_qs(asked.query).get("patient", [""])[0]
        if asked.path == COUNTED:
            self._say(HTTPStatus.OK, str(next(self.server.asked)))
        elif kind in self.server.answers:
            next(self.server.asked)
            time.sleep(self.server.pause_seconds)
            self._say(HTTPStatus.OK, self.server.answers[kind].replace(EXAMPLE_PATIENT, patient))
        else:
            self._say(HTTPStatus.NOT_FOUND, "{}")

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
    Ehr(int(sys.argv[1]), int(sys.argv[2]) / 1000).serve_forever()
