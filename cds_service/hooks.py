"""The hooks by what may be said on them (CRD 2.2.1, hooks: primary and secondary)."""

from typing import Final

PRIMARY_HOOKS: Final = frozenset({"order-sign", "order-dispatch", "appointment-book"})
"""Hooks on which documentation may be asked for."""

SECONDARY_HOOKS: Final = frozenset({"order-select", "encounter-start", "encounter-discharge"})
"""Hooks on which no documentation is asked for (hook-19)."""

DRAFTING_HOOKS: Final = frozenset({"order-sign", "order-select"})
"""Hooks whose orders can still be exchanged and added to: suggestions are acted on among the drafts."""

ENCOUNTER_HOOKS: Final = frozenset({"encounter-start", "encounter-discharge"})
"""Hooks that bring no orders."""
