"""A small EHR for demonstrations: synthetic patients behind a FHIR R4 API, and orders to try.

Each app gets its own store, so nothing written in one demonstration reaches another.
"""

from cds_service.demo_ehr.blueprint import demo_ehr_blueprint
from cds_service.demo_ehr.date_shift import shift_dates
from cds_service.demo_ehr.situations import Situation, load_situations, load_store
from cds_service.demo_ehr.store import Store

__all__ = [
    "Situation",
    "Store",
    "demo_ehr_blueprint",
    "load_situations",
    "load_store",
    "shift_dates",
]
