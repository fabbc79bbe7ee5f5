"""resp-37: the resource sent back is the one received, in its own bytes, but for coverage-information."""

import json

import msgspec
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conformance.wire import example
from tests.conftest import Json
from tests.crd.calls import ASKED_BY, ORDERS, V2_2, VERSIONS, post
from tests.crd.generated import OWN_MARK, SENT, digits_kept, raw_members, resources

CALLS = [("appointment-book", "Appointment"), *((hook, kind) for hook in ASKED_BY for kind in ORDERS)]
THOUSAND = settings(max_examples=1000, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


class _Action(msgspec.Struct):
    resource: msgspec.Raw


class _Answer(msgspec.Struct):
    systemActions: list[_Action] = []  # noqa: N815 - CDS Hooks' own name


def sent_back(client: FlaskClient, call: tuple[str, str], written: str, version: Json) -> dict[str, str]:
    """The resources of an answer to a call about the resource written, by type, as they are written."""
    hook, kind = call
    stand_in = {**SENT[kind], "note": "the resource itself"}
    body = json.dumps(ASKED_BY[hook](stand_in, extension=version))
    answer = post(client, body.replace(json.dumps(stand_in), written))
    assert answer.status_code == 200, answer.get_data(as_text=True)
    actions = msgspec.json.decode(answer.get_data(), type=_Answer).systemActions
    texts = [bytes(action.resource).decode() for action in actions]
    return {json.loads(text)["resourceType"]: text for text in texts}


def extensions(resource: str) -> list[bytes]:
    written = raw_members(resource).get("extension", b"null")
    return [bytes(one) for one in msgspec.json.decode(written, type=list[msgspec.Raw] | None) or []]


def is_ours(extension: bytes) -> bool:
    return OWN_MARK.encode() in extension


def assert_nothing_else_changed(sent: str, back: str) -> None:
    """Members in their order and bytes; of the extensions all but ours, and ours once."""
    before, after = raw_members(sent), raw_members(back)
    assert [name for name in after if name != "extension"] == [name for name in before if name != "extension"]
    assert {**after, "extension": b""} == {**before, "extension": b""}
    assert [e for e in extensions(back) if not is_ours(e)] == [e for e in extensions(sent) if not is_ours(e)]
    assert sum(map(is_ours, extensions(back))) == 1


@given(data=st.data(), call=st.sampled_from(CALLS), version=st.sampled_from(VERSIONS))
@THOUSAND
def test_resp_37_only_coverage_information_changes_in_any_resource(
    client: FlaskClient, data: st.DataObject, call: tuple[str, str], version: Json
) -> None:
    hook, kind = call
    sent = data.draw(resources(kind))
    found = sent_back(client, call, sent, version)
    if version is V2_2 or hook != "appointment-book":
        assert found.keys() == ({kind} if kind != "VisionPrescription" or version is V2_2 else set())
    else:  # the older dialect annotates the Appointment
        assert found.keys() == {"Appointment"}
    if kind in found:
        assert_nothing_else_changed(sent, found[kind])
        assert sent_back(client, call, found[kind], version) == {}, "resp-35: sent again, there is nothing new"


KEPT = (
    '{ "resourceType" : "ServiceRequest","id":"sr-1","x":{ "b":1E+2 , "a":[1.50,-0.0, 100000000000000000001] },'
    '"_status":{"extension":[{"url":"http://x.example","valueDecimal":2.0}]}, "status":"draft",'
    '"alias":["a",null],"_alias":[null,{"id":"1"}],"quantityQuantity":{"value":1e400},'
    '"note":[{"text":"\\u00e9é\\/ \\ud83d\\ude00"}],"contained":[{"resourceType":"Device","id":"d","z":1e-7}],'
    '"modifierExtension":[{"url":"http://m.example","valueDecimal":0.10}],"subject":{"reference":"Patient/p1"}}'
)


@pytest.mark.parametrize("version", VERSIONS)
def test_resp_37_digits_escapes_nulls_and_blanks_stay_as_they_came(client: FlaskClient, version: Json) -> None:
    (back,) = sent_back(client, ("order-sign", "ServiceRequest"), KEPT, version).values()
    assert_nothing_else_changed(KEPT, back)
    sent, again = digits_kept(KEPT), digits_kept(back)
    assert again.pop("extension")
    assert again == sent
    assert list(again) == list(sent)


@pytest.mark.parametrize(
    "change", [('"id":"sr-1"', '"id":"sr-2"'), ("1.50", "1.5"), ("null", '""'), (',"x":', ',"y":')]
)
def test_a_change_of_anything_else_would_be_seen(client: FlaskClient, change: tuple[str, str]) -> None:
    (back,) = sent_back(client, ("order-sign", "ServiceRequest"), KEPT, V2_2).values()
    with pytest.raises(AssertionError):
        assert_nothing_else_changed(KEPT, back.replace(*change))


def test_an_order_as_an_ehr_writes_it_out_comes_back_in_its_own_lines(client: FlaskClient) -> None:
    (entry,) = example("hcc-covered")["context"]["draftOrders"]["entry"]
    written = json.dumps({**entry["resource"], "subject": {"reference": "Patient/p1"}}, indent=4)
    (back,) = sent_back(client, ("order-sign", "ServiceRequest"), written, V2_2).values()
    assert_nothing_else_changed(written, back)
