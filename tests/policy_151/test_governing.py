"""Which criterion governs an order: its codes, then their detail, its words, what the form says (V1 to V3)."""

import pytest

from cds_service.policies.policy_151.codes_2025_05_06 import (
    ABLATION,
    NO_CRITERION,
    NOT_ADDRESSED,
    UNLISTED,
    Governed,
    governing,
    is_planning,
    may_be_planned,
    unlisted_codes,
)
from fhir_mappings.code_systems import PROCEDURE_CODE
from fhir_mappings.ordered_service import OrderedService
from fhir_mappings.terminology import Code

RADIOFREQUENCY: Code = ("snomed", "609232008")
APPENDECTOMY: Code = ("snomed", "80146002")


def ordered(*codes: str | Code, words: str = "", detail: tuple[Code, ...] = ()) -> OrderedService:
    listed = tuple((PROCEDURE_CODE, code) if isinstance(code, str) else code for code in codes)
    return OrderedService(listed, detail, words)


@pytest.mark.parametrize(
    ("codes", "governed"),
    [
        (("47382",), Governed(ABLATION)),
        (("47382", "0686T"), Governed("VI")),
        (("47382", "C2616"), Governed(ABLATION)),
        (("C2616", "0944T"), Governed("IX")),
        (("0944T", "0686T"), Governed("IX")),
        (("C9734",), Governed("V", needs_indication=True)),
        (("47382", "E0767"), Governed("VII", needs_indication=True)),
        (("C8004",), Governed("VIII")),
        (("C2698",), Governed(NO_CRITERION)),
        (("47399", "47382"), Governed(ABLATION)),
        (("99213",), Governed(NOT_ADDRESSED)),
        (("99213", RADIOFREQUENCY), Governed(NOT_ADDRESSED)),
        ((RADIOFREQUENCY,), Governed(ABLATION)),
        ((APPENDECTOMY,), Governed(NOT_ADDRESSED)),
        ((), Governed(NOT_ADDRESSED)),
    ],
)
def test_listed_codes_decide_and_the_one_that_is_never_covered_comes_first(
    codes: tuple[str | Code, ...], governed: Governed
) -> None:
    assert governing(ordered(*codes)) == governed


@pytest.mark.parametrize(
    ("words", "by"),
    [
        ("histotripsy of the liver", "VI"),
        ("HIFU", "V"),
        ("high intensity focused ultrasound", "V"),
        ("irreversible electroporation", NOT_ADDRESSED),
        ("Y-90", NOT_ADDRESSED),
        ("chemoembolisation", NOT_ADDRESSED),
        ("radio frequency", ABLATION),
        ("MWA", ABLATION),
        ("Cryotherapy", ABLATION),
        ("percutaneous alcohol", ABLATION),
        ("RFA or histotripsy", UNLISTED),
        ("histotripsy and RFA", UNLISTED),
        ("not HIFU", UNLISTED),
        ("liver", UNLISTED),
        ("desire", UNLISTED),
    ],
)
def test_words_beside_an_unlisted_code_say_what_it_stands_for_unless_they_deny_or_differ(words: str, by: str) -> None:
    assert governing(ordered("47399", words=words)) == Governed(by, is_unlisted=True)


@pytest.mark.parametrize(
    ("stated", "by"),
    [
        ("RFA", ABLATION), ("cryo", ABLATION), ("PEI", ABLATION), ("microwave", ABLATION), ("HIFU", "V"),
        ("histotripsy", "VI"), ("IRE", NOT_ADDRESSED), ("other", UNLISTED), ("", UNLISTED),
    ],
)  # fmt: skip
def test_the_modality_on_the_form_says_what_an_unlisted_code_stands_for(stated: str, by: str) -> None:
    assert governing(ordered("47379"), stated) == Governed(by, is_unlisted=True)


def test_a_code_beside_an_unlisted_one_outranks_the_form_and_the_form_outranks_words() -> None:
    assert governing(ordered("47399", RADIOFREQUENCY), "histotripsy").by == ABLATION
    assert governing(ordered("47399", detail=(RADIOFREQUENCY,)), "histotripsy").by == ABLATION
    assert governing(ordered("47399", words="RFA"), "histotripsy").by == "VI"


def test_words_alone_order_nothing() -> None:
    assert governing(ordered(words="RFA"), "RFA") == Governed(NOT_ADDRESSED)


@pytest.mark.parametrize(
    ("codes", "words", "governed"),
    [
        (("77799",), "", Governed(NO_CRITERION)),
        (("77799",), "RFA", Governed(ABLATION, is_unlisted=True)),
        (("77799", "47399"), "", Governed(UNLISTED, is_unlisted=True)),
        (("77799", "99213"), "", Governed(NO_CRITERION)),
    ],
)
def test_the_unlisted_brachytherapy_code_alone_has_no_criterion(
    codes: tuple[str, ...], words: str, governed: Governed
) -> None:
    assert governing(ordered(*codes, words=words)) == governed  # A58


def test_a_simulation_is_for_the_ablation_it_plans() -> None:
    assert is_planning(ordered("0944T"))
    assert not is_planning(ordered("47382"))
    assert may_be_planned(ordered("47382"))
    assert may_be_planned(ordered(RADIOFREQUENCY))
    assert not may_be_planned(ordered("47380"))


def test_unlisted_codes_are_named_in_order_and_no_others() -> None:
    assert unlisted_codes(ordered("77799", "47399", "47382", "99213")) == ("47399", "77799")
