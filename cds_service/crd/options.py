"""Configuration options: which kinds of answers a client wants, and how many cards (CRD 2.2.1, dev-4 to dev-17)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

CONFIGURATION: Final = "davinci-crd.configuration"
COVERAGE_INFO: Final = "coverage-info"
UNSOLICITED_DETERMINATION: Final = "unsolicited-determ"
GUIDELINE: Final = "guideline"
CLAIM: Final = "claim"
CLINICAL_REMINDER: Final = "clinical-reminder"
THERAPY_ALTERNATIVES: Final = "therapy-alternatives-opt"
INSURANCE: Final = "insurance"
MAX_CARDS: Final = "max-cards"
DEFAULT_MAX_CARDS: Final = 1000


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of answer that can be switched off: its code from the guide's card types, and what discovery says."""

    code: str
    name: str
    description: str


_COVERAGE_INFO: Final = Kind(
    COVERAGE_INFO, "Coverage information", "Coverage, prior authorization and documentation needs on the order."
)
_UNSOLICITED: Final = Kind(
    UNSOLICITED_DETERMINATION,
    "Unsolicited determination",
    "Prior authorization granted without a request for it. Send false for what-if calls.",
)
_GUIDELINE: Final = Kind(
    GUIDELINE, "Guidelines", "Cards that judge the order by the medical policy and link to its criteria."
)
_CLAIM: Final = Kind(CLAIM, "Claim instructions", "Cards that say how an order has to be coded and claimed.")
_REMINDER: Final = Kind(
    CLINICAL_REMINDER,
    "Reminders",
    "Cards that suggest what supplies missing documentation: laboratory tests, the documentation form.",
)
_ALTERNATIVES: Final = Kind(
    THERAPY_ALTERNATIVES,
    "Covered alternatives",
    "Cards that suggest a technique the policy can cover in place of one it never does.",
)
_INSURANCE: Final = Kind(INSURANCE, "Insurance", "Cards on a patient's coverage record: none active, or several.")

_ORDERS: Final = (_COVERAGE_INFO, _UNSOLICITED, _GUIDELINE, _CLAIM, _REMINDER)
KINDS: Final[Mapping[str, tuple[Kind, ...]]] = {
    "order-sign": (*_ORDERS, _ALTERNATIVES),
    "order-select": (*_ORDERS, _ALTERNATIVES),
    "order-dispatch": _ORDERS,
    "appointment-book": _ORDERS,
    "encounter-start": (_INSURANCE,),
    "encounter-discharge": (_INSURANCE,),
}
"""What each hook can be answered with, and so what can be switched off on it (dev-5)."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a client configured. `nonsense` names our own options whose value could not be used, for the log."""

    switched_off: frozenset[str] = frozenset()
    max_cards: int = DEFAULT_MAX_CARDS
    nonsense: tuple[str, ...] = ()

    def wants(self, code: str) -> bool:
        """Whether a kind of answer is wanted; an unsolicited determination is part of coverage information."""
        if code == UNSOLICITED_DETERMINATION and COVERAGE_INFO in self.switched_off:
            return False
        return code not in self.switched_off


def read_options(extension: Any, hook: str) -> Options:
    """Read the configuration in the `extension` of a request.

    Options not offered on the hook are ignored (dev-17); a value that makes no sense leaves the default (dev-6).
    """
    configuration = extension.get(CONFIGURATION) if isinstance(extension, dict) else None
    if configuration is None:
        return Options()
    if not isinstance(configuration, dict):
        return Options(nonsense=(CONFIGURATION,))
    offered = {kind.code for kind in KINDS[hook]}
    switches = {code: value for code, value in configuration.items() if code in offered}
    limit = configuration.get(MAX_CARDS, DEFAULT_MAX_CARDS)
    unusable = [code for code, value in switches.items() if not isinstance(value, bool)]
    if not _is_limit(limit):
        unusable.append(MAX_CARDS)
        limit = DEFAULT_MAX_CARDS
    return Options(frozenset(c for c, value in switches.items() if value is False), limit, tuple(sorted(unusable)))


def _is_limit(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def configuration_options(hook: str) -> list[dict[str, Any]]:
    """The options of a hook as discovery lists them (dev-4, dev-5, dev-8); each is the same on all hooks (dev-9)."""
    switches: list[dict[str, Any]] = [
        {"code": k.code, "type": "boolean", "name": k.name, "description": k.description, "default": True}
        for k in KINDS[hook]
    ]
    limit = {
        "code": MAX_CARDS,
        "type": "integer",
        "name": "Maximum cards",
        "description": "The most cards one answer holds; the most important come first.",
        "default": DEFAULT_MAX_CARDS,
    }
    return [*switches, limit]
