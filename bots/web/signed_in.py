"""Before every route of the officers' server: who has signed in, and nobody else comes further."""

from __future__ import annotations

import logging
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.access.access import Access
from assistant.access.errors import ProviderAway
from assistant.errors import StateError
from bots.web.callers import OFFICER
from bots.web.errors import Refused, error_response

logger = logging.getLogger(__name__)

#: What anybody may ask: to sign in, how to look, whether the server is there.
OPEN = frozenset({"/sign-in", "/sign-in/oidc", "/sign-in/oidc/callback", "/api/sign-in",
                  "/livez", "/readyz"})  # fmt: skip
_OPEN_BELOW = ("/static/",)
#: Officers' programs have a token of their own for these (`bots.web.officer_api`).
_BY_TOKEN = ("/api/desk/",)
_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class SignedIn:
    """Refuses what no officer sent; tells the routes whose request the others are."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self.app = app
        self.access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        request = Request(scope)
        path: str = scope["path"]
        refused: Response | None = None
        if scope["method"] not in _READS and not same_origin(request, self.access):
            refused = error_response(Refused(403, "cross_site"))
        elif path not in OPEN and not path.startswith(_OPEN_BELOW):
            refused = await self._admit(request, path)
        await (refused or self.app)(scope, receive, send)

    async def _admit(self, request: Request, path: str) -> Response | None:
        """None where the request may go on, and whose it is then stands in its scope."""
        by_token = path.startswith(_BY_TOKEN) and "authorization" in request.headers
        token = request.cookies.get(cookie_name(request, self.access), "")
        try:
            found = await run_in_threadpool(self.access.officer, token) if token else None
        except ProviderAway as error:
            return error_response(Refused(503, "provider_away", reason=str(error)))
        except StateError as error:
            logger.error("sessions cannot be read: %s", error)
            return error_response(Refused(503, "access_unavailable"))
        if found is not None:
            request.scope[OFFICER] = found
            return None
        return None if by_token else to_sign_in(request)


def to_sign_in(request: Request) -> Response:
    """To the sign-in page for a person, what to do for a program."""
    wants_page = request.method in ("GET", "HEAD") and "text/html" in request.headers.get(
        "accept", ""
    )
    if not wants_page:
        return error_response(Refused(401, "sign_in_first"))
    there = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    where = "/sign-in" if there == "/" else f"/sign-in?next={quote(there, safe='/')}"
    return RedirectResponse(where, 303)


def same_origin(request: Request, access: Access) -> bool:
    """Whether a page of this site (or no page at all) sent it: no other may act for an officer."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    if origin is None:
        return True  # a program; browsers say it with everything that is not a read
    own = {f"{kind}://{request.headers.get('host', '')}" for kind in ("http", "https")}
    return origin in own | {access.settings.public_url or ""} and origin != ""


def is_secure(request: Request, access: Access) -> bool:
    """Whether the cookie goes over https alone: everywhere but on this machine itself."""
    if access.settings.public_url:
        return access.settings.public_url.startswith("https://")
    return (urlsplit(f"//{request.headers.get('host', '')}").hostname or "") not in _LOOPBACK


def cookie_name(request: Request, access: Access) -> str:
    """With its prefix no other host of the domain can have set it."""
    return "__Host-troly" if is_secure(request, access) else "troly"
