"""Every example is posted, and its stored answer and its intended outcome compared with what comes back."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service.demo_ehr import Situation, load_situations
from examples.record import FOLDER, TODAY, answer_to, demo_client, request_of

SITUATIONS = load_situations(TODAY)


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return demo_client()


def read(folder: Path, name: str) -> Any:
    return json.loads((folder / f"{name}.json").read_text("utf-8"))


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda s: s.id)
def test_the_stored_answer_is_what_the_service_says(situation: Situation, client: FlaskClient) -> None:
    folder = FOLDER / situation.id
    assert answer_to(read(folder, "request"), client) == read(folder, "response")


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda s: s.id)
def test_the_stored_request_is_the_demonstration_of_today(situation: Situation, client: FlaskClient) -> None:
    assert request_of(situation, client) == read(FOLDER / situation.id, "request")


def said(card: dict[str, Any]) -> str:
    determination = card["extension"]["coverage-hooks.determination"]
    advisory = f", advisory {determination['advisory']}" if "advisory" in determination else ""
    return f"{determination['outcome']} ({', '.join(determination['criteria'])}{advisory})"


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda s: s.id)
def test_a_situation_ends_as_its_author_intended(situation: Situation) -> None:
    cards = read(FOLDER / situation.id, "response")["cards"]
    intended = [part for part in situation.expected.split("; ") if part != "no card"]
    assert [said(card) for card in cards if card["source"]["topic"]["code"] == "guideline"] == intended


def test_every_example_folder_is_a_situation() -> None:
    folders = {path.name for path in FOLDER.iterdir() if path.is_dir() and (path / "request.json").exists()}
    assert folders == {situation.id for situation in SITUATIONS}
