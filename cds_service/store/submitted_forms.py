"""Completed forms that were submitted to the service: sealed, found again by client and patient, one of a kind."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, bindparam, delete, select, update

from cds_service.store.calls import BATCH, zoned
from cds_service.store.credentials import text_without_tokens
from cds_service.store.encryption import Sealer
from cds_service.store.tables import SUBMITTED_FORM
from cds_service.store.transactions import reading, writing


class Owner(NamedTuple):
    """Whose form it is: the client (by issuer), the organization within it, the FHIR server, and the patient there."""

    issuer: str
    tenant: str
    fhir_server: str
    patient_id: str


@dataclass(frozen=True, slots=True)
class SubmittedForm:
    """A form as it was sent. `identity` tells it from others of the patient: what has the same replaces it."""

    owner: Owner
    identity: str
    response: Mapping[str, Any]


def keep_form(engine: Engine, sealer: Sealer, form: SubmittedForm, received_at: datetime | None = None) -> str:
    """Keep a form in the place of an earlier one of the same identity; its id here. Raises StoreUnavailable."""
    row = _row(form, sealer, received_at or datetime.now(UTC))
    with writing(engine) as connection:
        connection.execute(delete(SUBMITTED_FORM).where(SUBMITTED_FORM.c.digest.in_(_digests(form, sealer))))
        connection.execute(SUBMITTED_FORM.insert(), row)
    return str(row["id"])


def _row(form: SubmittedForm, sealer: Sealer, received_at: datetime) -> dict[str, Any]:
    identity = str(uuid.uuid4())
    said = {"owner": list(form.owner), "identity": form.identity, "response": {**form.response, "id": identity}}
    return {
        "id": identity, "digest": _digests(form, sealer)[0], "patient": _patients(form.owner, sealer)[0],
        "received_at": zoned(received_at), "payload": sealer.seal_text(text_without_tokens(said)),
    }  # fmt: skip


def _digests(form: SubmittedForm, sealer: Sealer) -> tuple[str, ...]:
    return sealer.marks("form", *form.owner, form.identity)


def _patients(owner: Owner, sealer: Sealer) -> tuple[str, ...]:
    return sealer.marks("patient", *owner)


def forms_of(engine: Engine, sealer: Sealer, owner: Owner) -> tuple[Mapping[str, Any], ...]:
    """The forms of a patient, as FHIR JSON with the ids they have here. Raises WrongKey, StoreUnavailable."""
    mine = SUBMITTED_FORM.c.patient.in_(_patients(owner, sealer))
    return tuple(form.response for form in _opened(engine, sealer, mine) if form.owner == owner)


def find_form(engine: Engine, sealer: Sealer, identity: str) -> SubmittedForm | None:
    """The form of this id here; None when there is none. Raises WrongKey, StoreUnavailable."""
    return next(iter(_opened(engine, sealer, SUBMITTED_FORM.c.id == identity)), None)


def _opened(engine: Engine, sealer: Sealer, wanted: Any) -> Iterable[SubmittedForm]:
    query = select(SUBMITTED_FORM.c.payload).where(wanted).order_by(SUBMITTED_FORM.c.received_at, SUBMITTED_FORM.c.id)
    with reading(engine) as connection:
        sealed = [bytes(payload) for payload in connection.scalars(query)]
    return tuple(_form(sealer.open(payload)) for payload in sealed)


def _form(said: Mapping[str, Any]) -> SubmittedForm:
    return SubmittedForm(Owner(*said["owner"]), said["identity"], said["response"])


def purge_forms(engine: Engine, before: datetime) -> None:
    """Remove the forms received before then, in batches."""
    oldest = select(SUBMITTED_FORM.c.id).where(SUBMITTED_FORM.c.received_at < zoned(before)).limit(BATCH)
    chosen = oldest.with_for_update(skip_locked=True)
    gone = BATCH
    while gone == BATCH:
        with writing(engine) as connection:
            gone = connection.execute(delete(SUBMITTED_FORM).where(SUBMITTED_FORM.c.id.in_(chosen))).rowcount


def rotate_forms(engine: Engine, sealer: Sealer) -> int:
    """Seal and mark every form anew with the first key, batch by batch; how many. Raises WrongKey."""
    done, last = 0, ""
    while batch := _next_batch(engine, last):
        rows = [_renewed(identity, payload, sealer) for identity, payload in batch]
        with writing(engine) as connection:
            _replace(connection, rows)
        done, last = done + len(batch), batch[-1][0]
    return done


def _next_batch(engine: Engine, last: str) -> list[tuple[str, bytes]]:
    columns = (SUBMITTED_FORM.c.id, SUBMITTED_FORM.c.payload)
    query = select(*columns).where(SUBMITTED_FORM.c.id > last).order_by(SUBMITTED_FORM.c.id).limit(BATCH)
    with reading(engine) as connection:
        return [(identity, bytes(payload)) for identity, payload in connection.execute(query)]


def _renewed(identity: str, payload: bytes, sealer: Sealer) -> dict[str, Any]:
    form = _form(sealer.open(payload))
    return {
        "row": identity, "sealed": sealer.rotate(payload), "marked": _digests(form, sealer)[0],
        "whose": _patients(form.owner, sealer)[0],
    }  # fmt: skip


def _replace(connection: Connection, rows: list[dict[str, Any]]) -> None:
    renewed: dict[str, Any] = {
        "payload": bindparam("sealed"),
        "digest": bindparam("marked"),
        "patient": bindparam("whose"),
    }
    connection.execute(update(SUBMITTED_FORM).where(SUBMITTED_FORM.c.id == bindparam("row")).values(renewed), rows)
