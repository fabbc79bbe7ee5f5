"""Whether a client declares CRD, and which version it is answered in (dev-1 to dev-3)."""

from typing import Any

import pytest

from cds_service.crd.coverage_errors import CoverageNeeded, SeveralCoverages
from cds_service.crd.declaration import Declaration, UnsupportedVersion, read_declaration
from cds_service.crd.versions import Version
from cds_service.errors import RequestError

V2_0, V2_2 = Version.V2_0, Version.V2_2
NAME = "davinci-crd.requestedVersion"


@pytest.mark.parametrize(
    ("extension", "expected"),
    [
        (None, Declaration(V2_0)),
        ({}, Declaration(V2_0)),
        ([], Declaration(V2_0)),
        ("davinci-crd.", Declaration(V2_0)),
        ({"com.example.other": 1}, Declaration(V2_0)),
        ({"davinci-crd.configuration": {}}, Declaration(V2_0, True)),
        ({"davinci-crd.anything": None}, Declaration(V2_0, True)),
        ({NAME: None}, Declaration(V2_0, True)),
        ({NAME: "2.0"}, Declaration(V2_0, True, True)),
        ({NAME: "2.0.1"}, Declaration(V2_0, True, True)),
        ({NAME: "2.2"}, Declaration(V2_2, True, True)),
        ({NAME: "2.2.1"}, Declaration(V2_2, True, True)),
        ({NAME: " 2.2 "}, Declaration(V2_2, True, True)),
    ],
)
def test_a_declaration_is_any_member_of_the_guide(extension: Any, expected: Declaration) -> None:
    assert read_declaration(extension, V2_0) == expected


def test_without_a_version_the_default_is_answered() -> None:
    assert read_declaration({"davinci-crd.configuration": {}}, V2_2).version is V2_2


@pytest.mark.parametrize("written", ["1.0", "2.1", "2.10", "3.0", "2", "", "latest", 2.2, 2, True, ["2.2"], {}])
def test_dev_3_another_version_is_a_400_with_an_operation_outcome(written: Any) -> None:
    with pytest.raises(UnsupportedVersion) as caught:
        read_declaration({NAME: written}, V2_0)
    assert isinstance(caught.value, RequestError)
    assert caught.value.status == 400
    issue = caught.value.outcome()["issue"][0]
    assert issue["code"] == "not-supported"
    assert "2.0 and 2.2" in issue["details"]["text"]


@pytest.mark.parametrize(("error", "code"), [(CoverageNeeded(), "not-found"), (SeveralCoverages(), "multiple-matches")])
def test_hook_13_a_coverage_that_cannot_be_stated_on_is_a_400(error: RequestError, code: str) -> None:
    assert error.status == 400
    assert error.outcome()["issue"][0]["code"] == code
