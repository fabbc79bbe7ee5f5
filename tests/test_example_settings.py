"""The example configuration: the demonstration payer shows what a payer can lay down."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from cds_service import cli
from cds_service.crd.options import COVERAGE_INFO, KINDS, UNSOLICITED_DETERMINATION
from cds_service.demo import create_demo_app
from cds_service.settings import load_settings
from examples.record import FOLDER
from tests.conftest import AppClient
from tests.crd.payers import codes, stated
from tests.crd.test_answering import SIGN, actions

Demo = Callable[..., FlaskClient]

START = "/cds-services/encounter-start-crd"
NO_CARDS = {COVERAGE_INFO, UNSOLICITED_DETERMINATION}
"""Kinds of answers that stand on the order."""


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, app_client: AppClient) -> Demo:
    """The demonstration as a reader of the file starts it."""
    monkeypatch.setenv("COVERAGE_HOOKS_AUTH", "off")
    monkeypatch.setenv("COVERAGE_HOOKS_TODAY", "2026-11-24")
    monkeypatch.setenv("COVERAGE_HOOKS_CONFIG", str(FOLDER / "settings.toml"))
    monkeypatch.setenv("COVERAGE_HOOKS_DATABASE_URL", f"sqlite:///{tmp_path}/calls.db")

    def started(members: str = "trust") -> FlaskClient:
        monkeypatch.setenv("COVERAGE_HOOKS_MEMBERS", members)
        for what in ("members", "authorizations"):
            loaded = CliRunner().invoke(cli.main, [what, "load", str(FOLDER / f"{what}.csv")])
            assert loaded.exit_code == 0, loaded.output
        return app_client(create_demo_app(load_settings()))

    return started


def answer(client: FlaskClient, example: str, version: str = "2.2") -> Any:
    body = json.loads((FOLDER / example / "request.json").read_text("utf-8"))
    return client.post(SIGN, json={**body, "extension": {"davinci-crd.requestedVersion": version}})


@pytest.mark.parametrize("version", ["2.0", "2.2"])
def test_an_authorization_on_file_is_satisfied(demo: Demo, version: str) -> None:
    said = stated(answer(demo(), "hcc-covered", version))
    assert (said["covered"], said["pa-needed"]) == (["covered"], ["satisfied"])
    assert said["satisfied-pa-id"] == ["PA-DEMO-000913"]
    assert said.get("expiry-date") == (["2027-02-22"] if version == "2.2" else None)
    assert "contact" not in said


def test_what_needs_authorization_says_so_with_whom_to_ask(demo: Demo) -> None:
    said = stated(answer(demo(), "hcc-no-child-pugh"))
    assert (said["covered"], said["pa-needed"], said["doc-purpose"]) == (["conditional"], ["auth-needed"], ["withpa"])
    assert said["contact"][0]["name"] == "Utilization review"
    assert said["expiry-date"] == ["2027-02-22"]


def test_a_plan_the_coverage_does_not_tell_leaves_authorization_open(demo: Demo) -> None:
    assert "pa-needed" not in stated(answer(demo(), "medicaid-member"))


@pytest.mark.parametrize(
    ("example", "code"), [("histotripsy", "no-member-found"), ("y90-source", "no-active-coverage"), ("hcc-covered", "")]
)
def test_with_the_table_those_not_listed_are_no_members(demo: Demo, example: str, code: str) -> None:
    assert codes(stated(answer(demo("table"), example))) == ([code] if code else [])


EXAMPLES = [path.parent.name for path in sorted(FOLDER.glob("*/request.json"))]
ALL_SIXTEEN = {
    "coverage", "covered", "pa-needed", "doc-needed", "doc-purpose", "info-needed", "billingCode", "reason", "detail",
    "dependency", "questionnaire", "date", "coverage-assertion-id", "satisfied-pa-id", "contact", "expiry-date",
}  # fmt: skip
EVERY_TYPE = {
    "guideline": "policy 151", "claim": "unlisted", "clinical-reminder": "documentation form",
    "insurance": "No active coverage", "therapy-alternatives-opt": "covered instead",
}  # fmt: skip


def test_CRDF37_the_demonstration_shows_all_sixteen_parts_of_a_statement(demo: Demo) -> None:
    """CRD test kit 2.2.1, must-support: the session as a whole shows each sub-extension."""
    client = demo()
    stated_parts = {
        part["url"]
        for example in EXAMPLES
        for action in actions(answer(client, example))
        for part in action["resource"]["extension"][-1]["extension"]
    }
    assert stated_parts == ALL_SIXTEEN


def test_the_demonstration_shows_cards_of_every_type(demo: Demo) -> None:
    client = demo()
    asked = [json.loads((FOLDER / name / "request.json").read_text("utf-8")) for name in EXAMPLES]
    answers = [client.post(path, json=body) for one in asked for path, body in ((SIGN, one), (START, starting(one)))]
    cards = [card for one in answers for card in one.get_json()["cards"]]
    summaries: dict[str, list[str]] = {}
    for card in cards:
        summaries.setdefault(card["source"]["topic"]["code"], []).append(card["summary"])
    assert summaries.keys() == EVERY_TYPE.keys() == {kind.code for kinds in KINDS.values() for kind in kinds} - NO_CARDS
    assert [code for code, words in EVERY_TYPE.items() if not any(words in said for said in summaries[code])] == []
    assert any("Tests for Child-Pugh" in said for said in summaries["clinical-reminder"])


def starting(asked: Any) -> Any:
    """The encounter in which the order was signed, when it began."""
    context = {"userId": asked["context"]["userId"], "patientId": asked["context"]["patientId"], "encounterId": "e1"}
    prefetch = {"coverage": asked["prefetch"]["coverage"]}
    return {"hook": "encounter-start", "hookInstance": asked["hookInstance"], "context": context, "prefetch": prefetch}


def test_each_command_of_the_file_is_one_that_is_there() -> None:
    text = (FOLDER / "settings.toml").read_text("utf-8")
    for words in ("authorizations load examples/authorizations.csv", "members load examples/members.csv"):
        assert words in text
        assert (FOLDER.parent / words.split()[-1]).is_file()
