"""The widget in a page of another origin, with styles and rules that wish it ill."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from assistant.config import Config, Server
from assistant.errors import ConfigError
from bots.web.middleware import CONTENT_SECURITY_POLICY

BUTTON = "document.querySelector('troly-widget').shadowRoot.querySelector('.launch')"
PANEL = "document.querySelector('troly-widget').shadowRoot.querySelector('dialog')"
HOSTILE = """
* { color: lime !important; background: pink !important; font: 40px serif !important;
    display: block !important; position: static !important; z-index: 1 !important;
    opacity: .1 !important; visibility: hidden !important; transform: scale(.1) !important;
    max-width: 20px !important; height: 5px !important; pointer-events: none !important; }
body { transform: rotate(1deg); overflow: hidden; contain: strict; }
"""
KIND = """
body { margin: 1rem; font: 1rem/1.5 sans-serif; color: #111; background: #fff; }
"""


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def host(tmp_path: Path, site: Any) -> Iterator[Callable[..., str]]:
    """Pages of another site; each made by a call, which gives its address."""
    handler = functools.partial(_Quiet, directory=str(tmp_path))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    origin = f"http://127.0.0.1:{server.server_port}"

    def page(css: str = KIND, *, allowed: bool = True, attributes: str = "", meta: str = "") -> str:
        settings = Server(embed_origins=(origin,) if allowed else ())
        site.desk.config = site.desk.config.model_copy(update={"server": settings})
        (tmp_path / "page.css").write_text(css, "utf-8")
        (tmp_path / "favicon.ico").write_bytes(b"")
        (tmp_path / "index.html").write_text(
            f'<!doctype html><html lang="vi"><head><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width, initial-scale=1">{meta}'
            f'<title>Xã</title><link rel="stylesheet" href="page.css">'
            f'<script src="{site.address}/widget.js" {attributes}></script></head>'
            f'<body><main><h1>Xã</h1><p><a href="#">Trước</a></p></main></body></html>',
            "utf-8",
        )
        return f"{origin}/index.html"

    yield page
    server.shutdown()
    server.server_close()


@pytest.fixture
def tab(chromium: Any) -> Iterator[Any]:
    chromium.requests.clear()
    chromium.faults.clear()
    yield chromium
    chromium.call("Emulation.setEmulatedMedia", features=[])
    assert chromium.faults == []


class Inside:
    """Scripts in the widget's frame, whichever page is in it."""

    def __init__(self, tab: Any) -> None:
        self.tab = tab
        self.world = 0

    def run(self, script: str) -> Any:
        for _ in range(20):
            try:
                return self._run(script)
            except AssertionError as error:
                if "context" not in str(error):
                    raise
                self.world = 0  # another page has come since
        raise AssertionError("the frame has no page")

    def _run(self, script: str) -> Any:
        if not self.world:
            (frame,) = self.tab.call("Page.getFrameTree")["frameTree"]["childFrames"]
            found = self.tab.call("Page.createIsolatedWorld", frameId=frame["frame"]["id"])
            self.world = found["executionContextId"]
        result = self.tab.call(
            "Runtime.evaluate", expression=script, contextId=self.world, returnByValue=True
        )
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def wait(self, condition: str) -> None:
        waiting = threading.Event()
        for _ in range(300):
            if self.run(f"Boolean({condition})"):
                return
            waiting.wait(0.05)
        raise AssertionError(f"never true: {condition}")


def opened(tab: Any) -> Inside:
    tab.run(f"{BUTTON}.click()")
    tab.wait(f"{PANEL}.open")
    inside = Inside(tab)
    inside.wait("document.readyState === 'complete' && document.getElementById('ask')")
    return inside


# ---- what the server says ------------------------------------------------------------


def test_no_page_but_the_embedded_one_may_be_framed(site: Any) -> None:
    settings = Server(embed_origins=("https://xa.gov.vn", "http://localhost:8000"))
    site.desk.config = site.desk.config.model_copy(update={"server": settings})
    for path in ("/", "/docs", "/nguon/x", "/widget.js"):
        policy = site.http.get(path).headers["content-security-policy"]
        assert policy == CONTENT_SECURITY_POLICY
    for response in (site.http.get("/embed"), site.http.post("/embed", data={"message": "a"})):
        policy = response.headers["content-security-policy"]
        assert "frame-ancestors 'self' https://xa.gov.vn http://localhost:8000;" in policy
        assert "'none'; script-src 'self'; style-src 'self'" in policy
    assert 'action="/embed"' in site.http.get("/embed").text
    assert site.http.get("/widget.js").headers["cross-origin-resource-policy"] == "cross-origin"


def test_unless_it_is_allowed_no_other_site_gets_it(site: Any) -> None:
    policy = site.http.get("/embed").headers["content-security-policy"]
    assert "frame-ancestors 'self';" in policy
    assert site.http.get("/widget.js").headers["cross-origin-resource-policy"] == "same-origin"


def test_the_widget_is_not_sent_twice(site: Any) -> None:
    tag = site.http.get("/widget.js").headers["etag"]
    assert site.http.get("/widget.js", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    "origin",
    ["*", "https://*.gov.vn", "https://a.vn/", "a.vn", "https://a.vn; script-src *", "https://a b",
     "javascript:1", "https://a.vn\n"],
)  # fmt: skip
def test_an_origin_is_one_site_and_nothing_else(tmp_path: Path, origin: str) -> None:
    from assistant.config import load_config

    file = tmp_path / "config.yml"
    file.write_text(f"server:\n  embed_origins: [{origin!r}]\n", "utf-8")
    with pytest.raises(ConfigError):
        load_config(file)
    assert Config().server.embed_origins == ()


# ---- in a browser --------------------------------------------------------------------


@pytest.mark.browser
def test_it_asks_for_nothing_until_it_is_pressed(tab: Any, site: Any, host: Any) -> None:
    tab.open(host(attributes='data-title="Trợ lý xã" defer'))
    tab.wait(BUTTON)
    assert [each for each in tab.requests if each.startswith(site.address)] == [
        f"{site.address}/widget.js"
    ]
    assert tab.run(f"{BUTTON}.ariaLabel") == "Mở Trợ lý xã"
    assert tab.run("document.cookie + localStorage.length") == "0"


@pytest.mark.browser
@pytest.mark.parametrize("css", [KIND, HOSTILE], ids=["kind", "hostile"])
@pytest.mark.parametrize("width", [360, 1280])
def test_it_is_there_and_works_whatever_the_page_says(
    tab: Any, site: Any, host: Any, width: int, css: str
) -> None:
    rules = f"default-src 'self'; script-src {site.address}; frame-src {site.address}"
    meta = f'<meta http-equiv="Content-Security-Policy" content="{rules}">'
    tab.open(host(css, meta=meta), width=width, height=740)
    tab.wait(BUTTON)
    left, top, right, bottom = tab.run(
        f"(({{left, top, right, bottom}}) => [left, top, right, bottom])"
        f"({BUTTON}.getBoundingClientRect())"
    )
    assert 0 <= left < right <= width
    assert 740 - 16 - 60 <= top < bottom <= 740
    assert bottom - top >= 44
    middle = f"{(left + right) / 2}, {(top + bottom) / 2}"
    assert tab.run(f"document.elementFromPoint({middle}).tagName") == "TROLY-WIDGET"
    assert tab.run(f"getComputedStyle({BUTTON}).backgroundColor") == "rgb(138, 28, 28)"
    inside = opened(tab)
    inside.wait("document.activeElement.id === 'message'")
    tab.type("lệ phí hộ chiếu?")
    tab.press("Enter", 13)
    inside.wait("document.querySelector('.card') && !document.querySelector('[aria-busy]')")
    assert inside.run("document.documentElement.scrollWidth <= innerWidth")
    assert inside.run("getComputedStyle(document.body).color") == "rgb(29, 27, 25)"
    assert len(site.assistant.questions) == 1
    box = tab.run(
        f"(({{left, top, right, bottom}}) => [left, top, right, bottom])"
        f"({PANEL}.getBoundingClientRect())"
    )
    assert (box[0], box[1], box[2], box[3]) == (
        (0, 0, 360, 740) if width == 360 else (width - 16 - 420, 740 - 16 - 680, 1264, 724)
    )


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
def test_escape_closes_it_and_the_button_has_the_focus_again(
    tab: Any, host: Any, width: int
) -> None:
    tab.open(host(), width=width, height=740)
    tab.wait(BUTTON)
    tab.run(f"{BUTTON}.focus()")
    tab.press("Enter", 13)
    tab.wait(f"{PANEL}.open")
    inside = opened(tab)
    inside.wait("document.activeElement.id === 'message'")
    inside.run("document.getElementById('open-settings').click()")
    tab.press("Escape", 27)  # the settings first
    inside.wait("!document.querySelector('dialog[open]')")
    assert tab.run(f"{PANEL}.open")
    inside.run("document.getElementById('message').focus()")
    tab.press("Escape", 27)
    tab.wait(f"!{PANEL}.open")
    focused = "document.querySelector('troly-widget').shadowRoot.activeElement?.className"
    tab.wait(f"{focused} === 'launch'")
    assert tab.run(f"{BUTTON}.ariaExpanded") == "false"
    opened(tab)
    tab.run(f"{PANEL}.querySelector('header button').focus()")
    tab.press("Escape", 27)  # from its own head, too
    tab.wait(f"!{PANEL}.open")


@pytest.mark.browser
def test_only_the_frame_itself_can_close_it(tab: Any, host: Any) -> None:
    tab.open(host())
    tab.wait(BUTTON)
    inside = opened(tab)
    tab.run("window.postMessage({ troly: 'close' }, '*')")
    tab.run("window.dispatchEvent(new MessageEvent('message', { data: { troly: 'close' } }))")
    assert tab.run(f"new Promise((go) => setTimeout(() => go({PANEL}.open), 200))")
    assert inside.run("document.querySelector('h1').textContent.trim()")


@pytest.mark.browser
def test_a_site_that_is_not_allowed_gets_neither(tab: Any, host: Any) -> None:
    tab.open(host(allowed=False))
    assert tab.run("document.querySelector('troly-widget')") is None
    assert any("ERR_BLOCKED_BY_RESPONSE" in fault for fault in tab.faults)
    tab.faults.clear()


@pytest.mark.browser
def test_it_speaks_english_where_it_is_told_to(tab: Any, host: Any) -> None:
    tab.open(host(attributes='data-lang="en" data-title="&lt;b&gt;Help&lt;/b&gt;"'))
    tab.wait(BUTTON)
    assert tab.run(f"{BUTTON}.ariaLabel") == "Open <b>Help</b>"
    assert tab.run(f"{BUTTON}.querySelector('b')") is None
    inside = opened(tab)
    inside.wait("document.documentElement.lang === 'en'")
    assert inside.run("document.getElementById('send').textContent") == "Send"


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_around_it_has_no_barriers_by_it(
    tab: Any, host: Any, width: int, scheme: str
) -> None:
    pytest.importorskip("axe_core_python")
    axe = resources.files("axe_core_python").joinpath("axe.min.js").read_text("utf-8")
    feature = {"name": "prefers-color-scheme", "value": scheme}
    tab.call("Emulation.setEmulatedMedia", features=[feature])
    tab.open(host(), width=width, height=740)
    tab.wait(BUTTON)
    tab.run(f"{axe}; 0")
    found = "axe.run(document, { iframes: false }).then(({ violations }) => violations.map((one) => `${one.id} ${one.nodes.map((node) => node.html)}`))"  # noqa: E501
    assert tab.run(found) == []
    opened(tab)
    assert tab.run(found) == []
    small = tab.run(
        f"[...{PANEL}.querySelectorAll('button, a')].filter((e) => e.offsetHeight < 44).length"
    )
    assert small == 0
