"""The example configuration: the demonstration payer shows what a payer can lay down."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from cds_service import cli
from cds_service.demo import create_demo_app
from cds_service.settings import load_settings
from examples.record import FOLDER
from tests.crd.payers import codes, stated
from tests.crd.test_answering import SIGN, actions

Demo = Callable[..., FlaskClient]


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Demo]:
    """The demonstration as a reader of the file starts it."""
    monkeypatch.setenv("COVERAGE_HOOKS_AUTH", "off")
    monkeypatch.setenv("COVERAGE_HOOKS_TODAY", "2026-11-24")
    monkeypatch.setenv("COVERAGE_HOOKS_CONFIG", str(FOLDER / "settings.toml"))
    monkeypatch.setenv("COVERAGE_HOOKS_DATABASE_URL", f"sqlite:///{tmp_path}/calls.db")
    apps = []

    def started(members: str = "trust") -> FlaskClient:
        monkeypatch.setenv("COVERAGE_HOOKS_MEMBERS", members)
        for what in ("members", "authorizations"):
            loaded = CliRunner().invoke(cli.main, [what, "load", str(FOLDER / f"{what}.csv")])
            assert loaded.exit_code == 0, loaded.output
        apps.append(create_demo_app(load_settings()))
        return apps[-1].test_client()

    yield started
    for app in apps:
        app.extensions["record of answers"].engine.dispose()


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


def test_all_parts_of_a_statement_are_shown_but_the_form(demo: Demo) -> None:
    """CRD test kit 2.2.1, must-support: the session as a whole shows each sub-extension; the form comes with DTR."""
    client = demo()
    examples = [path.parent.name for path in sorted(FOLDER.glob("*/request.json"))]
    shown = {
        part["url"]
        for example in examples
        for action in actions(answer(client, example))
        for part in action["resource"]["extension"][-1]["extension"]
    }
    assert shown >= {
        "coverage", "covered", "pa-needed", "doc-needed", "doc-purpose", "info-needed", "billingCode", "reason",
        "detail", "dependency", "date", "coverage-assertion-id", "satisfied-pa-id", "contact", "expiry-date",
    }  # fmt: skip


def test_each_command_of_the_file_is_one_that_is_there() -> None:
    text = (FOLDER / "settings.toml").read_text("utf-8")
    for words in ("authorizations load examples/authorizations.csv", "members load examples/members.csv"):
        assert words in text
        assert (FOLDER.parent / words.split()[-1]).is_file()
