"""Whose server a URL leads to."""

import pytest

from fhir_mappings.origins import is_absolute, is_allowed, joined, same_origin

BASE = "https://ehr.example/fhir"


def test_a_server_that_is_no_url_is_not_allowed() -> None:
    assert not is_allowed("https://[ehr.example/fhir", (BASE,))


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("https://ehr.example/other", True),
        ("https://EHR.example/fhir", True),
        ("https://ehr.example:443/fhir", True),
        ("https://ehr.example:8443/fhir", False),
        ("http://ehr.example/fhir", False),
        ("https://ehr.example.org/fhir", False),
        ("", False),
        ("/fhir", False),
    ],
)
def test_an_origin_is_scheme_host_and_port(url: str, same: bool) -> None:
    assert same_origin(url, BASE) is same


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        (BASE, True),
        (f"{BASE}/", True),
        ("https://ehr.example:443/fhir", True),
        ("https://ehr.example/fhir/tenant2", False),
        ("https://ehr.example/", False),
        ("http://ehr.example/fhir", False),
        (f"{BASE}?x=1", False),
        (f"{BASE}#x", False),
        ("https://user@ehr.example/fhir", False),
        ("https://evil.example/fhir", False),
        ("", False),
    ],
)
def test_only_an_allowed_server_is_read(url: str, allowed: bool) -> None:
    assert is_allowed(url, ("https://other.example/r4", BASE)) is allowed
    assert not is_allowed(url, ())


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("https://ehr.example/fhir?page=2", "https://ehr.example/fhir?page=2"),
        ("?page=2", f"{BASE}/Condition?page=2"),
        ("/fhir/Condition?page=2", f"{BASE}/Condition?page=2"),
        ("https://[ehr.example", ""),
    ],
)
def test_a_link_leads_from_the_page_it_stands_on(link: str, url: str) -> None:
    assert joined(f"{BASE}/Condition?patient=pat-1", link) == url


def test_a_query_is_no_url_of_its_own() -> None:
    assert is_absolute("https://ehr.example/fhir")
    assert is_absolute("http://ehr.example/fhir")
    assert not is_absolute("Condition?patient=pat-1")
