"""Performance status: ECOG grade and Karnofsky percent (policy 151, I.A)."""

import re
from typing import Final

from fhir_mappings.chart import Chart
from fhir_mappings.conditions import coded_findings
from fhir_mappings.elements import Json, codes, member, text_of
from fhir_mappings.finding import Finding, Interval, exactly
from fhir_mappings.form_answers import Scale, newest_with_form
from fhir_mappings.form_codes import ECOG, KARNOFSKY
from fhir_mappings.observations import interpretations, observed
from fhir_mappings.quantities import Unusable, interval, number, plain_unit
from fhir_mappings.terminology import Code

ECOG_CODES: Final[frozenset[Code]] = frozenset({("loinc", "89247-1"), ("loinc", "89262-0"), ("snomed", "423740007")})
ECOG_ANSWERS: Final[dict[Code, int]] = {
    ("loinc", "LA9622-7"): 0, ("loinc", "LA9623-5"): 1, ("loinc", "LA9624-3"): 2,
    ("loinc", "LA9625-0"): 3, ("loinc", "LA9626-8"): 4, ("loinc", "LA9627-6"): 5,
    ("snomed", "425389002"): 0, ("snomed", "422512005"): 1, ("snomed", "422894000"): 2,
    ("snomed", "423053003"): 3, ("snomed", "423237006"): 4,
}  # fmt: skip
KARNOFSKY_CODES: Final[frozenset[Code]] = frozenset(
    {("loinc", "89243-0"), ("snomed", "761869008"), ("snomed", "273546003")}
)
KARNOFSKY_ANSWERS: Final[dict[Code, int]] = {
    ("loinc", "LA29175-9"): 100, ("loinc", "LA29176-7"): 90, ("loinc", "LA29177-5"): 80,
    ("loinc", "LA29178-3"): 70, ("loinc", "LA29179-1"): 60, ("loinc", "LA29180-9"): 50,
    ("loinc", "LA29181-7"): 40, ("loinc", "LA29182-5"): 30, ("loinc", "LA29183-3"): 20,
    ("loinc", "LA29184-1"): 10, ("loinc", "LA9627-6"): 0,
}  # fmt: skip
ECOG_FINDINGS: Final = frozenset(code for code in ECOG_ANSWERS if code[0] == "snomed")

_ECOG_TEXT: Final = re.compile(
    r"(?:ecog|who|zubrod)?\W*(?:performance\s+status|ps|grade|score|status)?\W*([0-5])(?:\s*(?:-|/|to|or)\s*([0-5]))?",
    re.IGNORECASE,
)
_KARNOFSKY_TEXT: Final = re.compile(
    r"(?:karnofsky|kps)?\W*(?:performance\s+status|score|index)?\W*(\d{1,3})\s*%?(?:\s*(?:-|to)\s*(\d{1,3})\s*%?)?",
    re.IGNORECASE,
)


def ecog_grade(chart: Chart) -> Finding:
    """ECOG performance status, grade 0 to 5, newest (LOINC 89247-1 and its kin; SNOMED findings; the form)."""
    found = observed(chart.record, ECOG_CODES | ECOG_FINDINGS)
    found += coded_findings(chart.record, ECOG_FINDINGS)
    newest = newest_with_form(chart, found, chart.windows.performance_days, _ECOG_SCALE)
    return chart.if_whole(newest, "Observation")


def karnofsky_percent(chart: Chart) -> Finding:
    """Karnofsky performance status in percent, 0 to 100 in tens, newest (LOINC 89243-0 and its kin; the form)."""
    found = observed(chart.record, KARNOFSKY_CODES)
    newest = newest_with_form(chart, found, chart.windows.performance_days, _KARNOFSKY_SCALE)
    return chart.if_whole(newest, "Observation")


def _ecog(observation: Json) -> Interval | Unusable:
    grade = _number(observation, ("{score}", "score", "1", "", "{ecog}"))
    if grade is None:
        grade = _answered(observation, ECOG_ANSWERS)
    if grade is None:
        grade = _from_text(observation, _ECOG_TEXT)
    if grade is None:
        return Unusable("it holds no ECOG grade")
    return _whole_within(grade, 0, 5, "an ECOG grade is a whole number from 0 to 5")


def _karnofsky(observation: Json) -> Interval | Unusable:
    percent = _number(observation, ("%", "{score}", "score", "1", ""))
    if percent is None:
        percent = _answered(observation, KARNOFSKY_ANSWERS)
    if percent is None:
        percent = _from_text(observation, _KARNOFSKY_TEXT)
    if percent is None:
        return Unusable("it holds no Karnofsky percentage")
    if percent.low is not None and 0 < percent.low < 10:
        return Unusable("it is below 10 and not 0: a fraction or another scale", implausible=True)
    return _in_tens(percent)


def _in_tens(percent: Interval) -> Interval | Unusable:
    """The scale has tens only: 65 lies between 60 and 70."""
    low = None if percent.low is None else percent.low // 10 * 10
    high = None if percent.high is None else -(-percent.high // 10) * 10
    return _whole_within(
        Interval(low, high, percent.low_open, percent.high_open), 0, 100, "Karnofsky runs from 0 to 100"
    )


def _number(observation: Json, units: tuple[str, ...]) -> Interval | None:
    whole = number(observation.get("valueInteger"))
    if whole is not None:
        return exactly(float(whole))
    quantity = observation.get("valueQuantity")
    if not isinstance(quantity, dict) or plain_unit(quantity) not in units:
        return None
    value = number(quantity.get("value"))
    return None if value is None else interval(float(value), text_of(quantity.get("comparator")))


def _answered(observation: Json, answers: dict[Code, int]) -> Interval | None:
    said = {answers[code] for code in interpretations(observation) if code in answers}
    said = said or {answers[code] for code in codes(observation.get("code")) if code in answers}
    return Interval(min(said), max(said)) if said else None


def _from_text(observation: Json, pattern: re.Pattern[str]) -> Interval | None:
    said = text_of(observation.get("valueString")) or text_of(member(observation, "valueCodeableConcept", "text"))
    found = pattern.fullmatch(said.strip())
    if not found:
        return None
    low = float(found.group(1))
    high = float(found.group(2)) if found.group(2) else low
    return Interval(min(low, high), max(low, high))


def _whole_within(value: Interval, low: float, high: float, rule: str) -> Interval | Unusable:
    bounds = [b for b in (value.low, value.high) if b is not None]
    if any(b != int(b) or not low <= b <= high for b in bounds):
        return Unusable(rule, implausible=True)
    return value


_ECOG_SCALE: Final = Scale(ECOG, _ecog, lambda grade, _: f"ECOG {grade.in_words}")
_KARNOFSKY_SCALE: Final = Scale(KARNOFSKY, _karnofsky, lambda percent, _: f"Karnofsky {percent.in_words} %")
