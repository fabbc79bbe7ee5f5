"""The tables, as the newest migration leaves them. Columns hold no patient data but digests of member numbers.

Sealed payloads may hold any.

A test compares these with what the migrations build.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

LONGEST_NAME: Final = 255


class Name(TypeDecorator[str]):
    """A short identifier a client may have chosen: cut to length, and without NUL, which PostgreSQL refuses."""

    impl = String(LONGEST_NAME)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Make it storable: a caller's odd identifier must not cost the record of the answer."""
        return None if value is None else storable(value)


def storable(name: str) -> str:
    """An identifier as the database has it."""
    return name.replace("\x00", "")[:LONGEST_NAME]


class Names(TypeDecorator[Sequence[str]]):
    """Several identifiers in their order, as a JSON array in text, so that equal lists group together."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> str:
        """Write the list as JSON."""
        return msgspec.json.encode(list(value or ())).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:
        """Read it back."""
        return msgspec.json.decode(value or "[]", type=tuple[str, ...])


class Document(TypeDecorator[Mapping[str, Any]]):
    """A JSON object in text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Mapping[str, Any] | None, dialect: Dialect) -> str | None:
        """Write it as JSON."""
        return None if value is None else msgspec.json.encode(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> dict[str, Any] | None:
        """Read it back."""
        return None if value is None else msgspec.json.decode(value, type=dict[str, Any])


class Instant(TypeDecorator[datetime]):
    """A point in time in UTC; SQLite keeps no zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Bring it to UTC."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Say that it is UTC."""
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData()

CALL: Final = Table(
    "hook_call", metadata,
    Column("id", Name, primary_key=True),
    Column("request_id", Name, nullable=False),
    Column("service", Name, nullable=False),
    Column("hook", Name, nullable=False),
    Column("hook_instance", Name, nullable=False),
    Column("client", Name, nullable=False),
    Column("received_at", Instant, nullable=False, index=True),
    Column("duration_ms", Float, nullable=False),
    Column("status", Integer, nullable=False),
    Column("revisions", Names, nullable=False),
    Column("payload", LargeBinary),
    Column("metric", Document),
)  # fmt: skip

CARD: Final = Table(
    "card", metadata,
    Column("uuid", Name, primary_key=True),
    Column("call_id", Name, ForeignKey("hook_call.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("assertion_id", Name, nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("kind", Name, nullable=False),
    Column("outcome", Name, nullable=False),
    Column("criteria", Names, nullable=False),
    Column("policy", Name, nullable=False),
    Column("revision", Name, nullable=False),
)  # fmt: skip

FEEDBACK: Final = Table(
    "feedback", metadata,
    Column("key", String(64), primary_key=True),
    Column("service", Name, nullable=False),
    Column("card", Name, nullable=False, index=True),  # no foreign key: feedback on unknown cards is kept too
    Column("outcome", Name, nullable=False),
    Column("suggestions", Names, nullable=False),
    Column("reason_system", Name, nullable=False),
    Column("reason_code", Name, nullable=False),
    Column("given_at", Instant, nullable=False),
    Column("received_at", Instant, nullable=False, index=True),
    Column("payload", LargeBinary),
)  # fmt: skip

SUBMITTED_FORM: Final = Table(
    "submitted_form", metadata,
    Column("id", String(36), primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("patient", String(64), nullable=False, index=True),
    Column("received_at", Instant, nullable=False, index=True),
    Column("payload", LargeBinary, nullable=False),
)  # fmt: skip
"""`digest` tells one form from another, `patient` whose it is; both are keyed, and say nothing without the key."""

FORM_LINK: Final = Table(
    "form_link", metadata,
    Column("id", String(64), primary_key=True),
    Column("expires_at", Instant, nullable=False, index=True),
    Column("is_saved", Boolean, nullable=False),
    Column("claimed_at", Instant),
    Column("payload", LargeBinary, nullable=False),
)  # fmt: skip
"""`id` is the digest of the link's secret; `claimed_at` when somebody last began to save."""

USED_TOKEN: Final = Table(
    "used_token", metadata,
    Column("digest", String(64), primary_key=True),
    Column("expires_at", BigInteger, nullable=False, index=True),
)  # fmt: skip

MEMBER: Final = Table(
    "member", metadata,
    Column("id", Integer, primary_key=True),
    Column("payer", Name, nullable=False),
    Column("number", String(64), nullable=False, index=True),  # a digest
    Column("plan", Name, nullable=False),
    Column("starts", Date),
    Column("ends", Date),
)  # fmt: skip

AUTHORIZATION: Final = Table(
    "prior_authorization", metadata,
    Column("id", Integer, primary_key=True),
    Column("payer", Name, nullable=False),
    Column("member", String(64), nullable=False, index=True),  # a digest; empty: any member
    Column("practitioner", Name, nullable=False, index=True),  # an NPI; empty: any practitioner
    Column("code", Name, nullable=False),
    Column("number", Name, nullable=False),
    Column("starts", Date),
    Column("ends", Date),
)  # fmt: skip
