"""The officers' workspace in a real browser: upload, ask, delete; no barriers."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

from assistant.access.access import Access
from bots.web.pages import WORKSPACE
from tests.bots.web.conftest import PASSWORD, code
from tests.bots.web.test_barriers import axe, barriers, tab
from tests.bots.web.test_uploads_api import TEXT, workplace

__all__ = ["axe", "tab", "workplace"]
pytestmark = pytest.mark.browser

_LARGEST = 30_000  # bytes of all that the page loads, as they are sent
_IDLE = "!document.getElementById('send').hidden && !document.querySelector('[aria-busy]')"


def enter(tab: Any, site: Any, access: Access, width: int = 1280) -> None:
    tab.call("Network.clearBrowserCookies")
    tab.open(f"{site.address}/can-bo", width=width, height=740)
    tab.wait("location.pathname === '/sign-in'")
    for name, value in (("name", "lan"), ("password", PASSWORD), ("code", code(access, "lan"))):
        tab.run(f"document.getElementById('{name}').value = '{value}'")
    tab.run("document.querySelector('form button').click()")
    tab.wait("location.pathname === '/can-bo' && document.readyState === 'complete'")


def choose(tab: Any, *files: Path) -> None:
    document = tab.call("DOM.getDocument")["root"]["nodeId"]
    node = tab.call("DOM.querySelector", nodeId=document, selector="#file")["nodeId"]
    tab.call("DOM.setFileInputFiles", nodeId=node, files=[str(file) for file in files])
    tab.wait("document.getElementById('file-status').textContent")


def ask(tab: Any, where: str, text: str) -> None:
    tab.run(
        f"document.querySelector('[name=where][value={where}]').checked = true,"
        f"document.getElementById('message').value = '{text}',"
        "document.getElementById('ask').requestSubmit()"
    )
    tab.wait(_IDLE)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    first, second = tmp_path / "quyet-dinh.txt", tmp_path / "du-thao.md"
    first.write_text(TEXT, encoding="utf-8")
    second.write_text(TEXT.replace("07 ngày", "10 ngày"), encoding="utf-8")
    return first, second


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_workspace_has_no_barriers(
    tab: Any, workplace: Any, access: Access, axe: str, files: Any, width: int, scheme: str
) -> None:
    feature = {"name": "prefers-color-scheme", "value": scheme}
    tab.call("Emulation.setEmulatedMedia", features=[feature])
    enter(tab, workplace, access, width)
    assert barriers(tab, axe) == []
    choose(tab, *files)
    assert tab.run("document.querySelectorAll('#files li').length") == 2
    ask(tab, "mine", "Thời hạn trả kết quả là bao lâu?")
    assert "07 ngày làm việc" in tab.run("document.querySelector('.answer').textContent")
    tab.run("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert barriers(tab, axe) == []
    tab.run("document.querySelector('.sources button').click()")
    tab.wait("document.querySelector('#document[open] mark')")
    assert barriers(tab, axe) == []
    tab.run("document.getElementById('document').close()")
    tab.run("document.getElementById('compare-two').click()")
    tab.wait(f"{_IDLE} && document.querySelector('.findings')")
    assert tab.run("[...document.querySelectorAll('.pair mark')].length") >= 2
    ask(tab, "both", "lệ phí?")
    ask(tab, "figures", "tỷ lệ hồ sơ đúng hạn năm 2025?")
    assert barriers(tab, axe) == []
    assert tab.run("document.documentElement.scrollWidth <= innerWidth")
    assert not [each for each in tab.faults if "401" not in each]


def test_by_keys_alone_and_the_focus_is_not_lost(
    tab: Any, workplace: Any, access: Access, files: Any
) -> None:
    enter(tab, workplace, access)
    choose(tab, files[0])
    tab.run("document.getElementById('message').focus()")
    tab.type("Điều 2")
    tab.press("Enter", 13)
    tab.wait(f"{_IDLE} && document.querySelector('.answer')")
    assert "01 tháng 7 năm 2026" in tab.run("document.querySelector('.answer').textContent")
    assert tab.run("document.activeElement.id") == "message"
    tab.run("document.querySelector('#files button:last-child').focus()")
    tab.press("Enter", 13)
    tab.wait("document.querySelectorAll('#files li').length === 0")
    assert tab.run("document.activeElement.id") == "file"
    assert tab.run("document.getElementById('where').hidden")


def test_what_is_refused_is_said_by_the_file(
    tab: Any, workplace: Any, access: Access, tmp_path: Path
) -> None:
    enter(tab, workplace, access)
    empty = tmp_path / "trong.docx"
    empty.write_bytes(b"")
    choose(tab, empty)
    told = tab.run("document.getElementById('file-status').textContent")
    assert told.startswith("trong.docx: ")
    assert "rỗng" in told


def test_filters_go_with_the_question_and_a_wrong_year_is_said(
    tab: Any, workplace: Any, access: Access
) -> None:
    enter(tab, workplace, access)
    tab.run(
        "document.querySelector('[name=document_types]').value = 'Nghị định; Thông tư',"
        "document.querySelector('[name=first]').value = '20'"
    )
    tab.run(
        "document.getElementById('message').value = 'lệ phí?',"
        "document.getElementById('ask').requestSubmit()"
    )
    assert "bốn chữ số" in tab.run("document.getElementById('status').textContent")
    assert tab.run("document.activeElement.name") == "first"
    assert tab.run("document.getElementById('message').value") == "lệ phí?"
    tab.run("document.querySelector('[name=first]').value = '2024'")
    tab.run("document.getElementById('ask').requestSubmit()")
    tab.wait(f"{_IDLE} && document.querySelector('.answer')")
    within = workplace.assistant.questions[-1].within
    assert within.document_types == {"Nghị định", "Thông tư"}
    assert within.years[0] == 2024


def test_a_session_that_is_over_leads_back_to_signing_in(
    tab: Any, workplace: Any, access: Access, files: Any
) -> None:
    enter(tab, workplace, access)
    choose(tab, files[0])
    access.accounts.revoke("lan")
    ask(tab, "mine", "Thời hạn?")
    assert tab.run("document.querySelector('.answer a').getAttribute('href')") == (
        "/sign-in?next=/can-bo"
    )


def test_the_page_is_small(tab: Any, workplace: Any, access: Access) -> None:
    tab.requests.clear()
    enter(tab, workplace, access)
    shared = {"shown.js", "asking.js", "words.js", "page.css", "icon.svg"}
    loaded = {each.rpartition("/")[2] for each in tab.requests if "/static/" in each}
    assert {*WORKSPACE, *shared} - {"icon.svg"} <= loaded
    names = ["workspace.html", *WORKSPACE, *shared]
    folder = Path(__file__).parents[3] / "bots" / "web" / "static"
    packed = (len(gzip.compress((folder / name).read_bytes())) for name in names)
    assert sum(packed) <= _LARGEST
    assert all(each.startswith(workplace.address) for each in tab.requests if "can-bo" in each)
