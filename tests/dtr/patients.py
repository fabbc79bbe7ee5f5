"""Patients of whom some facts are not on record yet: what is true, what the chart holds, what a person would answer."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from cds_service.dtr.standing import Case
from fhir_mappings.chart import Windows, open_chart
from fhir_mappings.orders import read_order
from fhir_mappings.prefetch import OBSERVATION_CODES
from fhir_mappings.record import RawResource, build_record
from tests.policy_151.patients import PATIENT, TODAY, Facts, Json, chart_of, orders_of
from tests.policy_151.vocabulary import STATEMENTS

_TUMORS: Final = {
    "hcc": {"tumor": "hcc"},
    "cholangiocarcinoma": {"tumor": "cholangiocarcinoma"},
    "colorectal": {"tumor": "liver metastasis", "primary": {"value": "colon cancer", "linked": True}},
    "neuroendocrine": {"tumor": "neuroendocrine liver metastasis"},
    "breast": {"tumor": "liver metastasis", "primary": {"value": "breast cancer", "linked": True}},
    "melanoma": {"tumor": "liver metastasis", "primary": {"value": "melanoma of skin", "linked": True}},
    "lung": {"tumor": "liver metastasis", "primary": {"value": "lung cancer", "linked": True}},
}
"""The charts of each kind of tumor."""

_CHOICES: Final[Mapping[str, tuple[tuple[Any, ...], tuple[Any, ...]]]] = {
    "ecog": ((0, 1, 2), (3, 4)),
    "liver_reserve_adequate": ((True,), (False,)),
    "child_pugh": (("A", "B"), ("C",)),
    "transplant": (("not-awaiting",), ("listed",)),
    "bridge": ((True,), (False,)),
    "confirmed_by": (("biopsy", "imaging", "both"), ("none",)),
    "resection_feasible": ((False,), (True,)),
    "resection_concurrent": ((False,), (True,)),
    "accessible": ((True,), (False,)),
    "count": ((1, 2, 3), (4,)),
    "largest_cm": ((2.0, 3.0), (3.1, 5.0, 5.1)),
    "all_foci_amenable": ((True,), (False,)),
    "complete_ablation_goal": ((True,), (False,)),
    "symptoms_refractory": ((True,), (False,)),
    "extrahepatic": (("none",), ("stable-bone-only", "present")),
}
"""What a patient may be like: what usually holds of one who is sent for ablation, and what sometimes does."""

_SOMETIMES: Final = 0.08
_TRACE: Final = "waiting list, organ not named"
"""What the chart holds of a transplant status that is not stated: without a trace of it none is awaited (A43)."""

_LINK_IDS: Final = {
    **STATEMENTS,
    "ecog": "ecog-grade",
    "kps": "karnofsky-percent",
    "child_pugh": "child-pugh-class",
}
_SNOMED: Final = "http://snomed.info/sct"
_CLASSES: Final = {"A": "710065009", "B": "710066005", "C": "710067001"}
_KINDS: Final = {"hcc": "hcc", "cholangiocarcinoma": "other-primary"}
_KARNOFSKY: Final = {0: 100, 1: 80, 2: 60, 3: 40, 4: 20}
_PRIMARY: Final = ("colorectal", "neuroendocrine", "breast", "melanoma")


@dataclass(frozen=True)
class Patient:
    """One patient: `truth` is all there is to know, `gaps` what the chart lacks of it."""

    number: int
    kind: str
    truth: Mapping[str, Any]
    gaps: frozenset[str]

    @property
    def known(self) -> Facts:
        """What the chart holds."""
        held = {name: value for name, value in self._facts().items() if name not in self.gaps}
        return held | ({"transplant": _TRACE} if "transplant" in self.gaps else {})

    @property
    def everything(self) -> Facts:
        """The chart if nothing were lacking."""
        return self._facts()

    def _facts(self) -> dict[str, Any]:
        return {"line_of_business": "commercial", **_TUMORS[self.kind], **self.truth}

    @property
    def answers(self) -> dict[str, Json]:
        """What a person who knows the patient answers, whatever is asked: value[x] by link id."""
        found = {_LINK_IDS[name]: _value(name, value) for name, value in self.truth.items()}
        found["liver-tumor-diagnosis"] = {"valueCoding": {"code": _KINDS.get(self.kind, "metastasis")}}
        primary = self.kind if self.kind in _PRIMARY else "other"
        found["mets-primary"] = {"valueCoding": {"code": primary}}
        found["prior-ablation"] = {"valueBoolean": False}
        return found


_ALL: Final = (
    "performance",
    "liver_reserve_adequate",
    "child_pugh",
    "transplant",
    "tumor",
    "confirmed_by",
    "resection_feasible",
)
_BRANCH: Final = {
    "hcc": ("accessible", "count", "largest_cm", "all_foci_amenable", "complete_ablation_goal"),
    "colorectal": ("resection_concurrent", "accessible", "largest_cm", "confined"),
    "neuroendocrine": ("largest_cm", "symptoms_refractory"),
    "breast": ("largest_cm", "extrahepatic"),
}
_LACKING: Final = {
    "performance": ("ecog", "kps"),
    "tumor": ("tumor", "primary"),
    "confined": ("confined", "extrahepatic"),
    "extrahepatic": ("confined", "extrahepatic"),
}
"""What goes together: where one is not on record the other would tell it. A melanoma is always on record: without a
trace of one it is no origin (policy-logic, closed world of IV)."""


def _value(name: str, value: Any) -> Json:
    if isinstance(value, bool):
        return {"valueBoolean": value}
    if name == "child_pugh":
        return {"valueCoding": {"system": _SNOMED, "code": _CLASSES[value]}}
    if name == "largest_cm":
        return {"valueQuantity": {"value": value, "unit": "cm", "system": "http://unitsofmeasure.org", "code": "cm"}}
    if isinstance(value, int):
        return {"valueInteger": value}
    return {"valueCoding": {"code": value}}


def generated(number: int, seed: int = 151) -> Iterator[Patient]:
    """Patients that are the same every time: of each one to six facts are not on record."""
    chance = random.Random(seed)
    for index in range(number):
        truth = {name: chance.choice(values[chance.random() < _SOMETIMES]) for name, values in _CHOICES.items()}
        truth |= {"kps": _KARNOFSKY[truth["ecog"]], "confined": truth["extrahepatic"] == "none"}
        truth["liver_reserve_adequate"] |= truth["child_pugh"] == "A"
        kind = chance.choice(list(_TUMORS))
        lacking = chance.sample([*_ALL, *_BRANCH.get(kind, ())], chance.randint(1, 6))
        gaps = {fact for gap in lacking for fact in _LACKING.get(gap, (gap,))}
        yield Patient(index, kind, truth, frozenset(gaps - ({"primary"} if kind == "melanoma" else set())))


def case_of(facts: Facts) -> Case:
    """The chart of these facts, opened for its first order."""
    chart = chart_of(facts)
    raw = [RawResource(msgspec.Raw(msgspec.json.encode(one)), "", "$") for one in chart.resources]
    record = build_record(PATIENT, raw, OBSERVATION_CODES, {})
    first, *others = [read_order(one, f"{one['resourceType']}/{one['id']}") for one in orders_of(facts, chart)]
    assert first is not None
    return Case(open_chart(record, first, tuple(o for o in others if o), TODAY, Windows()))
