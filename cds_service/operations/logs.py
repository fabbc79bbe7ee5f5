"""Logs: one JSON object a line on stderr, and nothing of a patient in any of them.

Our own messages name places and counts. Those of libraries may quote URLs, parameters and values, so of them only the
constant part is kept; of an exception only its type and where it was raised.
"""

import contextlib
import json
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final

REQUEST_ID: Final[ContextVar[str]] = ContextVar("request_id", default="")
"""The id of the request being answered; empty outside of one."""

EXTRA_FIELDS: Final = (
    "service", "hook", "status", "duration_ms", "outcomes", "client", "issuer", "reason", "resource_type", "result",
    "form", "issues",
)  # fmt: skip
"""What our own code may add to a line by `extra`; anything else is dropped."""

_OWN: Final = ("cds_service.", "fhir_mappings.")  # with the dot: plain "cds_service" is Flask's logger, not ours
_SERVER: Final = "_granian"
"""Granian's Python side, whose messages tell of workers and signals only. Its Rust side logs as `_granian.*`."""


class JsonLines(logging.Handler):
    """Writes each record as a line on stderr; a line that cannot be written never fails a call."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.write(self.format(record) + "\n")


class JsonFormatter(logging.Formatter):
    """A record as JSON, by what may be told."""

    def format(self, record: logging.LogRecord) -> str:
        """Encode one record."""
        is_own = record.name.startswith(_OWN)
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": _own_event(record) if is_own else _foreign_event(record),
            "request_id": REQUEST_ID.get() or None,
            **({name: getattr(record, name, None) for name in EXTRA_FIELDS} if is_own else {}),
            **_exception(record),
        }
        told = {name: value for name, value in line.items() if value is not None}
        return json.dumps(told, ensure_ascii=False, default=_type_name)


def configure_logging(level: str) -> None:
    """Log our own records from `level` on, and those of libraries from warnings on. May be called again."""
    handler = JsonLines()
    handler.setFormatter(JsonFormatter())
    handler.addFilter(_is_told)
    root = logging.getLogger()
    root.handlers = [h for h in root.handlers if not isinstance(h, JsonLines)] + [handler]
    root.setLevel(logging.WARNING)
    for name in _OWN:
        logging.getLogger(name.rstrip(".")).setLevel(level.upper())


def server_logging() -> dict[str, Any]:
    """Granian's `log_dictconfig`: no lines of its own form; what it has to say goes the way of all others."""
    quiet = {"handlers": [], "propagate": True}
    return {"loggers": {_SERVER: dict(quiet), "granian.access": dict(quiet)}}


def place_of(trace: TracebackType | None) -> str:
    """Where an error was raised, as module function:line."""
    if trace is None:
        return "an unknown place"
    while trace.tb_next is not None:
        trace = trace.tb_next
    frame = trace.tb_frame
    return f"{frame.f_globals.get('__name__', '?')} {frame.f_code.co_name}:{trace.tb_lineno}"


def _is_told(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING or record.name.startswith(_OWN)


def _own_event(record: logging.LogRecord) -> str:
    arguments = record.args
    if isinstance(arguments, tuple):
        arguments = tuple(_without_message(value) for value in arguments)
    text = str(_without_message(record.msg))
    try:
        return text % arguments if arguments else text
    except (TypeError, ValueError, KeyError):
        return text


def _without_message(value: object) -> object:
    """An exception's type instead of its message, which may quote the record; our own errors' messages never do."""
    is_foreign = isinstance(value, BaseException) and not f"{type(value).__module__}.".startswith(_OWN)
    return _type_name(value) if is_foreign else value


def _foreign_event(record: logging.LogRecord) -> str:
    """The format string. A text without arguments may have its values in it already: then the place of the call."""
    if isinstance(record.msg, str) and (record.args or record.name == _SERVER):
        return record.msg
    return f"{record.module} {record.funcName or '?'}:{record.lineno}"


def _exception(record: logging.LogRecord) -> dict[str, str]:
    error = record.exc_info[1] if record.exc_info else None
    return {"exception": _type_name(error), "place": place_of(error.__traceback__)} if error else {}


def _type_name(value: object) -> str:
    return type(value).__name__
