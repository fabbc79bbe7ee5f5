"""What is counted, and that no label comes from a request."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from cds_service.operations.calls import observe_calls
from cds_service.operations.health import operations_blueprint
from cds_service.operations.metrics import READ_RESULTS, Metrics, prepare_metrics

Samples = dict[tuple[str, ...], float]


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(services=["order-sign-crd"], policies=["151"], auth_failures=["expired"])


def samples(metrics: Metrics) -> Samples:
    """The value of each sample of ours, by its name and the values of its labels in the alphabet of their names."""
    families = text_string_to_metric_families(metrics.exposition()[0].decode())
    return {
        (sample.name.removeprefix("coverage_hooks_"), *(sample.labels[name] for name in sorted(sample.labels))): value
        for family in families
        for sample in family.samples
        if (value := sample.value) is not None and not sample.name.endswith("_created")
    }


def test_a_call_is_counted_by_service_and_status_and_timed(metrics: Metrics) -> None:
    metrics.call_answered("order-sign-crd", 200, 0.03)
    metrics.call_answered("order-sign-crd", 200, 7.0)
    counted = samples(metrics)
    assert counted["calls_total", "order-sign-crd", "200"] == 2
    assert counted["call_seconds_bucket", "0.025", "order-sign-crd"] == 0
    assert counted["call_seconds_bucket", "0.05", "order-sign-crd"] == 1
    assert counted["call_seconds_bucket", "5.0", "order-sign-crd"] == 1
    assert counted["call_seconds_count", "order-sign-crd"] == 2


def test_a_412_is_a_call_without_a_record(metrics: Metrics) -> None:
    metrics.call_answered("order-sign-crd", 412, 0.01)
    assert samples(metrics)["record_needed_total",] == 1


def test_determinations_reads_and_refusals_are_counted_by_kind(metrics: Metrics) -> None:
    metrics.determined("151", "missing-documentation")
    metrics.fhir_read("Observation", "not-offered")
    metrics.auth_failed("expired")
    counted = samples(metrics)
    assert counted["determinations_total", "missing-documentation", "151"] == 1
    assert counted["fhir_reads_total", "Observation", "not-offered"] == 1
    assert counted["auth_failures_total", "expired"] == 1


def test_losses_and_deadlines_start_at_nought_so_that_the_first_one_shows(metrics: Metrics) -> None:
    assert {samples(metrics)[name,] for name in ("store_losses_total", "deadline_hits_total")} == {0}
    metrics.store_lost()
    metrics.deadline_hit()
    assert {samples(metrics)[name,] for name in ("store_losses_total", "deadline_hits_total")} == {1}


def test_what_is_in_no_list_is_unknown_and_its_text_is_nowhere(metrics: Metrics) -> None:
    stranger = "Jane-Doe"
    metrics.call_answered(stranger, 799, 0.1)
    metrics.determined(stranger, stranger)
    metrics.fhir_read(stranger, stranger)
    metrics.auth_failed(stranger)
    assert stranger.encode() not in metrics.exposition()[0]
    assert samples(metrics)["calls_total", "unknown", "unknown"] == 1
    assert samples(metrics)["fhir_reads_total", "unknown", "unknown"] == 1


@pytest.mark.parametrize("result", ["ok", "partial", "failed", "not-offered", "refused", "deadline"])
def test_every_end_a_read_can_come_to_has_its_word(metrics: Metrics, result: str) -> None:
    metrics.fhir_read("Condition", result)
    assert samples(metrics)["fhir_reads_total", "Condition", result] == 1
    assert result in READ_RESULTS


def test_two_apps_in_one_process_do_not_share_counts(metrics: Metrics) -> None:
    Metrics(["order-sign-crd"], ["151"], []).store_lost()
    assert samples(metrics)["store_losses_total",] == 0


class TestObservedCalls:
    @pytest.fixture
    def app(self, metrics: Metrics) -> Flask:
        app = Flask("observed")
        observe_calls(app, metrics, endpoint="call")
        app.register_blueprint(operations_blueprint(metrics, lambda: True))
        app.add_url_rule("/cds-services/<service_id>", "call", lambda service_id: ("", 404), methods=["POST"])
        return app

    def test_a_call_is_counted_and_an_unknown_service_has_no_name(self, app: Flask, metrics: Metrics) -> None:
        app.test_client().post("/cds-services/order-sign-crd")
        app.test_client().post("/cds-services/Jane-Doe")
        counted = samples(metrics)
        assert counted["calls_total", "order-sign-crd", "404"] == counted["calls_total", "unknown", "404"] == 1

    def test_other_requests_are_no_calls(self, app: Flask, metrics: Metrics) -> None:
        for path in ("/health", "/cds-services/order-sign-crd", "/nowhere"):
            app.test_client().get(path)
        assert not any(name[0] == "calls_total" for name in samples(metrics))

    @pytest.mark.usefixtures("json_logs")
    def test_a_call_is_one_line_in_the_log(self, app: Flask, capfd: pytest.CaptureFixture[str]) -> None:
        app.test_client().post("/cds-services/Jane-Doe")
        (line,) = capfd.readouterr().err.splitlines()
        assert '"service": "unknown", "status": 404, "duration_ms": ' in line
        assert "Jane" not in line


class TestSeveralWorkers:
    def test_one_worker_needs_no_folder(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)
        prepare_metrics(1)
        assert "PROMETHEUS_MULTIPROC_DIR" not in os.environ

    def test_workers_count_together_and_what_a_former_server_left_is_gone(self, tmp_path: Path) -> None:
        folder = tmp_path / "metrics"
        folder.mkdir()
        (folder / "counter_1.db").write_bytes(b"left over")
        environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(folder)}
        assert self.counted_by_three_workers(environment) == "3.0"

    def test_without_a_folder_named_one_is_made(self, tmp_path: Path) -> None:
        environment = {**os.environ, "TMPDIR": str(tmp_path)}
        environment.pop("PROMETHEUS_MULTIPROC_DIR", None)
        assert self.counted_by_three_workers(environment) == "3.0"
        assert list(tmp_path.glob("coverage-hooks-metrics-*/*.db"))

    @staticmethod
    def counted_by_three_workers(environment: dict[str, str]) -> str:
        """What any of them exposes, in processes of their own: the library's choice is one for a whole process."""
        program = (
            "import os\n"
            "from cds_service.operations.metrics import Metrics, prepare_metrics\n"
            "prepare_metrics(3)\n"
            "for worker in range(3):\n"
            "    if os.fork() == 0:\n"
            "        Metrics(['order-sign-crd'], ['151'], []).store_lost()\n"
            "        os._exit(0)\n"
            "for worker in range(3):\n"
            "    os.wait()\n"
            "text = Metrics([], [], []).exposition()[0].decode()\n"
            "print(next(l.split()[-1] for l in text.splitlines() if l.startswith('coverage_hooks_store_losses_total')))"
        )
        root = Path(__file__).parents[2]
        done = subprocess.run(
            [sys.executable, "-c", program], check=False, env=environment, cwd=root, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()
