"""What a browser is told with every answer."""

import re
from pathlib import Path

import pytest
from flask import Flask

from cds_service.operations.security_headers import add_security_headers

ROOT = Path(__file__).parents[2]
PATHS = [("/page", 200), ("/data", 200), ("/fails", 500), ("/nowhere", 404)]


@pytest.mark.parametrize(("path", "status"), PATHS)
def test_every_answer_has_them(app: Flask, path: str, status: int) -> None:
    add_security_headers(app, "https://coverage.payer.example")
    answer = app.test_client().get(path)
    assert answer.status_code == status
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_nothing_is_promised_of_tls_where_clients_use_http(app: Flask) -> None:
    add_security_headers(app, "http://127.0.0.1:8000")
    assert "Strict-Transport-Security" not in app.test_client().get("/page").headers


def test_a_page_runs_our_scripts_only_and_the_api_may_be_read_from_elsewhere(app: Flask) -> None:
    add_security_headers(app, "https://coverage.payer.example")
    page, data = (app.test_client().get(path).headers for path in ("/page", "/data"))
    assert "script-src 'self';" in page["Content-Security-Policy"]
    assert "unsafe" not in page["Content-Security-Policy"]
    assert page["Cross-Origin-Resource-Policy"] == "same-origin"
    assert data["Content-Security-Policy"].startswith("default-src 'none'; frame")
    assert data["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.parametrize("template", sorted((ROOT / "cds_service").rglob("templates/*.html")), ids=lambda p: p.name)
def test_our_pages_keep_to_their_policy(template: Path) -> None:
    text = template.read_text("utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=\"/)", text), "a script in the page would not run"
    assert not re.search(r"\son\w+=|javascript:", text), "a handler in an attribute would not run"
    assert not re.search(r"<style|<[a-z][^>]*\sstyle=", text), "a style in the page would not be applied"
    assert not re.search(r"(?:src|href)=\"https?://[^\"]*\.(?:js|css|png|svg)", text), "only our own files are loaded"
