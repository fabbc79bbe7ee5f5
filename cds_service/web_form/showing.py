"""The form as the page shows it: questions with their criteria, options, what is known of them, what is wrong."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from cds_service.dtr.case_form import CaseForm, FormItem
from cds_service.dtr.items import UNITS
from cds_service.dtr.standing import Case, standing
from cds_service.web_form.enabled import enabled
from cds_service.web_form.fields import AS_RECORDED, NOT_KNOWN, UNIT, UNKNOWN, Posted, Said
from cds_service.web_form.leads_to import Leads
from cds_service.web_form.wording import DONT_KNOW, asked_when, in_words, range_of
from fhir_mappings.finding import Evidence

Json = Mapping[str, Any]


class Option(NamedTuple):
    """One answer that can be picked."""

    value: str
    words: str
    is_picked: bool


@dataclass(frozen=True, slots=True)
class Field:
    """One question as it is shown; `options` where it is picked, else a number is typed.

    `known` is what the record says, in words; `proofs` where; `notes` why data was not used; `when` which answers
    make it one to ask; `fault` what is wrong with what was posted.
    """

    link_id: str
    text: str
    criteria: tuple[str, ...]
    options: tuple[Option, ...]
    typed: str
    unit: str
    units: tuple[str, ...]
    hint: str
    is_unknown: bool
    known: str
    proofs: tuple[Evidence, ...]
    notes: tuple[str, ...]
    when: str
    is_enabled: bool
    fault: str


@dataclass(frozen=True, slots=True)
class Group:
    """The questions under one criterion."""

    number: str
    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The questions that are open, by criterion, and those the record answers."""

    groups: tuple[Group, ...]
    on_record: tuple[Field, ...]

    @property
    def fields(self) -> tuple[Field, ...]:
        """Every question on the page."""
        return (*(field for group in self.groups for field in group.fields), *self.on_record)


@dataclass(frozen=True, slots=True)
class _Shown:
    """What all fields of a page are made of: the cases, what was posted (None: the page is new), what is wrong.

    `relevant` are the criteria that have a part in where the orders stand.
    """

    cases: Sequence[Case]
    posted: Posted | None
    faults: Mapping[str, str]
    enabled: frozenset[str]
    relevant: frozenset[str]


def shown(form: CaseForm, cases: Sequence[Case], said: Said, posted: Posted | None, leads: Iterable[Leads]) -> Page:
    """The page of a form; `said` is what can be used of what was posted, or what it begins with."""
    relevant = frozenset(number for lead in leads for number in lead.answers)
    shared = _Shown(cases, posted, said.faults, enabled(form.asked, said.answers), relevant)
    groups = tuple(
        Group(one.number, one.title, tuple(_field(item, shared, item_is_open=True) for item in one.items))
        for one in form.groups
    )
    return Page(groups, tuple(_field(item, shared, item_is_open=False) for item in form.on_record))


def _field(item: FormItem, shared: _Shown, *, item_is_open: bool) -> Field:
    question = item.question
    link_id = question.link_id
    values = _values(item, shared.posted, item_is_open=item_is_open)
    return Field(
        link_id=link_id,
        text=question.text,
        criteria=tuple(number for number in item.criteria if number in shared.relevant) or item.criteria,
        options=tuple(_options(item, values.get(link_id, ""), item_is_open=item_is_open)),
        typed=values.get(link_id, ""),
        unit=values.get(f"{link_id}{UNIT}", UNITS[0]),
        units=UNITS if question.kind == "quantity" else (),
        hint=range_of(item.question),
        is_unknown=f"{link_id}{NOT_KNOWN}" in values,
        known=in_words(item.answer) if item.answer is not None and item.is_from_record else "",
        proofs=tuple(dict.fromkeys(proof for one in _findings(item, shared.cases) for proof in one.evidence)),
        notes=tuple(dict.fromkeys(note for one in _findings(item, shared.cases) for note in one.notes)),
        when=asked_when(item.conditions),
        is_enabled=not item_is_open or link_id in shared.enabled,
        fault=shared.faults.get(link_id, ""),
    )


def _findings(item: FormItem, cases: Sequence[Case]) -> Iterator[Any]:
    for case in cases:
        findings = standing(case).findings
        yield from (findings[fact.name] for fact in item.question.facts if fact.name in findings)


def _values(item: FormItem, posted: Posted | None, *, item_is_open: bool) -> dict[str, str]:
    """What its fields hold: what was posted, else for an open question what it begins with."""
    if posted is not None:
        mine = (item.question.link_id, f"{item.question.link_id}{UNIT}", f"{item.question.link_id}{NOT_KNOWN}")
        return {name: posted[name][0] for name in mine if posted.get(name)}
    if item.answer is None or not item_is_open:
        return {}
    ((name, held),) = item.answer.items()
    if name == "valueQuantity":
        return {item.question.link_id: f"{held['value']:g}", f"{item.question.link_id}{UNIT}": held["code"]}
    return {item.question.link_id: _value(name, held)}


def _value(name: str, held: Any) -> str:
    if name == "valueBoolean":
        return "yes" if held else "no"
    return str(held["code"] if name == "valueCoding" else held)


def _options(item: FormItem, picked: str, *, item_is_open: bool) -> Iterator[Option]:
    listed: Iterable[tuple[str, str]] = {
        "boolean": (("yes", "Yes"), ("no", "No")),
        "choice": tuple((choice.code, choice.display) for choice in item.question.choices),
    }.get(item.question.kind, ())
    if not listed:
        return
    if not item_is_open:
        yield Option(AS_RECORDED, "Leave it as recorded", picked in ("", AS_RECORDED))
    yield from (Option(value, words, value == picked) for value, words in listed)
    if item_is_open:
        yield Option(UNKNOWN, DONT_KNOW, picked == UNKNOWN)
