"""What the forms need of the database: coverage statements by their assertion id, and forms that were submitted."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine

from cds_service.store.encryption import Sealer
from cds_service.store.statements import StatedCall, find_statement
from cds_service.store.submitted_forms import Owner, SubmittedForm, find_form, forms_of, keep_form


class Shelf:
    """Shared by all calls; holds no state of any. Every method may raise StoreUnavailable, those that read WrongKey."""

    def __init__(self, engine: Engine, sealer: Sealer | None) -> None:
        self._engine = engine
        self._sealer = sealer

    @property
    def keeps_forms(self) -> bool:
        """Whether there is a key to seal forms with; without one they are not kept at all."""
        return self._sealer is not None

    def statement(self, identity: str, client: str) -> StatedCall | None:
        """The coverage statement of this id that was made to a client."""
        return find_statement(self._engine, self._sealer, identity, client)

    def keep_form(self, form: SubmittedForm) -> str:
        """Keep a form; its id here. Raises ValueError without a key."""
        if self._sealer is None:
            raise ValueError("no record_keys: forms are not kept")
        return keep_form(self._engine, self._sealer, form)

    def form(self, identity: str) -> SubmittedForm | None:
        """The form of this id here."""
        return find_form(self._engine, self._sealer, identity) if self._sealer else None

    def forms_of(self, owner: Owner) -> tuple[Mapping[str, Any], ...]:
        """The forms of a patient."""
        return forms_of(self._engine, self._sealer, owner) if self._sealer else ()
