"""Clinical dates: partial dates as a range of days, and the elements each type keeps its date in."""

from datetime import date
from typing import Any

import pytest

from fhir_mappings.dates import ClinicalDate, clinical_date, clinical_instant, days_meant, days_old, read_date, seen
from fhir_mappings.finding import Evidence
from fhir_mappings.record import Resource
from tests.fhir_mappings.building import TODAY


@pytest.mark.parametrize(
    ("written", "earliest", "latest", "text"),
    [
        pytest.param("2026-11-20", date(2026, 11, 20), date(2026, 11, 20), "2026-11-20", id="to the day"),
        pytest.param("2026-02", date(2026, 2, 1), date(2026, 2, 28), "2026-02", id="to the month"),
        pytest.param("2024-02", date(2024, 2, 1), date(2024, 2, 29), "2024-02", id="to the month of a leap year"),
        pytest.param("2026", date(2026, 1, 1), date(2026, 12, 31), "2026", id="to the year"),
        pytest.param(
            "2026-11-20T23:30:00-08:00", date(2026, 11, 20), date(2026, 11, 20), "2026-11-20", id="to the second"
        ),
        pytest.param(" 2026-11-20 ", date(2026, 11, 20), date(2026, 11, 20), "2026-11-20", id="with blanks around"),
    ],
)
def test_a_date_is_the_range_of_days_it_can_mean(written: str, earliest: date, latest: date, text: str) -> None:
    assert read_date(written) == ClinicalDate(earliest, latest, text)


@pytest.mark.parametrize(
    "written",
    [None, "", 20261120, True, [], {}, "2026-13", "2026-02-30", "0000", "11/20/2026", "26-11-20", "2026-11-20 10:00"],
)
def test_what_is_no_day_of_any_calendar_is_no_date(written: Any) -> None:
    assert read_date(written) is None


@pytest.mark.parametrize(
    ("kind", "elements", "text"),
    [
        pytest.param(
            "Observation",
            {"effectiveDateTime": "2026-01-01", "issued": "2026-02-02T00:00:00Z"},
            "2026-01-01",
            id="an Observation is as old as its effective time, not its issue",
        ),
        pytest.param(
            "Observation",
            {"effectivePeriod": {"start": "2026-01-01", "end": "2026-01-31"}},
            "2026-01-31",
            id="the end of a period",
        ),
        pytest.param(
            "Observation", {"effectivePeriod": {"start": "2026-01-01"}}, "2026-01-01", id="a period still open"
        ),
        pytest.param("Observation", {"effectiveInstant": "2026-03-03T10:00:00Z"}, "2026-03-03", id="an instant"),
        pytest.param("Observation", {"issued": "2026-04-04T10:00:00Z"}, "2026-04-04", id="only issued"),
        pytest.param(
            "Observation",
            {"effectiveDateTime": "soon", "issued": "2026-04-04T10:00:00Z"},
            "2026-04-04",
            id="an unreadable effective time",
        ),
        pytest.param("Procedure", {"performedDateTime": "2026-05"}, "2026-05", id="a Procedure"),
        pytest.param(
            "Procedure",
            {"performedPeriod": {"start": "2026-05-01", "end": "2026-05-02"}},
            "2026-05-02",
            id="a Procedure over two days",
        ),
        pytest.param("Procedure", {"performedString": "2025"}, "2025", id="a Procedure dated in words"),
        pytest.param("Condition", {"onsetDateTime": "2020", "recordedDate": "2026-01-01"}, "2020", id="onset first"),
        pytest.param("Condition", {"recordedDate": "2026-01-01"}, "2026-01-01", id="else recorded"),
        pytest.param("QuestionnaireResponse", {"authored": "2026-06-01"}, "2026-06-01", id="a form"),
        pytest.param("ImagingStudy", {"started": "2026-06-01"}, "2026-06-01", id="a study"),
        pytest.param(
            "ServiceRequest",
            {"occurrenceDateTime": "2026-07-01", "authoredOn": "2026-06-01"},
            "2026-07-01",
            id="an order is for the day it is to happen",
        ),
        pytest.param("ServiceRequest", {"authoredOn": "2026-06-01"}, "2026-06-01", id="else the day it was written"),
    ],
)
def test_each_type_keeps_its_clinical_date_in_its_own_elements(kind: str, elements: dict[str, Any], text: str) -> None:
    found = clinical_date({"resourceType": kind, **elements})
    assert found is not None
    assert found.text == text


@pytest.mark.parametrize(
    "body", [{"resourceType": "Observation"}, {"resourceType": "Basic", "issued": "2026-01-01"}, {}]
)
def test_a_resource_without_a_date_has_none(body: dict[str, Any]) -> None:
    assert clinical_date(body) is None
    assert clinical_instant(body) == ""


@pytest.mark.parametrize(
    ("written", "age"),
    [("2026-11-24", 0), ("2026-08-26", 90), ("2026-11", 23), ("2026", 327), ("2026-11-25", -1)],
)
def test_age_is_counted_from_the_earliest_day_a_date_can_mean(written: str, age: int) -> None:
    when = read_date(written)
    assert when is not None
    assert days_old(when, TODAY) == age


def test_a_proof_carries_its_reference_and_its_date() -> None:
    dated = seen(Resource("Procedure/1", {"resourceType": "Procedure", "performedDateTime": "2026-05-01"}), "biopsy")
    assert (dated.reference, dated.text, dated.date) == ("Procedure/1", "biopsy", "2026-05-01")
    assert seen(Resource("Procedure/2", {"resourceType": "Procedure"}), "biopsy").date == ""


@pytest.mark.parametrize(
    ("dates", "days"),
    [
        (("2026-11-20",), (date(2026, 11, 20), date(2026, 11, 20))),
        (("2026-11-20", "2026-10"), (date(2026, 10, 1), date(2026, 11, 20))),
        (("2026-11", ""), (date(2026, 11, 1), date(2026, 11, 24))),
        (("2026",), (date(2026, 1, 1), date(2026, 11, 24))),
        (("",), None),
        ((), None),
    ],
)
def test_evidence_can_be_of_the_days_its_dates_mean_and_not_of_days_to_come(
    dates: tuple[str, ...], days: tuple[date, date] | None
) -> None:
    assert days_meant([Evidence("Observation/1", "", day) for day in dates], date(2026, 11, 24)) == days
