"""A small OpenID Connect provider on a real port, with real keys: what the one of a government does."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "fengqiao", "only-for-tests"
KEY, FOREIGN_KEY = (
    rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2)
)


class Provider:
    """``claims``: what the next identity token says. ``spoil``: what is wrong with it."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {}
        self.key, self.algorithm = KEY, "RS256"
        self.codes: dict[str, str] = {}
        self.asked: list[str] = []
        self.address = ""

    def document(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }

    def keys(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
        return {"keys": [public | {"kid": "one", "alg": "RS256", "use": "sig"}]}

    def authorize(self, query: dict[str, list[str]]) -> str:
        """Everybody is who he says; the code is bound to the challenge of this browser."""
        code = secrets.token_hex(8)
        self.codes[code] = query["code_challenge"][0]
        return f"{query['redirect_uri'][0]}?" + urlencode(
            {"code": code, "state": query["state"][0]}
        )

    def token(self, form: dict[str, list[str]], login: str) -> dict[str, Any] | None:
        verifier = form["code_verifier"][0].encode()
        digest = hashlib.sha256(verifier).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        expected = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        known = self.codes.pop(form["code"][0], None)  # a code counts once
        if known != challenge or login != f"Basic {expected}":
            return None
        now = int(time.time())
        said = {"iss": self.address, "aud": CLIENT, "sub": "4711", "iat": now, "exp": now + 60}
        token = jwt.encode(said | self.claims, self._key(), self.algorithm, headers={"kid": "one"})
        return {"access_token": "x", "token_type": "Bearer", "id_token": token}

    def _key(self) -> Any:
        return self.key if self.algorithm == "RS256" else None


@contextmanager
def running() -> Iterator[Provider]:
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            there = urlsplit(self.path)
            provider.asked.append(there.path)
            if there.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize(parse_qs(there.query)))
                self.end_headers()
                return
            pages = {"/.well-known/openid-configuration": provider.document, "/keys": provider.keys}
            self._say(pages[there.path]())

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self._say(provider.token(form, self.headers.get("Authorization", "")))

        def _say(self, told: dict[str, Any] | None) -> None:
            body = json.dumps(told or {"error": "invalid_grant"}).encode()
            self.send_response(200 if told else 400)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
