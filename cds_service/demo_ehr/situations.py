"""Situations to try: a synthetic patient, orders about to be signed, what should come of it."""

import json
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any

from cds_service.demo_ehr.date_shift import days_to, shift_dates
from cds_service.demo_ehr.store import Store


@dataclass(frozen=True)
class Situation:
    """One demonstration.

    `expected` has one part per draft order, in their order and separated by "; ": the outcome
    word with the deciding criteria in parentheses, or "no card" outside the policy.
    """

    id: str
    title: str
    patient_id: str
    draft_orders: list[dict[str, Any]]
    expected: str


def load_situations(today: date) -> tuple[Situation, ...]:
    """All situations, their orders written as of `today`."""
    text = (files(__package__) / "situations.json").read_text(encoding="utf-8")
    written = json.loads(text)["situations"]
    return tuple(Situation(**shift_dates(one, days_to(today))) for one in written)


def load_store(today: date) -> Store:
    """A new store with every example patient, their records as fresh as if written `today`."""
    store = Store()
    for bundle in patient_bundles():
        store.load_bundle(shift_dates(bundle, days_to(today)))
    return store


def patient_bundles() -> list[dict[str, Any]]:
    """The transaction Bundles as written: one per patient, one for what patients share."""
    folder = files(__package__) / "patients"
    names = sorted(one.name for one in folder.iterdir() if one.name.endswith(".json"))
    return [json.loads((folder / name).read_text(encoding="utf-8")) for name in names]
