"""HealthChain's CDS Hooks service as its documentation shows it; run by its own virtual environment.

`order-sign` reads the prefetch as FHIR resources (its adapter), counts Observations and answers a card;
`order-select` answers the card without a look.
"""

import logging

from healthchain.gateway import CDSHooksService, HealthChainAPI
from healthchain.io.adapters import CdsFhirAdapter
from healthchain.models import CDSRequest, CDSResponse

logging.disable(logging.CRITICAL)
adapter = CdsFhirAdapter(hook_name="order-sign")
cds = CDSHooksService()


def card(observations: int) -> CDSResponse:
    source = {"label": "HealthChain"}
    summary = f"{observations} Observations"
    return CDSResponse(cards=[{"summary": summary, "indicator": "info", "source": source, "detail": "x" * 2000}])


@cds.hook("order-sign", id="order-sign-crd")
def order_sign(request: CDSRequest) -> CDSResponse:
    resources = adapter.parse(request).fhir.prefetch_resources
    return card(len(resources["observations"].entry))


app = HealthChainAPI()
app.register_service(cds, path="/cds")
