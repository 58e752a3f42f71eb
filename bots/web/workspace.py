"""``/can-bo``: the officers' workspace, on the officers' server."""

from __future__ import annotations

from html import escape
from importlib import resources
from string import Template

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from assistant.profiles.profile import Profile
from assistant.uploads.vocabulary import SUFFIXES
from assistant.uploads.workbench import Workbench
from bots.web.callers import officer_of
from bots.web.desk import Desk

ADDRESS = "/can-bo"
_GREETING = (
    "Hỏi văn bản pháp luật, hoặc tải tài liệu lên rồi hỏi chính tài liệu đó. Câu trả lời trích "
    "nguyên văn, kèm điều, khoản, trang để kiểm tra lại."
)
_EXAMPLES = (
    "Điều 7 Nghị định 30/2020/NĐ-CP quy định gì?",
    "Thời hạn giải quyết khiếu nại lần đầu là bao lâu?",
)


def routes(desk: Desk, workbench: Workbench) -> APIRouter:
    """The page, for whoever has signed in."""
    router = APIRouter(include_in_schema=False)

    @router.get(ADDRESS)
    async def page(request: Request) -> Response:
        officer = officer_of(request)
        if officer is None:  # the wall before every route has let nobody else through
            return RedirectResponse(f"/sign-in?next={ADDRESS}", 303)
        return HTMLResponse(_page(desk, workbench, officer.name))

    return router


def _page(desk: Desk, workbench: Workbench, name: str) -> str:
    profile: Profile | None = desk.config.profiles.get(desk.profile)
    settings = workbench.settings
    words = {
        "title": profile.title if profile else "Bàn làm việc",
        "name": name,
        "keep": f"{settings.keep_hours:g}",
        "largest": str(settings.largest_mb),
        "longest": str(desk.config.limits.question_characters),
        "accept": ",".join(SUFFIXES),
        "greeting": (profile.greeting if profile else "") or _GREETING,
    }
    examples = (profile.suggestions if profile else ()) or _EXAMPLES
    buttons = (f'<button value="{escape(each)}">{escape(each)}</button>' for each in examples)
    text = resources.files("bots.web").joinpath("static", "workspace.html").read_text("utf-8")
    return Template(text).substitute(
        {key: escape(value) for key, value in words.items()},
        examples="".join(buttons),
    )
