"""The answers of a batch: those of the service, for an assumed order and for the orders of the export."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from benchmarks.batch_answers import over_http
from benchmarks.population import patient, write_export
from cds_service import create_app
from cds_service.batch import job, partition
from cds_service.batch.orders import assumed_body
from cds_service.settings import Settings
from tests.batch import building
from tests.batch.building import assumed, batch, outcomes, resources_of, said, summary
from tests.conftest import TODAY

Json = dict[str, Any]

SEED = 151
PATIENTS = 60


@pytest.fixture(scope="module")
def population() -> list[list[Json]]:
    return [patient(SEED, number, laboratories=3) for number in range(PATIENTS)]


@pytest.fixture(scope="module")
def export(population: list[list[Json]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("batch") / "export"
    write_export(folder, iter(population))
    return folder


@pytest.fixture(scope="module")
def service() -> FlaskClient:
    return create_app(Settings(auth="off", today=TODAY)).test_client()


def in_order(lines: list[Json]) -> list[Json]:
    return sorted(lines, key=lambda line: (line["patient"], line["order"]))


def test_an_assumed_order_gets_the_answer_of_a_hook_call(
    service: FlaskClient, population: list[list[Json]], export: Path, tmp_path: Path
) -> None:
    assumed(export, tmp_path / "out")
    expected = [
        line
        for resources in population
        for line in over_http(service, resources, dict(assumed_body("47382", resources[0]["id"])))
    ]
    assert len(expected) == PATIENTS
    assert in_order(said(tmp_path / "out")) == in_order(expected)
    assert len(set(outcomes(tmp_path / "out").values())) >= 4, "a population of one outcome would prove little"


def test_the_orders_of_the_export_get_the_answers_of_hook_calls(
    service: FlaskClient, population: list[list[Json]], export: Path, tmp_path: Path
) -> None:
    assert batch(export, tmp_path / "out").exit_code == 0
    expected = [
        line
        for resources in population
        for order in resources
        if order["resourceType"] == "ServiceRequest"
        for line in over_http(service, resources, order)
    ]
    assert len({line["order"].rpartition("-")[0] for line in expected}) > PATIENTS / 3
    assert in_order(said(tmp_path / "out")) == in_order(expected)


def test_the_summary_counts_what_the_lines_say(export: Path, tmp_path: Path) -> None:
    shown = assumed(export, tmp_path / "out", "--json")
    told = json.loads(shown.stdout)
    assert told == summary(tmp_path / "out")
    lines = said(tmp_path / "out")
    assert told["patients"] == told["determinations"] == len(lines) == PATIENTS
    for outcome, count in told["outcomes"].items():
        assert count == sum(line["outcome"] == outcome for line in lines)
    asked = [q["criterion"] for line in lines for q in line.get("missing", [])]
    assert {one["criterion"]: one["determinations"] for one in told["missing"]} == {c: asked.count(c) for c in asked}
    assert [one["determinations"] for one in told["missing"]] == sorted(map(asked.count, set(asked)), reverse=True)


def test_the_text_says_the_same_in_words(export: Path, tmp_path: Path) -> None:
    shown = assumed(export, tmp_path / "out").output
    told = summary(tmp_path / "out")
    assert "policy 151, revision 2025-05-06, as of 2026-11-24, order 47382 assumed" in shown
    assert f"{PATIENTS} patients, {PATIENTS} determinations" in shown
    first = told["missing"][0]
    assert f"{first['criterion']:22} {first['determinations']:>9}  {first['statement']}" in shown


def test_several_processes_give_the_same_file_as_one(export: Path, tmp_path: Path) -> None:
    assumed(export, tmp_path / "one")
    assumed(export, tmp_path / "two", "--workers", "2")
    assert (tmp_path / "one" / "determinations.ndjson").read_bytes() == (
        tmp_path / "two" / "determinations.ndjson"
    ).read_bytes()


def test_however_the_work_is_cut_the_answers_are_the_same(
    export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assumed(export, tmp_path / "whole")
    monkeypatch.setattr(job, "PART_BYTES", 1000)
    monkeypatch.setattr(job, "SHARD_BYTES", 10_000)
    monkeypatch.setattr(partition, "BUFFER_BYTES", 100)
    assumed(export, tmp_path / "cut")
    assert in_order(said(tmp_path / "cut")) == in_order(said(tmp_path / "whole"))
    assert summary(tmp_path / "cut") == summary(tmp_path / "whole")


class TestWhoIsInThePopulation:
    def test_a_patient_with_nothing_on_record_is(self, tmp_path: Path) -> None:
        export = building.write_export(tmp_path / "export", [{"resourceType": "Patient", "id": "p1"}])
        assumed(export, tmp_path / "out")
        assert outcomes(tmp_path / "out") == {"Patient/p1": "missing-documentation"}

    def test_somebody_without_a_patient_resource_is(self, tmp_path: Path) -> None:
        export = building.write_export(tmp_path / "export", resources_of("p1")[1:])
        assumed(export, tmp_path / "out")
        assert outcomes(tmp_path / "out") == {"Patient/p1": "covered"}

    def test_resources_of_two_patients_do_not_mix(self, tmp_path: Path) -> None:
        mine, others = resources_of("p1", ecog=None), resources_of("p2")
        export = building.write_export(tmp_path / "export", mine, others)
        assumed(export, tmp_path / "out")
        assert outcomes(tmp_path / "out") == {"Patient/p1": "missing-documentation", "Patient/p2": "covered"}

    def test_a_patient_of_whom_the_policy_says_nothing_is_counted_as_such(self, tmp_path: Path) -> None:
        export = building.write_export(
            tmp_path / "export", resources_of("p1"), [{"resourceType": "Patient", "id": "p2"}], types=building.CORE
        )
        (export / "ServiceRequest.ndjson").write_text("", "utf-8")
        shown = batch(export, tmp_path / "out")
        assert shown.exit_code == 0
        assert summary(tmp_path / "out")["withoutDetermination"] == 2
        assert "2 patients without one" in shown.output


def test_the_newer_copy_of_a_resource_counts_whichever_file_it_is_in(tmp_path: Path) -> None:
    old = resources_of("p1", ecog=3)
    new = [
        one | {"meta": {"lastUpdated": "2026-11-20"}}
        for one in resources_of("p1")
        if one["resourceType"] == "Observation"
    ]
    export = building.write_export(tmp_path / "export", old)
    (export / "Observation.0.ndjson").write_text("".join(json.dumps(one) + "\n" for one in new), "utf-8")
    assumed(export, tmp_path / "out")
    assert outcomes(tmp_path / "out") == {"Patient/p1": "covered"}


def test_ages_count_from_the_day_that_is_asked(tmp_path: Path) -> None:
    export = building.write_export(tmp_path / "export", resources_of("p1"))
    assumed(export, tmp_path / "out", "--as-of", "2027-11-24")
    assert outcomes(tmp_path / "out") == {"Patient/p1": "missing-documentation"}


def test_payers_and_windows_are_those_of_the_settings(tmp_path: Path) -> None:
    export = building.write_export(tmp_path / "export", resources_of("p1"))
    config = tmp_path / "settings.toml"
    config.write_text(
        '[windows]\nperformance_days = 5\n[[payers]]\nid = "x"\nlabel = "X"\nidentifiers = ["Example payer"]\n', "utf-8"
    )
    assumed(export, tmp_path / "out", "--config", str(config))
    (line,) = said(tmp_path / "out")
    assert [question["criterion"] for question in line["missing"]] == ["I.A.kps", "I.A.ecog"]
