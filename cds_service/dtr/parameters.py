"""FHIR Parameters, read and written: each parameter by its name and place."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from cds_service.dtr.refusals import BadParameters
from fhir_mappings.json_text import UNREADABLE

Json = dict[str, Any]


class Parameter(NamedTuple):
    """One parameter: its JSON, and where it stood."""

    held: Json
    place: str


def read_resource(body: bytes, *types: str) -> Json:
    """A resource of one of these types. Raises BadParameters."""
    try:
        content = msgspec.json.decode(body)
    except UNREADABLE:
        raise BadParameters("the body is not JSON in UTF-8", "$") from None
    if not isinstance(content, dict) or content.get("resourceType") not in types:
        raise BadParameters(f"the body is a resource of type {' or '.join(types)}", "$.resourceType")
    return content


class Parameters:
    """The parameters of an operation. Raises BadParameters where they are no list of named ones."""

    def __init__(self, content: Json) -> None:
        listed = content.get("parameter", [])
        if not isinstance(listed, list):
            raise BadParameters("a list is expected here", "$.parameter")
        self._all = [Parameter(held, f"$.parameter[{index}]") for index, held in enumerate(listed)]
        for held, place in self._all:
            if not isinstance(held, dict) or not isinstance(held.get("name"), str):
                raise BadParameters("a parameter has a name", place)

    def named(self, name: str) -> list[Parameter]:
        """Every parameter of this name."""
        return [one for one in self._all if one.held["name"] == name]

    def others(self, known: Iterable[str]) -> list[Parameter]:
        """Every parameter of a name that is not known."""
        names = frozenset(known)
        return [one for one in self._all if one.held["name"] not in names]

    def only(self, name: str) -> Parameter | None:
        """The one parameter of this name, if there is one. Raises BadParameters for several."""
        found = self.named(name)
        if len(found) > 1:
            raise BadParameters(f"{name} is given once", found[1].place)
        return found[0] if found else None

    def resources(self, name: str, *types: str) -> list[Parameter]:
        """The resources under this name, with their places. Raises BadParameters for another type, or none."""
        return [_resource(one, types) for one in self.named(name)]

    def texts(self, name: str, value: str) -> list[str]:
        """The strings under this name, each as value[x] of this type. Raises BadParameters."""
        return [text(one, value) for one in self.named(name)]


def text(one: Parameter, value: str) -> str:
    """The string a parameter holds. Raises BadParameters."""
    held = one.held.get(value)
    if not isinstance(held, str) or not held.strip():
        raise BadParameters(f"{one.held['name']} has a {value}", one.place)
    return held.strip()


def _resource(one: Parameter, types: tuple[str, ...]) -> Parameter:
    held, place = one.held.get("resource"), f"{one.place}.resource"
    if not isinstance(held, dict) or not isinstance(held.get("resourceType"), str):
        raise BadParameters(f"{one.held['name']} holds a resource", place)
    if types and held["resourceType"] not in types:
        raise BadParameters(f"{one.held['name']} is of type {' or '.join(types)}", f"{place}.resourceType")
    return Parameter(held, place)


def parameters(*listed: Json) -> Json:
    """Parameters to send."""
    return {"resourceType": "Parameters", "parameter": list(listed)}


def resource_parameter(name: str, resource: Json) -> Json:
    """A parameter that holds a resource."""
    return {"name": name, "resource": resource}
