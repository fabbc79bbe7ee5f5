"""Forms that were submitted: sealed, found by whose they are, one for each order; and statements by their id."""

from datetime import timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine, select

from cds_service.store.calls import STATEMENT, keep
from cds_service.store.encryption import Sealer
from cds_service.store.errors import WrongKey
from cds_service.store.statements import find_statement
from cds_service.store.submitted_forms import (
    Owner,
    SubmittedForm,
    find_form,
    forms_of,
    keep_form,
    purge_forms,
    rotate_forms,
)  # fmt: skip
from cds_service.store.tables import SUBMITTED_FORM
from tests.store.building import NOON, call, card

OWNER = Owner("https://ehr.example", "north", "https://ehr.example/fhir", "patient-1")
SEALER = Sealer((Fernet.generate_key().decode(),))


def form(owner: Owner = OWNER, identity: str = "ServiceRequest/1", **said: Any) -> SubmittedForm:
    return SubmittedForm(owner, identity, {"resourceType": "QuestionnaireResponse", "status": "completed", **said})


def test_a_form_comes_back_to_its_owner_with_the_id_it_has_here(engine: Engine) -> None:
    identity = keep_form(engine, SEALER, form(authored="2026-11-24"))
    (found,) = forms_of(engine, SEALER, OWNER)
    assert (found["id"], found["authored"]) == (identity, "2026-11-24")
    kept = find_form(engine, SEALER, identity)
    assert kept is not None
    assert kept.owner == OWNER


@pytest.mark.parametrize("part", Owner._fields)
def test_it_is_nobody_elses(engine: Engine, part: str) -> None:
    keep_form(engine, SEALER, form())
    assert forms_of(engine, SEALER, OWNER._replace(**{part: "other"})) == ()


def test_a_later_form_of_the_order_replaces_the_earlier_and_leaves_those_of_others(engine: Engine) -> None:
    first = keep_form(engine, SEALER, form(version="first"))
    keep_form(engine, SEALER, form(identity="ServiceRequest/2", version="other"), NOON)
    keep_form(engine, SEALER, form(version="second"))
    assert {one["version"] for one in forms_of(engine, SEALER, OWNER)} == {"second", "other"}
    assert find_form(engine, SEALER, first) is None


def test_nothing_of_the_patient_stands_in_the_open(engine: Engine) -> None:
    keep_form(engine, SEALER, form(text="Zebulon"))
    with engine.connect() as connection:
        (row,) = connection.execute(select(SUBMITTED_FORM)).all()
    assert not any(word in str(row) for word in ("Zebulon", *OWNER))


def test_with_a_new_first_key_it_is_found_before_and_after_it_is_sealed_anew(engine: Engine) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    keep_form(engine, Sealer((old,)), form(version="old"))
    both = Sealer((new, old))
    assert len(forms_of(engine, both, OWNER)) == 1
    assert rotate_forms(engine, both) == 1
    assert len(forms_of(engine, Sealer((new,)), OWNER)) == 1
    assert forms_of(engine, Sealer((old,)), OWNER) == ()
    keep_form(engine, both, form(version="newer"))
    assert [one["version"] for one in forms_of(engine, both, OWNER)] == ["newer"]


def test_without_the_key_it_is_not_opened(engine: Engine) -> None:
    identity = keep_form(engine, SEALER, form())
    with pytest.raises(WrongKey):
        find_form(engine, Sealer((Fernet.generate_key().decode(),)), identity)


def test_sec_6_it_is_kept_no_longer_than_the_retention_time(engine: Engine) -> None:
    keep_form(engine, SEALER, form(), NOON - timedelta(days=2))
    keep_form(engine, SEALER, form(identity="ServiceRequest/2", version="new"), NOON)
    purge_forms(engine, NOON - timedelta(days=1))
    assert [one["version"] for one in forms_of(engine, SEALER, OWNER)] == ["new"]


class TestStatements:
    def test_it_is_the_newest_call_in_which_the_client_was_told_it(self, engine: Engine) -> None:
        for days, payload in ((2, "earlier"), (0, "later")):
            told = call(client="General", received_at=NOON - timedelta(days=days), payload={"said": payload})
            keep(engine, SEALER, told, [card(kind=STATEMENT, assertion_id="a-1", outcome="conditional")])
        found = find_statement(engine, SEALER, "a-1", "General")
        assert found is not None
        assert (found.outcome, found.policy, found.payload) == ("conditional", "151", {"said": "later"})

    def test_another_client_was_not_told_it_and_a_card_is_no_statement(self, engine: Engine) -> None:
        told = call(client="General")
        keep(engine, SEALER, told, [card(kind=STATEMENT, assertion_id="a-1"), card(assertion_id="a-2", position=1)])
        assert find_statement(engine, SEALER, "a-1", "Mercy") is None
        assert find_statement(engine, SEALER, "a-2", "General") is None
        assert find_statement(engine, SEALER, "", "General") is None

    def test_without_a_key_only_what_was_said_is_known(self, engine: Engine) -> None:
        keep(engine, None, call(client="General", payload=None), [card(kind=STATEMENT, assertion_id="a-1")])
        found = find_statement(engine, None, "a-1", "General")
        assert found is not None
        assert found.payload is None
