"""Payloads at rest: opened by any key given, sealed by the first, never garbage."""

import zlib
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine, select

from cds_service.errors import SettingsError
from cds_service.store import encryption
from cds_service.store.calls import keep
from cds_service.store.encryption import Sealer, rotate, sealer_of
from cds_service.store.errors import WrongKey
from cds_service.store.feedback import keep_feedback
from cds_service.store.story import show
from cds_service.store.tables import CALL
from tests.store.building import call, card, entry

PAYLOAD: dict[str, Any] = {"order": "ServiceRequest/sr-1", "value": 72.5, "text": "größer", "none": None}


def key() -> str:
    return Fernet.generate_key().decode()


def test_what_is_sealed_comes_back() -> None:
    sealer = Sealer((key(),))
    assert sealer.open(sealer.seal(PAYLOAD)) == PAYLOAD


def test_every_given_key_opens_and_the_first_seals() -> None:
    old, new = key(), key()
    sealed_before = Sealer((old,)).seal(PAYLOAD)
    both = Sealer((new, old))
    assert both.open(sealed_before) == PAYLOAD
    assert Sealer((new,)).open(both.seal(PAYLOAD)) == PAYLOAD


def test_a_payload_is_compressed_before_it_is_sealed() -> None:
    secret = key()
    token = Sealer((secret,)).seal(PAYLOAD)
    assert zlib.decompress(Fernet(secret).decrypt(token)).startswith(b'{"order"')


@pytest.mark.parametrize("altered", [False, True], ids=["another key", "altered"])
def test_a_wrong_key_is_said_clearly(altered: bool) -> None:
    sealer = Sealer((key(),))
    token = sealer.seal(PAYLOAD)
    opener = sealer if altered else Sealer((key(),))
    token = token[:-5] + b"AAAA=" if altered else token
    for use in (opener.open, opener.rotate):
        with pytest.raises(WrongKey, match="record_keys"):
            use(token)


@pytest.mark.parametrize("keys", [(), ("short",), ("",), ("ü" * 44,)])
def test_a_key_that_is_none_is_a_setting_to_correct(keys: tuple[str, ...]) -> None:
    with pytest.raises(SettingsError, match="record_keys") as refused:
        Sealer(keys)
    assert not keys or not keys[0] or keys[0] not in str(refused.value)


def test_without_a_key_there_is_no_sealer() -> None:
    assert sealer_of(()) is None
    assert sealer_of((key(),)) is not None


def test_rotation_seals_every_payload_with_the_first_key(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encryption, "BATCH", 2)
    old, new = key(), key()
    calls, answered = [call() for _ in range(5)], card()
    for one in calls:
        keep(engine, Sealer((old,)), one, [answered] if one is calls[0] else [])
    keep(engine, None, call(), [])
    keep_feedback(engine, Sealer((old,)), "order-sign-crd", (entry(answered.uuid, comment="no"),))
    assert rotate(engine, Sealer((new, old))) == 6
    stories = [show(engine, Sealer((new,)), one.id)[0] for one in calls]
    assert [story.call for story in stories] == calls
    assert [said.comment for said in stories[0].feedback] == ["no"]


def test_rotation_without_the_old_key_changes_nothing(engine: Engine) -> None:
    old = key()
    kept = call()
    keep(engine, Sealer((old,)), kept, [])
    with pytest.raises(WrongKey):
        rotate(engine, Sealer((key(),)))
    assert show(engine, Sealer((old,)), kept.id)[0].call == kept


def test_a_story_is_not_shown_with_a_wrong_key(engine: Engine) -> None:
    kept = call()
    keep(engine, Sealer((key(),)), kept, [])
    with pytest.raises(WrongKey):
        show(engine, Sealer((key(),)), kept.id)
    with engine.connect() as connection:
        assert connection.execute(select(CALL.c.payload)).scalar_one() is not None
