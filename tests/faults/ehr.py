"""An EHR on loopback that can be made to fail: a real HTTP server, and each fault as what it does to one search."""

import gzip
import json
import socket
import struct
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from tests.conftest import Json, searchset

PATIENCE_SECONDS: Final = 20
"""How long a fault goes on at most: far beyond every deadline of these tests."""
PACE_SECONDS: Final = 0.05
MEGABYTE: Final = 1024 * 1024


class FaultyEhr(ThreadingHTTPServer):
    """Holds one patient's resources; `faults` says which types of search meet a fault, "*" all of them.

    `over` counts the searches whose fault ran out before the service hung up, `hung_up` those it left.
    """

    daemon_threads = True

    def __init__(self, resources: list[Json]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.resources = resources
        self.faults: dict[str, Fault] = {}
        self.asked: list[str] = []
        self.cookies: list[str] = []
        self.over = threading.Semaphore(0)
        self.hung_up = threading.Semaphore(0)
        self.closing = threading.Event()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/fhir"

    def of_type(self, kind: str) -> list[Json]:
        return [one for one in self.resources if one["resourceType"] == kind]

    def handle_error(self, *_: Any) -> None:
        """The service hung up."""


class Handler(BaseHTTPRequestHandler):
    """One connection. A fault gets it whole."""

    protocol_version = "HTTP/1.1"
    server: FaultyEhr

    def do_GET(self) -> None:
        kind = urlsplit(self.path).path.rsplit("/", 1)[1]
        self.server.asked.append(self.path)
        self.server.cookies.append(self.headers.get("Cookie", ""))
        fault = self.server.faults.get(kind, self.server.faults.get("*"))
        if fault:
            fault(self, kind)
        else:
            self.answer_as_ever(kind)

    def answer_as_ever(self, kind: str) -> None:
        self.answer(searchset(*self.server.of_type(kind)))

    def answer(self, body: Json | bytes, status: int = 200, **headers: str) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {"Content-Type": "application/fhir+json", "Content-Length": str(len(data)), **headers}
        lines = [f"HTTP/1.1 {status} Said", *(f"{name.replace('_', '-')}: {value}" for name, value in named.items())]
        self.send("\r\n".join([*lines, "", ""]).encode() + data)

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def until_left(self, piece: bytes = b"") -> None:
        """Send a piece again and again, or nothing, until the service hangs up."""
        self.close_connection = True
        self.connection.settimeout(PACE_SECONDS)
        for _ in range(int(PATIENCE_SECONDS / PACE_SECONDS)):
            if self.server.closing.is_set():
                return
            try:
                self.connection.sendall(piece)
                if self.connection.recv(1) == b"":
                    self.server.hung_up.release()
                    return
            except TimeoutError:
                continue
            except OSError:
                self.server.hung_up.release()
                return
        self.server.over.release()

    def reset(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def log_message(self, *_: Any) -> None:
        """Nothing: the logs of these tests are the service's."""


Fault = Callable[[Handler, str], None]
HEAD: Final = b"HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\n"
STRANGER: Final = "somebody-else"


def hang(search: Handler, _: str) -> None:
    search.until_left()


def hang_in_the_headers(search: Handler, _: str) -> None:
    search.send(HEAD)
    search.until_left()


def drip_headers(search: Handler, _: str) -> None:
    search.send(HEAD + b"X-Slow: ")
    search.until_left(b"x")


def drip(search: Handler, _: str) -> None:
    search.send(HEAD + b"Content-Length: 100000\r\n\r\n{")
    search.until_left(b" ")


def status(number: int, body: bytes = b"", **headers: str) -> Fault:
    return lambda search, _: search.answer(body, number, **headers)


def ok(body: bytes, **headers: str) -> Fault:
    return lambda search, _: search.answer(body, **headers)


def cut_off(search: Handler, kind: str) -> None:
    search.answer(json.dumps(searchset(*search.server.of_type(kind))).encode()[:-2])


def too_large(search: Handler, kind: str) -> None:
    """Fifty megabytes that are one valid searchset."""
    search.close_connection = True
    before, after = json.dumps(searchset(*search.server.of_type(kind))).encode().rsplit(b"}", 1)
    length = len(before) + 50 * MEGABYTE + 1
    search.send(HEAD + f"Content-Length: {length}\r\n\r\n".encode() + before)
    for _ in range(50):
        search.send(b" " * MEGABYTE)
    search.send(b"}" + after)


def redirect(to: str) -> Fault:
    return lambda search, kind: search.answer(b"", 302, Location=to.format(base=search.server.base, kind=kind))


def endless_pages(search: Handler, kind: str) -> None:
    page = {**searchset(*search.server.of_type(kind)), "total": 100000}
    link = f"{search.server.base}/{kind}?page={len(search.server.asked)}"
    search.answer({**page, "link": [{"relation": "next", "url": link}]})


def pages_in_a_circle(search: Handler, kind: str) -> None:
    link = f"{search.server.base}/{kind}?page=1"
    search.answer({**searchset(*search.server.of_type(kind)), "link": [{"relation": "next", "url": link}]})


def another_patients(search: Handler, kind: str) -> None:
    search.answer(searchset(_others(kind, "x")))


def everybodys(search: Handler, kind: str) -> None:
    """The server does not know the parameter `patient`: all that it has, of others first."""
    search.answer(searchset(*(_others(kind, f"x{n}") for n in range(3)), *search.server.of_type(kind)))


def _others(kind: str, identity: str) -> Json:
    """Somebody else's resource: an Observation is an ECOG grade of 4, as it was asked for."""
    element = {"Coverage": "beneficiary", "BodyStructure": "patient"}.get(kind, "subject")
    ecog = {"code": {"coding": [{"system": "http://loinc.org", "code": "89247-1"}]}, "valueInteger": 4}
    whose = {element: {"reference": f"Patient/{STRANGER}"}}
    return {"resourceType": kind, "id": identity, **whose, **(ecog if kind == "Observation" else {})}


def another_type(search: Handler, kind: str) -> None:
    whose = next(one["subject"] for one in search.server.resources if "subject" in one)
    search.answer(searchset({"resourceType": "Flag", "id": "f", "status": "active", "subject": whose}))


def gzip_bomb(search: Handler, _: str) -> None:
    """A hundred megabytes of JSON spaces in a hundred kilobytes."""
    search.answer(_bomb(), Content_Encoding="gzip")


def gzip_in_gzip(search: Handler, _: str) -> None:
    search.answer(gzip.compress(gzip.compress(_bomb(), 1), 1), Content_Encoding="gzip, gzip, gzip")


@cache
def _bomb() -> bytes:
    """Gzip of one megabyte that the next ones repeat; nobody reads as far as its checksum."""
    packer = zlib.compressobj(wbits=31)
    head = packer.compress(b'{"resourceType": "Bundle"') + packer.flush(zlib.Z_FULL_FLUSH)
    return head + 100 * (packer.compress(b" " * MEGABYTE) + packer.flush(zlib.Z_FULL_FLUSH))


def no_gzip(search: Handler, _: str) -> None:
    search.answer(b'{"resourceType": "Bundle"}', Content_Encoding="gzip")


def shorter_than_told(search: Handler, kind: str) -> None:
    search.close_connection = True
    data = json.dumps(searchset(*search.server.of_type(kind))).encode()
    search.send(HEAD + f"Content-Length: {len(data) + 100}\r\n\r\n".encode() + data)


def longer_than_told(search: Handler, kind: str) -> None:
    """What is left over stays in the connection, and looks like the answer to the next search."""
    data = json.dumps(searchset(*search.server.of_type(kind))).encode()
    forged = b"HTTP/1.1 200 OK\r\nContent-Length: 26\r\n\r\n" + b'{"resourceType": "Bundle"}'
    search.send(HEAD + f"Content-Length: {len(data) - 5}\r\n\r\n".encode() + data + forged)


def reset_at_once(search: Handler, _: str) -> None:
    search.reset()


def reset_in_the_body(search: Handler, _: str) -> None:
    search.send(HEAD + b'Content-Length: 1000\r\n\r\n{"resourceType": "Bundle", "entry": [')
    search.reset()


def no_http(search: Handler, _: str) -> None:
    search.close_connection = True
    search.send(b"SSH-2.0-OpenSSH_9.6\r\n")


HTML: Final = b"<!doctype html><html><title>Sign in</title></html>"
OUTCOME: Final = b'{"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "exception"}]}'

FAULTS: Final[dict[str, Fault]] = {
    "hangs": hang,
    "hangs-in-headers": hang_in_the_headers,
    "drips-headers": drip_headers,
    "drips": drip,
    "status-500": status(500, OUTCOME),
    "status-503-html": status(503, HTML, Content_Type="text/html"),
    "status-429": status(429, OUTCOME),
    "status-400": status(400, OUTCOME),
    "status-401": status(401, OUTCOME),
    "status-403": status(403, OUTCOME),
    "status-404": status(404, OUTCOME),
    "outcome": ok(OUTCOME),
    "html": ok(HTML, Content_Type="text/html"),
    "empty": ok(b""),
    "cut-off": cut_off,
    "too-deep": ok(b'{"resourceType": "Bundle", "entry": ' + b"[" * 100000),
    "too-large": too_large,
    "gzip-bomb": gzip_bomb,
    "gzip-in-gzip": gzip_in_gzip,
    "no-gzip": no_gzip,
    "redirect-same": redirect("{base}/elsewhere/{kind}"),
    "redirect-other": redirect("http://127.0.0.2:9/{kind}"),
    "endless-pages": endless_pages,
    "pages-in-a-circle": pages_in_a_circle,
    "another-patients": another_patients,
    "another-type": another_type,
    "shorter-than-told": shorter_than_told,
    "longer-than-told": longer_than_told,
    "reset": reset_at_once,
    "reset-in-body": reset_in_the_body,
    "no-http": no_http,
}
"""What a search can meet, by the name it has in ehr.toml."""
LASTING: Final = frozenset({"hangs", "hangs-in-headers", "drips-headers", "drips"})
"""Faults that go on until the service hangs up."""


Kind = TypeVar("Kind", bound=FaultyEhr)


@contextmanager
def running(resources: list[Json], kind: type[Kind] = FaultyEhr) -> Iterator[Kind]:
    server = kind(resources)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        server.server_close()
