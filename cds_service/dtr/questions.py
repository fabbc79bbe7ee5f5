"""The questions of the documentation form, in clinical words of our own, each with the facts it answers."""

from dataclasses import dataclass
from typing import Final, Literal

from fhir_mappings import facts
from fhir_mappings.code_systems import CANONICAL_URIS, SNOMED
from fhir_mappings.finding import Fact

Kind = Literal["boolean", "choice", "integer", "quantity"]


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that can be picked. Without a system it is a code of our own."""

    code: str
    display: str
    system: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question: link id, words, the facts an answer speaks to, the type and range of an answer.

    `place` is the criterion it stands under where its facts alone do not tell. Without facts it is about the order.
    """

    link_id: str
    text: str
    kind: Kind
    facts: tuple[Fact, ...]
    choices: tuple[Choice, ...] = ()
    low: int = 0
    high: int = 0
    place: str = ""


def _snomed(code: str, display: str) -> Choice:
    return Choice(code, display, CANONICAL_URIS[SNOMED])


QUESTIONS: Final = (
    Question(
        "ablation-modality", "Which technique does the order stand for?", "choice", (),
        (
            Choice("RFA", "Radiofrequency ablation"), Choice("cryo", "Cryoablation"),
            Choice("PEI", "Percutaneous ethanol injection"), Choice("microwave", "Microwave ablation"),
            Choice("HIFU", "High-intensity focused ultrasound"), Choice("histotripsy", "Histotripsy"),
            Choice("IRE", "Irreversible electroporation"), Choice("other", "Other"),
        ),
        place="order",
    ),
    Question(
        "ecog-grade", "What is the current ECOG performance status, as a grade from 0 to 5?", "integer",
        (facts.ECOG_GRADE,), low=0, high=5,
    ),
    Question(
        "karnofsky-percent", "What is the current Karnofsky performance status, in percent?", "integer",
        (facts.KARNOFSKY_PERCENT,), low=0, high=100,
    ),
    Question(
        "liver-reserve-adequate", "In your judgment, does the liver have enough reserve for the ablation?", "boolean",
        (facts.LIVER_RESERVE_ADEQUATE,),
    ),
    Question(
        "child-pugh-class", "What is the current Child-Pugh class?", "choice", (facts.CHILD_PUGH_POINTS,),
        (
            _snomed("710065009", "Class A, 5 or 6 points"), _snomed("710066005", "Class B, 7 to 9 points"),
            _snomed("710067001", "Class C, 10 points or more"),
        ),
    ),
    Question(
        "liver-tumor-diagnosis", "Which tumor of the liver does the order treat?", "choice",
        (facts.TREATED_TUMOR, facts.LIVER_TUMOR_INDICATED, facts.LIVER_MALIGNANCY_INDICATED),
        (
            Choice("hcc", "Hepatocellular carcinoma"),
            Choice("hcc-mixed", "Combined hepatocellular carcinoma and cholangiocarcinoma"),
            Choice("other-primary", "Another primary cancer of the liver"),
            Choice("metastasis", "Metastasis of another cancer"),
            Choice("benign", "Benign tumor"),
            Choice("not-a-liver-tumor", "No tumor of the liver"),
        ),
        place="I.D",
    ),
    Question(
        "lt-status", "Where does the patient stand on the way to a liver transplant?", "choice",
        (facts.TRANSPLANT_STATUS,),
        (
            Choice("not-awaiting", "Not awaiting a liver transplant"), Choice("evaluating", "Being evaluated for one"),
            Choice("listed", "Approved and listed for one"),
        ),
    ),
    Question(
        "mets-primary", "Which cancer does the liver metastasis come from?", "choice", (facts.TREATED_TUMOR,),
        (
            Choice("colorectal", "Colorectal cancer"), Choice("neuroendocrine", "Neuroendocrine tumor"),
            Choice("breast", "Breast cancer"), Choice("melanoma", "Melanoma of skin, uvea or conjunctiva"),
            Choice("other", "Another cancer"),
        ),
        place="IV",
    ),
    Question(
        "dx-confirmation-method", "How was the diagnosis of the liver tumor confirmed?", "choice",
        (facts.HCC_CONFIRMED, facts.METASTASIS_CONFIRMED),
        (
            Choice("biopsy", "By biopsy"), Choice("imaging", "By imaging"), Choice("both", "By biopsy and imaging"),
            Choice("none", "By neither"),
        ),
    ),
    Question(
        "resection-feasible", "Can the tumor be removed by surgical resection?", "boolean", (facts.RESECTION_FEASIBLE,)
    ),
    Question(
        "location-accessible",
        "Can every tumor be reached through the skin, with a laparoscope or through an incision?", "boolean",
        (facts.LOCATION_ACCESSIBLE,),
    ),
    Question(
        "largest-liver-tumor-cm",
        "On current imaging, what is the largest diameter of the largest tumor in the liver?", "quantity",
        (facts.LARGEST_TUMOR_CM,),
    ),
    Question(
        "liver-tumor-count", "On current imaging, how many viable tumors are in the liver?", "integer",
        (facts.LIVER_TUMOR_COUNT,), low=1, high=100,
    ),
    Question("all-foci-amenable", "Can every tumor focus be ablated?", "boolean", (facts.ALL_FOCI_AMENABLE,)),
    Question(
        "complete-ablation-goal", "Is the goal long-term control by complete ablation?", "boolean",
        (facts.COMPLETE_ABLATION_GOAL,),
    ),
    Question(
        "resection-concurrent", "Is the ablation done together with a surgical resection?", "boolean",
        (facts.RESECTION_CONCURRENT,),
    ),
    Question(
        "mets-confined-to-liver", "Did restaging show that the metastases are confined to the liver?", "boolean",
        (facts.CONFINED_TO_LIVER,),
    ),
    Question(
        "net-symptoms-refractory", "Does the tumor cause symptoms that medical treatment does not control?", "boolean",
        (facts.NET_SYMPTOMS_REFRACTORY,),
    ),
    Question(
        "extrahepatic-disease", "Is there disease outside the liver?", "choice", (facts.EXTRAHEPATIC_DISEASE,),
        (
            Choice("none", "None"), Choice("stable-bone-only", "Bone metastasis only, and it is stable"),
            Choice("present", "Yes, more than a stable bone metastasis"),
        ),
    ),
    Question(
        "bridge-to-transplant-intent",
        "Is the ablation to keep the tumor from growing while the patient waits for the transplant?", "boolean",
        (facts.BRIDGE_INTENT,),
    ),
    Question(
        "prior-ablation", "Was a tumor of the liver ablated before?", "boolean", (facts.PRIOR_ABLATION,), place="III"
    ),
)  # fmt: skip
"""In the order in which they are asked."""

BY_LINK_ID: Final = {question.link_id: question for question in QUESTIONS}
