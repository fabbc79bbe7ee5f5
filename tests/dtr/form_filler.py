"""A DTR client that fills in a form from an EHR: searches in place of variables, FHIRPath for what prefills an item."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

from fhirpathpy import compile as compile_expression
from fhirpathpy.models import models
from flask.testing import FlaskClient

Json = dict[str, Any]

VARIABLE = "http://hl7.org/fhir/StructureDefinition/variable"
INITIAL = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-initialExpression"


def expressions(element: Json, url: str) -> Iterator[Json]:
    """The expressions of one kind on a form or an item."""
    return (e["valueExpression"] for e in element.get("extension", []) if e["url"] == url)


def questions_in(element: Json) -> Iterator[Json]:
    """Every question below a form, in order."""
    for item in element.get("item", []):
        if item["type"] != "group":
            yield item
        yield from questions_in(item)


class FormFiller:
    """Prefills for one patient of an EHR, on a day: `today()` is that day."""

    def __init__(self, ehr: FlaskClient, base: str, patient_id: str, today: date) -> None:
        self._ehr, self._base, self._patient_id, self._today = ehr, base, patient_id, today

    def prefilled(self, form: Json) -> dict[str, Any]:
        """The answers found, by link id."""
        known: dict[str, Any] = {"questionnaire": form}
        for variable in expressions(form, VARIABLE):
            assert variable["language"] == "application/x-fhir-query"
            known[variable["name"]] = self._search(variable["expression"])
        found = {item["linkId"]: self._answers(item, known) for item in questions_in(form)}
        return {link_id: answers[0] for link_id, answers in found.items() if answers}

    def _search(self, query: str) -> Json:
        filled = query.replace("{{%patient.id}}", self._patient_id)
        assert "{{" not in filled, "only what is known at launch stands in a query"
        return dict(self._ehr.get(f"{self._base}/{filled}").get_json())

    def _answers(self, item: Json, known: Mapping[str, Any]) -> list[Any]:
        mine = dict(known)
        for variable in expressions(item, VARIABLE):
            mine[variable["name"]] = self._evaluate(variable["expression"], mine)
        (initial,) = expressions(item, INITIAL)
        return self._evaluate(initial["expression"], mine)

    def _evaluate(self, expression: str, known: Mapping[str, Any]) -> list[Any]:
        on_this_day = re.sub(r"today\(\)", f"@{self._today.isoformat()}", expression)
        return list(compiled(on_this_day)({}, known))


@cache
def compiled(expression: str) -> Callable[[Json, Mapping[str, Any]], list[Any]]:
    """An expression, read once."""
    read: Callable[[Json, Mapping[str, Any]], list[Any]] = compile_expression(expression, models["r4"])
    return read
