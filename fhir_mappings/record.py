"""The patient's record: what was read, what was not, indexed by type. Raw entries are looked at, then decoded."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

import msgspec

from fhir_mappings.elements import Json, codes, items, member, own_reference, reference_id, status_codes, text_of
from fhir_mappings.json_text import UNREADABLE
from fhir_mappings.terminology import Code

CORE_TYPES: Final = ("Condition", "Observation", "Procedure")
"""The types a determination stands on; one of them unread is not one of them empty."""

MOST_NAMED: Final = 20
"""How many resources that could not be read are named one by one."""

_SUBJECT_ELEMENTS: Final = ("subject", "patient", "beneficiary")


@dataclass(frozen=True, slots=True, eq=False)
class Resource:
    """One resource of the patient: how others refer to it, and its JSON. Equal only to itself."""

    reference: str
    body: Json

    @property
    def identity(self) -> str:
        """The bare id, as references resolve to it."""
        return self.reference.rsplit("/", 1)[-1]


class RawResource(msgspec.Struct, frozen=True, gc=False):
    """One resource as it arrived: its JSON text, its fullUrl, and where it came from: a value, or an entry of one."""

    text: msgspec.Raw
    full_url: str
    source: str
    entry: int | None = None

    @property
    def place(self) -> str:
        """Where in the request it stood."""
        return self.source if self.entry is None else f"{self.source}.entry[{self.entry}].resource"


class ServerRead(NamedTuple):
    """A search of the EHR's FHIR server: the type asked for and what came of it."""

    resource_type: str
    result: str


class Retrieved(NamedTuple):
    """How many resources one search of a type brought, and whether the client sent them or was asked for them."""

    resource_type: str
    number: int
    by_prefetch: bool


@dataclass(frozen=True, slots=True)
class PatientRecord:
    """Everything read about one patient for one request.

    `observations` finds Observations by each of their codes; `unread` holds the types that could not be read,
    with the reason; `unavailable` the supplementary types this EHR does not offer; `notes` what was refused or
    skipped, in words that hold no patient data; `reads` what was asked of the EHR and what came of it; `retrieved` how
    much came, before any of it was looked at. `withheld` holds the supplementary types the EHR has and does not let us
    search, with the reason; `strangers` how many resources of other patients came, by type.
    """

    patient_id: str
    by_type: Mapping[str, tuple[Resource, ...]]
    observations: Mapping[Code, tuple[Resource, ...]] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)
    unavailable: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    reads: tuple[ServerRead, ...] = ()
    retrieved: tuple[Retrieved, ...] = ()
    withheld: Mapping[str, str] = field(default_factory=dict)
    strangers: Mapping[str, int] = field(default_factory=dict)

    def with_withheld_unread(self) -> "PatientRecord":
        """The same record, in which what was withheld may hold anything."""
        return replace(self, unread={**self.unread, **self.withheld}, withheld={})

    def of_type(self, resource_type: str) -> tuple[Resource, ...]:
        """The patient's resources of a type, errors and other patients left out."""
        return self.by_type.get(resource_type, ())

    def unread_of(self, *resource_types: str) -> frozenset[str]:
        """Which of these types could not be read."""
        return frozenset(resource_types) & self.unread.keys()

    def was_read(self, *resource_types: str) -> bool:
        """Whether every one of these types was read to its end."""
        return not self.unread_of(*resource_types)


def joined(first: PatientRecord, more: PatientRecord) -> PatientRecord:
    """What two readings of one patient brought, of types that differ."""
    return PatientRecord(
        first.patient_id,
        {**first.by_type, **more.by_type},
        {**first.observations, **more.observations},
        {**first.unread, **more.unread},
        first.unavailable | more.unavailable,
        tuple(dict.fromkeys((*first.notes, *more.notes))),
        (*first.reads, *more.reads),
        (*first.retrieved, *more.retrieved),
        {**first.withheld, **more.withheld},
        dict(Counter(first.strangers) + Counter(more.strangers)),
    )


class _Coding(msgspec.Struct, gc=False):
    code: str = ""


class _Concept(msgspec.Struct, gc=False):
    coding: list[_Coding] = []


class Glance(msgspec.Struct, gc=False):
    """What is looked at before a resource is decoded."""

    resource_type: str = msgspec.field(name="resourceType", default="")
    code: _Concept | None = None

    def is_needless(self, observation_codes: frozenset[str]) -> bool:
        """Whether this is an Observation without any of these bare codes, lower case: no reader can use it."""
        if self.resource_type != "Observation" or self.code is None:
            return False
        return observation_codes.isdisjoint([coding.code.strip().lower() for coding in self.code.coding])


