"""What the forms need of the database: coverage statements by their assertion id, and forms that were submitted."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Engine

from cds_service.store.assertions import Assertion, find_assertion, keep_assertions
from cds_service.store.encryption import Sealer
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

    def keep_assertions(self, assertions: Sequence[Assertion]) -> None:
        """Keep coverage statements."""
        keep_assertions(self._engine, self._sealer, assertions)

    def assertion(self, identity: str) -> Assertion | None:
        """The statement of this id."""
        return find_assertion(self._engine, self._sealer, identity)

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
