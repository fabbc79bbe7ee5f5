"""Members and prior authorizations in the database: replaced as a whole, found by number, readable by nobody."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Engine, select

from cds_service.store.authorizations import (
    EMPTY_SECONDS,
    Authorization,
    StoredAuthorizations,
    replace_authorizations,
)
from cds_service.store.database import open_database
from cds_service.store.errors import StoreUnavailable
from cds_service.store.members import Enrollment, Member, StoredMembers, replace_members
from cds_service.store.tables import AUTHORIZATION, MEMBER

TODAY = date(2026, 11, 24)
NEXT_YEAR = date(2027, 1, 1)
ONE_DAY = (TODAY, TODAY)


def test_a_member_is_found_by_number_within_one_payer(engine: Engine) -> None:
    ppo, hmo = Enrollment("PPO-1", date(2026, 1, 1)), Enrollment("HMO-2", None, date(2025, 12, 31))
    lines = [Member("a", "M1", ppo), Member("a", "M1", hmo), Member("a", "M2"), Member("b", "M1")]
    assert replace_members(engine, lines) == 4
    stored = StoredMembers(engine)
    assert set(stored.enrollments("a", ["M1"])) == {ppo, hmo}
    assert stored.enrollments("b", ["M1"]) == (Enrollment(),)
    assert stored.enrollments("a", ["M3"]) == stored.enrollments("c", ["M1"]) == ()
    assert len(stored.enrollments("a", ["M2", "M3"])) == 1


def test_a_file_replaces_the_members_of_the_payers_it_names_and_of_no_other(engine: Engine) -> None:
    replace_members(engine, [Member("a", "M1"), Member("b", "M1")])
    replace_members(engine, [Member("a", "M2")])
    stored = StoredMembers(engine)
    found = [bool(stored.enrollments(payer, [number])) for payer, number in (("a", "M1"), ("a", "M2"), ("b", "M1"))]
    assert found == [False, True, True]


def test_many_members_are_loaded_at_once(engine: Engine) -> None:
    assert replace_members(engine, [Member("a", f"M{n}") for n in range(2500)]) == 2500
    assert StoredMembers(engine).enrollments("a", ["M2499"])


@pytest.mark.parametrize(
    ("enrollment", "is_active"),
    [
        (Enrollment(), True),
        (Enrollment(starts=TODAY, ends=TODAY), True),
        (Enrollment(starts=NEXT_YEAR), False),
        (Enrollment(ends=date(2026, 11, 23)), False),
    ],
)
def test_an_enrollment_is_active_from_its_first_to_its_last_day(enrollment: Enrollment, is_active: bool) -> None:
    assert enrollment.is_active(TODAY) is is_active


PA = Authorization("a", "M1", "47382", "PA-1", date(2026, 11, 1), date(2026, 12, 31))
GOLD = Authorization("a", "", "47382", "GC-1", practitioner="1234567893")
BOTH = Authorization("a", "M1", "47382", "BOTH-1", practitioner="1234567893")


@pytest.mark.parametrize(
    ("payer", "members", "practitioners", "codes", "days", "numbers"),
    [
        ("a", ["M1"], [], ["47382"], ONE_DAY, {"PA-1"}),
        ("a", ["M0", "M1"], [], ["47380", "47382"], ONE_DAY, {"PA-1"}),
        ("a", [], ["1234567893"], ["47382"], ONE_DAY, {"GC-1"}),
        ("a", ["M2"], ["1234567893"], ["47382"], ONE_DAY, {"GC-1"}),
        ("a", ["M1"], ["1234567893"], ["47382"], ONE_DAY, {"PA-1", "GC-1", "BOTH-1"}),
        ("a", ["M2"], [], ["47382"], ONE_DAY, set()),
        ("b", ["M1"], ["1234567893"], ["47382"], ONE_DAY, set()),
        ("a", ["M1"], ["1234567893"], ["0686T"], ONE_DAY, set()),
        ("a", ["M1"], [], ["47382"], (date(2026, 11, 1), date(2026, 12, 31)), {"PA-1"}),
        ("a", ["M1"], [], ["47382"], (date(2026, 10, 31), TODAY), set()),
        ("a", ["M1"], [], ["47382"], (TODAY, NEXT_YEAR), set()),
        ("a", [], [], ["47382"], ONE_DAY, set()),
        ("a", ["M1"], [], [], ONE_DAY, set()),
    ],
    ids=[
        "the member's", "one of several numbers and codes", "a practitioner's, for anyone", "for another member too",
        "member and practitioner together", "another member's", "another payer's", "another code's",
        "its first and last day", "before it", "after it", "nobody's", "no code",
    ],
)  # fmt: skip
def test_an_authorization_is_found_for_its_member_or_practitioner_its_code_and_its_days(
    engine: Engine, payer: str, members: list[str], practitioners: list[str], codes: list[str],
    days: tuple[date, date], numbers: set[str],
) -> None:  # fmt: skip
    replace_authorizations(engine, [PA, GOLD, BOTH])
    found = StoredAuthorizations(engine).on_file(payer, members, practitioners, codes, days)
    assert {one.number for one in found} == numbers


def test_authorizations_are_replaced_payer_by_payer(engine: Engine) -> None:
    replace_authorizations(engine, [PA, PA._replace(payer="b")])
    assert replace_authorizations(engine, [PA._replace(number="PA-2")]) == 1
    stored = StoredAuthorizations(engine)
    numbers = [[one.number for one in stored.on_file(p, ["M1"], [], ["47382"], ONE_DAY)] for p in ("a", "b")]
    assert numbers == [["PA-2"], ["PA-1"]]


def test_that_nothing_is_on_file_at_all_is_taken_for_so_for_a_minute(engine: Engine) -> None:
    now = [100.0]
    stored = StoredAuthorizations(engine, lambda: now[0])
    found = []
    for seconds in (0.0, EMPTY_SECONDS - 1, EMPTY_SECONDS):
        now[0] = 100.0 + seconds
        found.append(len(stored.on_file("a", ["M1"], [], ["47382"], ONE_DAY)))
        replace_authorizations(engine, [PA])
    assert found == [0, 0, 1]


def test_while_anything_is_on_file_what_is_loaded_counts_at_once(engine: Engine) -> None:
    replace_authorizations(engine, [PA._replace(payer="b")])
    stored = StoredAuthorizations(engine, lambda: 100.0)
    assert stored.on_file("a", ["M1"], [], ["47382"], ONE_DAY) == ()
    replace_authorizations(engine, [PA])
    assert len(stored.on_file("a", ["M1"], [], ["47382"], ONE_DAY)) == 1


def test_one_that_would_be_everybodys_is_refused_and_nothing_changes(engine: Engine) -> None:
    replace_authorizations(engine, [PA])
    with pytest.raises(ValueError, match="a member's, or a practitioner's"):
        replace_authorizations(engine, [PA._replace(number="PA-2"), PA._replace(member="")])
    assert StoredAuthorizations(engine).on_file("a", ["M1"], [], ["47382"], ONE_DAY)[0].number == "PA-1"


def test_no_member_number_is_in_the_tables(engine: Engine) -> None:
    replace_members(engine, [Member("a", "W123456789")])
    replace_authorizations(engine, [PA._replace(member="W123456789")])
    with engine.connect() as connection:
        kept = [str(row) for table in (MEMBER, AUTHORIZATION) for row in connection.execute(select(table))]
    assert len(kept) == 2
    assert not any("W123456789" in row for row in kept)


USES: dict[str, Callable[[Engine], object]] = {
    "enrollments": lambda engine: StoredMembers(engine).enrollments("a", ["M1"]),
    "replace_members": lambda engine: replace_members(engine, [Member("a", "W123456789")]),
    "on_file": lambda engine: StoredAuthorizations(engine).on_file("a", ["M1"], [], ["47382"], ONE_DAY),
    "replace_authorizations": lambda engine: replace_authorizations(engine, [PA._replace(member="W123456789")]),
}


@pytest.mark.parametrize("use", USES.values(), ids=USES.keys())
def test_a_database_without_the_tables_is_unavailable_and_names_no_member(
    url: str, use: Callable[[Engine], object]
) -> None:
    engine = open_database(url)
    with pytest.raises(StoreUnavailable) as refused:
        use(engine)
    engine.dispose()
    assert "W123456789" not in f"{refused.value} {refused.value.__cause__}"
