"""For each question one answer on every side of every limit the policy draws: all that an answer can do to it."""

from typing import Any, Final

from cds_service.dtr.items import unit
from cds_service.dtr.questions import Question
from cds_service.policies.policy_151.effective_2025_05_06 import REVISION
from cds_service.policy.criteria import AtLeast, AtMost, Leaf, Within, leaves

Json = dict[str, Any]

_STEPS: Final = {"karnofsky-percent": 10}
"""A scale in tens has nothing between."""


def samples_of(question: Question) -> tuple[Json, ...]:
    """The answers, each as the value[x] of an item.answer."""
    if question.kind == "boolean":
        return ({"valueBoolean": True}, {"valueBoolean": False})
    if question.kind == "choice":
        return tuple({"valueCoding": _coding(c.code, c.system)} for c in question.choices)
    numbers = sorted({n for leaf in _leaves(question) for n in _around(leaf, _STEPS.get(question.link_id, 1))})
    if question.kind == "integer":
        return tuple({"valueInteger": n} for n in numbers if question.low <= n <= question.high)
    return tuple({"valueQuantity": {"value": n, **unit("cm")}} for n in numbers if n > 0)


def _coding(code: str, system: str) -> Json:
    return {"system": system, "code": code} if system else {"code": code}


def _leaves(question: Question) -> list[Leaf]:
    return [leaf for tree in REVISION.criteria for leaf in leaves(tree) if leaf.fact in question.facts]


def _around(leaf: Leaf, step: int) -> tuple[int, ...]:
    """The limit itself, and the nearest value beyond it."""
    test = leaf.test
    if isinstance(test, AtMost):
        return int(test.limit), int(test.limit) + step
    if isinstance(test, AtLeast):
        return int(test.limit) - step, int(test.limit)
    if isinstance(test, Within):
        return int(test.low) - step, int(test.low), int(test.high), int(test.high) + step
    return ()
