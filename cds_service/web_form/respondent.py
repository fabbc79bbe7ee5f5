"""Who answers: a member of the clinical staff, by name and role, as the response keeps it."""

import unicodedata
from typing import Any, Final, NamedTuple

from cds_service.web_form.fields import Posted

NAME: Final = "author_name"
ROLE: Final = "author_role"
LONGEST_NAME: Final = 120

ROLES: Final = {
    "physician": "physician",
    "advanced-practice": "nurse practitioner or physician assistant",
    "nurse": "nurse",
    "other-clinical": "other clinical staff",
}
"""Answers of patients and relatives do not count (reading A37), so that they are not among these."""


class Respondent(NamedTuple):
    """Name and role of who answers."""

    name: str
    role: str

    def reference(self) -> dict[str, Any]:
        """As the author of a response: by name, for the service knows no Practitioner of the EHR."""
        return {"type": "Practitioner", "display": f"{self.name}, {ROLES[self.role]}"}


def read_respondent(posted: Posted) -> tuple[Respondent, dict[str, str]]:
    """Who answers, and what is wrong with it, by field."""
    name = " ".join("".join(map(_plain, _first(NAME, posted))).split())
    role = _first(ROLE, posted)
    faults = {}
    if not 0 < len(name) <= LONGEST_NAME:
        faults[NAME] = f"the name of who answers is expected, of at most {LONGEST_NAME} letters"
    if role not in ROLES:
        faults[ROLE] = "one of the roles is expected"
    return Respondent(name, role), faults


def _first(name: str, posted: Posted) -> str:
    return next(iter(posted.get(name, ())), "")


def _plain(letter: str) -> str:
    """A letter as it is; a blank for what only controls how text is shown."""
    return " " if unicodedata.category(letter).startswith("C") else letter
