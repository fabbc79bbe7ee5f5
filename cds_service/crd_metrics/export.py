"""Recorded calls as the logical model CRDMetricData tells them (CRD 2.2.1, metric-1), from the payer's side."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from cds_service.crd_metrics.responses import authorization_numbers
from cds_service.settings import Settings
from cds_service.store.listing import Listed
from fhir_mappings.practitioners import US_NPI

JsonObject = dict[str, Any]

SOURCE: Final = "payer-src"
SATISFIED: Final = "satisfied"
_ENGAGEMENT: Final = {"accepted": "accept", "overridden": "override"}


@dataclass(frozen=True, slots=True)
class Organizations:
    """Who the organizations of a report are: the payer if there is only one, and clients' NPIs by their names."""

    payer_system: str
    only_payer: str = ""
    npis: Mapping[str, str] = field(default_factory=dict)


def organizations_of(settings: Settings) -> Organizations:
    """The organizations these settings name. A payer is identified by its `id`, under a system of our own."""
    payers = [payer.id for payer in settings.known_payers()]
    return Organizations(
        payer_system=f"{settings.canonical_base}/payers",
        only_payer=payers[0] if len(payers) == 1 else "",
        npis={client.name: client.npi for client in settings.clients if client.npi},
    )


def metrics_of(
    calls: Iterable[Listed], organizations: Organizations, payload: Callable[[str], Mapping[str, Any]] | None
) -> Iterator[JsonObject]:
    """CRDMetricData of each call. `payload` opens what is sealed of a call, by its id; None where there is no key.

    The number of an authorization identifies a member's: it is told only where the key is there.
    """
    for listed in calls:
        opened = payload(listed.call.id) if payload and _states_an_authorization(listed) else {}
        yield metric_of(listed, organizations, authorization_numbers(opened.get("systemActions", ())))


def metric_of(listed: Listed, organizations: Organizations, satisfied: Mapping[str, str]) -> JsonObject:
    """A call as CRDMetricData; what is not known is absent.

    `satisfied` are numbers of authorizations by assertion id: they lie in the sealed payload only.
    """
    call, counted = listed.call, listed.call.metric or {}
    told = {
        "source": SOURCE,
        "hookInstance": call.hook_instance,
        "hookType": call.hook,
        "providerId": _identifier(US_NPI, counted.get("provider", "")),
        "groupId": _identifier(US_NPI, organizations.npis.get(call.client, "")),
        "payerId": _identifier(organizations.payer_system, counted.get("payer") or organizations.only_payer),
        "requestTime": _instant(call.received_at),
        "responseTime": _instant(call.received_at + timedelta(milliseconds=call.duration_ms)),
        "httpResponse": call.status,
        "issue": counted.get("issue"),
        "tokenUse": counted.get("tokenUse"),
        "resources": counted.get("resources"),
        "request": [_request(one, listed.engagement, satisfied) for one in counted.get("request", ())],
    }
    return {name: value for name, value in told.items() if value}


def _identifier(system: str, value: str) -> JsonObject:
    return {"system": system, "value": value} if value else {}


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _request(counted: JsonObject, engagement: Mapping[str, str], satisfied: Mapping[str, str]) -> JsonObject:
    responses = [_response(one, engagement, satisfied) for one in counted.get("response", ())]
    return {**counted, "response": responses} if responses else counted


def _response(counted: JsonObject, engagement: Mapping[str, str], satisfied: Mapping[str, str]) -> JsonObject:
    """A card tells how the user engaged with it where feedback does; silence is not to ignore it."""
    told = {name: value for name, value in counted.items() if name != "card"}
    act = _ENGAGEMENT.get(engagement.get(counted.get("card", ""), ""))
    if act:
        told["engagement"] = act
    if "coverageInfo" in told:
        told["coverageInfo"] = [_with_number(info, satisfied) for info in told["coverageInfo"]]
    return told


def _with_number(info: JsonObject, satisfied: Mapping[str, str]) -> JsonObject:
    number = satisfied.get(info["assertionId"])
    return {**info, "satisfiedId": number} if number else info


def _states_an_authorization(listed: Listed) -> bool:
    infos = (
        info
        for request in (listed.call.metric or {}).get("request", ())
        for response in request.get("response", ())
        for info in response.get("coverageInfo", ())
    )
    return any(info.get("paNeeded") == SATISFIED for info in infos)
