"""What offering and serving forms have in common, wired once by create_app."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from cds_service.check import Check
from cds_service.settings import Settings
from cds_service.store.shelf import Shelf


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class WebDesk:
    """Where links and forms are kept, how orders are judged, the settings, and the time."""

    shelf: Shelf
    check: Check
    settings: Settings
    clock: Callable[[], datetime] = _now
