"""Commands that load members and prior authorizations."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cds_service import cli
from cds_service.store.database import open_database
from cds_service.store.members import StoredMembers


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "settings.toml").write_text('[[payers]]\nid = "a"\nlabel = "A"\n', "utf-8")
    monkeypatch.setenv("COVERAGE_HOOKS_CONFIG", str(tmp_path / "settings.toml"))
    monkeypatch.setenv("COVERAGE_HOOKS_DATABASE_URL", f"sqlite:///{tmp_path}/calls.db")
    return f"sqlite:///{tmp_path}/calls.db"


def load(folder: Path, what: str, text: str) -> Result:
    path = folder / "file.csv"
    path.write_text(text, "utf-8")
    return CliRunner().invoke(cli.main, [what, "load", str(path)])


def is_member(url: str, number: str) -> bool:
    engine = open_database(url)
    found = StoredMembers(engine).enrollments("a", [number])
    engine.dispose()
    return bool(found)


def test_members_are_loaded_into_a_database_nobody_prepared(tmp_path: Path, url: str) -> None:
    loaded = load(tmp_path, "members", "payer,member\na,M1\na,M2\n")
    assert (loaded.exit_code, loaded.output) == (0, "2 lines loaded\n")
    assert is_member(url, "M1")


def test_a_file_with_one_wrong_line_changes_nothing(tmp_path: Path, url: str) -> None:
    load(tmp_path, "members", "payer,member\na,M1\n")
    refused = load(tmp_path, "members", "payer,member\na,M2\nb,MIRIAM\n")
    assert refused.exit_code == 1
    assert refused.output.splitlines()[:2] == [
        "Error: nothing was loaded",
        "line 3, payer: there is no payer of this id in the settings",
    ]
    assert "MIRIAM" not in refused.output
    assert (is_member(url, "M1"), is_member(url, "M2")) == (True, False)


def test_authorizations_are_loaded(tmp_path: Path, url: str) -> None:
    loaded = load(tmp_path, "authorizations", "payer,member,code,number\na,M1,47382,PA-1\n")
    assert (loaded.exit_code, loaded.output) == (0, "1 lines loaded\n")


@pytest.mark.parametrize("what", ["members", "authorizations"])
def test_help_says_that_a_file_replaces_what_is_there(what: str) -> None:
    told = CliRunner().invoke(cli.main, [what, "load", "--help"]).output
    assert "replaces all" in told
    assert "as a whole or not at all" in " ".join(told.split())


def test_a_database_that_is_down_is_an_error_a_person_can_read(
    tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COVERAGE_HOOKS_DATABASE_URL", "postgresql://nobody@127.0.0.1:9/none")
    shown = load(tmp_path, "members", "payer,member\na,M1\n")
    assert (shown.exit_code, "Traceback" in shown.output, "database" in shown.output) == (1, False, True)
