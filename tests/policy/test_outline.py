"""The outline a clinician reviews, whole: nothing of a criterion may be missing or stand at another place (CRDF70)."""

from datetime import date
from typing import Final

import pytest

from cds_service.policies.policy_151.effective_2025_05_06 import REVISION
from cds_service.policy.criteria import IS_TRUE, AtMost, ByCase, Leaf, Within, all_of, any_of
from cds_service.policy.outline import as_json, as_markdown, as_text, outline
from cds_service.policy.revision import Revision
from fhir_mappings.finding import Fact

SIZE: Final = Fact("size", "cm", "How large the tumor is", sources=("LOINC size", "form size"))
FIT: Final = Fact("fit", "yes/no", "Whether the patient is fit", sources=("form fit",))
KIND: Final = Fact("kind", "choice", "What kind of tumor it is")

SMALL: Final = Revision(
    "7", "Apples", date(2026, 1, 2), date(2026, 12, 31), "https://payer.example/7",
    (
        ByCase(KIND, all_of(
            "I", "All of this",
            any_of("I.x", "Internal", Leaf("I.A", "Small", SIZE, AtMost(5)), published=False),
            any_of("I.B", "One of this",
                   Leaf("I.B.1", "Fit", FIT, IS_TRUE), Leaf("I.B.2", "So-so", SIZE, Within(2, 3))),
            Leaf("I.y", "Nobody reads this", FIT, IS_TRUE, published=False),
        )),
        Leaf("III.guard", "For an apple", FIT, IS_TRUE),
    ),
    ("I", "II", "III"),
    {"II": "Never for pears", "III": "For apples"},
)  # fmt: skip

TEXT: Final = """\
Policy 7, Apples, revision 2026-01-02
Source: https://payer.example/7

I  All of this (all of:)
    I.A  Small
          asks: How large the tumor is [at most 5 cm]
          from: LOINC size; form size
    I.B  One of this (at least one of:)
        I.B.1  Fit
              asks: Whether the patient is fit [yes]
              from: form fit
        I.B.2  So-so
              asks: How large the tumor is [2 to 3 cm]
              from: LOINC size; form size

II  Never for pears

III  For apples
    III.guard  For an apple
          asks: Whether the patient is fit [yes]
          from: form fit
"""

MARKDOWN: Final = """\
# Policy 7: Apples

Revision 2026-01-02. Source: https://payer.example/7.

- **I** All of this *(all of)*
  - **I.A** Small: How large the tumor is `at most 5 cm`; from LOINC size, form size
  - **I.B** One of this *(at least one of)*
    - **I.B.1** Fit: Whether the patient is fit `yes`; from form fit
    - **I.B.2** So-so: How large the tumor is `2 to 3 cm`; from LOINC size, form size

- **II** Never for pears

- **III** For apples
  - **III.guard** For an apple: Whether the patient is fit `yes`; from form fit
"""


def test_as_text_each_criterion_stands_below_its_own_with_what_it_asks() -> None:
    assert as_text(SMALL) == TEXT


def test_as_markdown_each_criterion_stands_below_its_own_with_what_it_asks() -> None:
    assert as_markdown(SMALL) == MARKDOWN


def test_as_json_each_criterion_says_everything_and_holds_nothing_empty() -> None:
    size = {"asks": SIZE.question, "sources": ["LOINC size", "form size"]}
    fit = {"asks": FIT.question, "sources": ["form fit"], "test": "yes"}
    assert as_json(SMALL) == {
        "policy": "7", "title": "Apples", "revision": "2026-01-02", "source": "https://payer.example/7",
        "criteria": [
            {"id": "I", "statement": "All of this", "joins": "all of", "criteria": [
                {"id": "I.A", "statement": "Small", "test": "at most 5 cm", **size},
                {"id": "I.B", "statement": "One of this", "joins": "at least one of", "criteria": [
                    {"id": "I.B.1", "statement": "Fit", **fit},
                    {"id": "I.B.2", "statement": "So-so", "test": "2 to 3 cm", **size},
                ]},
            ]},
            {"id": "II", "statement": "Never for pears"},
            {"id": "III", "statement": "For apples",
             "criteria": [{"id": "III.guard", "statement": "For an apple", **fit}]},
        ],
    }  # fmt: skip


BRANCH_STATEMENTS: Final = [
    ("I.D.1.b.conf", "Biopsy or imaging confirms the liver metastasis", "yes"),
    ("I.D.1.a.i", "Surgical resection is documented as not feasible", "no"),
    ("I.D.1.a.ii", "Every tumor can be reached through the skin, a laparoscope or an incision", "yes"),
    ("I.D.1.d.ii", "No liver metastasis is larger than 5 cm", "at most 5 cm"),
]


@pytest.mark.parametrize(("number", "statement", "test"), BRANCH_STATEMENTS)
def test_CRDF70_what_branches_share_is_said_and_asked_in_each(number: str, statement: str, test: str) -> None:
    lines = {line.id: line for top in outline(REVISION) for _, line in top.walk()}
    assert (lines[number].statement, lines[number].test) == (statement, test)
