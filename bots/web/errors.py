"""One error shape for every route, and what makes each one."""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

from bots.web.replies import sentence

logger = logging.getLogger(__name__)


class Refused(Exception):
    """A request that is answered with one sentence and a 4xx or 503."""

    def __init__(
        self, status: int, key: str, *, field: str | None = None, **values: object
    ) -> None:
        super().__init__(key)
        self.status = status
        self.key = key
        self.field = field
        if field is not None:
            values["field"] = field
        self.message = sentence(key, **values)


def error_body(
    message: str, code: str, *, status: int = 400, field: str | None = None
) -> dict[str, dict[str, str | None]]:
    """The error shape of the OpenAI API, which every route here uses."""
    kind = "invalid_request_error" if status < 500 else "server_error"
    return {"error": {"message": message, "type": kind, "param": field, "code": code}}


def error_response(refused: Refused) -> JSONResponse:
    """The response that says ``refused``; 503 also says when to come back."""
    body = error_body(refused.message, refused.key, status=refused.status, field=refused.field)
    headers = {"Retry-After": "10"} if refused.status == 503 else None
    return JSONResponse(body, status_code=refused.status, headers=headers)


def install(app: FastAPI) -> None:
    """Give ``app`` one clear sentence for everything that can go wrong."""

    async def refused(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, Refused)  # noqa: S101 - registered for this type only
        return error_response(error)

    async def http(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)  # noqa: S101
        key = {404: "not_found", 405: "bad_method"}.get(error.status_code, "bad_request")
        response = error_response(Refused(error.status_code, key))
        for name, value in (error.headers or {}).items():
            response.headers[name] = value
        return response

    async def unexpected(request: Request, error: Exception) -> JSONResponse:
        # The path may hold what a person typed, so the log names the kind of error only.
        logger.error("unexpected %s on %s", type(error).__name__, request.method, exc_info=error)
        return JSONResponse(
            error_body(sentence("bad_request"), "failed", status=500), status_code=500
        )

    async def gone(_: Request, __: Exception) -> Response:
        return Response(status_code=499)  # nobody reads it; metrics do

    app.add_exception_handler(Refused, refused)
    app.add_exception_handler(ClientDisconnect, gone)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, unexpected)
