"""Signed tokens of a registered client, as an EHR makes them: a fresh one for every call."""

import json
import time
import uuid
from pathlib import Path
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from benchmarks.calls import PATH

ISSUER: Final = "https://ehr.example"
PUBLIC_URL: Final = "https://coverage.example"
JKU: Final = "https://ehr.example/jwks.json"


class Ehr:
    """An EHR with a key for each algorithm."""

    def __init__(self) -> None:
        self._keys: dict[str, Any] = {
            "ES384": ec.generate_private_key(ec.SECP384R1()),
            "RS384": rsa.generate_private_key(65537, 2048),
        }

    def registration(self, folder: Path) -> Path:
        """A settings file that registers it."""
        keys = [{**_public(key), "kid": name, "use": "sig"} for name, key in self._keys.items()]
        (folder / "jwks.json").write_text(json.dumps({"keys": keys}), "utf-8")
        settings = folder / "settings.toml"
        settings.write_text(
            f'[service]\npublic_url = "{PUBLIC_URL}"\nauth = "jwt"\n[[clients]]\nname = "EHR"\nissuer = "{ISSUER}"\n'
            f'jwks_file = "jwks.json"\njku = ["{JKU}"]\n',
            "utf-8",
        )
        return settings

    def authorizations(self, algorithm: str, number: int) -> list[str]:
        """Values of the Authorization header, good for half an hour."""
        now, header = int(time.time()), {"kid": algorithm, "jku": JKU}
        claims = {"iss": ISSUER, "aud": PUBLIC_URL + PATH, "iat": now, "exp": now + 1800}
        key = self._keys[algorithm]
        return [
            f"Bearer {jwt.encode({**claims, 'jti': str(uuid.uuid4())}, key, algorithm, header)}" for _ in range(number)
        ]


def _public(key: Any) -> dict[str, Any]:
    algorithm: Any = RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey) else ECAlgorithm
    return dict(algorithm.to_jwk(key.public_key(), as_dict=True))
