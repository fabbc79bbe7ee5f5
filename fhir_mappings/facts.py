"""The vocabulary shared with policies: facts (questions about a patient) and findings (their answers)."""

import enum
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final


class Reason(enum.StrEnum):
    """Why a finding says what it says."""

    RECORDED = "recorded"
    ATTESTED = "attested"
    COMPUTED = "computed"
    INFERRED = "inferred"
    NO_DATA = "no-data"
    STALE = "stale"
    CONFLICT = "conflict"
    NOT_SPECIFIC = "not-specific"
    IMPLAUSIBLE = "implausible"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One resource that proves something: where it is, what it says, and its clinical date."""

    reference: str
    text: str
    date: str = ""


@dataclass(frozen=True, slots=True)
class Interval:
    """What is known of a number: it lies between two bounds. A bound of None is not known."""

    low: float | None = None
    high: float | None = None
    low_open: bool = False
    high_open: bool = False

    def meet(self, other: "Interval") -> "Interval | None":
        """The part both intervals share, or None."""
        low, low_open = _stricter_low(self, other)
        high, high_open = _stricter_high(self, other)
        if low is not None and high is not None and (low > high or (low == high and (low_open or high_open))):
            return None
        return Interval(low, high, low_open, high_open)

    def hull(self, other: "Interval") -> "Interval":
        """The smallest interval that holds both: what is left when two records disagree."""
        low = None if self.low is None or other.low is None else min(self.low, other.low)
        high = None if self.high is None or other.high is None else max(self.high, other.high)
        low_open = all(i.low_open for i in (self, other) if i.low == low)
        high_open = all(i.high_open for i in (self, other) if i.high == high)
        return Interval(low, high, low_open, high_open)


def _stricter_low(a: Interval, b: Interval) -> tuple[float | None, bool]:
    if b.low is None or (a.low is not None and (a.low > b.low or (a.low == b.low and a.low_open))):
        return a.low, a.low_open
    return b.low, b.low_open


def _stricter_high(a: Interval, b: Interval) -> tuple[float | None, bool]:
    if b.high is None or (a.high is not None and (a.high < b.high or (a.high == b.high and a.high_open))):
        return a.high, a.high_open
    return b.high, b.high_open


def exactly(value: float) -> Interval:
    """A number that is known."""
    return Interval(value, value)


class Tumor(enum.StrEnum):
    """What the treated liver tumor is, as far as a policy's branches tell tumors apart."""

    HCC = "hepatocellular carcinoma"
    HCC_MIXED = "combined hepatocellular carcinoma and cholangiocarcinoma"
    OTHER_PRIMARY = "another primary liver cancer"
    BENIGN = "a benign liver tumor"
    COLORECTAL = "metastasis of colorectal cancer"
    COLORECTAL_CARCINOID = "metastasis of a colorectal carcinoid"
    COLORECTAL_REVIEW = "metastasis of a colorectal tumor of unusual type"
    NEUROENDOCRINE = "metastasis of a neuroendocrine tumor"
    NEUROENDOCRINE_REVIEW = "metastasis of a possibly neuroendocrine tumor"
    BREAST = "metastasis of breast cancer"
    MELANOMA = "metastasis of melanoma"
    OTHER_METASTASIS = "metastasis of another cancer"


METASTASES: Final = frozenset(t for t in Tumor if t.value.startswith("metastasis"))
ALL_TUMORS: Final = frozenset(Tumor)


class Transplant(enum.StrEnum):
    """Where the patient stands on the way to a liver transplant."""

    NOT_AWAITING = "not awaiting"
    LISTED = "approved and listed"


class Spread(enum.StrEnum):
    """Disease outside the liver."""

    NONE = "none"
    STABLE_BONE_ONLY = "stable bone metastasis only"
    PRESENT = "present"


Choice = str | bool
Possible = Interval | frozenset[Choice]


