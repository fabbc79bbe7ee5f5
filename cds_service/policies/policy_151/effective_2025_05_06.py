"""Policy 151, Liver Tumor Treatment, in force from 2025-05-06: criteria I to IX in the order of the text.

The statements are in our own words; numbers and limits are the policy's. Readings named A1 to A64 are those
taken where the text leaves a choice.
"""

from datetime import date
from types import MappingProxyType
from typing import Final

from cds_service.policy.criteria import (
    IS_FALSE,
    IS_TRUE,
    AllOf,
    AtLeast,
    AtMost,
    ByCase,
    Leaf,
    OneOf,
    Within,
    all_of,
    any_of,
)  # fmt: skip
from cds_service.policy.revision import Revision
from fhir_mappings import facts
from fhir_mappings.finding import METASTASES, Interval, Spread, Transplant, Tumor

# Tumors are counted as the size rule of I.D.1.a.iii tells them apart: one, two or three, more.
_COUNTS: Final = (Interval(1, 1), Interval(2, 3), Interval(4, None))


def _is(*tumors: Tumor, unclear: tuple[Tumor, ...] = ()) -> OneOf:
    return OneOf(frozenset(tumors), frozenset(unclear))


def _not_resectable(number: str) -> Leaf:
    # A18: "there is clinical documentation that" in a, c and d asks no more than the plain words of b.
    return Leaf(number, "Surgical resection is documented as not feasible", facts.RESECTION_FEASIBLE, IS_FALSE)


def _accessible(number: str) -> Leaf:
    # The approach that is ordered is the operator's plan, not documentation of access.
    return Leaf(
        number, "Every tumor can be reached through the skin, a laparoscope or an incision", facts.LOCATION_ACCESSIBLE,
        IS_TRUE,
    )  # fmt: skip


def _each_at_most_5_cm(number: str) -> Leaf:
    # A20: each metastasis, not their sum, and any number of them.
    return Leaf(number, "No liver metastasis is larger than 5 cm", facts.LARGEST_TUMOR_CM, AtMost(5))


def _confirmed_metastasis(number: str) -> Leaf:
    return Leaf(number, "Biopsy or imaging confirms the liver metastasis", facts.METASTASIS_CONFIRMED, IS_TRUE)


IV: Final = all_of(
    "IV", "Not medically necessary: the liver metastasis treated comes from a melanoma of skin, uvea or conjunctiva",
    Leaf("IV.mets", "The tumor treated is a liver metastasis", facts.TREATED_TUMOR, OneOf(frozenset(METASTASES))),
    # A29b: melanoma of a mucous membrane is not named here; it fails I.D.1 instead.
    Leaf(
        "IV.origin", "The metastasis comes from a melanoma of skin, uvea or conjunctiva", facts.TREATED_TUMOR,
        _is(Tumor.MELANOMA), "The primary the liver metastasis comes from: a melanoma on record could be it",
    ),
)  # fmt: skip

A: Final = any_of(
    "I.A", "The patient is fit enough by one of the two scales",
    # A3: one scale is enough, the newest of each; they may disagree.
    Leaf("I.A.kps", "Karnofsky performance status is 60 % or more", facts.KARNOFSKY_PERCENT, AtLeast(60)),
    Leaf("I.A.ecog", "ECOG performance status is 2 or less", facts.ECOG_GRADE, AtMost(2)),
)  # fmt: skip

B: Final = Leaf("I.B", "Liver reserve is adequate", facts.LIVER_RESERVE_ADEQUATE, IS_TRUE)

C: Final = Leaf("I.C", "Child-Pugh class is A or B, 9 points or fewer", facts.CHILD_PUGH_POINTS, AtMost(9))

