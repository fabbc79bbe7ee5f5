"""Who ordered: the practitioner's NPI as the order itself tells it. Nobody else is asked for it."""

from collections.abc import Iterator
from typing import Any, Final

from fhir_mappings.elements import Json, items, member, text_of

NPI: Final = "http://hl7.org/fhir/sid/us-npi"


def requester_npis(order: Json) -> tuple[str, ...]:
    """The NPIs of the requester: on the reference, or on the practitioner, or the role, contained in the order."""
    requester = order.get("requester")
    contained = _contained(order, requester)
    of_role = contained.get("practitioner")
    holders = (requester, contained, of_role, _contained(order, of_role))
    return tuple(dict.fromkeys(npi for holder in holders for npi in _npis(holder)))


def _npis(holder: Any) -> Iterator[str]:
    identifiers = holder.get("identifier") if isinstance(holder, dict) else None
    for identifier in items(identifiers):
        number = text_of(identifier.get("value"))
        if number and text_of(identifier.get("system")) == NPI:
            yield number


def _contained(order: Json, reference: Any) -> Json:
    wanted = text_of(member(reference, "reference"))
    found = (one for one in items(order.get("contained")) if wanted == f"#{text_of(one.get('id'))}")
    return next(found, {})
