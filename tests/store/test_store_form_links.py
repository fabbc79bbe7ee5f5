"""Links to forms in each database: found by their secret, saved by one, sealed anew, removed."""

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine, func, select

from cds_service.store.encryption import Sealer, rotate
from cds_service.store.errors import WrongKey
from cds_service.store.form_links import (
    REMEMBERED,
    FormLink,
    claim_link,
    find_link,
    finish_link,
    keep_link,
    purge_links,
    release_link,
)
from cds_service.store.tables import FORM_LINK
from tests.store.building import NOON

CASE = {"id": "c-1", "orders": [{"reference": "ServiceRequest/sr-1"}]}
EVENING = NOON + timedelta(hours=8)


@pytest.fixture
def kept(engine: Engine, sealer: Sealer) -> Engine:
    keep_link(engine, sealer, "secret", FormLink(CASE, EVENING), NOON)
    return engine


def number(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(FORM_LINK)).scalar_one()


def test_a_link_is_found_by_its_secret_alone(kept: Engine, sealer: Sealer) -> None:
    assert find_link(kept, sealer, "secret") == FormLink(CASE, EVENING)
    assert find_link(kept, sealer, "Secret") is None


def test_one_saves_and_the_others_see_it(kept: Engine, sealer: Sealer) -> None:
    assert claim_link(kept, "secret", NOON)
    assert not claim_link(kept, "secret", NOON)
    release_link(kept, "secret")
    assert claim_link(kept, "secret", NOON)
    finish_link(kept, sealer, "secret", {**CASE, "saved": {"status": "completed"}})
    assert not claim_link(kept, "secret", EVENING)
    found = find_link(kept, sealer, "secret")
    assert found is not None
    assert (found.is_saved, found.case["saved"]) == (True, {"status": "completed"})


def test_nobody_claims_a_link_there_is_not(kept: Engine) -> None:
    assert not claim_link(kept, "other", NOON)


def test_a_case_that_names_a_token_is_not_kept(engine: Engine, sealer: Sealer) -> None:
    with pytest.raises(ValueError, match="never stored"):
        keep_link(engine, sealer, "secret", FormLink({"access_token": "x"}, EVENING), NOON)
    assert number(engine) == 0


def test_links_that_ended_a_day_ago_are_removed_when_the_next_is_kept(kept: Engine, sealer: Sealer) -> None:
    later = EVENING + REMEMBERED + timedelta(seconds=1)
    keep_link(kept, sealer, "next", FormLink(CASE, later), later)
    assert number(kept) == 1
    assert find_link(kept, sealer, "secret") is None


def test_purging_removes_what_ended_before(kept: Engine) -> None:
    purge_links(kept, EVENING)
    assert number(kept) == 1
    purge_links(kept, EVENING + timedelta(seconds=1))
    assert number(kept) == 0


def test_a_new_key_seals_links_anew(engine: Engine) -> None:
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    keep_link(engine, Sealer((old,)), "secret", FormLink(CASE, EVENING), NOON)
    with pytest.raises(WrongKey):
        find_link(engine, Sealer((new,)), "secret")
    assert rotate(engine, Sealer((new, old))) == 1
    assert find_link(engine, Sealer((new,)), "secret") == FormLink(CASE, EVENING)
