"""Facts and what is known of them, in words for people."""

from typing import Final

from fhir_mappings.finding import Choice, Fact, Interval, Possible

_CAPITALS: Final = {"ecog": "ECOG", "hcc": "HCC", "net": "NET", "cm": "cm"}
_NOT_A_NUMBER: Final = ("yes/no", "choice")


def label(fact: Fact) -> str:
    """A fact's name as people read it: ECOG grade."""
    words = " ".join(_CAPITALS.get(word, word) for word in fact.name.split("_"))
    return words[0].upper() + words[1:]


def said(possible: Possible | None, fact: Fact) -> str:
    """The values a fact can still have."""
    if possible is None:
        return "unknown"
    if not isinstance(possible, Interval):
        return " or ".join(sorted(choice_word(choice) for choice in possible))
    is_unknown = possible.low is None and possible.high is None
    return possible.in_words if is_unknown or fact.unit in _NOT_A_NUMBER else f"{possible.in_words} {fact.unit}"


def choice_word(choice: Choice) -> str:
    """A choice as people say it."""
    return {True: "yes", False: "no"}[choice] if isinstance(choice, bool) else str(choice)
