"""The invariants crd-ci-q1 to q9 of coverage-information as the guide has them, in FHIRPath, apart from our own code.

Where text and expression of the guide differ, or the two versions, the stricter reading is written.
"""

from collections.abc import Mapping
from typing import Any, Final

from fhirpathpy import compile as compiled
from fhirpathpy.models import models

from cds_service.crd.versions import Version
from tests.conftest import Json

_TEMP: Final = "http://hl7.org/fhir/us/davinci-crd/CodeSystem/temp"
_ANY_DECISION: Final = "(url = 'covered' or url = 'pa-needed' or url = 'doc-needed')"
_REASONS: Final = {
    Version.V2_0: "'gold-card' | 'detail-code'",
    Version.V2_2: "'gold-card' | 'no-member-found' | 'no-active-coverage' | 'coverage-not-found' | "
    "'auth-out-network' | 'technical'",
}

IN_BOTH: Final = {
    "crd-ci-q1": "extension.where(url = 'questionnaire').exists() implies extension.where(url = 'doc-needed').exists()",
    "crd-ci-q2": "extension.where(url = 'covered').value = 'not-covered' implies "
    "extension.where(url = 'pa-needed').empty()",
    "crd-ci-q3": f"extension.where({_ANY_DECISION} and value = 'conditional').exists() = "
    "extension.where(url = 'info-needed').exists()",
    "crd-ci-q4": "extension.where((url = 'pa-needed' and (value = 'satisfied' or value = 'no-auth')) "
    "or (url = 'covered' and value = 'not-covered')).exists() implies "
    "extension.where(url = 'doc-purpose' and value = 'withpa').empty()",
    "crd-ci-q5": "extension.where(url = 'satisfied-pa-id').exists() = "
    "extension.where(url = 'pa-needed' and value = 'satisfied').exists()",
    "crd-ci-q6": "extension.where(url = 'info-needed' and value = 'OTH').exists() implies "
    "extension.where(url = 'reason').exists()",
    "crd-ci-q8": "extension.where(url = 'doc-purpose').exists() implies extension.where(url = 'reason').exists()",
    "crd-ci-q9": f"extension.where({_ANY_DECISION} and value = 'indeterminate').exists() implies "
    "extension.where(url = 'reason').exists()",
}

_ONLY_2_0: Final = {
    "crd-ci-q1": "extension.where(url = 'response').exists() implies extension.where(url = 'doc-needed').exists()",
    "crd-ci-q2": "extension.where(url = 'covered').value != 'not-covered' implies "
    "extension.where(url = 'pa-needed').exists()",
}


def _reason_text(version: Version) -> str:
    coded = f"coding.where(system = '{_TEMP}' and code in ({_REASONS[version]})).exists()"
    return f"extension.where(url = 'reason').value.all(text.exists() or {coded})"


def expressions(version: Version) -> Mapping[str, str]:
    """The invariants of a version by their names."""
    more = _ONLY_2_0 if version is Version.V2_0 else {}
    joined = {name: f"({text}) and ({more[name]})" if name in more else text for name, text in IN_BOTH.items()}
    return dict(sorted({**joined, "crd-ci-q7": _reason_text(version)}.items()))


_COMPILED: Final = {
    version: {name: compiled(text, models["r4"]) for name, text in expressions(version).items()} for version in Version
}


def broken(extension: Json, version: Version) -> list[str]:
    """The invariants an extension does not keep."""
    held: Any = {"resourceType": "Extension", **extension}
    return [name for name, invariant in _COMPILED[version].items() if invariant(held) != [True]]
