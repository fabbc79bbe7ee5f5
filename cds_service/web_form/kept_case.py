"""What a link keeps of the call it was made for: enough to ask, and to judge what is answered, without the EHR."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

import msgspec

from cds_service.dtr.cases import open_cases
from cds_service.dtr.standing import Case
from cds_service.store.submitted_forms import Owner
from cds_service.web_form.permit import Permit
from fhir_mappings.chart import Windows
from fhir_mappings.orders import read_order
from fhir_mappings.prefetch import OBSERVATION_CODES
from fhir_mappings.record import PatientRecord, RawResource, build_record

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class KeptResource:
    """A resource and how it was referred to."""

    reference: str
    body: Json


@dataclass(frozen=True, slots=True)
class KeptCase:
    """One case: whose it is, all its orders and which of them are asked about, the record they were judged by.

    `person` tells who the patient is, to whoever answers; `unread` what could not be read; `permit` whether the form
    may be saved in the EHR. Once it is saved: `saved` is the response, `saved_as` its reference there (blank: this
    service keeps it), `not_in_ehr` why it could not be saved there.
    """

    id: str
    owner: Owner
    orders: tuple[KeptResource, ...]
    asked: tuple[str, ...]
    record: tuple[KeptResource, ...]
    unread: tuple[str, ...] = ()
    coverage: str = ""
    person: str = ""
    permit: Permit | None = None
    saved: dict[str, Any] = field(default_factory=dict)
    saved_as: str = ""
    not_in_ehr: str = ""

    def as_payload(self) -> dict[str, Any]:
        """The case as it is sealed."""
        return asdict(self) | {"owner": list(self.owner)}

    @classmethod
    def of(cls, payload: Json) -> "KeptCase":
        """The case that was sealed."""
        return msgspec.convert(payload, cls)

    def cases(self, today: date, windows: Windows) -> tuple[Case, ...]:
        """The orders that are asked about, as cases of the form; the others stand beside them."""
        orders = [order for one in self.orders if (order := read_order(one.body, one.reference))]
        asked = [order for order in orders if order.reference in self.asked]
        others = [order for order in orders if order.reference not in self.asked]
        return open_cases(asked, self._opened(), today, windows, others)

    def _opened(self) -> PatientRecord:
        raw = [
            RawResource(msgspec.Raw(msgspec.json.encode(one.body)), one.reference, one.reference) for one in self.record
        ]
        unread = dict.fromkeys(self.unread, "it could not be read for the call")
        return build_record(self.owner.patient_id, raw, OBSERVATION_CODES, unread)
