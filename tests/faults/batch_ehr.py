"""The EHR of the faults, which takes batches: what it is posted, and each way in which its answer can be odd."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from fhir_mappings.capabilities import Capabilities
from fhir_mappings.known_servers import KnownServers
from tests.conftest import Json, searchset
from tests.faults.ehr import OUTCOME, Fault, FaultyEhr, Handler, running

STATEMENT: Final = {
    "resourceType": "CapabilityStatement", "status": "active", "kind": "instance", "fhirVersion": "4.0.1",
    "rest": [{"mode": "server", "interaction": [{"code": "transaction"}, {"code": "batch"}]}],
}  # fmt: skip
METADATA: Final = "/fhir/metadata"


class Asked(NamedTuple):
    """A request as it came: its method and path, the token, and of a batch the URLs in it."""

    request: str
    authorization: str
    urls: tuple[str, ...] = ()


class BatchEhr(FaultyEhr):
    """Says that it takes batches, and does. `met` is the fault a batch meets, `changed` what becomes of its answer.

    `may_tell` is cleared to have `GET metadata` wait; `pages` are the next pages of searches, by their path.
    """

    def __init__(self, resources: list[Json]) -> None:
        super().__init__(resources)
        self.RequestHandlerClass = BatchHandler
        self.statement: Json = STATEMENT
        self.met: Fault | None = None
        self.changed: Change = lambda answer: answer
        self.may_tell = threading.Event()
        self.may_tell.set()
        self.requests: list[Asked] = []

    def told(self) -> list[str]:
        """What was requested, in any order."""
        return sorted(one.request for one in self.requests)

    def batches(self) -> list[Asked]:
        """The batches that came."""
        return [one for one in self.requests if one.request == "POST /fhir"]

    def searches(self) -> list[str]:
        """The searches that came each by itself."""
        return sorted(one.request.partition("/fhir/")[2] for one in self.requests if "?" in one.request)


class BatchHandler(Handler):
    """Batches and the CapabilityStatement; the rest is answered as ever."""

    server: BatchEhr

    def do_GET(self) -> None:
        self.server.requests.append(Asked(f"GET {self.path}", self.headers.get("Authorization", "")))
        super().do_GET()

    def do_POST(self) -> None:
        bundle = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        urls = [entry["request"]["url"] for entry in bundle["entry"]]
        assert (bundle["type"], self.headers["Content-Type"]) == ("batch", "application/fhir+json")
        self.server.requests.append(Asked(f"POST {self.path}", self.headers.get("Authorization", ""), tuple(urls)))
        if self.server.met:
            self.server.met(self, "")
        else:
            self.answer(self.server.changed(self.answers_to(urls)))

    def answer_as_ever(self, kind: str) -> None:
        if self.path == METADATA:
            self.server.may_tell.wait(20)
            self.answer(self.server.statement)
        else:
            super().answer_as_ever(kind)

    def answers_to(self, urls: list[str]) -> Json:
        kinds = [urlsplit(url).path for url in urls]
        return {"resourceType": "Bundle", "type": "batch-response", "entry": [self._entry(kind) for kind in kinds]}

    def _entry(self, kind: str) -> Json:
        return {"resource": searchset(*self.server.of_type(kind)), "response": {"status": "200 OK"}}


Change = Callable[[Json], Any]


def _entries(change: Callable[[list[Json]], Any]) -> Change:
    return lambda answer: {**answer, "entry": change(answer["entry"])}


def _one(**changed: Any) -> Change:
    """Change the entry that holds the completed form: what is None is left out."""
    return _entries(
        lambda entries: [_without_none({**entry, **changed}) if _has_form(entry) else entry for entry in entries]
    )


def _has_form(entry: Json) -> bool:
    return any(one["resource"]["resourceType"] == "QuestionnaireResponse" for one in entry["resource"]["entry"])


def _without_none(entry: Json) -> Json:
    return {name: value for name, value in entry.items() if value is not None}


def _every(**changed: Any) -> Change:
    return _entries(lambda entries: [_without_none({**entry, **changed}) for entry in entries])


def _said(status: Any, resource: Any = None) -> Json:
    return {"response": {"status": status}, "resource": resource}


def _null_resource(answer: Json) -> bytes:
    return json.dumps(_one(resource="?")(answer)).replace('"?"', "null", 1).encode()


BATCH_FAULTS: Final[dict[str, Change]] = {
    "not-a-batch-response": lambda answer: {**answer, "type": "searchset"},
    "no-entries": _entries(lambda entries: []),
    "an-entry-less": _entries(lambda entries: entries[1:]),
    "an-entry-more": _entries(lambda entries: [*entries, entries[0]]),
    "reversed": _entries(lambda entries: entries[::-1]),
    "no-bundle-entry": _entries(lambda entries: [None if _has_form(entry) else entry for entry in entries]),
    "no-response": _one(response=None),
    "no-status": _one(response={}),
    "status-a-number": _one(response={"status": 200}),
    "no-resource": _one(resource=None),
    "null-resource": _null_resource,
    "another-resource": _one(resource={"resourceType": "Flag", "id": "f"}),
    "every-entry-500": _every(**_said("500 Internal Server Error")),
    "every-entry-400": _every(**_said("400 Bad Request")),
    "every-entry-404": _every(**_said("404 Not Found")),
    "an-entry-500": _one(**_said("500 Internal Server Error")),
    "an-entry-404": _one(**_said("404 Not Found")),
    "an-entry-of-no-status": _one(response={"status": "OK"}),
    "an-entry-with-outcome": _one(resource=json.loads(OUTCOME)),
}
"""What can be wrong with an answer to a batch, by the name it has in batch.toml."""


@contextmanager
def batching(resources: list[Json]) -> Iterator[BatchEhr]:
    with running(resources, BatchEhr) as ehr:
        yield ehr


class Watched(KnownServers):
    """Tells tests when a server's statement has come, or has not."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.heard = threading.Semaphore(0)

    def learned(self, base_url: str, said: Capabilities | None) -> None:
        super().learned(base_url, said)
        self.heard.release()
