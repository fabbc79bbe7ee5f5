"""Which answers make a question one to ask: a branch's questions are asked for its tumor only (enableWhen)."""

from collections.abc import Collection
from typing import Final, NamedTuple

from cds_service.dtr.outline import criteria_of
from cds_service.dtr.questions import Question
from cds_service.policies.policy_151.codes_2025_05_06 import ABLATION, STATED_MODALITIES
from fhir_mappings.form_codes import TUMOR_DIAGNOSIS

MODALITY: Final = "ablation-modality"
PRIMARY: Final = "mets-primary"
TRANSPLANT: Final = "lt-status"
METASTASIS: Final = "metastasis"


class Condition(NamedTuple):
    """An answer to another question; None: that one was not answered."""

    link_id: str
    code: str | None


_TUMORS: Final = {
    "I.D.1.a": (Condition(TUMOR_DIAGNOSIS, "hcc"), Condition(TUMOR_DIAGNOSIS, "hcc-mixed")),
    "I.D.1.b": (Condition(PRIMARY, "colorectal"),),
    "I.D.1.c": (Condition(PRIMARY, "neuroendocrine"),),
    "I.D.1.d": (Condition(PRIMARY, "breast"),),
}
"""The answers that lead into each branch."""

_ONLY_AFTER: Final = {
    PRIMARY: (Condition(TUMOR_DIAGNOSIS, METASTASIS),),
    "bridge-to-transplant-intent": (Condition(TRANSPLANT, "listed"), Condition(TRANSPLANT, "evaluating")),
}
TELL_APART: Final = frozenset({TUMOR_DIAGNOSIS, PRIMARY})


def conditions_of(question: Question, asked: Collection[str]) -> tuple[Condition, ...]:
    """The answers of which one must be given before a question is asked; none: it always is.

    Conditions on questions that are not asked are left out: the record answers those.
    """
    branches = [branch for branch in _TUMORS if any(n.startswith(f"{branch}.") for n in criteria_of(question))]
    listed = _ONLY_AFTER.get(question.link_id, ())
    if branches and question.link_id not in TELL_APART:
        listed = tuple(condition for branch in branches for condition in _TUMORS[branch])
    if any(condition.link_id not in asked for condition in listed):
        return ()
    return listed


def conditions_of_group(group: str, asked: Collection[str]) -> tuple[Condition, ...]:
    """Patients are asked about only where the order stands, or may stand, for an ablation the policy judges by them."""
    if group == "order" or MODALITY not in asked:
        return ()
    judged = [code for code, by in STATED_MODALITIES.items() if by == ABLATION]
    return (Condition(MODALITY, None), *(Condition(MODALITY, code) for code in judged))
