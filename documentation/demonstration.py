"""The demonstration on a free port of this machine, for tests and for pictures of it."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

from werkzeug.serving import WSGIRequestHandler, make_server

from cds_service.demo import create_demo_app
from cds_service.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

WRITTEN_FOR = date(2026, 11, 24)


class _Quiet(WSGIRequestHandler):
    """No line for each request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


class _Served:
    """An app that can be made only once its own address is known."""

    app: "WSGIApplication"

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        return self.app(environ, start_response)


@contextmanager
def served(**settings: Any) -> Iterator[str]:
    """The demonstration, as of the day its patients were written for; its address."""
    application = _Served()
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=_Quiet)
    url = f"http://127.0.0.1:{server.port}"
    told = {"auth": "off", "today": WRITTEN_FOR, "public_url": url, "fhir_servers": (f"{url}/demo/fhir",), **settings}
    application.app = create_demo_app(Settings(**told))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield url
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
