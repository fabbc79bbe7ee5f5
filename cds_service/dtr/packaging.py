"""$questionnaire-package (DTR): which forms a request comes to, and what its caller must know beside."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from cds_service.dtr.canonicals import VERSION, adaptive_url, form_url
from cds_service.dtr.case_form import CaseForm, case_form
from cds_service.dtr.cases import open_cases
from cds_service.dtr.desk import Desk, Moment
from cds_service.dtr.draft_response import About
from cds_service.dtr.order_of_response import codes_of
from cds_service.dtr.package_bundle import adaptive_package, standard_package
from cds_service.dtr.package_request import PackageRequest
from cds_service.dtr.parameters import parameters, resource_parameter
from cds_service.dtr.questionnaire import LAST_CHANGED
from cds_service.dtr.refusals import Unprocessable
from cds_service.dtr.standing import Case, standing
from cds_service.dtr.statement import Statement
from cds_service.security.tokens import Caller
from fhir_mappings.coverage import Standing, resolve_coverage
from fhir_mappings.elements import own_reference
from fhir_mappings.models import built, told
from fhir_mappings.orders import line_of, read_order
from fhir_mappings.record import PatientRecord, Resource

Json = dict[str, Any]
Issue = tuple[str, str, str]

_CONTEXT: Final = "$.parameter.where(name = 'context')"
_COVERAGE: Final = "$.parameter.where(name = 'coverage').resource"
_NOT_FOUND: Final = "form number {} of those asked for is not held here"
_NOT_UNDERSTOOD: Final = "a parameter of an unknown name was left out: {}"
_NOTHING_OPEN: Final = "nothing the form could supply is missing for the orders: there is no form to fill in"
_NOT_ADDRESSED: Final = "no policy held here addresses the orders: no form belongs to them"
_ONLY_RECORD: Final = "what is open hangs on coded data in the record: no answer in the form can settle it"
_NOT_WHOLE: Final = "the record could not be read as a whole: the form may ask what the EHR knows"


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request with what was found for it: a case for each order of a policy, and what is open of them."""

    request: PackageRequest
    about: About
    cases: tuple[Case, ...]
    form: CaseForm
    stated: Statement | None

    @property
    def is_open(self) -> bool:
        """Whether documentation is missing for one of the orders."""
        return any(standing(case).is_open for case in self.cases)


def answer_package(request: PackageRequest, caller: Caller, desk: Desk, at: Moment) -> Json:
    """The Parameters of a package. Raises Unprocessable where it is about what this service knows nothing of."""
    stated = _statement(request, caller, desk)
    _refuse_coverage(request, desk, at.today)
    asked = _gathered(request, stated, caller, desk, at)
    bundles = list(_bundles(asked, desk, at))
    issues = list(_issues(asked, desk.base, bundles))
    outcome = [resource_parameter("outcome", told(*issues))] if issues else []
    return built(parameters(*(resource_parameter("packagebundle", bundle) for bundle in bundles), *outcome))


def _statement(request: PackageRequest, caller: Caller, desk: Desk) -> Statement | None:
    """The coverage statement the request leans on."""
    if not request.context:
        return None
    found = desk.statement(request.context, caller)
    if found is None:
        message = "no coverage statement of this id was made to you: send the coverage-assertion-id of the order"
        raise Unprocessable(message, _CONTEXT, "not-found")
    if found.order and found.patient_id != request.patient_id:
        raise Unprocessable("the coverage statement is about another patient than the Coverage", _CONTEXT)
    return found


def _refuse_coverage(request: PackageRequest, desk: Desk, today: date) -> None:
    """A Coverage that nobody here answers for has no forms here."""
    coverage = Resource(own_reference(request.coverage) or "Coverage", request.coverage)
    record = PatientRecord(request.patient_id, {"Coverage": (coverage,)})
    found = resolve_coverage(record, line_of({}, ""), desk.check.payers, today)
    if not found.coverages or found.standing is not Standing.ACTIVE:
        raise Unprocessable("the Coverage is not active, or of no payer this service answers for", _COVERAGE)


def _gathered(request: PackageRequest, stated: Statement | None, caller: Caller, desk: Desk, at: Moment) -> _Asked:
    orders = request.orders or ((stated.order,) if stated and stated.order else ())
    brought = [one.held for one in request.referenced]
    record = desk.record(caller, request.patient_id, stated.fhir_server if stated else "", brought)
    read = [order for body in orders if (order := read_order(body, own_reference(body))) is not None]
    cases = open_cases(read, record, at.today, desk.check.windows)
    about = About(
        patient=request.patient_reference,
        coverage=own_reference(request.coverage) or (stated.coverage if stated else ""),
        orders=tuple(reference for body in orders if (reference := own_reference(body))),
        assertion_id=request.context,
    )
    return _Asked(request, about, cases, case_form(cases), stated)


def _bundles(asked: _Asked, desk: Desk, at: Moment) -> Iterator[Json]:
    """A package for each form that was named, else for the one that the orders need."""
    named = [_held(canonical, desk.base) for canonical in asked.request.canonicals]
    for form in dict.fromkeys(form for form in named if form):
        if form == adaptive_url(desk.base):
            is_kept = asked.stated is not None and asked.stated.order is not None
            ordered = [] if is_kept or not asked.cases else codes_of(asked.cases[0].recorded.order)
            yield adaptive_package(desk.base, desk.url, asked.about, ordered, at.now)
        elif asked.cases or _is_new(asked.request):
            yield standard_package(desk.base, asked.form, asked.about, at.now)
    if not asked.request.canonicals and (asked.is_open or _was_named(asked)):
        yield standard_package(desk.base, asked.form, asked.about, at.now)


def _held(canonical: str, base: str) -> str:
    """The form a canonical names; blank for one that is not held, in this version or at all."""
    url, _, version = canonical.partition("|")
    return url if url in (form_url(base), adaptive_url(base)) and version in ("", VERSION) else ""


def _is_new(request: PackageRequest) -> bool:
    """Whether the form changed since; one that is filled in from a record always may have."""
    return request.changed_since is None or date.fromisoformat(LAST_CHANGED) >= request.changed_since.date()


def _was_named(asked: _Asked) -> bool:
    """Whether the statement asked for documentation, and nothing is known of the order that would say more."""
    return asked.stated is not None and asked.stated.is_open and not asked.cases


def _issues(asked: _Asked, base: str, bundles: Sequence[Json]) -> Iterator[Issue]:
    request = asked.request
    for number, canonical in enumerate(request.canonicals, 1):
        if not _held(canonical, base):
            yield "warning", "not-found", _NOT_FOUND.format(number)
    for place in request.unknown:
        yield "warning", "not-supported", _NOT_UNDERSTOOD.format(place)
    if bundles and not all(case.is_whole for case in asked.cases):
        yield "information", "incomplete", _NOT_WHOLE
    if asked.is_open and not asked.form.asked:
        yield "warning", "business-rule", _ONLY_RECORD
    if not bundles and not request.canonicals:
        yield "information", "informational", _NOTHING_OPEN if asked.cases else _NOT_ADDRESSED
