"""The files people deploy with say nothing the service does not know."""

import re
import textwrap
from pathlib import Path

import pytest

from cds_service.settings import PREFIX, Settings, load_settings

ROOT = Path(__file__).parents[2]
FILES = ["Containerfile", "compose.yaml", "deploy/kubernetes.yaml", "docs/deploy.md"]
KNOWN = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | {f"{PREFIX}CONFIG"}


def text_of(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def embedded_settings() -> list[str]:
    """The TOML of the ConfigMap and of the documentation."""
    (in_kubernetes,) = re.findall(r"settings\.toml: \|\n((?:    .*\n|\n)+)", text_of("deploy/kubernetes.yaml"))
    return [textwrap.dedent(in_kubernetes), *re.findall(r"```toml\n(.*?)```", text_of("docs/deploy.md"), re.DOTALL)]


@pytest.mark.parametrize("name", FILES)
def test_every_setting_a_file_names_exists(name: str) -> None:
    named = set(re.findall(rf"{PREFIX}[A-Z_]+", text_of(name)))
    assert named <= KNOWN, f"{name}: there is no setting {', '.join(sorted(named - KNOWN))}"


def test_the_example_settings_are_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(f"{PREFIX}AUTH", raising=False)
    settings = load_settings(ROOT / "deploy/settings.toml")
    assert settings.auth == "jwt"
    assert settings.clients[0].fhir_servers == ("https://ehr.example/fhir",)
    assert settings.known_payers()[0].plans[0].line_of_business.value == "commercial"


@pytest.mark.parametrize("toml", embedded_settings(), ids=lambda text: text.split("\n")[0])
def test_settings_inside_other_files_are_settings(tmp_path: Path, toml: str) -> None:
    (tmp_path / "settings.toml").write_text(toml, "utf-8")
    assert load_settings(tmp_path / "settings.toml").auth == "jwt"


@pytest.mark.parametrize("name", ["compose.yaml", "deploy/kubernetes.yaml"])
def test_what_is_mounted_is_where_the_settings_look(name: str) -> None:
    text = text_of(name)
    assert text.count("/etc/coverage-hooks/settings.toml") >= 1
    for secret in re.findall(r"/run/secrets/(?:[\w-]+/)*([\w.]+)(?![\w./-])", text):
        assert re.search(rf"^\s+{re.escape(secret)}: ?[|{{]", text, re.MULTILINE), f"{name}: no secret is {secret}"


def test_the_health_check_and_the_probes_ask_what_is_served() -> None:
    assert "/health" in text_of("Containerfile")
    assert re.findall(r"(\w+)Probe:.*\n\s+httpGet: \{path: (\S+),", text_of("deploy/kubernetes.yaml")) == [
        ("startup", "/health"),
        ("liveness", "/health"),
        ("readiness", "/ready"),
    ]


def test_CRDF83_the_container_runs_as_nobody_special_and_may_be_read_only() -> None:
    assert re.search(r"^USER 10001:10001$", text_of("Containerfile"), re.MULTILINE)
    assert "runAsUser: 10001" in text_of("deploy/kubernetes.yaml")
    assert "readOnlyRootFilesystem: true" in text_of("deploy/kubernetes.yaml")
    assert text_of("compose.yaml").count("read_only: true") == 3


def test_every_metric_the_documentation_names_is_counted() -> None:
    source = text_of("cds_service/operations/metrics.py")
    counted = {
        name.removesuffix("_total") for name in re.findall(r"coverage_hooks_([a-z_]+)", text_of("docs/deploy.md"))
    }
    known = set(re.findall(r'self\._counter\("(\w+)"', source)) | {"call_seconds", "call_seconds_bucket"}
    assert known - {"call_seconds_bucket"} <= counted <= known
