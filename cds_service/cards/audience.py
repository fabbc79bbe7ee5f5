"""Whom the cards of a call are for."""

from dataclasses import dataclass
from datetime import date

from cds_service.crd.versions import Version


@dataclass(frozen=True, slots=True)
class Audience:
    """The client and the hook cards are made for, and what resources new to this patient are made of.

    `is_declared`: the client declares CRD, so that documentation is asked for by DTR. `payer_labels` name the payers
    answered for, at least one. `form_url` is the web form for what is missing; blank where none is offered.
    """

    hook: str
    patient_id: str
    today: date
    public_url: str
    canonical_base: str
    payer_labels: tuple[str, ...]
    user_id: str = ""
    encounter_id: str = ""
    version: Version = Version.V2_0
    is_declared: bool = False
    form_url: str = ""

    @property
    def default_label(self) -> str:
        """The source of cards whose payer is not known: the first payer answered for."""
        return self.payer_labels[0]
