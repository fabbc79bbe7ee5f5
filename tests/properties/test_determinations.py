"""What holds for every patient: of what a resource does to an answer, and of what may not change it at all."""

import copy
from typing import Any, Final

import responses
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Json
from tests.policy_151.conftest import Ask, Determinations, determinations
from tests.policy_151.patients import KEYS, prefetch_of, request_body
from tests.policy_151.test_order_independence import REFUSED, holds, readable, reading_service, shuffled
from tests.properties.generated import BOUNDED, charts

__all__ = ["reading_service"]

Made = tuple[list[Json], list[Json]]
CLOSED_WORLD: Final = "no transplant listing found"
"""Policy-logic 1 and V7: a record without a trace of candidacy is one of a patient who is not listed, and says so."""
DENIED: Final = "not-covered"


def reference(resource: Json) -> str:
    return f"{resource['resourceType']}/{resource['id']}"


def proved_by(determination: Json) -> set[str]:
    """The resources behind its answers."""
    return {one["reference"] for proofs in determination.get("evidence", {}).values() for one in proofs}


def names(determination: Json, resource: Json) -> bool:
    """Whether a determination speaks of a resource: as evidence of an answer, or in a note on an open question."""
    named = " ".join((*proved_by(determination), *determination.get("notes", []))).replace(",", " ").replace(":", " ")
    return reference(resource) in named.split()


def without(resources: list[Json], *left_out: Json) -> list[Json]:
    return [one for one in resources if not any(one is other for other in left_out)]


@BOUNDED
@given(made=charts(), data=st.data())
def test_an_answer_turns_only_with_a_resource_it_names(ask: Ask, made: Made, data: st.DataObject) -> None:
    """Read the other way: what is added turns covered and not-covered only when the new answer gives it as evidence.

    And taking something away never denies what was open or covered, but for two reasons that are said: it was the only
    trace of a transplant (the closed world), or it had been named, as what the rest is contradicted by.
    """
    orders, resources = made
    if not resources:
        return
    taken = data.draw(st.sampled_from(resources))
    before = ask(request_body(orders, prefetch_of(resources)))
    after = ask(request_body(orders, prefetch_of(without(resources, taken))))
    for order in before.keys() & after.keys():
        assert_turned_by(taken, before[order], after[order])


def assert_turned_by(taken: Json, before: Json, after: Json) -> None:
    outcomes = {before["outcome"], after["outcome"]}
    if len(outcomes) > 1:
        assert names(before, taken)
    if outcomes == {"covered", DENIED}:
        assert reference(taken) in proved_by(before)
    if after["outcome"] == DENIED != before["outcome"] and "I.D.2.listed" in newly_failed(before, after):
        assert any(CLOSED_WORLD in note for note in after["notes"])


def newly_failed(before: Json, after: Json) -> set[str]:
    was = before.get("answers", {})
    return {number for number, said in after.get("answers", {}).items() if said == "not-met" != was.get(number)}


@BOUNDED
@given(made=charts(), key=st.sampled_from(sorted(set(KEYS.values()) - {"coverage"})), sent=st.booleans())
def test_what_could_not_be_read_leaves_the_answer_or_none(ask: Ask, made: Made, key: str, sent: bool) -> None:
    """Unknown never becomes no: a type that is unread, whatever it holds, turns no answer into another one."""
    orders, resources = made
    body = request_body(orders, prefetch_of(resources))
    whole = ask(body)
    if sent:
        body["prefetch"][key] = REFUSED
    elif key in ("conditions", "observations", "procedures"):
        del body["prefetch"][key]
    found = ask(body)
    assert found.keys() >= whole.keys()
    for order in whole:
        assert outcome(found[order]) in (outcome(whole[order]), "undetermined")


def outcome(determination: Json) -> str:
    return str(determination.get("advisory", determination["outcome"]))


# ---------------------------------------------------------------------------- what changes nothing


def plain(found: Determinations) -> dict[str, Any]:
    """What is said of each order, without the names of the resources behind it."""
    return {
        order: (
            one["outcome"], one.get("advisory"), one["criteria"], one.get("repeat"), one.get("answers"),
            sorted(each["criterion"] for each in one.get("missing", [])),
            {number: sorted((e["text"], e.get("date", "")) for e in proofs) for number, proofs in _proofs(one)},
        )
        for order, one in found.items()
    }  # fmt: skip


