"""Who orders, by National Provider Identifier: it names a practitioner, never a patient."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from fhir_mappings.elements import Json, items, local_reference, text_of

US_NPI: Final = "http://hl7.org/fhir/sid/us-npi"
_NPI: Final = re.compile(r"\d{10}", re.ASCII)
_ORDERED_BY: Final = ("requester", "orderer", "prescriber")
"""What the order types call whoever ordered."""
_PERSONS: Final = ("", "Practitioner", "PractitionerRole")


def npi_of(user_id: str, orders: Iterable[Json]) -> str:
    """The NPI of a user (`Practitioner/id`) as the orders tell it; blank when none does, or two tell different ones.

    An order speaks of the user when what it names as its requester is the user, or has no reference of its own.
    """
    found = {npi for order in orders for npi in _told(user_id, order)}
    return found.pop() if len(found) == 1 else ""


def _told(user_id: str, order: Json) -> Iterator[str]:
    for requester in items([order.get(name) for name in _ORDERED_BY]):
        reference = text_of(requester.get("reference"))
        contained = _contained(order, reference)
        is_the_user = bool(contained) or reference == "" or (bool(user_id) and local_reference(requester) == user_id)
        if is_the_user and text_of(requester.get("type")) in _PERSONS:
            yield from _npis(requester.get("identifier"))
            yield from _npis(contained.get("identifier"))


def _contained(order: Json, reference: str) -> Json:
    persons = (one for one in items(order.get("contained")) if one.get("resourceType") == "Practitioner")
    return next((one for one in persons if reference == f"#{text_of(one.get('id'))}"), {})


def _npis(identifiers: Any) -> Iterator[str]:
    for identifier in items(identifiers):
        value = text_of(identifier.get("value"))
        if text_of(identifier.get("system")) == US_NPI and _NPI.fullmatch(value):
            yield value
