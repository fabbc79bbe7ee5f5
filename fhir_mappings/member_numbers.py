"""The member numbers a patient's Coverage and Patient tell. Never the name: people share names.

A subscriber's number may be a whole family's; only that of the patient's own tells who the member is
(CARIN Blue Button, C4BB-Coverage: identifier of type MB, subscriberId, relationship).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from fhir_mappings.elements import Json, codes, items, member, reference_id, text_of
from fhir_mappings.record import Resource

IDENTIFIER_TYPE: Final = "http://terminology.hl7.org/CodeSystem/v2-0203"
RELATIONSHIP: Final = "http://terminology.hl7.org/CodeSystem/subscriber-relationship"


@dataclass(frozen=True, slots=True)
class MemberNumbers:
    """The patient's own numbers, from the Coverage and from the Patient, and the subscriber's, whoever that is."""

    on_coverage: tuple[str, ...] = ()
    on_patient: tuple[str, ...] = ()
    subscriber: tuple[str, ...] = ()

    @property
    def own(self) -> tuple[str, ...]:
        """The numbers that can only mean this patient."""
        return self.on_coverage or self.on_patient

    def best_first(self) -> tuple[tuple[str, ...], ...]:
        """The numbers to look for, the most telling first; what is found by one is not doubted by the next."""
        return tuple(numbers for numbers in (self.on_coverage, self.on_patient, self.subscriber) if numbers)


def member_numbers(coverage: Resource, patients: Iterable[Resource], systems: tuple[str, ...]) -> MemberNumbers:
    """The numbers by which a payer may know this patient.

    `systems` are those its member numbers are written in: where they are known, a Patient's number must be of one,
    for a patient insured twice has numbers of two payers.
    """
    subscriber = normal_number(text_of(coverage.body.get("subscriberId")))
    own = [*_numbers(coverage.body, lambda one: _is_typed(one) or _system(one) in systems)]
    if subscriber and _is_self(coverage.body):
        own.append(subscriber)
    is_theirs = (lambda one: _system(one) in systems) if systems else _is_typed
    on_patient = [number for patient in patients for number in _numbers(patient.body, is_theirs)]
    return MemberNumbers(_once(own), _once(on_patient), (subscriber,) if subscriber else ())


def normal_number(written: str) -> str:
    """A number as it is compared: blanks within it and the case of letters mean nothing, all else does."""
    return "".join(written.split()).upper()


def _numbers(body: Json, is_wanted: Callable[[Json], bool]) -> Iterator[str]:
    for identifier in items(body.get("identifier")):
        number = normal_number(text_of(identifier.get("value")))
        if number and is_wanted(identifier):
            yield number


def _is_typed(identifier: Json) -> bool:
    """Whether it says it is a member number; a hospital's own number may look like one."""
    return (IDENTIFIER_TYPE, "MB") in codes(identifier.get("type"))


def _system(identifier: Json) -> str:
    return text_of(identifier.get("system"))


def _once(numbers: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(numbers))


def _is_self(coverage: Json) -> bool:
    """Whether the patient is the subscriber, by relationship or by reference; not told is not so."""
    if (RELATIONSHIP, "self") in codes(coverage.get("relationship")):
        return True
    subscriber, patient = (reference_id(member(coverage, name)) for name in ("subscriber", "beneficiary"))
    return bool(subscriber[1]) and subscriber == patient
