"""What is asked where a criterion of policy 151 is open: the question, its unknown parts, whether the form asks it."""

from collections.abc import Mapping
from typing import Final

from cds_service.policy.determination import OpenQuestion
from cds_service.policy.evaluation import Answered
from fhir_mappings.facts import TREATED_TUMOR

DETAIL_QUESTION: Final = OpenQuestion(
    "order.detail-code",
    "Which service the unlisted code stands for: a second code or its name on the order",
    is_on_form=True,
)

_WHOLE_QUESTIONS: Final[Mapping[str, str]] = {
    "I.D.1": "The diagnosis of the liver tumor that is treated, with its primary if it is a metastasis",
    "I.D.1.a.iii": "How many tumors are in the liver, and the largest diameter of each, on current imaging",
}
_DIAGNOSES: Final = frozenset({"I.D.1", "I.D.1.a.dx"})
_PRIMARY: Final = "mets-primary"
"""A statement on the primary of a metastasis is no diagnosis of a liver tumor."""


def question_on(node: Answered) -> OpenQuestion:
    """The question an open criterion comes to."""
    if node.leaf is None:
        return OpenQuestion(node.id, _WHOLE_QUESTIONS[node.id], is_on_form=_is_on_form(node))
    asked = node.finding.question or node.leaf.question or node.leaf.fact.question
    return OpenQuestion(node.id, asked, node.finding.unknown_parts, _is_on_form(node))


def _is_on_form(node: Answered) -> bool:
    if node.id in _DIAGNOSES:
        return any(statement != _PRIMARY for statement in TREATED_TUMOR.statements)
    return any(leaf.leaf.fact.statements for leaf in node.walk() if leaf.leaf is not None)