def _proofs(one: Json) -> list[tuple[str, list[Json]]]:
    return [(number, proofs) for number, proofs in one.get("evidence", {}).items() if not number.startswith("order")]


@BOUNDED
@given(made=charts(), seed=st.integers(0, 1000))
def test_neither_the_order_of_the_record_nor_the_ids_in_it_matter(ask: Ask, made: Made, seed: int) -> None:
    orders, resources = made
    told = shuffled(
        request_body(renamed(orders, resources, seed), prefetch_of(renamed(resources, resources, seed))), seed
    )
    assert plain(ask(told)) == plain(ask(request_body(orders, prefetch_of(resources))))


def renamed(value: Any, resources: list[Json], seed: int) -> Any:
    """The same with other ids for the resources of the record, which sort another way, wherever they stand."""
    ids = {one["id"]: f"{(seed * 31 + 17 * number) % 101:03}-{one['id']}" for number, one in enumerate(resources)}
    return _renamed(value, ids)


def _renamed(value: Any, ids: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _renamed(inner, ids) for name, inner in value.items()}
    if isinstance(value, list):
        return [_renamed(inner, ids) for inner in value]
    kind, slash, identity = value.partition("/") if isinstance(value, str) else ("", "", "")
    if slash and identity in ids:
        return f"{kind}/{ids[identity]}"
    return ids.get(value, value) if isinstance(value, str) else value


RETRACTED: Final[dict[str, Json]] = {
    "Condition": {"verificationStatus": {"coding": [{
        "system": "http://terminology.hl7.org/CodeSystem/condition-ver-status", "code": "entered-in-error"}]}},
    **{kind: {"status": "entered-in-error"} for kind in (
        "Observation", "Procedure", "ServiceRequest", "DiagnosticReport", "ImagingStudy", "QuestionnaireResponse",
        "MedicationRequest", "MedicationStatement", "Coverage",
    )},
}  # fmt: skip
NOISE: Final[Json] = {
    "resourceType": "Observation", "id": "noise", "status": "final", "valueInteger": 4,
    "effectiveDateTime": "2026-11-20",
    "code": {"coding": [{"system": "http://codes.example/nobody-knows", "code": "89247-1"}]},
}  # fmt: skip


def strangers(one: Json) -> Json:
    """Another patient's resource that says the same."""
    moved = copy.deepcopy(one) | {"id": f"other-{one['id']}"}
    for element in ("subject", "patient", "beneficiary"):
        if element in moved:
            moved[element] = {"reference": "Patient/somebody-else"}
    return moved


@BOUNDED
@given(made=charts(), data=st.data())
def test_what_is_withdrawn_anothers_or_about_nothing_changes_nothing(ask: Ask, made: Made, data: st.DataObject) -> None:
    orders, resources = made
    if not resources:
        return
    (_, *others) = data.draw(st.permutations(charts_of(data)))
    withdrawn = [
        {**one, **RETRACTED[one["resourceType"]], "id": f"withdrawn-{one['id']}"}
        for one in others
        if one["resourceType"] in RETRACTED
    ]
    foreign = [strangers(one) for one in others]  # of types, too, of which nothing of this patient's came
    noise = [{**NOISE, "subject": resources[-1].get("subject", {"reference": "Patient/liver-1"})}]
    crowded = [*foreign, *withdrawn, *resources, *noise]
    assert plain(ask(request_body(orders, prefetch_of(crowded)))) == plain(
        ask(request_body(orders, prefetch_of(resources)))
    )


def charts_of(data: st.DataObject) -> list[Json]:
    """Resources of some other chart."""
    return [NOISE, *data.draw(charts())[1]]


@BOUNDED
@given(made=charts(), page_size=st.integers(1, 4), data=st.data())
def test_it_does_not_matter_which_way_the_record_comes(
    ask: Ask, reading_service: FlaskClient, made: Made, page_size: int, data: st.DataObject
) -> None:
    """By prefetch, by reading page by page, or one type this way and one that."""
    orders, resources = made
    whole = request_body(orders, prefetch_of(resources))
    sent = data.draw(st.sets(st.sampled_from(sorted(KEYS.values()))))
    body = {**whole, "prefetch": {key: value for key, value in whole["prefetch"].items() if key in sent}}
    with responses.RequestsMock(assert_all_requests_are_fired=False) as network:
        holds(network, resources, page_size)
        found = determinations(reading_service, readable(body))
    assert plain(found) == plain(ask(whole))
