"""CRDMetricData as a table: a line for each coverage statement or card, or for a call that had none."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

COLUMNS: Final = (
    "source", "hookInstance", "hookType", "providerId", "groupId", "payerId", "requestTime", "responseTime",
    "httpResponse", "issue", "tokenUse", "resources",
    "requestType", "orderDetail", "responseType", "focus", "engagement",
    "covered", "paNeeded", "docNeeded", "infoNeeded", "questionnaire", "assertionId", "satisfiedId", "businessLine",
)  # fmt: skip
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")

Members = Mapping[str, Any]
_NOTHING: Final[list[Members]] = [{}]


def lines_of(metric: Members) -> Iterator[dict[str, str]]:
    """The lines of one call; each repeats what the call, the order and the response have in common."""
    call = _of_call(metric)
    for request in metric.get("request") or _NOTHING:
        for response in request.get("response") or _NOTHING:
            about = {**call, **_of_request(request), **_of_response(response)}
            for info in response.get("coverageInfo") or _NOTHING:
                whole = {**about, **_of_coverage(info)}
                yield {column: _cell(whole.get(column, "")) for column in COLUMNS}


def _of_call(metric: Members) -> Members:
    resources = (
        f"{one['type']} {one['count']} {'prefetch' if one.get('prefetch') else 'query'}"
        for one in metric.get("resources", ())
    )
    organizations = {name: metric.get(name, {}).get("value", "") for name in ("providerId", "groupId", "payerId")}
    issues = "; ".join(issue["code"] for issue in metric.get("issue", ()))
    return {**metric, **organizations, "issue": issues, "resources": "; ".join(resources)}


def _of_request(request: Members) -> Members:
    codings = request.get("orderDetail", {}).get("coding", ())
    detail = "; ".join(f"{coding['system']}|{coding['code']}" for coding in codings)
    return {"requestType": request.get("type", ""), "orderDetail": detail}


def _of_response(response: Members) -> Members:
    return {
        "responseType": response.get("type", ""),
        "focus": "; ".join(response.get("focus", ())),
        "engagement": response.get("engagement", ""),
    }


def _of_coverage(info: Members) -> Members:
    forms = "; ".join(form["reference"] for form in info.get("questionnaire", ()))
    return {**info, "questionnaire": forms, "businessLine": info.get("businessLine", {}).get("text", "")}


def _cell(value: Any) -> str:
    """A value as text that a spreadsheet takes for text: a hookInstance is the client's own words."""
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
