"""Settings: environment over file, errors that name the key, every one documented."""

from pathlib import Path
from typing import Any

import pytest

from cds_service import create_app
from cds_service.errors import SettingsError
from cds_service.settings import Settings, WindowSettings, is_loopback, load_settings

ROOT = Path(__file__).parent.parent


def write(folder: Path, text: str) -> Path:
    path = folder / "settings.toml"
    path.write_text(text, "utf-8")
    return path


def test_without_anything_tokens_are_required_and_nothing_may_be_read() -> None:
    settings = load_settings(environment={})
    assert (settings.auth, settings.fhir_servers) == ("jwt", ())


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, '[service]\nauth = "off"\nclinical_prefetch = false\n[windows]\nimaging_days = 60\n')
    monkeypatch.setenv("COVERAGE_HOOKS_CLINICAL_PREFETCH", "true")
    settings = load_settings(path)
    assert (settings.auth, settings.clinical_prefetch, settings.windows.imaging_days) == ("off", True, 60)


def test_the_file_can_be_named_by_the_environment(tmp_path: Path) -> None:
    path = write(tmp_path, '[service]\nauth = "off"\n')
    assert load_settings(environment={"COVERAGE_HOOKS_CONFIG": str(path)}).auth == "off"


def test_servers_are_a_comma_separated_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COVERAGE_HOOKS_FHIR_SERVERS", "https://a.example/fhir/, http://127.0.0.1:9/fhir")
    assert load_settings().fhir_servers == ("https://a.example/fhir", "http://127.0.0.1:9/fhir")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[service]\npublic_ulr = "https://x.example"\n', "did you mean public_url"),
        ("[windows]\nimagin_days = 3\n", "did you mean imaging_days"),
        ('[[payers]]\nid = "a"\nlable = "A"\n', "did you mean label"),
        ('[[payers]]\nid = "a"\nlabel = "A"\n[[payers.plans]]\nid = "p"\nline_of_business = "dental"\n', "plans"),
        ('[service]\nauth = "none"\n', "auth"),
        ('[service]\nfhir_servers = ["http://ehr.example/fhir"]\n', "https"),
        ('[service]\npublic_url = "ftp://x"\n', "public_url"),
        ("service = 3\n", "[service] is a table"),
        ("[service\n", "settings.toml"),
    ],
)
def test_a_wrong_setting_is_named_with_its_remedy(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings(write(tmp_path, text))
    assert named in str(refused.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="absent"):
        load_settings(tmp_path / "absent.toml")


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("localhost", True),
        ("::1", True),
        ("[::1]", True),
        ("0.0.0.0", False),
        ("ehr.example", False),
    ],
)
def test_loopback_is_this_machine_only(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs/settings.md").read_text("utf-8")
    names = [*Settings.model_fields, *WindowSettings.model_fields]
    assert [name for name in names if f"`{name}`" not in text] == []


def test_without_a_payer_the_demonstration_payer_accepts_every_coverage() -> None:
    (payer,) = Settings(auth="off").known_payers()
    assert payer.label == "Providence Health Plan (demonstration)"
    assert payer.identifiers == ()


def test_a_payer_without_identifiers_is_known_by_its_id() -> None:
    table: Any = [{"id": "acme", "label": "Acme"}]
    assert Settings(auth="off", payers=table).known_payers()[0].identifiers == ("acme",)


def test_the_service_does_not_start_open_by_accident() -> None:
    with pytest.raises(SettingsError, match="auth"):
        create_app(Settings())
