"""A received resource with its extensions exchanged and nothing else: raw JSON in, raw JSON out (resp-37).

Values keep the bytes they came in: the digits of 1.50, unknown members, contained resources, blanks inside them.
"""

import msgspec

from fhir_mappings.json_text import UNREADABLE


def extensions_of(resource: bytes) -> list[bytes] | None:
    """The extensions of a resource as they came, each by itself; None when there is no telling them apart."""
    try:
        written = msgspec.json.decode(resource, type=dict[str, msgspec.Raw]).get("extension")
        listed = msgspec.json.decode(written, type=list[msgspec.Raw] | None) if written is not None else None
    except UNREADABLE:
        return None
    return [bytes(one) for one in listed or []]


def with_extensions(resource: bytes, extensions: list[bytes]) -> msgspec.Raw:
    """The resource with these extensions; where it had none they come last."""
    members = msgspec.json.decode(resource, type=dict[str, msgspec.Raw])
    members["extension"] = msgspec.Raw(b"[" + b",".join(extensions) + b"]")
    written = (msgspec.json.encode(name) + b":" + bytes(value) for name, value in members.items())
    return msgspec.Raw(b"{" + b",".join(written) + b"}")
