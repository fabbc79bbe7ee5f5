"""Why a clinician may set a card aside: reasons to choose from, which come back as feedback."""

from typing import Any, Final

_WORDS: Final = {
    "record-is-incomplete": "The record here is incomplete: documentation exists elsewhere",
    "data-is-wrong": "A value the card rests on is wrong or out of date",
    "documentation-follows": "The missing documentation will be supplied",
    "clinically-indicated": "Clinically indicated although the policy's criteria are not met",
    "other-coverage": "Another coverage or self-payment applies",
    "not-suitable": "The suggested technique does not suit this patient or tumor",
    "patient-preference": "The patient decided for the technique ordered",
}


def override_reasons(codes: tuple[str, ...], canonical_base: str) -> tuple[dict[str, Any], ...]:
    """These reasons as Codings of our own CodeSystem."""
    system = f"{canonical_base}/CodeSystem/override-reasons"
    return tuple({"code": code, "system": system, "display": _WORDS[code]} for code in codes)
