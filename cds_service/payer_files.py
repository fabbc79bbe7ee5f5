"""The files a payer loads: members and prior authorizations, one a line, checked as a whole before any is kept.

Problems are named by line and column. What a field holds is never repeated: it is a patient's.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final, Self, TypeVar

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from cds_service.payer_settings import ProcedureCode, Table
from cds_service.store.authorizations import Authorization
from cds_service.store.members import Enrollment, Member
from cds_service.store.tables import LONGEST_NAME
from fhir_mappings.member_numbers import normal_number
from fhir_mappings.payers import Payer

MOST_PROBLEMS: Final = 20


class FileRefused(Exception):
    """The file is not as it should be, and nothing of it is kept; the message says where, never what is written."""

    def __init__(self, problems: Sequence[str]) -> None:
        more = [f"and {len(problems) - MOST_PROBLEMS} more"] if len(problems) > MOST_PROBLEMS else []
        super().__init__("\n".join([*problems[:MOST_PROBLEMS], *more]))


def _day(written: str) -> date | None:
    if not written:
        return None
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", written, re.ASCII):
        raise ValueError("must be a date as 2026-11-24, or empty")
    return date.fromisoformat(written)


Day = Annotated[date | None, BeforeValidator(_day)]
Number = Annotated[str, BeforeValidator(normal_number), Field(max_length=LONGEST_NAME)]
Word = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]


class _Line(Table):
    payer: Word
    starts: Day = None
    ends: Day = None

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Self:
        if self.starts and self.ends and self.starts > self.ends:
            raise ValueError("starts is after ends")
        return self


class MemberLine(_Line):
    """A member's enrollment in one plan; without a plan, in whatever plan the Coverage tells."""

    member: Annotated[Number, Field(min_length=1)]
    plan: str = ""


class AuthorizationLine(_Line):
    """A prior authorization of a code: for a member, by a practitioner (NPI) who is gold-carded, or both."""

    code: ProcedureCode
    number: Word
    member: Number = ""
    practitioner: Annotated[str, Field(pattern=r"^(\d{10})?$")] = ""

    @model_validator(mode="after")
    def _whose(self) -> Self:
        if not self.member and not self.practitioner:
            raise ValueError("a member, a practitioner, or both are needed")
        return self


L = TypeVar("L", bound=_Line)


def read_members(path: Path, payers: Iterable[Payer]) -> list[Member]:
    """The members of a file. Raises FileRefused."""
    plans = {payer.id: {"", *(plan.id for plan in payer.plans)} for payer in payers}

    def problem(line: MemberLine) -> str:
        unknown = "" if line.plan in plans.get(line.payer, ()) else "plan: the payer has no such plan"
        return _no_such_payer(line, plans) or unknown

    lines = _read(path, MemberLine, problem, _enrollment_key)
    return [Member(one.payer, one.member, Enrollment(one.plan, one.starts, one.ends)) for one in lines]


def read_authorizations(path: Path, payers: Iterable[Payer]) -> list[Authorization]:
    """The prior authorizations of a file. Raises FileRefused."""
    known = {payer.id for payer in payers}
    lines = _read(path, AuthorizationLine, lambda line: _no_such_payer(line, known), _authorization_key)
    return [
        Authorization(one.payer, one.member, one.code, one.number, one.starts, one.ends, one.practitioner)
        for one in lines
    ]


def _no_such_payer(line: _Line, known: Iterable[str]) -> str:
    return "" if line.payer in known else "payer: there is no payer of this id in the settings"


def _enrollment_key(line: MemberLine) -> tuple[object, ...]:
    return line.payer, line.member, line.plan, line.starts, line.ends


def _authorization_key(line: AuthorizationLine) -> tuple[object, ...]:
    return line.payer, line.member, line.practitioner, line.code, line.number


def _read(path: Path, model: type[L], problem: Callable[[L], str], key: Callable[[L], tuple[object, ...]]) -> list[L]:
    lines: list[L] = []
    problems: list[str] = []
    seen: dict[tuple[object, ...], int] = {}
    for number, fields in _records(path, model):
        try:
            line = model.model_validate(fields)
        except ValidationError as error:
            problems += [f"line {number}, {said}" for said in _said(error)]
            continue
        first = seen.setdefault(key(line), number)
        found = problem(line) or ("" if first == number else f"says again what line {first} says")
        lines.append(line)
        problems += [f"line {number}, {found}"] if found else []
    if problems or not lines:
        raise FileRefused(problems or ["there is no line below the header"])
    return lines


def _said(error: ValidationError) -> Iterator[str]:
    for one in error.errors(include_url=False, include_context=False, include_input=False):
        place = ".".join(str(part) for part in one["loc"])
        yield f"{place}: {one['msg']}" if place else one["msg"]


def _records(path: Path, model: type[_Line]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each line with its number, its fields by column. Raises FileRefused for what is no such table."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, strict=True)
            header = _header(next(rows, []), model)
            for row in rows:
                if len(row) not in (0, len(header)):
                    raise FileRefused([f"line {rows.line_num}: there are {len(header)} columns, not {len(row)}"])
                if row:
                    yield rows.line_num, dict(zip(header, map(str.strip, row), strict=True))
    except UnicodeDecodeError:
        raise FileRefused(["the file is not text in UTF-8"]) from None
    except csv.Error:
        raise FileRefused(["the file is not CSV: fields with a comma or a line break stand in double quotes"]) from None


def _header(row: list[str], model: type[_Line]) -> list[str]:
    """The columns. What stands there may be a patient's, where the header was forgotten."""
    columns = [name.strip() for name in row]
    needed = {name for name, field in model.model_fields.items() if field.is_required()}
    if len(set(columns)) < len(columns) or not needed <= set(columns) <= set(model.model_fields):
        listed = ", ".join(model.model_fields)
        raise FileRefused([f"line 1: the columns are {listed}; needed are {', '.join(sorted(needed))}"])
    return columns
