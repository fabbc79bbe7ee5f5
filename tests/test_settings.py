"""Settings: environment over file, errors that name the key, every one documented."""

from pathlib import Path
from typing import Any

import pytest

from cds_service import create_app
from cds_service.errors import SettingsError
from cds_service.payer_settings import TABLES
from cds_service.settings import ClientSettings, Settings, WindowSettings, is_loopback, load_settings

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


PAYER = '[[payers]]\nid = "a"\nlabel = "A"\n'
AUTHORIZATION = '[[payers.authorizations]]\ncode = "47382"\npa = "no-auth"\n'


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
        (PAYER + 'policies = ["999"]\n', "there is no policy of this number here; there is 151"),
        (PAYER + 'logo = "http://a.example/logo.png"\n', "payers.0.logo: Value error, must be an https URL"),
        (PAYER + 'identifiers = [""]\n', "payers.0.identifiers.0"),
        (PAYER + "statement_valid_days = 0\n", "statement_valid_days"),
        (PAYER + 'default_statement = "covered"\n', "default_statement"),
        (PAYER + '[payers.contact]\nname = "Desk"\n', "exactly one of phone, email and url"),
        (PAYER + '[payers.contact]\nname = "Desk"\nphone = "1"\nurl = "https://x"\n', "exactly one of phone"),
        (PAYER + '[[payers.authorizations]]\ncode = "47382"\npa = "satisfied"\n', "authorizations.0.pa"),
        (PAYER + '[[payers.authorizations]]\ncode = "liver"\npa = "no-auth"\n', "CPT or HCPCS code"),
        (PAYER + AUTHORIZATION + 'plan = "HMO"\n', "there is no plan HMO among the plans"),
        (PAYER + AUTHORIZATION + AUTHORIZATION, "47382 stands there twice"),
        (PAYER + PAYER, "two of them have the same id"),
        ('[service]\nmembers = "list"\n', "members"),
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
    tables = (Settings, WindowSettings, ClientSettings, *TABLES)
    names = [name for table in tables for name in table.model_fields]
    assert [name for name in names if f"`{name}`" not in text] == []


def test_without_a_payer_the_demonstration_payer_accepts_every_coverage() -> None:
    (payer,) = Settings(auth="off").known_payers()
    assert payer.label == "Providence Health Plan (demonstration)"
    assert payer.identifiers == ()


def test_a_payer_without_identifiers_is_known_by_its_id() -> None:
    table: Any = [{"id": "acme", "label": "Acme"}]
    assert Settings(auth="off", payers=table).known_payers()[0].identifiers == ("acme",)


def test_the_service_is_not_open_by_accident() -> None:
    answer = create_app(Settings()).test_client().post("/cds-services/order-sign-crd", json={})
    assert answer.status_code == 401


def test_without_tokens_only_this_machine_may_call() -> None:
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    client = create_app(Settings(auth="off")).test_client()
    assert client.post("/cds-services/order-sign-crd", json={}, environ_base=elsewhere).status_code == 401
    assert client.post("/cds-services/order-sign-crd", json={}).status_code == 400


def test_record_keys_come_from_the_environment_and_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("second\nthird\n", "utf-8")
    settings: Any = {"record_keys": "first", "record_keys_file": tmp_path / "keys"}
    assert Settings(**settings).fernet_keys() == ("first", "second", "third")


def test_a_key_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="record_keys_file"):
        Settings(record_keys_file=tmp_path / "absent").fernet_keys()


def test_a_journal_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="record_journal"):
        create_app(Settings(auth="off", record_journal=tmp_path / "file" / "journal"))


CLIENT = '[[clients]]\nname = "General"\nissuer = "https://ehr.example"\n'


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (CLIENT, "exactly one of jwks_url and jwks_file"),
        (CLIENT + 'jwks_url = "http://ehr.example/jwks"\n', "https"),
        (CLIENT + 'jwks_file = "k.json"\nalgorithms = ["HS256"]\n', "symmetric and none are refused"),
        (CLIENT + 'jwks_file = "k.json"\nalgorithms = ["none"]\n', "symmetric and none are refused"),
        (CLIENT + 'jwks_file = "k.json"\nfhir_servers = ["http://ehr.example/fhir"]\n', "https"),
        (CLIENT + 'jwks_file = "k.json"\nisuer = "x"\n', "did you mean issuer"),
    ],
)
def test_a_wrong_registration_is_named_with_its_remedy(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings(write(tmp_path, text))
    assert named in str(refused.value)


def test_a_relative_key_file_lies_beside_the_configuration(tmp_path: Path) -> None:
    path = write(tmp_path, CLIENT + 'jwks_file = "keys/general.json"\n')
    assert load_settings(path).clients[0].jwks_file == tmp_path / "keys" / "general.json"
