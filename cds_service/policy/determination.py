"""A determination: what a policy says of one order, with the criteria that decide it and what is missing."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from cds_service.policy.answers import Answer
from fhir_mappings.finding import Evidence


class Outcome(enum.StrEnum):
    """The words of a determination."""

    COVERED = "covered"
    NOT_COVERED = "not-covered"
    MISSING = "missing-documentation"
    REFER = "refer"
    NO_CRITERION = "no-criterion"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A criterion that is open, and what would answer it.

    `parts` are the parts of a computed value of which nothing usable is on record; `is_on_form` whether a person can
    answer it in the documentation form.
    """

    criterion: str
    question: str
    parts: tuple[str, ...] = ()
    is_on_form: bool = False


class ClaimNote(NamedTuple):
    """What a policy's coding notes say of the code that is ordered: in a clause, and explained to who claims it."""

    said: str
    explained: str


@dataclass(frozen=True, slots=True)
class Determination:
    """What a policy says of one order.

    `criteria` decide the outcome; `answers` holds every evaluated criterion; `evidence` the resources behind
    each; `notes` what a reader must know beside (inferences, stale or refused data, readings taken); `advice` the
    criteria behind an advisory outcome; `beside` the branches that have no part in the answer; `claim_notes` what to
    know for the claim.
    """

    order: str
    policy: str
    revision: str
    outcome: Outcome
    criteria: tuple[str, ...]
    missing: tuple[OpenQuestion, ...] = ()
    repeat: bool = False
    answers: Mapping[str, Answer] = field(default_factory=dict)
    evidence: Mapping[str, tuple[Evidence, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    advisory: Outcome | None = None
    advice: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    claim_notes: tuple[ClaimNote, ...] = ()

    @property
    def all_notes(self) -> tuple[str, ...]:
        """What a reader must know beside, the coding notes first."""
        return (*(note.said for note in self.claim_notes), *self.notes)

    @property
    def asked_on_form(self) -> tuple[OpenQuestion, ...]:
        """What the documentation form can supply of what is missing."""
        return tuple(q for q in self.missing if q.is_on_form) if self.outcome is Outcome.MISSING else ()

    def as_json(self) -> dict[str, object]:
        """The machine-readable form of contract section 4; members with nothing to say are left out."""
        whole: dict[str, object] = {
            "order": self.order,
            "policy": self.policy,
            "revision": self.revision,
            "outcome": self.outcome.value,
            "advisory": self.advisory.value if self.advisory else None,
            "criteria": list(self.criteria),
            "missing": [{"criterion": q.criterion, "question": q.question} for q in self.missing],
            "repeat": self.repeat,
            "answers": {number: answer.word for number, answer in self.answers.items()},
            "evidence": {number: [_proof(e) for e in proofs] for number, proofs in self.evidence.items()},
            "notes": list(self.all_notes),
        }
        return {name: value for name, value in whole.items() if value not in (None, [], {}, "")}


def _proof(evidence: Evidence) -> dict[str, str]:
    proof = {"reference": evidence.reference, "text": evidence.text, "date": evidence.date}
    return {name: value for name, value in proof.items() if value}
