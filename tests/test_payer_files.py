"""Files of members and authorizations: taken whole or refused, by line and column, without what stands there."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from cds_service.payer_files import MOST_PROBLEMS, FileRefused, read_authorizations, read_members
from cds_service.store.authorizations import Authorization
from cds_service.store.members import Enrollment, Member
from fhir_mappings.finding import LineOfBusiness
from fhir_mappings.payers import Payer, Plan

PAYERS = (Payer("a", "A", plans=(Plan("PPO-1", LineOfBusiness.COMMERCIAL),)), Payer("b", "B"))
MEMBERS = "payer,member,plan,starts,ends\n"
AUTHORIZATIONS = "payer,member,code,number,starts,ends,practitioner\n"

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(text: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / "file.csv"
        path.write_text(text, encoding)
        return path

    return written


def test_members_are_read_with_their_enrollment(write: Write) -> None:
    path = write(MEMBERS + "a, w123 456 ,PPO-1,2026-01-01,2026-12-31\n\nb,M2,,,\n")
    year = Enrollment("PPO-1", date(2026, 1, 1), date(2026, 12, 31))
    assert read_members(path, PAYERS) == [Member("a", "W123456", year), Member("b", "M2")]


def test_columns_stand_in_any_order_and_those_not_needed_may_be_left_out(write: Write) -> None:
    assert read_members(write("member,payer\nM1,a\n"), PAYERS) == [Member("a", "M1")]
    assert read_members(write("\ufeffpayer,member\r\na,M1\r\n"), PAYERS) == [Member("a", "M1")]


def test_a_member_may_stand_on_several_lines(write: Write) -> None:
    path = write(MEMBERS + "a,M1,PPO-1,2025-01-01,2025-12-31\na,M1,PPO-1,2026-01-01,\na,M1,,,\n")
    assert len(read_members(path, PAYERS)) == 3


def test_authorizations_are_a_members_or_a_practitioners(write: Write) -> None:
    path = write(AUTHORIZATIONS + "a,M1,47382,PA-1,2026-11-01,,\na,,0686T,GC-1,,,1234567893\n")
    assert read_authorizations(path, PAYERS) == [
        Authorization("a", "M1", "47382", "PA-1", date(2026, 11, 1)),
        Authorization("a", "", "0686T", "GC-1", practitioner="1234567893"),
    ]


WRONG_MEMBERS = [
    ("a,,,,\n", "line 2, member: "),
    ("zz,M1SECRET,,,\n", "line 2, payer: there is no payer of this id"),
    ("a,M1SECRET,HMO-SECRET,,\n", "line 2, plan: the payer has no such plan"),
    ("b,M1SECRET,PPO-1,,\n", "line 2, plan: the payer has no such plan"),
    ("a,M1SECRET,,SECRET,\n", "line 2, starts: Value error, must be a date"),
    ("a,M1SECRET,,20260101,\n", "line 2, starts: Value error, must be a date"),
    ("a,M1SECRET,,,2026-02-30\n", "line 2, ends: "),
    ("a,M1SECRET,,2026-12-31,2026-01-01\n", "line 2, Value error, starts is after ends"),
    ("a,M1SECRET\n", "line 2: there are 5 columns, not 2"),
    ("a,M1SECRET,,,,more\n", "line 2: there are 5 columns, not 6"),
    ("a,M1SECRET,,,\nb,M2,,,\na,m1 secret,,,\n", "line 4, says again what line 2 says"),
    ('a,"M1SECRET,,,\n', "not CSV"),
    ("", "there is no line below the header"),
    ("a," + "SECRET" * 50 + ",,,\n", "line 2, member: "),
]


@pytest.mark.parametrize(("lines", "said"), WRONG_MEMBERS)
def test_a_wrong_line_is_named_and_not_quoted(write: Write, lines: str, said: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read_members(write(MEMBERS + lines), PAYERS)
    assert said in str(refused.value)
    assert "SECRET" not in str(refused.value)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("a,,47382,PA-1,,,\n", "a member, a practitioner, or both are needed"),
        ("a,M1,liver,PA-1,,,\n", "line 2, code: "),
        ("a,M1,47382,,,,\n", "line 2, number: "),
        ("a,M1,47382,PA-1,,,SECRET\n", "line 2, practitioner: "),
        ("zz,M1,47382,PA-1,,,\n", "line 2, payer: there is no payer"),
        ("a,M1,47382,PA-1,,,\na,M1,47382,PA-1,2026-01-01,,\n", "line 3, says again what line 2 says"),
    ],
)
def test_a_wrong_authorization_is_named_and_not_quoted(write: Write, lines: str, said: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read_authorizations(write(AUTHORIZATIONS + lines), PAYERS)
    assert said in str(refused.value)
    assert "SECRET" not in str(refused.value)


@pytest.mark.parametrize("header", ["a,MIRIAM\n", "payer,member,name\n", "payer,plan\n", "payer,member,member\n", ""])
def test_a_header_that_was_forgotten_is_not_quoted_either(write: Write, header: str) -> None:
    with pytest.raises(FileRefused, match="line 1: the columns are payer, starts, ends, member, plan") as refused:
        read_members(write(header + "a,M1\n"), PAYERS)
    assert "MIRIAM" not in str(refused.value)


def test_text_in_another_encoding_is_refused(write: Write) -> None:
    with pytest.raises(FileRefused, match="UTF-8"):
        read_members(write(MEMBERS + "a,Münster,,,\n", "latin-1"), PAYERS)


def test_all_wrong_lines_are_counted_and_the_first_are_named(write: Write) -> None:
    with pytest.raises(FileRefused) as refused:
        read_members(write(MEMBERS + "a,,,,\n" * (MOST_PROBLEMS + 5)), PAYERS)
    told = str(refused.value).splitlines()
    assert (len(told), told[-1]) == (MOST_PROBLEMS + 1, "and 5 more")