_glance = msgspec.json.Decoder(Glance)


def build_record(
    patient_id: str,
    raw: Iterable[RawResource],
    observation_codes: frozenset[str],
    unread: Mapping[str, str],
    unavailable: frozenset[str] = frozenset(),
) -> PatientRecord:
    """Decode what can matter, refuse other patients' resources, and keep each resource once.

    `observation_codes` are the bare codes an Observation must carry one of to be decoded at all.
    """
    intake = _Intake(patient_id)
    wanted = frozenset(code.lower() for code in observation_codes)
    for one in raw:
        try:
            is_needless = _glance.decode(one.text).is_needless(wanted)
        except UNREADABLE:
            is_needless = False
        if not is_needless:
            intake.take(one)
    kept: dict[str, list[Resource]] = {}
    for resource in intake.kept.values():
        if _in_error(resource.body):  # judged last, so that an older copy does not survive its correction
            continue
        kept.setdefault(text_of(resource.body.get("resourceType")), []).append(resource)
    ordered = {kind: tuple(sorted(found, key=lambda r: r.reference)) for kind, found in kept.items()}
    return PatientRecord(
        patient_id,
        ordered,
        _by_code(ordered.get("Observation", ())),
        dict(unread),
        unavailable,
        intake.notes(),
        strangers=dict(intake.strangers),
    )


def _by_code(observations: tuple[Resource, ...]) -> dict[Code, tuple[Resource, ...]]:
    found: dict[Code, list[Resource]] = {}
    for one in observations:
        for code in codes(one.body.get("code")):
            found.setdefault(code, []).append(one)
    return {code: tuple(listed) for code, listed in found.items()}


class _Intake:
    """Collects resources while they are read: local to one call of build_record."""

    def __init__(self, patient_id: str) -> None:
        self.patient_id = patient_id
        self.kept: dict[str, Resource] = {}
        self.strangers: Counter[str] = Counter()
        self.unreadable: list[str] = []

    def take(self, raw: RawResource) -> None:
        """Keep a resource, or count why not."""
        try:
            body: Any = msgspec.json.decode(raw.text)
        except UNREADABLE:
            self.unreadable.append(raw.place)
            return
        kind = text_of(body.get("resourceType")) if isinstance(body, dict) else ""
        if not kind:
            self.unreadable.append(raw.place)
        elif not belongs_to(body, self.patient_id):
            self.strangers[kind] += 1
        else:
            self._keep(own_reference(body) or raw.full_url or f"{kind} at {raw.place}", body)

    def _keep(self, reference: str, body: Json) -> None:
        present = self.kept.get(reference)
        if present is None or _version(body) > _version(present.body):
            self.kept[reference] = Resource(reference, body)

    def notes(self) -> tuple[str, ...]:
        """What was left out, without saying whose it was."""
        notes = [f"{place} could not be read and was left out" for place in self.unreadable[:MOST_NAMED]]
        if len(self.unreadable) > MOST_NAMED:
            notes.append(f"{len(self.unreadable) - MOST_NAMED} more could not be read and were left out")
        if self.strangers:
            notes.append(f"{self.strangers.total()} resource(s) of another patient were refused")
        return tuple(notes)


def _version(body: Json) -> tuple[str, bytes]:
    """Orders two copies of one resource the same way whichever came first."""
    return text_of(member(body, "meta", "lastUpdated")), msgspec.json.encode(body)


def _in_error(body: Json) -> bool:
    if body.get("status") == "entered-in-error":
        return True
    verification = body.get("verificationStatus")
    return verification is not None and "entered-in-error" in status_codes(verification)


def belongs_to(body: Json, patient_id: str) -> bool:
    """Whether a resource is about this patient. No reference at all is taken as the searched patient's."""
    if body.get("resourceType") == "Patient":
        return text_of(body.get("id")) in ("", patient_id)
    subject = body.get("subject")
    if isinstance(subject, dict) and subject.get("reference") == f"Patient/{patient_id}":
        return True  # as nearly all are written
    kind, identity = subject_of(body)
    return not identity or (kind in ("Patient", "") and identity == patient_id)


def subject_of(body: Json) -> tuple[str, str]:
    """Type and id of whom a resource is about, by the first reference that says so; blanks where none does."""
    for element in _SUBJECT_ELEMENTS:
        for reference in items(body.get(element)):
            kind, identity = reference_id(reference)
            if identity:
                return kind, identity.removeprefix("urn:uuid:").removeprefix("urn:oid:")
    return "", ""
