"""[[payers]] of the settings: who they are, what they have laid down by code, whom to ask about a statement."""

import re
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from cds_service.policies import POLICIES
from fhir_mappings.finding import LineOfBusiness
from fhir_mappings.payers import Payer, Plan

_CODE: Final = re.compile(r"[0-9A-Z]\d{3}[0-9A-Z]")


class Table(BaseModel):
    """A table of the configuration file: a key it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _procedure_code(code: str) -> str:
    if not _CODE.fullmatch(code):
        raise ValueError("must be a CPT or HCPCS code of five characters, letters in capitals")
    return code


def _secure(url: str) -> str:
    if not re.match(r"https://[^/\s]+", url):
        raise ValueError("must be an https URL")
    return url.rstrip("/")


def _held_here(number: str) -> str:
    if number not in POLICIES:
        raise ValueError(f"there is no policy of this number here; there is {', '.join(POLICIES)}")
    return number


ProcedureCode = Annotated[str, AfterValidator(_procedure_code)]
Https = Annotated[str, AfterValidator(_secure)]


class PlanSettings(Table):
    """[[payers.plans]]: a plan id, as Coverage.class carries it, and its line of business."""

    id: str
    line_of_business: Literal["commercial", "medicaid", "medicare"]


class AuthorizationSettings(Table):
    """[[payers.authorizations]]: whether a code needs prior authorization, under one plan or all of the payer's."""

    code: ProcedureCode
    pa: Literal["auth-needed", "no-auth", "performpa"]
    plan: str = ""


class ContactSettings(Table):
    """[payers.contact]: whom a clinician asks about a statement that leaves something open."""

    name: str = Field(min_length=1)
    phone: str = ""
    email: str = ""
    url: str = ""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if sum(map(bool, (self.phone, self.email, self.url))) != 1:
            raise ValueError("give exactly one of phone, email and url")
        return self


class PayerSettings(Table):
    """[[payers]]: a payer this service answers for."""

    id: str = Field(min_length=1)
    label: str
    identifiers: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    policies: tuple[Annotated[str, AfterValidator(_held_here)], ...] = ("151",)
    plans: tuple[PlanSettings, ...] = ()
    member_systems: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    url: Https | None = None
    logo: Https | None = None
    contact: ContactSettings | None = None
    default_statement: Literal["conditional", "none"] | None = None
    statement_valid_days: int | None = Field(default=None, ge=1)
    authorizations: tuple[AuthorizationSettings, ...] = ()

    @model_validator(mode="after")
    def _of_its_own_plans(self) -> Self:
        unknown = {row.plan for row in self.authorizations} - {"", *(plan.id for plan in self.plans)}
        if unknown:
            raise ValueError(f"authorizations: there is no plan {min(unknown)} among the plans of this payer")
        return self

    @model_validator(mode="after")
    def _each_code_once(self) -> Self:
        rows = [(row.code, row.plan) for row in self.authorizations]
        twice = sorted({row for row in rows if rows.count(row) > 1})
        if twice:
            raise ValueError(f"authorizations: {' '.join(twice[0]).strip()} stands there twice")
        return self

    def payer(self) -> Payer:
        """The payer as Coverages are matched with it; without identifiers its id is one."""
        return Payer(
            id=self.id,
            label=self.label,
            identifiers=self.identifiers or (self.id,),
            policies=self.policies,
            plans=tuple(Plan(plan.id, LineOfBusiness(plan.line_of_business)) for plan in self.plans),
            member_systems=self.member_systems,
            url=self.url or "",
            logo=self.logo or "",
        )


TABLES: Final = (PayerSettings, PlanSettings, AuthorizationSettings, ContactSettings)
