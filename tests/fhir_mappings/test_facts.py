"""The vocabulary: every fact says what is asked, in what unit, and where its reader looks."""

import re

import pytest

from fhir_mappings import facts
from fhir_mappings.finding import Fact
from fhir_mappings.form_codes import LINK_IDS
from fhir_mappings.terminology import value_set_names

FACTS = sorted((f for f in vars(facts).values() if isinstance(f, Fact)), key=lambda f: f.name)
CONSTANTS = {f.name: constant for constant, f in vars(facts).items() if isinstance(f, Fact)}
UNITS = {"yes/no", "choice", "%", "cm", "tumors", "grade", "points"}


@pytest.mark.parametrize("fact", FACTS, ids=lambda f: f.name)
def test_a_fact_has_a_name_a_unit_a_question_and_sources(fact: Fact) -> None:
    assert CONSTANTS[fact.name] == fact.name.upper()
    assert fact.unit in UNITS
    assert fact.question[0].isupper()
    assert not fact.question.endswith((".", "?"))
    assert fact.sources


@pytest.mark.parametrize("fact", FACTS, ids=lambda f: f.name)
def test_a_fact_of_choices_lists_them_and_a_number_has_none(fact: Fact) -> None:
    assert (fact.possible is not None) is (fact.unit in ("yes/no", "choice"))
    assert fact.unit != "yes/no" or fact.possible == frozenset({True, False})


@pytest.mark.parametrize("fact", FACTS, ids=lambda f: f.name)
def test_a_value_set_named_as_a_source_is_shipped(fact: Fact) -> None:
    named = [name for source in fact.sources for name in re.findall(r"value set ([a-z-]+)", source)]
    assert [name for name in named if name not in value_set_names()] == []


@pytest.mark.parametrize("fact", FACTS, ids=lambda f: f.name)
def test_a_form_question_named_as_a_source_is_a_statement(fact: Fact) -> None:
    named = [source.removeprefix("form ") for source in fact.sources if source.startswith("form ")]
    assert [name for name in named if name not in LINK_IDS] == []


def test_every_question_of_the_form_is_the_source_of_some_fact() -> None:
    named = {source.removeprefix("form ") for fact in FACTS for source in fact.sources if source.startswith("form ")}
    assert named == LINK_IDS - {"ablation-modality"}  # it says what an order is, not what a patient has


def test_no_two_facts_share_a_name() -> None:
    assert len(CONSTANTS) == len(FACTS)
