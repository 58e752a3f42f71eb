"""Nothing on the pages keeps anybody out: axe-core's rules, keys alone, large letters."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from typing import Any

import pytest

pytestmark = pytest.mark.browser

DONE = "document.querySelector('.answer') && !document.querySelector('[aria-busy]')"
ASK = "document.querySelector('#examples button').click()"
_RULES = """
axe.run(document, { iframes: false, runOnly: { type: "tag", values:
  ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] } })
  .then(({ violations, passes }) => (passes.length < 10 ? [{ id: "none", nodes: [] }] : violations)
    .map((one) =>
    `${one.id}: ${one.nodes.map((node) => node.target.join(" ") + " " + node.failureSummary)}`))
"""


@pytest.fixture(scope="module")
def axe() -> str:
    pytest.importorskip("axe_core_python")
    return resources.files("axe_core_python").joinpath("axe.min.js").read_text("utf-8")


@pytest.fixture
def tab(chromium: Any) -> Iterator[Any]:
    yield chromium
    chromium.call("Emulation.setEmulatedMedia", features=[])
    chromium.call("Emulation.setScriptExecutionDisabled", value=False)


def barriers(tab: Any, axe: str) -> list[str]:
    tab.run(f"{axe}; 0")
    # Colours that are on their way to others would be judged half-way.
    tab.run("Promise.all(document.getAnimations().map((each) => each.finished)).then(() => 0)")
    found: list[str] = tab.run(_RULES)
    return found


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("path", ["/", "/embed"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_has_no_barriers(
    tab: Any, site: Any, axe: str, width: int, scheme: str, path: str, lang: str
) -> None:
    feature = {"name": "prefers-color-scheme", "value": scheme}
    tab.call("Emulation.setEmulatedMedia", features=[feature])
    tab.open(f"{site.address}{path}?lang={lang}", width=width, height=740)
    assert barriers(tab, axe) == []
    tab.run(ASK)
    tab.wait(DONE)
    tab.run("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    tab.run("document.querySelectorAll('.below > .row button')[1].click()")
    tab.wait("!document.querySelector('.why').hidden")
    assert barriers(tab, axe) == []
    tab.run("document.querySelector('.sources details a').click()")
    tab.wait("document.querySelector('#document[open] mark')")
    assert barriers(tab, axe) == []
    tab.run("document.getElementById('document').close()")
    tab.run("document.getElementById('open-settings').click()")
    tab.run("document.getElementById('erase').click()")
    assert barriers(tab, axe) == []


@pytest.mark.parametrize("width", [360, 1280])
def test_a_source_and_a_form_answer_have_none_either(
    tab: Any, site: Any, axe: str, width: int
) -> None:
    name = site.assistant.document.id
    tab.open(f"{site.address}/nguon/{name}?start=10&end=60", width=width, height=740)
    assert barriers(tab, axe) == []
    tab.open(f"{site.address}/docs", width=width, height=740)
    tab.wait("document.querySelectorAll('.route').length >= 8")
    assert barriers(tab, axe) == []
    tab.call("Emulation.setScriptExecutionDisabled", value=True)
    tab.open(f"{site.address}/", width=width, height=740)
    tab.run("document.getElementById('message').value = 'Làm hộ chiếu?'")
    tab.run("document.getElementById('send').click()")
    tab.wait("document.querySelector('.answer .card')")
    tab.call("Emulation.setScriptExecutionDisabled", value=False)
    assert barriers(tab, axe) == []


@pytest.mark.parametrize("path", ["/", "/embed"])
def test_at_twice_the_size_everything_is_there_and_fits(tab: Any, site: Any, path: str) -> None:
    """1280 by 1024 at 400 %, which is 320 by 256; at 200 % there is more room."""
    tab.open(f"{site.address}{path}", width=320, height=256)
    tab.run(ASK)
    tab.wait(DONE)
    assert tab.run("document.documentElement.scrollWidth <= innerWidth")
    # The foot does not lie over what is read.
    assert tab.run("getComputedStyle(document.querySelector('footer')).position") == "static"


def test_letters_twice_as_large_fit(tab: Any, site: Any) -> None:
    tab.open(site.address, width=1280, height=800)
    tab.run("document.documentElement.style.setProperty('font-size', '200%')")
    tab.run(ASK)
    tab.wait(DONE)
    assert tab.run("document.documentElement.scrollWidth <= innerWidth")
    cut = tab.run(
        "[...document.querySelectorAll('button, summary, h1, h2, dd, fieldset label')]"
        ".filter((e) => e.offsetParent && e.scrollWidth > e.clientWidth + 1"
        " && getComputedStyle(e).display !== 'inline').map((e) => e.outerHTML)"
    )
    assert cut == []


@pytest.mark.parametrize("path", ["/", "/embed"])
def test_a_person_to_call_is_always_in_sight(tab: Any, site: Any, path: str) -> None:
    tab.open(f"{site.address}{path}", width=360, height=640)
    for _ in range(2):
        box = tab.run(
            "(({ top, bottom, height }) => [top, bottom, height])"
            "(document.querySelector('.person a').getBoundingClientRect())"
        )
        assert 0 <= box[0] < box[1] <= 640
        assert box[2] >= 44
        assert tab.run("document.querySelector('.person a').href") == "tel:18001096"
        tab.run("document.querySelector('#examples button')?.click()")
        tab.wait(DONE)


def test_whoever_wants_no_motion_gets_none(tab: Any, site: Any) -> None:
    feature = {"name": "prefers-reduced-motion", "value": "reduce"}
    tab.call("Emulation.setEmulatedMedia", features=[feature])
    tab.open(site.address)
    assert tab.run("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    moving = (
        "[...document.querySelectorAll('*')].filter((e) => {"
        " const s = getComputedStyle(e);"
        " return parseFloat(s.transitionDuration) || s.animationName !== 'none'; }).length"
    )
    assert tab.run(moving) == 0


def test_settings_take_and_give_back_the_focus(tab: Any, site: Any) -> None:
    tab.open(site.address)
    tab.run("document.getElementById('open-settings').focus()")
    tab.press("Enter", 13)
    tab.wait("document.querySelector('#settings[open]')")
    reached = set()
    for _ in range(20):
        tab.press("Tab", 9)
        reached.add(tab.run("document.activeElement.closest('dialog, body').tagName"))
    assert "DIALOG" in reached
    tab.press("Escape", 27)
    tab.wait("!document.querySelector('#settings[open]')")
    assert tab.run("document.activeElement.id") == "open-settings"


def test_the_focus_is_never_lost_with_a_button_that_goes(tab: Any, site: Any) -> None:
    tab.open(site.address)
    tab.run("document.getElementById('message').focus()")
    tab.type("lệ phí?")
    tab.run("document.getElementById('send').focus()")
    tab.run("document.getElementById('send').click()")
    tab.wait(DONE)
    assert tab.run("document.activeElement.id") == "message"
    tab.run("document.querySelectorAll('.below > .row button')[1].click()")
    tab.run("document.querySelectorAll('.why button')[1].click()")
    assert tab.run("document.activeElement.textContent") == "Chưa đúng"
    assert tab.run("document.activeElement.ariaExpanded") == "false"
