"""Reading a JWKS: from where, how much, how long; over a real socket where the form of the answer matters."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest

from cds_service.security.key_documents import MAX_BYTES, fetch, is_fetchable, load
from cds_service.security.key_sets import KeysUnavailable
from tests.security.building import PUBLISHED, client_with_file


class Site(BaseHTTPRequestHandler):
    """/jwks in chunks, /moved elsewhere, /cut off in the middle."""

    seen: ClassVar[list[dict[str, str]]] = []

    def do_GET(self) -> None:
        self.seen.append({"path": self.path, **{name.lower(): value for name, value in self.headers.items()}})
        getattr(self, f"_{self.path[1:]}")()

    def _jwks(self) -> None:
        self._head(200, ("Transfer-Encoding", "chunked"))
        for part in (PUBLISHED[:9], PUBLISHED[9:], b""):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))

    def _moved(self) -> None:
        self._head(302, ("Location", "/jwks"))

    def _cut(self) -> None:
        self._head(200, ("Content-Length", "100"))
        self.wfile.write(b"{")

    def _head(self, status: int, more: tuple[str, str]) -> None:
        self.protocol_version = "HTTP/1.1"
        self.send_response(status)
        self.send_header(*more)
        self.send_header("Connection", "close")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Site) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        Site.seen.clear()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_jwks_is_read_whole_and_without_credentials_of_the_machine(
    site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("default login someone password secret")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("http_proxy", "http://proxy.invalid:1")
    assert fetch(f"{site}/jwks") == PUBLISHED
    assert "authorization" not in Site.seen[0]


def test_a_redirect_is_not_followed(site: str) -> None:
    with pytest.raises(KeysUnavailable, match="HTTP status 302"):
        fetch(f"{site}/moved")
    assert [request["path"] for request in Site.seen] == ["/moved"]


def test_an_answer_cut_off_is_no_answer(site: str) -> None:
    with pytest.raises(KeysUnavailable):
        fetch(f"{site}/cut")


def test_an_answer_that_drips_ends_with_the_deadline(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter((0.0, 4.0, 5.1))
    clock = SimpleNamespace(monotonic=lambda: next(moments, 5.1))
    monkeypatch.setattr("cds_service.security.key_documents.time", clock)
    with pytest.raises(KeysUnavailable, match="not complete after 5 seconds"):
        fetch(f"{site}/jwks")


@pytest.mark.parametrize(
    ("url", "is_read"),
    [
        ("https://ehr.example/jwks", True),
        ("http://127.0.0.1:9/jwks", True),
        ("http://localhost/jwks", True),
        ("http://[::1]/jwks", True),
        ("http://ehr.example/jwks", False),
        ("http://127.0.0.1.evil.example/jwks", False),
        ("file:///etc/passwd", False),
        ("https:///jwks", False),
        ("", False),
    ],
)
def test_keys_are_read_over_https_or_from_this_machine(url: str, is_read: bool) -> None:
    assert is_fetchable(url) == is_read
    if not is_read:
        with pytest.raises(KeysUnavailable, match="must be https"):
            fetch(url)


def test_a_key_file_is_read_to_the_same_limit(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_bytes(b" " * MAX_BYTES)
    assert len(load(client_with_file(path))) == MAX_BYTES
    path.write_bytes(b" " * (MAX_BYTES + 1))
    with pytest.raises(KeysUnavailable, match="larger than"):
        load(client_with_file(path))


def test_a_folder_is_no_key_file(tmp_path: Path) -> None:
    with pytest.raises(KeysUnavailable, match="Is a directory"):
        load(client_with_file(tmp_path))
