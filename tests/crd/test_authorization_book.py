"""Which days an authorization must hold on, and what is on file by code."""

from datetime import date
from typing import Any

import pytest

from cds_service.crd.authorization_book import StoredBook, by_code, service_days
from cds_service.crd.prior_authorization import Granted
from cds_service.store.authorizations import Authorization, StoredAuthorizations
from fhir_mappings.record import PatientRecord
from tests.crd.building import ON, coverage, draft, order

PA = Authorization("a", "", "47382", "PA-1", None, date(2027, 1, 31))
LATE = date(2026, 12, 31)


@pytest.mark.parametrize(
    ("told", "first", "last"),
    [
        ({}, ON, ON),
        ({"authoredOn": "2026-12-31"}, ON, ON),
        ({"occurrenceDateTime": "2026-12-31"}, LATE, LATE),
        ({"occurrenceDateTime": "2026-12"}, date(2026, 12, 1), LATE),
        ({"occurrenceDateTime": "2026-01-31"}, ON, ON),
        ({"occurrencePeriod": {"start": "2026-12-01", "end": "2026-12-31"}}, date(2026, 12, 1), LATE),
        ({"occurrencePeriod": {"start": "2026-01-01", "end": "2026-12-31"}}, ON, LATE),
        ({"occurrencePeriod": {"end": "2026-12-31"}}, LATE, LATE),
        ({"start": "2026-12-31T09:00:00Z"}, LATE, LATE),
        ({"occurrenceDateTime": "soon"}, ON, ON),
    ],
)
def test_an_authorization_must_hold_on_every_day_the_order_may_be_done(told: Any, first: date, last: date) -> None:
    assert service_days(told, ON) == (first, last)


def test_what_is_on_file_is_listed_by_code() -> None:
    gold = PA._replace(number="GC-1", practitioner="1234567893", ends=None)
    found = by_code([PA, gold, PA._replace(code="47380")])
    assert found == {
        "47382": (Granted("PA-1", date(2027, 1, 31)), Granted("GC-1", None, is_gold_card=True)),
        "47380": (Granted("PA-1", date(2027, 1, 31)),),
    }


@pytest.mark.parametrize(
    "one", [order(), draft({"resourceType": "CommunicationRequest", "id": "c"})], ids=["no number told", "no code"]
)
def test_without_a_number_or_a_code_nothing_is_looked_for(one: Any) -> None:
    class Never(StoredAuthorizations):
        def __init__(self) -> None: ...

    assert StoredBook(Never()).grants(one, coverage(), PatientRecord("p1", {}), ON) == {}
