"""Whether a client declares CRD, and which version it wants (CRD 2.2.1, deviations; dev-3)."""

from dataclasses import dataclass
from typing import Any, Final

from cds_service.crd.versions import SPELLINGS, Version
from cds_service.errors import RequestError

PREFIX: Final = "davinci-crd."
REQUESTED_VERSION: Final = "davinci-crd.requestedVersion"


class UnsupportedVersion(RequestError):
    """The client asks for a version of CRD that is not spoken here."""

    issue = "not-supported"


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a client says of CRD: the version to answer in, whether it declares CRD, whether it names the version."""

    version: Version
    is_declared: bool = False
    names_version: bool = False


def read_declaration(extension: Any, default: Version) -> Declaration:
    """Read the `extension` of a request; without a version the default is answered.

    Raises UnsupportedVersion for a version that is not spoken here, or for what is no version at all.
    """
    members = extension if isinstance(extension, dict) else {}
    is_declared = any(name.startswith(PREFIX) for name in members)
    written = members.get(REQUESTED_VERSION)
    if written is None:
        return Declaration(default, is_declared)
    version = SPELLINGS.get(written.strip()) if isinstance(written, str) else None
    if version is None:
        spoken = " and ".join(v.value for v in Version)
        raise UnsupportedVersion(f"CRD {spoken} are answered here, as a string", f'$.extension["{REQUESTED_VERSION}"]')
    return Declaration(version, is_declared, names_version=True)
