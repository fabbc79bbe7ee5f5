"""The patients of the demonstration as a list tells them: name, initials, age, sex, history in one line, orders."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from cds_service.demo_ehr import Situation, Store
from cds_service.demo_ehr.search_query import parse_search

HUES: Final = 6
"""How many colors avatars have."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the patient list, with the situation it opens."""

    situation: Situation
    name: str
    initials: str
    hue: int
    about: str
    history: str


def list_patients(situations: Iterable[Situation], store: Store, today: date) -> tuple[Listed, ...]:
    """The patients of the situations."""
    return tuple(_listed(situation, store, today) for situation in situations)


def _listed(situation: Situation, store: Store, today: date) -> Listed:
    patient = store.read("Patient", situation.patient_id) or {}
    name: dict[str, Any] = next(iter(patient.get("name", [])), {})
    parts = [*name.get("given", []), name.get("family", "")]
    return Listed(
        situation=situation,
        name=" ".join(parts),
        initials="".join(part[:1] for part in (parts[0], parts[-1])),
        hue=sum(map(ord, situation.id)) % HUES,
        about=f"{_age(patient.get('birthDate', ''), today)}, {patient.get('gender', 'unknown')}",
        history=", ".join(_problems(situation.patient_id, store)),
    )


def _age(birth_date: str, today: date) -> str:
    try:
        born = date.fromisoformat(birth_date)
    except ValueError:
        return "age unknown"
    return f"{today.year - born.year - ((today.month, today.day) < (born.month, born.day))} years"


def _problems(patient_id: str, store: Store) -> list[str]:
    found = store.search(parse_search("Condition", [("patient", patient_id), ("clinical-status", "active")]))
    newest = sorted(found, key=lambda one: str(one.get("recordedDate", "")), reverse=True)
    return list(dict.fromkeys(_words(one.get("code", {})) for one in newest))


def _words(concept: dict[str, Any]) -> str:
    coding: dict[str, Any] = next(iter(concept.get("coding", [])), {})
    text = str(concept.get("text") or coding.get("display") or coding.get("code", ""))
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
