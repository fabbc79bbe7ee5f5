"""Fuzz the way of a request by coverage: `python -m tests.fuzz` for 30 seconds, or so many as are said.

Bytes grow from the examples. Whatever they are, the answer is JSON: cards, or an OperationOutcome that refuses the
call. Ends with an error, and the bytes in a file, when it is anything else.
"""

import json
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Final

import atheris

with atheris.instrument_imports(include=["cds_service", "fhir_mappings"]):
    from cds_service import create_app
    from cds_service.settings import Settings

from examples.record import FOLDER

SECONDS: Final = 30
LONGEST_BYTES: Final = 16_384
ANSWERS: Final = frozenset({200, 400, 412})

_folder = Path(tempfile.mkdtemp(prefix="coverage-hooks-fuzz-"))
_settings = Settings(
    auth="off", today=date(2026, 11, 24), database_url=f"sqlite:///{_folder}/calls.db", log_level="error"
)
_service = create_app(_settings).test_client()


def answer_one(data: bytes) -> None:
    """Send bytes as a call, and hold the answer against what every answer is."""
    answer = _service.post("/cds-services/order-sign-crd", data=data, content_type="application/json")
    assert answer.status_code in ANSWERS, answer.status_code
    said = json.loads(answer.get_data())
    assert isinstance(said.get("cards"), list) or said["resourceType"] == "OperationOutcome"


def _small(corpus: Path) -> None:
    """The examples without their white space, those that can still be changed within the limit."""
    for path in sorted(FOLDER.glob("*/request.json")):
        text = json.dumps(json.loads(path.read_text("utf-8")), separators=(",", ":")).encode()
        if len(text) <= LONGEST_BYTES:
            (corpus / path.parent.name).write_bytes(text)


def main(seconds: int) -> None:
    corpus = _folder / "corpus"
    corpus.mkdir()
    _small(corpus)
    bounds = [f"-max_total_time={seconds}", f"-max_len={LONGEST_BYTES}", "-timeout=10", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], *bounds, str(corpus)], answer_one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS)
