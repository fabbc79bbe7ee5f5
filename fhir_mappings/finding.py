"""Findings: what the record leaves possible of a fact, why, and the resources that prove it."""

import enum
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple


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


class Evidence(NamedTuple):
    """One resource that proves something: where it is, what it says, and its clinical date."""

    reference: str
    text: str
    date: str = ""


class Interval(NamedTuple):
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

    @property
    def in_words(self) -> str:
        """As people write it: 2, 1-3, above 60, at least 1 and below 3."""
        if self.low is not None and self.low == self.high:
            return f"{self.low:g}"
        if self.low is not None and self.high is not None and not (self.low_open or self.high_open):
            return f"{self.low:g}-{self.high:g}"
        low = "" if self.low is None else f"{'above' if self.low_open else 'at least'} {self.low:g}"
        high = "" if self.high is None else f"{'below' if self.high_open else 'at most'} {self.high:g}"
        return " and ".join(bound for bound in (low, high) if bound) or "unknown"


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


class LineOfBusiness(enum.StrEnum):
    """Which book of rules comes first."""

    COMMERCIAL = "commercial"
    MEDICAID = "medicaid"
    MEDICARE = "medicare"
    UNKNOWN = "unknown"


Choice = str | bool
Possible = Interval | frozenset[Choice]


@dataclass(frozen=True, slots=True, eq=False)
class Fact:
    """A question about a patient: its kind and unit, and the value sets and codes its reader looks for."""

    name: str
    unit: str
    question: str
    possible: frozenset[Choice] | None = None
    sources: tuple[str, ...] = ()

    @property
    def statements(self) -> tuple[str, ...]:
        """The local codes by which a person can state it: link ids of the documentation form."""
        return tuple(source.removeprefix("form ") for source in self.sources if source.startswith("form "))


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer to a fact: the values still possible, and the resources that leave just these.

    `possible` of None means nothing is known. `established` is False while what the question is about
    (the treated tumor) is not on record at all: then no case of it may decide anything.
    `unread` names the resource types that could not be read and might have changed the answer. `unknown_parts` names
    the parts of a computed value of which nothing usable is on record.
    """

    possible: Possible | None = None
    reason: Reason = Reason.NO_DATA
    evidence: tuple[Evidence, ...] = ()
    notes: tuple[str, ...] = ()
    unread: frozenset[str] = field(default_factory=frozenset)
    established: bool = True
    hints: frozenset[Choice] = field(default_factory=frozenset)
    question: str = ""
    unknown_parts: tuple[str, ...] = ()

    def narrowed_to(self, possible: Possible) -> "Finding":
        """The same finding in a world where only these values are possible."""
        return replace(self, possible=possible)


NO_FINDING: Final = Finding()
