"""The shapes of the HTTP API as JSON Schema. What CDS Hooks and FHIR define is named, not copied."""

from typing import Any, Final

from cds_service.policy.answers import Answer
from cds_service.policy.determination import Outcome

Schema = dict[str, Any]

_TEXT: Final[Schema] = {"type": "string"}
_TEXTS: Final[Schema] = {"type": "array", "items": _TEXT}


def _object(required: tuple[str, ...], **properties: Schema) -> Schema:
    return {"type": "object", "required": list(required), "properties": properties}


def ref(name: str) -> Schema:
    """A reference to one of these schemas."""
    return {"$ref": f"#/components/schemas/{name}"}


def _array(items: Schema) -> Schema:
    return {"type": "array", "items": items}


_OUTCOME: Final[Schema] = {"type": "string", "enum": [outcome.value for outcome in Outcome]}
_EVIDENCE: Final = _object(("text",), reference=_TEXT, text=_TEXT, date=_TEXT)

SCHEMAS: Final[dict[str, Schema]] = {
    "Discovery": _object(("services",), services=_array(_object(
        ("hook", "id", "description"), hook=_TEXT, id=_TEXT, title=_TEXT, description=_TEXT,
        prefetch={"type": "object", "additionalProperties": _TEXT},
    ))),
    "HookRequest": {
        "description": "A CDS Hooks 2.0 request. `context` is that of the hook; `prefetch` has the keys of discovery.",
        **_object(
            ("hook", "hookInstance", "context"), hook=_TEXT, hookInstance=_TEXT, context={"type": "object"},
            prefetch={"type": "object"}, fhirServer=_TEXT, fhirAuthorization={"type": "object"},
            extension={"type": "object"},
        ),
    },
    "HookResponse": _object(
        ("cards",), cards=_array(ref("Card")), systemActions=_array({"type": "object"}),
    ),
    "Card": {
        "description": "A CDS Hooks card. A coverage card carries the determination as an extension.",
        **_object(
            ("summary", "indicator", "source"), uuid=_TEXT, summary={"type": "string", "maxLength": 139}, detail=_TEXT,
            indicator={"type": "string", "enum": ["info", "warning", "critical"]}, source={"type": "object"},
            links=_array({"type": "object"}), suggestions=_array({"type": "object"}),
            overrideReasons=_array({"type": "object"}),
            extension=_object((), **{"coverage-hooks.determination": ref("Determination")}),
        ),
    },
    "Determination": {
        "description": "What a policy says of one order. Members with nothing to say are left out.",
        **_object(
            ("order", "policy", "revision", "outcome", "criteria", "repeat"), order=_TEXT, policy=_TEXT, revision=_TEXT,
            outcome=_OUTCOME, advisory=_OUTCOME, criteria=_TEXTS,
            missing=_array(_object(("criterion", "question"), criterion=_TEXT, question=_TEXT)),
            repeat={"type": "boolean"},
            answers={"type": "object", "additionalProperties": {"enum": [answer.word for answer in Answer]}},
            evidence={"type": "object", "additionalProperties": _array(_EVIDENCE)}, notes=_TEXTS,
        ),
    },
    "Feedback": _object(("feedback",), feedback=_array(_object(
        ("card", "outcome", "outcomeTimestamp"), card=_TEXT, outcome={"enum": ["accepted", "overridden"]},
        acceptedSuggestions=_array(_object(("id",), id=_TEXT)), overrideReason={"type": "object"},
        outcomeTimestamp={"type": "string", "format": "date-time"},
    ))),
    "OperationOutcome": {
        "description": "FHIR R4 OperationOutcome: where, what was found, and the remedy; never patient data.",
        **_object(
            ("resourceType", "issue"), resourceType={"const": "OperationOutcome"}, issue=_array({"type": "object"}),
        ),
    },
    "Resource": {"description": "A FHIR R4 resource.", **_object(("resourceType",), resourceType=_TEXT)},
    "Policy": _object(("policy", "title", "revision", "criteria"), policy=_TEXT, title=_TEXT, revision=_TEXT,
                      source=_TEXT, criteria=_array({"type": "object"})),
}  # fmt: skip
