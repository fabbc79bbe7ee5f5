"""The demonstration's own registered client: where tokens are required, its console signs calls as an EHR does."""

import json
import tempfile
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, EllipticCurvePrivateKey, generate_private_key
from jwt.algorithms import ECAlgorithm

from cds_service.settings import ClientSettings

ALGORITHM: Final = "ES384"
KEY_ID: Final = "demonstration"
LIFETIME_SECONDS: Final = 300


@dataclass(frozen=True, slots=True)
class DemoClient:
    """A client with a key made for this run. Its public half lies in a file of the temporary folder."""

    issuer: str
    fhir_servers: tuple[str, ...]
    key: EllipticCurvePrivateKey
    jwks_file: Path

    @classmethod
    def new(cls, public_url: str, fhir_servers: tuple[str, ...]) -> Self:
        """Make a key and publish its public half."""
        key = generate_private_key(SECP384R1())
        published = ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
        jwks_file = Path(tempfile.mkdtemp(prefix="coverage-hooks-demo-")) / "jwks.json"
        jwks = {"keys": [{**published, "kid": KEY_ID, "alg": ALGORITHM, "use": "sig"}]}
        jwks_file.write_text(json.dumps(jwks), "utf-8")
        return cls(f"{public_url}/demo", fhir_servers, key, jwks_file)

    def registration(self) -> ClientSettings:
        """Its [[clients]] table."""
        return ClientSettings(
            name="Demonstration EHR", issuer=self.issuer, jwks_file=self.jwks_file, fhir_servers=self.fhir_servers
        )

    def token(self, audience: str) -> str:
        """A token for one call of a URL, good for five minutes."""
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": audience, "iat": now, "exp": now + LIFETIME_SECONDS, "jti": str(uuid.uuid4()),
        }  # fmt: skip
        return jwt.encode(claims, self.key, algorithm=ALGORITHM, headers={"kid": KEY_ID})
