"""The commands, as a person at a terminal meets them."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cds_service import cli
from cds_service.policies import POLICIES
from cds_service.policy.outline import outline
from examples.record import FOLDER


def run(*words: str, **environment: str) -> Result:
    defaults = {"COVERAGE_HOOKS_TODAY": "2026-11-24", "COVERAGE_HOOKS_AUTH": "off"}
    return CliRunner().invoke(cli.main, words, env={**defaults, **environment})


def request_file(name: str) -> str:
    return str(FOLDER / name / "request.json")


class TestEvaluate:
    def test_it_prints_the_tree_with_answers_evidence_and_what_is_missing(self) -> None:
        shown = run("evaluate", request_file("hcc-no-child-pugh"))
        assert shown.exit_code == 0
        assert "missing-documentation" in shown.output
        assert "I.C: Child-Pugh class, or bilirubin, albumin and INR" in shown.output
        assert "\x1b[" not in shown.output

    def test_json_is_the_determination_of_the_card(self) -> None:
        shown = run("evaluate", request_file("hcc-too-large"), "--json")
        stored = json.loads((FOLDER / "hcc-too-large" / "response.json").read_text("utf-8"))
        assert json.loads(shown.output) == [stored["cards"][0]["extension"]["coverage-hooks.determination"]]

    def test_a_referral_says_what_the_policy_itself_would_say(self) -> None:
        assert (
            "the policy itself would say: covered (I.D.1.a)" in run("evaluate", request_file("medicaid-member")).output
        )

    def test_a_request_of_any_hook_that_is_answered_is_explained(self, tmp_path: Path) -> None:
        body: Any = json.loads(Path(request_file("histotripsy")).read_text("utf-8"))
        drafts = [entry["resource"] for entry in body["context"]["draftOrders"]["entry"]]
        body["hook"] = "order-select"
        body["context"]["selections"] = [f"{draft['resourceType']}/{draft['id']}" for draft in drafts]
        (tmp_path / "r.json").write_text(json.dumps(body), "utf-8")
        assert "not-covered" in run("evaluate", str(tmp_path / "r.json")).output

    def test_an_order_outside_every_policy_is_said_to_be_so(self, tmp_path: Path) -> None:
        body: Any = json.loads(Path(request_file("histotripsy")).read_text("utf-8"))
        body["context"]["draftOrders"]["entry"] = []
        (tmp_path / "r.json").write_text(json.dumps(body), "utf-8")
        assert run("evaluate", str(tmp_path / "r.json")).output == "no order here is addressed by a policy\n"

    @pytest.mark.parametrize("text", ["", "{", "[]", '{"hook": "order-sign"}'])
    def test_unreadable_input_ends_with_2_and_says_where(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "r.json").write_text(text, "utf-8")
        shown = run("evaluate", str(tmp_path / "r.json"))
        assert shown.exit_code == 2
        assert "$" in shown.output

    def test_a_file_that_is_not_there_ends_with_2(self, tmp_path: Path) -> None:
        assert run("evaluate", str(tmp_path / "absent.json")).exit_code == 2

    def test_it_never_uses_the_network(self, tmp_path: Path) -> None:
        body: Any = json.loads(Path(request_file("hcc-covered")).read_text("utf-8"))
        body = {**body, "fhirServer": "https://ehr.example/fhir", "prefetch": {"conditions": None}}
        (tmp_path / "r.json").write_text(json.dumps(body), "utf-8")
        shown = run("evaluate", str(tmp_path / "r.json"), COVERAGE_HOOKS_FHIR_SERVERS="https://ehr.example/fhir")
        assert "undetermined" in shown.output


class TestPolicy:
    @pytest.mark.parametrize("form", ["text", "markdown"])
    def test_every_criterion_has_its_line(self, form: str) -> None:
        shown = run("policy", "151", "--format", form).output
        for top in outline(POLICIES["151"]):
            for _, line in top.walk():
                assert line.id in shown
                assert line.statement in shown

    def test_json_names_facts_and_value_sets(self) -> None:
        whole = json.loads(run("policy", "151", "--format", "json").output)
        assert whole["revision"] == "2025-05-06"
        leaf = whole["criteria"][0]["criteria"][0]["criteria"][0]
        assert leaf["id"] == "I.A.kps"
        assert leaf["sources"]

    def test_an_unknown_policy_is_an_error(self) -> None:
        assert run("policy", "999").exit_code == 1


class TestServe:
    def test_an_open_service_is_refused_beyond_loopback(self) -> None:
        shown = run("serve", "--host", "0.0.0.0")
        assert shown.exit_code == 1
        assert "loopback" in shown.output

    def test_serve_and_demo_start_granian_with_what_was_asked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        started: list[tuple[Any, ...]] = []
        monkeypatch.setattr(cli.os, "environ", dict(cli.os.environ))  # demo sets what its workers read
        monkeypatch.setattr(cli, "_run", lambda *words: started.append(words[:4]))
        assert run("serve", "--port", "9001", "--workers", "2").exit_code == 0
        assert run("demo", "--port", "9002").exit_code == 0
        assert started == [
            ("cds_service.worker:service", "127.0.0.1", 9001, 2),
            ("cds_service.worker:demonstration", "127.0.0.1", 9002, 1),
        ]

    def test_a_wrong_setting_stops_it_with_its_name(self) -> None:
        shown = run("serve", COVERAGE_HOOKS_AUTH="maybe")
        assert shown.exit_code == 1
        assert "auth" in shown.output
