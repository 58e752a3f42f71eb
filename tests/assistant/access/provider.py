"""A small OpenID provider on a socket of its own, with real keys; it can be told to misbehave."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey


class FakeProvider:
    """Officer ``lan`` is who signs in. Change ``claims``, ``info`` and the rest as a test needs."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}, private=True)
        self.published: RSAKey = self.key
        self.algorithm = "RS256"
        self.client_id, self.secret = "troly", "bí mật của troly"
        #: What is put over the claims of the ID token; None takes a claim away.
        self.claims: dict[str, Any] = {}
        #: What userinfo says; None: it refuses the token.
        self.info: dict[str, Any] | None = {
            "sub": "so-1", "preferred_username": "lan", "groups": ["tu-phap"]
        }  # fmt: skip
        self.refresh = "refresh-1"
        self.refreshed: dict[str, Any] | None = None  # claims; None: the refresh token is refused
        self.down = False
        self.garbage = False
        self.asked: list[str] = []
        self.codes: dict[str, dict[str, str]] = {}
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None: ...

            def do_GET(self) -> None:
                self._answer(provider.get(self.path, dict(self.headers)))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
                self._answer(provider.post(self.path, dict(self.headers), body))

            def _answer(self, answer: tuple[int, Any]) -> None:
                status, told = (503, "down") if provider.down else answer
                data = b"<html>" if provider.garbage else json.dumps(told).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_address[1]}/agency"

    def get(self, path: str, headers: dict[str, str]) -> tuple[int, Any]:
        self.asked.append(path)
        match path.removeprefix("/agency"):
            case "/.well-known/openid-configuration":
                return 200, {
                    "issuer": self.issuer,
                    "authorization_endpoint": f"{self.issuer}/authorize",
                    "token_endpoint": f"{self.issuer}/token",
                    "userinfo_endpoint": f"{self.issuer}/userinfo",
                    "jwks_uri": f"{self.issuer}/keys",
                }
            case "/keys":
                return 200, {"keys": [self.published.as_dict(private=False)]}
            case "/userinfo":
                known = headers.get("Authorization", "").startswith("Bearer access-")
                return (200, self.info) if self.info is not None and known else (401, {})
        return 404, {}

    def post(self, path: str, headers: dict[str, str], body: str) -> tuple[int, Any]:
        self.asked.append(path)
        form = {name: values[0] for name, values in parse_qs(body).items()}
        given = base64.b64decode(headers.get("Authorization", " ").split(" ")[1]).decode()
        if [unquote(each) for each in given.split(":")] != [self.client_id, self.secret]:
            return 401, {"error": "invalid_client"}
        if form.get("grant_type") == "refresh_token":
            if self.refreshed is None or form.get("refresh_token") != self.refresh:
                return 400, {"error": "invalid_grant"}
            self.refresh = f"refresh-{len(self.asked)}"
            claims = {"nonce": "", **self.refreshed}
            return 200, self._tokens(claims)
        begun = self.codes.pop(form.get("code", ""), None)
        if begun is None or begun["redirect_uri"] != form.get("redirect_uri"):
            return 400, {"error": "invalid_grant"}
        made = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if _coded(made) != begun["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        return 200, self._tokens({"nonce": begun["nonce"]})

    def _tokens(self, claims: dict[str, Any]) -> dict[str, Any]:
        now = int(self.clock())
        told = {
            "iss": self.issuer, "aud": self.client_id, "sub": "so-1", "iat": now, "exp": now + 300,
            "preferred_username": "lan", **claims, **self.claims,
        }  # fmt: skip
        told = {name: value for name, value in told.items() if value is not None}
        return {
            "access_token": f"access-{len(self.asked)}", "token_type": "Bearer",
            "id_token": self._signed(told), "refresh_token": self.refresh,
        }  # fmt: skip

    def _signed(self, claims: dict[str, Any]) -> str:
        if self.algorithm in ("none", "HS256"):
            parts = ({"alg": self.algorithm, "typ": "JWT", "kid": self.key.kid}, claims)
            text = ".".join(_coded(json.dumps(each).encode()) for each in parts)
            # Signed with the public key, as if it were a secret that both sides know.
            public = self.published.as_pem(private=False)
            signed = hmac.new(public, text.encode(), "sha256").digest()
            return f"{text}.{_coded(signed) if self.algorithm == 'HS256' else ''}"
        header = {"alg": self.algorithm, "kid": self.key.kid}
        return str(jwt.encode(header, claims, self.key))

    def authorize(self, address: str) -> str:
        """What an officer does at the provider: signs in. Where the browser is sent back to."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert address.startswith(f"{self.issuer}/authorize?")
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert asked["client_id"] == self.client_id
        code = f"code-{len(self.codes)}-{len(self.asked)}"
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"


def _coded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


@contextmanager
def running(provider: FakeProvider) -> Iterator[FakeProvider]:
    thread = threading.Thread(target=provider.server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield provider
    provider.server.shutdown()
    provider.server.server_close()
