"""An EHR on this machine whose FHIR server takes its time, or never answers, until it is stopped."""

import contextlib
import json
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from tests.conftest import Json, searchset

NEVER: Final = 30.0
"""Longer than anybody waits; the server is stopped before."""


class SlowEhr(ThreadingHTTPServer):
    """Answers searches by type after so many seconds each, page by page where a type has several pages."""

    daemon_threads = False  # stopping waits for the answers under way
    request_queue_size = 64

    def __init__(self, pages: Mapping[str, list[list[Json]]], seconds: float, drips: bool = False) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages = pages
        self.seconds = seconds
        self.drips = drips
        self.stopped = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_address[1]}/fhir"

    def page(self, kind: str, number: int) -> Json:
        """One page of what the EHR holds of a type."""
        pages = self.pages.get(kind, [[]])
        bundle = searchset(*pages[number])
        bundle["total"] = sum(map(len, pages))
        if number + 1 < len(pages):
            bundle["link"] = [{"relation": "next", "url": f"{self.url}/{kind}?page={number + 1}"}]
        return bundle

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no error of this server."""


class _Handler(BaseHTTPRequestHandler):
    server: SlowEhr

    def do_GET(self) -> None:
        if self.server.stopped.wait(self.server.seconds):
            return
        kind, _, query = self.path.removeprefix("/fhir/").partition("?")
        body = json.dumps(self.server.page(kind, int(query.partition("page=")[2] or 0))).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/fhir+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        for part in [body[n : n + 1] for n in range(len(body))] if self.server.drips else [body]:
            self.wfile.write(part)
            if self.server.drips and self.server.stopped.wait(0.2):
                return

    def log_message(self, *_: Any) -> None:
        """Nothing is logged: URLs hold patients."""


@contextlib.contextmanager
def running(ehr: SlowEhr) -> Iterator[SlowEhr]:
    """The server while it runs, in a thread of its own; stopped in the end, answers under way with it."""
    thread = threading.Thread(target=ehr.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield ehr
    finally:
        ehr.stopped.set()
        ehr.shutdown()
        ehr.server_close()
        thread.join(10)