@dataclass(frozen=True, slots=True)
class Fact:
    """A question about a patient: its kind and unit, and the value sets and codes its reader looks for."""

    name: str
    unit: str
    question: str
    possible: frozenset[Choice] | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer to a fact: the values still possible, and the resources that leave just these.

    `possible` of None means nothing is known. `established` is False while what the question is about
    (the treated tumor) is not on record at all: then no case of it may decide anything.
    `unread` names the resource types that could not be read and might have changed the answer.
    """

    possible: Possible | None = None
    reason: Reason = Reason.NO_DATA
    evidence: tuple[Evidence, ...] = ()
    notes: tuple[str, ...] = ()
    unread: frozenset[str] = field(default_factory=frozenset)
    established: bool = True
    hints: frozenset[Choice] = field(default_factory=frozenset)
    question: str = ""

    def narrowed_to(self, possible: Possible) -> "Finding":
        """The same finding in a world where only these values are possible."""
        return replace(self, possible=possible)

    @property
    def latest(self) -> date | None:
        """The clinical date of the newest evidence, if any is dated to the day."""
        days = [date.fromisoformat(e.date) for e in self.evidence if len(e.date) == 10]
        return max(days, default=None)


NO_FINDING: Final = Finding()

_YES_NO: Final[frozenset[Choice]] = frozenset({True, False})
_TUMORS: Final[frozenset[Choice]] = frozenset(Tumor)

ECOG_GRADE: Final = Fact(
    "ecog_grade", "grade 0-5", "ECOG performance status, or Karnofsky",
    sources=("LOINC 89247-1", "LOINC 89262-0", "SNOMED CT 423740007"),
)  # fmt: skip
KARNOFSKY_PERCENT: Final = Fact(
    "karnofsky_percent", "%", "Karnofsky performance status, or ECOG",
    sources=("LOINC 89243-0", "SNOMED CT 761869008", "SNOMED CT 273546003"),
)  # fmt: skip
LIVER_RESERVE_ADEQUATE: Final = Fact(
    "liver_reserve_adequate", "yes/no", "Whether liver reserve is adequate, as the treating clinician judges it",
    _YES_NO, ("form liver-reserve-adequate", "Child-Pugh class A", "ALBI grade 1", "value set hepatic-failure"),
)  # fmt: skip
CHILD_PUGH_POINTS: Final = Fact(
    "child_pugh_points", "points 5-15", "Child-Pugh class, or bilirubin, albumin and INR from one period",
    sources=("LOINC 98152-2", "LOINC 98153-0", "SNOMED CT 3191000175106", "LOINC 1975-2, 1751-7, 6301-6 and kin",
             "value set ascites", "value set hepatic-encephalopathy", "value set hepatic-coma"),
)  # fmt: skip
TRANSPLANT_STATUS: Final = Fact(
    "transplant_status", "choice", "Whether the patient is listed for a liver transplant or awaiting one",
    frozenset(Transplant),
    ("form lt-status", "value set awaiting-transplant", "value set liver-transplantation", "value set liver-transplanted"),
)  # fmt: skip
BRIDGE_INTENT: Final = Fact(
    "bridge_intent", "yes/no", "Whether the ablation is meant to prevent tumor growth while waiting for the transplant",
    _YES_NO, ("form bridge-to-transplant-intent",),
)  # fmt: skip
TREATED_TUMOR: Final = Fact(
    "treated_tumor", "choice", "The diagnosis of the liver tumor that is treated, with its primary if it is a metastasis",
    _TUMORS,
    ("value set hepatocellular-carcinoma", "value set liver-metastasis", "value set colorectal-primary",
     "value set neuroendocrine-primary", "value set breast-primary", "value set melanoma",
     "value set malignant-primary", "form mets-primary"),
)  # fmt: skip
HCC_CONFIRMED: Final = Fact(
    "hcc_confirmed", "yes/no", "The biopsy or imaging that confirms the hepatocellular carcinoma",
    _YES_NO, ("form dx-confirmation-method", "Condition.evidence", "value set diagnostic-test", "value set liver-biopsy"),
)  # fmt: skip
METASTASIS_CONFIRMED: Final = Fact(
    "metastasis_confirmed", "yes/no", "The biopsy or imaging that confirms the liver metastasis",
    _YES_NO, ("form dx-confirmation-method", "Condition.evidence", "value set diagnostic-test", "value set liver-biopsy"),
)  # fmt: skip
RESECTION_FEASIBLE: Final = Fact(
    "resection_feasible", "yes/no", "Whether surgical resection is feasible, and where that is documented",
    _YES_NO, ("form resection-feasible", "value set unresectable", "value set liver-resection"),
)  # fmt: skip
RESECTION_CONCURRENT: Final = Fact(
    "resection_concurrent", "yes/no", "Whether the ablation is done together with a surgical resection",
    _YES_NO, ("form resection-concurrent", "value set liver-resection"),
)  # fmt: skip
LOCATION_ACCESSIBLE: Final = Fact(
    "location_accessible", "yes/no", "Whether the tumors can be reached percutaneously, laparoscopically or openly",
    _YES_NO, ("form location-accessible",),
)  # fmt: skip
LIVER_TUMOR_COUNT: Final = Fact(
    "liver_tumor_count", "tumors", "How many tumors are in the liver now",
    sources=("form liver-tumor-count", "LOINC 42032-3", "SNOMED CT 399506006"),
)  # fmt: skip
LARGEST_TUMOR_CM: Final = Fact(
    "largest_tumor_cm", "cm", "The largest diameter of every liver tumor on current imaging",
    sources=("form largest-liver-tumor-cm", "LOINC 21889-1 with 33728-7"),
)  # fmt: skip
ALL_FOCI_AMENABLE: Final = Fact(
    "all_foci_amenable", "yes/no", "Whether all tumor foci are amenable to ablation",
    _YES_NO, ("form all-foci-amenable",),
)  # fmt: skip
COMPLETE_ABLATION_GOAL: Final = Fact(
    "complete_ablation_goal", "yes/no", "Whether the goal is long-term control with complete ablation",
    _YES_NO, ("form complete-ablation-goal", "mCODE procedure intent on the order"),
)  # fmt: skip
CONFINED_TO_LIVER: Final = Fact(
    "confined_to_liver", "yes/no", "Whether the metastases are confined to the liver, by restaging",
    _YES_NO,
    ("form mets-confined-to-liver", "form extrahepatic-disease", "value set extrahepatic-metastasis",
     "value set bone-metastasis", "value set metastasis-site-unstated"),
)  # fmt: skip
EXTRAHEPATIC_DISEASE: Final = Fact(
    "extrahepatic_disease", "choice", "Whether there is disease outside the liver, and whether bone metastases are stable",
    frozenset(Spread),
    ("form extrahepatic-disease", "value set extrahepatic-metastasis", "value set bone-metastasis", "LOINC 97509-4"),
)  # fmt: skip
NET_SYMPTOMS_REFRACTORY: Final = Fact(
    "net_symptoms_refractory", "yes/no", "Whether symptoms of the tumor are refractory to medical treatment",
    _YES_NO, ("form net-symptoms-refractory", "value set carcinoid-syndrome", "value set octreotide-lanreotide"),
)  # fmt: skip
PRIOR_ABLATION: Final = Fact(
    "prior_ablation", "yes/no", "Whether a liver tumor was ablated before",
    _YES_NO, ("value set ablation-past", "value set ablation-radiofrequency and kin"),
)  # fmt: skip
LIVER_TUMOR_INDICATED: Final = Fact(
    "liver_tumor_indicated", "yes/no", "The indication of the order: whether it treats a liver tumor",
    _YES_NO, ("order reason", "value set liver-site", "liver tumor diagnoses"),
)  # fmt: skip
LIVER_MALIGNANCY_INDICATED: Final = Fact(
    "liver_malignancy_indicated", "yes/no", "The indication of the order: whether it treats a liver malignancy",
    _YES_NO, ("order reason", "liver cancer diagnoses"),
)  # fmt: skip
