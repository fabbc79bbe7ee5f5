from datetime import date

import pytest

from cds_service.demo_ehr import load_situations, load_store, shift_dates


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("2026-11-24", "2026-12-04"),
        ("2026-11-24T09:30:00-08:00", "2026-12-04T09:30:00-08:00"),
        ("2024-02-19T00:00:00.125Z", "2024-02-29T00:00:00.125Z"),
        ("2026-11", "2026-11"),
        ("2026", "2026"),
        ("2026-02-30", "2026-02-30"),
        ("seen on 2026-11-24", "seen on 2026-11-24"),
        ("2026-11-24T09:30", "2026-11-24T09:30"),
        ("89247-1", "89247-1"),
    ],
)
def test_ten_days_later(written: str, shown: str) -> None:
    assert shift_dates({"deep": [{"inside": written}]}, 10) == {"deep": [{"inside": shown}]}


def test_the_birth_date_stays() -> None:
    assert shift_dates({"birthDate": "1961-03-18"}, 10) == {"birthDate": "1961-03-18"}


def test_the_original_is_left_alone() -> None:
    bundle = {"entry": [{"date": "2026-11-24"}]}
    shift_dates(bundle, 1)
    assert bundle == {"entry": [{"date": "2026-11-24"}]}


def test_a_record_is_as_fresh_on_any_day() -> None:
    ecog = load_store(date(2031, 3, 1)).read("Observation", "hcc-covered-ecog")
    assert ecog is not None
    assert ecog["effectiveDateTime"].startswith("2031-02-17")


def test_an_order_is_written_on_the_day_it_is_shown() -> None:
    orders = [order for one in load_situations(date(2031, 3, 1)) for order in one.draft_orders]
    assert {order["authoredOn"] for order in orders} == {"2031-03-01"}
