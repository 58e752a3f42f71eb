"""What operators and their tools ask: alive, ready, metrics."""

from __future__ import annotations

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from bots.web.desk import Desk
from bots.web.errors import Refused

#: Parts without which nothing can be answered; the model is not one of them.
NEEDED = ("index", "record")


def is_ready(health: dict[str, object]) -> bool:
    """Whether questions can be answered, with or without the model's wording."""
    return all(health.get(part) in ("ok", "ready") for part in NEEDED)


def routes(desk: Desk) -> APIRouter:
    """The routes for operators."""
    router = APIRouter(tags=["operations"])

    @router.get("/livez", summary="The process answers")
    async def livez() -> JSONResponse:
        return JSONResponse({"alive": True})

    @router.get("/readyz", summary="Questions can be answered (503 while they cannot)")
    async def readyz() -> JSONResponse:
        health = await run_in_threadpool(desk.health)
        ready = is_ready(health)
        return JSONResponse({"ready": ready, **health}, status_code=200 if ready else 503)

    @router.get("/metrics", summary="Prometheus metrics", response_class=Response)
    async def metrics() -> Response:
        health = await run_in_threadpool(desk.health)
        try:
            version = desk.assistant().corpus_version
        except Refused:
            version = ""
        desk.metrics.queued(await run_in_threadpool(desk.queue))
        active = await run_in_threadpool(desk.active)
        page = desk.metrics.page(health, ready=is_ready(health), sessions=active, version=version)
        return Response(page, media_type=CONTENT_TYPE_LATEST)

    return router
