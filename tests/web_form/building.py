"""A clinician at the web form: the link on the card, the page it opens, what is answered and sent."""

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from flask.testing import FlaskClient

from tests.conformance.wire import example
from tests.conftest import Json, coverage_cards

LABEL = "Answer in the documentation form"
OPEN = "hcc-no-child-pugh"
CONFINEMENT = "crc-unproven-confinement"
CLASS_A = "710065009"
WHO = {"author_name": "Ines Okafor", "author_role": "physician"}


def links(answer: Any) -> list[str]:
    """The addresses of the web form on the coverage cards that came back."""
    listed = [link for card in coverage_cards(answer) for link in card["links"]]
    return [link["url"] for link in listed if link["label"] == LABEL]


def signed(client: FlaskClient, body: Json) -> Any:
    return client.post("/cds-services/order-sign-crd", json=body)


def form_path(client: FlaskClient, body: Json | str = OPEN) -> str:
    """Sign, and follow the link of the first card."""
    answer = signed(client, example(body) if isinstance(body, str) else body)
    return urlsplit(links(answer)[0]).path


class Fields(HTMLParser):
    """The fields of a page as a browser sends them: what is checked, chosen or typed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self.names: set[str] = set()
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        name = told.get("name") or ""
        if tag == "select":
            self._select = name
        if tag == "option" and "selected" in told:
            self.values[self._select] = [told.get("value") or ""]
        if tag == "input" and name:
            self.names.add(name)
            if told.get("type") not in ("radio", "checkbox") or "checked" in told:
                self.values.setdefault(name, []).append(told.get("value") or "")


def fields(page: Any) -> dict[str, list[str]]:
    return Fields(page.get_data(as_text=True)).values


def send(client: FlaskClient, path: str, answers: Json, action: str = "save", **more: Any) -> Any:
    """Open the page, give these answers in place of what it holds, and send it."""
    page = client.get(path)
    assert page.status_code == 200, words(page)
    return client.post(path, data={**fields(page), **WHO, **answers, "action": action}, **more)


def words(page: Any) -> str:
    """What a page says, without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.get_data(as_text=True)))


def faults(page: Any) -> dict[str, str]:
    """What is said to be wrong with each field."""
    found = re.findall(r'id="fault-([\w.-]+)"[^>]*>([^<]+)<', page.get_data(as_text=True))
    return {name: said.strip() for name, said in found if said.strip()}
