"""The grading page's server: this machine only, behind a secret in the address."""

from __future__ import annotations

import asyncio
import re
import secrets
import signal
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from importlib import resources
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from evals.errors import EvalError
from evals.grading.grades import LONGEST_COMMENT, Ledger, now
from evals.grading.items import Item, holds
from evals.grading.page import done_page, item_page, sentence_page, source_page
from evals.grading.words import Grade, Reason, Verdict
from evals.ground import Ground

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

HOST = "127.0.0.1"
_STATIC = {"grade.css": "text/css; charset=utf-8", "grade.js": "text/javascript; charset=utf-8"}
#: Nothing from another host, nothing inline, no frame around it, no HTML from strings.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_LARGEST = 64 * 1024


@dataclass(slots=True)
class Desk:
    """One grader at work: what there is to grade, the open file, the secret of this session."""

    items: Sequence[Item]
    ledger: Ledger
    ground: Ground
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    _guard: threading.Lock = field(default_factory=threading.Lock)

    @property
    def base(self) -> str:
        return f"/{self.secret}"

    def grades(self) -> dict[int, Grade]:
        """What holds, by place."""
        latest = self.ledger.book.latest()
        return {
            at: grade
            for at, item in enumerate(self.items)
            if (grade := latest.get(item.key)) is not None and holds(grade, item)
        }

    def next_after(self, at: int = -1) -> int | None:
        """The next place after ``at`` that nobody looked at, else the first; None at the end."""
        open_ = [n for n in range(len(self.items)) if n not in self.grades()]
        return next((n for n in open_ if n > at), open_[0] if open_ else None)

    def keep(self, at: int, fields: dict[str, list[str]]) -> None:
        """Keep what a form said. Raises `EvalError` where it says too little or cannot be kept."""
        grade = _read(self.items[at], fields)
        if fields.get("action") == ["skip"]:
            grade = replace(grade, verdict=None, reasons=(), readability=None)
        elif grade.verdict is None:
            raise EvalError("Hãy chọn Đúng, Một phần, Sai hoặc Không chấm được rồi lưu.")
        with self._guard:
            self.ledger.keep(grade)

    def undo(self) -> int | None:
        """Take the last decision back; its place, or None where there is none among the items."""
        with self._guard:
            last = self.ledger.undo()
        keys = [item.key for item in self.items]
        return keys.index(last.key) if last is not None and last.key in keys else None


def _read(item: Item, fields: dict[str, list[str]]) -> Grade:
    """What a form says, whole or not; values that no form of ours sends are left out."""
    verdict, step = (fields.get(name, [""])[-1] for name in ("verdict", "readability"))
    return Grade(
        item.key,
        item.sample.hash,
        item.hash,
        Verdict(verdict) if verdict in set(Verdict) else None,
        tuple(reason for reason in Reason if reason.value in fields.get("reason", ())),
        int(step) if step in set("12345") else None,
        comment=fields.get("comment", [""])[-1].replace("\r\n", "\n").strip()[:LONGEST_COMMENT],
        at=now(),
    )


