"""When the facts were recorded: every dated resource that proves something, oldest first, on a strip of time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from cds_service.console.facts_in_words import label
from cds_service.console.what_if import FACTS
from fhir_mappings.finding import Evidence, Finding

WIDTH: Final = 640
EDGE: Final = 12


@dataclass(frozen=True, slots=True)
class Event:
    """One resource that proves something: when, what it says, which facts hang on it, where on the strip (pixels)."""

    date: str
    text: str
    reference: str
    facts: tuple[str, ...]
    x: float


def timeline(findings: Mapping[str, Finding], today: date) -> tuple[Event, ...]:
    """The events behind some findings, oldest first; what has no date is left to the tree."""
    proofs: dict[Evidence, list[str]] = {}
    for name, finding in findings.items():
        for proof in finding.evidence:
            proofs.setdefault(proof, []).append(label(FACTS[name]))
    dated = sorted((day, proof) for proof in proofs if (day := _day(proof.date)) is not None)
    oldest = dated[0][0] if dated else today
    return tuple(
        Event(p.date, p.text, p.reference, tuple(sorted(set(proofs[p]))), _x(day, oldest, today)) for day, p in dated
    )


def _day(written: str) -> date | None:
    """The first day a FHIR date can mean."""
    try:
        return date.fromisoformat((written + "-01-01")[:10] if len(written) == 4 else (written + "-01")[:10])
    except ValueError:
        return None


def _x(day: date, oldest: date, today: date) -> float:
    """Days are equally wide. A day after today stands at the right edge."""
    span = max((today - oldest).days, 1)
    passed = min(max((day - oldest).days, 0), span)
    return round(EDGE + (WIDTH - 2 * EDGE) * passed / span, 1)
