"""The vocabulary of the form: each question once, no code for what a standard Observation carries."""

from fhir_mappings.form_codes import FORM_STATEMENTS, LINK_IDS, MEASURED, STATEMENT_CODES, STATEMENTS
from fhir_mappings.prefetch import OBSERVATION_CODES


def test_no_question_is_of_two_kinds() -> None:
    assert len(LINK_IDS) == len(STATEMENTS) + len(FORM_STATEMENTS) + len(MEASURED)


def test_only_what_no_standard_code_carries_is_asked_of_the_ehr_as_a_local_observation() -> None:
    assert {code for _, code in STATEMENT_CODES} == set(STATEMENTS)
    assert OBSERVATION_CODES.isdisjoint(LINK_IDS - set(STATEMENTS))