def create_app(desk: Desk, end: Callable[[], None] = lambda: None) -> Starlette:
    """The application. Whatever does not lie under the secret is not there."""
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.middleware.trustedhost import TrustedHostMiddleware
    from starlette.responses import HTMLResponse, RedirectResponse, Response
    from starlette.routing import Route

    base, last = desk.base, len(desk.items)

    def told(text: str, status: int) -> Response:
        return HTMLResponse(sentence_page(text, base), status)

    def to(at: int | None) -> Response:
        return RedirectResponse(f"{base}/{'done' if at is None else at + 1}", 303)

    def shown(
        at: int, problem: str = "", status: int = 200, tried: Grade | None = None
    ) -> Response:
        html = item_page(
            at, desk.items, desk.grades(), desk.ground, base,
            grader=desk.ledger.book.grader, problem=problem, tried=tried,
        )  # fmt: skip
        return HTMLResponse(html, status)

    def start(_: Request) -> Response:
        return to(desk.next_after())

    def item(request: Request) -> Response:
        at = request.path_params["number"] - 1
        return shown(at) if 0 <= at < last else told("Không có câu này.", 404)

    async def save(request: Request) -> Response:
        at = request.path_params["number"] - 1
        if not 0 <= at < last:
            return told("Không có câu này.", 404)
        fields: dict[str, list[str]] = {}
        try:
            fields = _fields(await _body(request))
            await asyncio.to_thread(desk.keep, at, fields)
        except EvalError as error:
            return shown(at, str(error), 400, _read(desk.items[at], fields) if fields else None)
        return to(desk.next_after(at))

    def undo(_: Request) -> Response:
        try:
            at = desk.undo()
        except EvalError as error:
            return told(str(error), 500)
        return to(at if at is not None else desk.next_after())

    def done(_: Request) -> Response:
        book = desk.ledger.book
        html = done_page(
            desk.items, desk.grades(), base, grader=book.grader, file=str(desk.ledger.path)
        )
        return HTMLResponse(html)

    def finish(_: Request) -> Response:
        end()
        return told("Đã đóng. Có thể đóng thẻ này.", 200)

    def source(request: Request) -> Response:
        text = desk.ground.text(request.path_params["sha256"])
        if text is None:
            return told("Lần chạy này không giữ bản lưu của văn bản ấy.", 404)
        first, past = (
            int(given) if re.fullmatch(r"\d{1,9}", given) else 0
            for given in (request.query_params.get(name, "") for name in ("start", "end"))
        )
        return HTMLResponse(source_page(text, first, min(past, len(text)), base))

    def static(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in _STATIC:
            return told("Không có trang này.", 404)
        content = resources.files("evals.grading").joinpath("static", name).read_bytes()
        return Response(content, media_type=_STATIC[name])

    async def missing(_: Request, __: Exception) -> Response:
        return Response("Không có trang này.", 404, media_type="text/plain; charset=utf-8")

    routes = [
        Route(f"{base}/", start),
        Route(f"{base}/{{number:int}}", item, methods=["GET"]),
        Route(f"{base}/{{number:int}}", save, methods=["POST"]),
        Route(f"{base}/undo", undo, methods=["POST"]),
        Route(f"{base}/end", finish, methods=["POST"]),
        Route(f"{base}/done", done),
        Route(f"{base}/source/{{sha256}}", source),
        Route(f"{base}/static/{{name}}", static),
    ]
    hosts = [HOST, "localhost"]
    app = Starlette(
        routes=routes,
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=hosts), Middleware(_Headers)],
        exception_handlers={404: missing, 405: missing},
    )
    app.router.redirect_slashes = False
    return app


class _Headers:
    """Adds `HEADERS` to every response."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                added = [(k.lower().encode(), v.encode()) for k, v in HEADERS.items()]
                message = {**message, "headers": [*message["headers"], *added]}
            await send(message)

        await self.app(scope, receive, with_headers)


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST:
            raise EvalError("Ghi chú dài quá; hãy viết ngắn lại.")
    return body


def _fields(body: bytes) -> dict[str, list[str]]:
    try:
        return parse_qs(body.decode("ascii"), encoding="utf-8", errors="strict", max_num_fields=20)
    except ValueError:
        raise EvalError("Trình duyệt gửi chữ không đọc được; hãy thử lưu lại.") from None


def listen(port: int) -> socket.socket:
    """A socket on this machine alone; port 0 is any free one. Raises `EvalError`."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen(64)
    except (OSError, OverflowError) as error:
        listening.close()
        raise EvalError(
            f"Không mở được cổng {port}: có thể chương trình khác đang dùng. Hãy bỏ --port để "
            "máy tự chọn, hoặc chọn cổng khác."
        ) from error
    return listening


def serve(desk: Desk, listening: socket.socket, started: Callable[[str], None]) -> None:
    """Serve until "Kết thúc", SIGTERM or Ctrl-C. ``started`` gets the address to open."""
    import uvicorn

    def end() -> None:
        server.should_exit = True

    config = uvicorn.Config(
        create_app(desk, end), access_log=False, log_config=None, server_header=False,
        proxy_headers=False, timeout_graceful_shutdown=2, ws="none", lifespan="off",
    )  # fmt: skip
    server = uvicorn.Server(config)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)  # uvicorn raises it again once it has stopped
    started(f"http://{HOST}:{listening.getsockname()[1]}{desk.base}/")
    asyncio.run(server.serve(sockets=[listening]))