a: Final = all_of(
    "I.D.1.a", "Hepatocellular carcinoma",
    Leaf(
        "I.D.1.a.dx", "The tumor is a hepatocellular carcinoma", facts.TREATED_TUMOR,
        _is(Tumor.HCC, unclear=(Tumor.HCC_MIXED,)),
    ),
    Leaf("I.D.1.a.conf", "Biopsy or imaging confirms it", facts.HCC_CONFIRMED, IS_TRUE),
    _not_resectable("I.D.1.a.i"),
    _accessible("I.D.1.a.ii"),
    # A21: every viable tumor counts, not only the one to be ablated. A12: 3 cm is still inside.
    ByCase(
        facts.LIVER_TUMOR_COUNT,
        any_of(
            "I.D.1.a.iii", "One tumor of at most 5 cm, or two or three of at most 3 cm each",
            all_of(
                "I.D.1.a.iii.1", "A single tumor of at most 5 cm",
                Leaf("I.D.1.a.iii.1.count", "There is one", facts.LIVER_TUMOR_COUNT, Within(1, 1), published=False),
                Leaf("I.D.1.a.iii.1.size", "It is at most 5 cm", facts.LARGEST_TUMOR_CM, AtMost(5), published=False),
            ),
            all_of(
                "I.D.1.a.iii.2", "Two or three tumors of at most 3 cm each",
                Leaf(
                    "I.D.1.a.iii.2.count", "There are two or three tumors", facts.LIVER_TUMOR_COUNT, Within(2, 3),
                    published=False,
                ),
                Leaf(
                    "I.D.1.a.iii.2.size", "Each is at most 3 cm", facts.LARGEST_TUMOR_CM, AtMost(3), published=False
                ),
            ),
            reported_whole=True,
        ),
        _COUNTS,
    ),
    all_of(
        "I.D.1.a.iv", "Every focus can be ablated, and long-term control is the goal",
        Leaf("I.D.1.a.iv.1", "All tumor foci are amenable to ablation", facts.ALL_FOCI_AMENABLE, IS_TRUE),
        Leaf(
            "I.D.1.a.iv.2", "The goal is long-term control with complete ablation", facts.COMPLETE_ABLATION_GOAL,
            IS_TRUE,
        ),
    ),
)  # fmt: skip

b: Final = all_of(
    "I.D.1.b", "Liver metastases of a colorectal tumor",
    # A14: carcinoid is judged as neuroendocrine, yet the payer's own text counts it among colorectal tumors.
    Leaf(
        "I.D.1.b.dx", "The tumor is a liver metastasis of colorectal cancer", facts.TREATED_TUMOR,
        _is(Tumor.COLORECTAL, unclear=(Tumor.COLORECTAL_CARCINOID, Tumor.COLORECTAL_REVIEW)),
    ),
    _confirmed_metastasis("I.D.1.b.conf"),
    any_of(
        "I.D.1.b.i", "Resection is not feasible, or ablation goes together with resection",
        _not_resectable("I.D.1.b.i.1"),
        Leaf("I.D.1.b.i.2", "Ablation is done together with a resection", facts.RESECTION_CONCURRENT, IS_TRUE),
    ),
    _accessible("I.D.1.b.ii"),
    _each_at_most_5_cm("I.D.1.b.iii"),
    # A24: no exception for bone here.
    Leaf("I.D.1.b.iv", "The metastases are confined to the liver", facts.CONFINED_TO_LIVER, IS_TRUE),
)  # fmt: skip

c: Final = all_of(
    "I.D.1.c", "Liver metastases of a neuroendocrine tumor",
    Leaf(
        "I.D.1.c.dx", "The tumor is a liver metastasis of a neuroendocrine tumor", facts.TREATED_TUMOR,
        _is(Tumor.NEUROENDOCRINE, Tumor.COLORECTAL_CARCINOID, unclear=(Tumor.NEUROENDOCRINE_REVIEW,)),
    ),
    _confirmed_metastasis("I.D.1.c.conf"),
    _not_resectable("I.D.1.c.i"),
    _each_at_most_5_cm("I.D.1.c.ii"),
    # A26: a patient without symptoms has none that are refractory.
    Leaf(
        "I.D.1.c.iii", "Symptoms of the tumor are refractory to medical treatment", facts.NET_SYMPTOMS_REFRACTORY,
        IS_TRUE,
    ),
)  # fmt: skip

