"""What the forms need of the database: coverage statements, forms that were submitted, links to forms."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from cds_service.store.encryption import Sealer
from cds_service.store.form_links import FormLink, claim_link, find_link, finish_link, keep_link, release_link
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
        return keep_form(self._engine, self._key, form)

    def form(self, identity: str) -> SubmittedForm | None:
        """The form of this id here."""
        return find_form(self._engine, self._sealer, identity) if self._sealer else None

    def forms_of(self, owner: Owner) -> tuple[Mapping[str, Any], ...]:
        """The forms of a patient."""
        return forms_of(self._engine, self._sealer, owner) if self._sealer else ()

    def keep_link(self, token: str, link: FormLink, now: datetime) -> None:
        """Keep a link to a form. Raises ValueError without a key."""
        keep_link(self._engine, self._key, token, link, now)

    def link(self, token: str) -> FormLink | None:
        """The link of this secret."""
        return find_link(self._engine, self._sealer, token) if self._sealer else None

    def claim_link(self, token: str, now: datetime) -> bool:
        """Whether the caller may save the form of this link."""
        return claim_link(self._engine, token, now)

    def release_link(self, token: str) -> None:
        """Let others save the form of this link."""
        release_link(self._engine, token)

    def finish_link(self, token: str, case: Mapping[str, Any]) -> None:
        """The form of this link is saved. Raises ValueError without a key."""
        finish_link(self._engine, self._key, token, case)

    @property
    def _key(self) -> Sealer:
        if self._sealer is None:
            raise ValueError("no record_keys: forms and links to them are not kept")
        return self._sealer
