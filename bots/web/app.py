"""The web application: routes, headers and errors, put together in one place."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from assistant import VERSION
from assistant.judging.library import Library
from assistant.uploads.sweeping import Sweeper
from bots.web import (
    chat_api,
    conflicts_api,
    draft_api,
    errors,
    figures_api,
    judgments_api,
    law_api,
    officer_api,
    openai_api,
    operations,
    pages,
    rest_webhook,
    session_api,
    sign_in,
    uploads_api,
    workspace,
)
from bots.web.callers import officer_of
from bots.web.desk import Desk
from bots.web.middleware import SecurityHeaders, Timed
from bots.web.once import Once
from bots.web.signed_in import SignedIn


def create_app(desk: Desk) -> FastAPI:
    """An ASGI application that answers at ``desk`` and closes it when it stops."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if desk.delivery is not None:
            await desk.delivery.start()
        sweeper = sweeper_of(desk)
        if sweeper is not None:
            await run_in_threadpool(sweeper.start)
        yield
        if sweeper is not None and desk.workbench is not None:
            await run_in_threadpool(sweeper.stop)
            await run_in_threadpool(desk.workbench.close)
        if desk.delivery is not None:
            await desk.delivery.stop()
        await run_in_threadpool(desk.close)

    app = FastAPI(
        title="troly",
        version=VERSION,
        description="Trợ lý dịch vụ công: câu trả lời có trích dẫn kiểm tra lại được.",
        lifespan=lifespan,
        # FastAPI's own pages load scripts from other hosts; ours is /docs in pages.py.
        docs_url=None,
        redoc_url=None,
        swagger_ui_oauth2_redirect_url=None,
    )
    once = Once()
    app.include_router(chat_api.routes(desk, once))
    app.include_router(session_api.routes(desk, once))
    for routes in (
        conflicts_api,
        draft_api,
        figures_api,
        law_api,
        officer_api,
        openai_api,
        operations,
        pages,
        rest_webhook,
    ):
        app.include_router(routes.routes(desk))
    for webhooks in desk.delivery.routes() if desk.delivery else ():
        app.include_router(webhooks)
    if desk.access is not None:
        app.include_router(sign_in.routes(desk.access))
        app.add_middleware(SignedIn, access=desk.access)
    if desk.workbench is not None:
        app.include_router(uploads_api.routes(desk.workbench, officer_of))
        app.include_router(workspace.routes(desk, desk.workbench))
        library = Library(desk.workbench.home, desk.workbench.config.knowledge_base)
        app.include_router(judgments_api.routes(library, officer_of))
    errors.install(app)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Timed, metrics=desk.metrics)
    return app


def sweeper_of(desk: Desk) -> Sweeper | None:
    """What deletes uploads on time, and those of officers who may no longer sign in."""
    access = desk.access
    if desk.workbench is None or access is None:
        return None

    def owners() -> set[str]:
        return {str(each.id) for each in access.accounts.all() if each.revoked_at is None}

    return Sweeper(desk.workbench.store, owners=owners)