d: Final = all_of(
    "I.D.1.d", "Liver metastases of breast cancer",
    Leaf("I.D.1.d.dx", "The tumor is a liver metastasis of breast cancer", facts.TREATED_TUMOR, _is(Tumor.BREAST)),
    _confirmed_metastasis("I.D.1.d.conf"),
    _not_resectable("I.D.1.d.i"),
    _each_at_most_5_cm("I.D.1.d.ii"),
    # A2: the "or" after this one joins I.D.1 and I.D.2.
    Leaf(
        "I.D.1.d.iii", "There is no disease outside the liver but stable bone metastasis", facts.EXTRAHEPATIC_DISEASE,
        OneOf(frozenset({Spread.NONE, Spread.STABLE_BONE_ONLY})),
    ),
)  # fmt: skip

# A9, A10, A43: one input with two criteria on it. A listed patient is judged by 2 alone.
# A51: while no liver tumor is established at all, D cannot fail, whatever branch would.
D: Final = ByCase(facts.TREATED_TUMOR, ByCase(
    facts.TRANSPLANT_STATUS,
    any_of(
        "I.D", "Not awaiting a transplant and one of a to d, or listed for one and bridged to it",
        all_of(
            "I.D.1", "The patient is not awaiting a liver transplant, and one of a to d holds",
            Leaf(
                "I.D.1.0", "The patient is not awaiting a liver transplant", facts.TRANSPLANT_STATUS,
                OneOf(frozenset({Transplant.NOT_AWAITING})),
            ),
            # A1: a or b or c or d; the missing connective after b is a slip of the text. A13, A16: a closed list.
            ByCase(facts.TREATED_TUMOR, any_of("I.D.1.x", "One of a to d", a, b, c, d, published=False)),
        ),
        # A11: names no tumor, size or number of its own.
        all_of(
            "I.D.2", "The patient is listed for a liver transplant and is bridged to it",
            Leaf(
                "I.D.2.listed", "The patient is approved and listed for a liver transplant", facts.TRANSPLANT_STATUS,
                OneOf(frozenset({Transplant.LISTED})),
            ),
            Leaf(
                "I.D.2.bridge", "The ablation is to prevent tumor growth while waiting for the transplant",
                facts.BRIDGE_INTENT, IS_TRUE,
            ),
        ),
    ),
))  # fmt: skip

I: Final[AllOf] = all_of(  # noqa: E741 - the number the policy gives it
    "I",
    "Ablation of a liver tumor (radiofrequency, cryotherapy, ethanol, microwave) may be medically necessary: A to D",
    A, B, C, D,
)  # fmt: skip

STATEMENTS: Final = MappingProxyType(
    {
        "II": "Ablation of a liver tumor is not medically necessary when criterion I is not met",
        "III": "Repeat ablation may be medically necessary when criterion I is met again",
        "V": "Focused ultrasound of a liver tumor is not medically necessary",
        "VI": "Histotripsy of a liver tumor is not medically necessary",
        "VII": "An electromagnetic-field device for liver cancer is not medically necessary",
        "VIII": "A simulation angiogram with a pressure-generating catheter is not medically necessary",
        "IX": "Three-dimensional contour simulation of a liver ablation is not medically necessary",
    }
)

INDICATED: Final = {
    "V": Leaf(
        "V.guard", "The order treats a liver tumor", facts.LIVER_TUMOR_INDICATED, IS_TRUE,
    ),
    "VII": Leaf(
        "VII.guard", "The order treats a liver cancer", facts.LIVER_MALIGNANCY_INDICATED, IS_TRUE,
    ),
}  # fmt: skip
"""A31: the codes behind V and VII name no site, so the indication must."""

REVISION: Final = Revision(
    number="151",
    title="Liver Tumor Treatment",
    effective=date(2025, 5, 6),
    superseded_after=date(2025, 11, 30),
    source="Providence Health Plan, Company Medical Policy 151, effective 5/6/2025",
    criteria=(I, IV, *INDICATED.values()),
    numbers=("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"),
    statements=STATEMENTS,
)
