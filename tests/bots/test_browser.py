"""The chat page in a real browser: asked, read, checked, by mouse, keys, and on a phone."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from assistant.vocabulary import AnswerEvent, EventKind, Question

pytestmark = pytest.mark.browser

DONE = "document.querySelector('.answer') && !document.querySelector('[aria-busy]')"


@pytest.fixture
def tab(chromium: Any, site: Any) -> Iterator[Any]:
    chromium.requests.clear()
    chromium.faults.clear()
    chromium.open(site.address)
    yield chromium
    assert chromium.faults == []
    assert all(each.startswith((site.address, "data:")) for each in chromium.requests)


def ask(tab: Any, text: str) -> None:
    tab.run("document.getElementById('message').focus()")
    tab.type(text)
    tab.press("Enter", 13)
    tab.wait(DONE)


def test_a_question_is_asked_and_its_card_sources_and_buttons_are_shown(
    tab: Any, site: Any
) -> None:
    ask(tab, "Làm hộ chiếu hết bao nhiêu tiền?")
    shown = tab.run("document.getElementById('log').textContent")
    assert "200.000 đồng" in shown
    assert f"Mã thủ tục {site.assistant.card.code}" in shown
    assert "Căn cứ pháp lý" in shown
    papers = tab.run("document.querySelectorAll('.papers input[type=checkbox]').length")
    assert papers == len(site.assistant.card.dossier)
    tab.run("document.querySelector('.answer .choices button').click()")
    tab.wait("document.querySelectorAll('.answer').length === 2")
    tab.wait(DONE)
    assert [question.text for question in site.assistant.questions][-1] == "Nộp ở đâu?"
    assert len(site.assistant.questions[-1].history) == 1  # the page kept its session


def test_a_number_opens_its_source_and_the_source_the_exact_words(tab: Any) -> None:
    ask(tab, "lệ phí?")
    tab.run("document.querySelector('.cite').click()")
    quote = tab.run("document.querySelector('.sources details[open] blockquote').textContent")
    tab.run("document.querySelector('.sources details[open] a').click()")
    tab.wait("document.querySelector('#document[open] mark')")
    assert tab.run("document.querySelector('#document mark').textContent") == quote
    tab.press("Escape", 27)
    tab.wait("!document.querySelector('#document[open]')")


def test_tokens_are_seen_but_not_announced(tab: Any, site: Any) -> None:
    def slow(question: Question) -> Iterator[AnswerEvent]:
        for event in site.assistant.play(question):
            if event.kind is EventKind.SOURCES:
                while not site.assistant.state.get("go"):
                    time.sleep(0.02)
            yield event

    site.assistant.script = slow
    tab.run("document.querySelector('#examples button').click()")
    tab.wait("document.querySelector('.draft').textContent === 'Lệ phí là 200.000 đồng.'")
    assert tab.run("document.querySelector('.draft').getAttribute('aria-live')") == "off"
    assert tab.run("document.querySelector('.answer').getAttribute('aria-busy')") == "true"
    assert tab.run("document.querySelector('.card') !== null")  # the card does not wait
    assert tab.run("document.getElementById('log').getAttribute('role')") == "log"
    site.assistant.state["go"] = True
    tab.wait(DONE)
    assert tab.run("document.querySelector('.draft').hidden")


def test_stop_cancels_the_work(tab: Any, site: Any, wait_for: Any) -> None:
    def endless(question: Question) -> Iterator[AnswerEvent]:
        while True:
            time.sleep(0.02)
            yield AnswerEvent(EventKind.STATUS, "")

    site.assistant.script = endless
    tab.run("document.querySelector('#examples button').click()")
    tab.wait("!document.getElementById('stop').hidden")
    tab.run("document.getElementById('stop').click()")
    tab.wait(DONE)
    assert "Đã dừng" in tab.run("document.querySelector('.answer').textContent")
    assert wait_for(lambda: site.assistant.closed == 1)


def test_what_was_typed_and_what_is_cited_never_become_markup(tab: Any, site: Any) -> None:
    ask(tab, "<img src=x onerror=\"document.title='hit'\"><script>document.title='hit'</script>")
    assert tab.run("document.querySelectorAll('#log img, #log script').length") == 0
    assert tab.run("document.title") == "Trợ lý dịch vụ công"
    assert "<img src=x" in tab.run("document.querySelector('.mine').textContent")


def test_a_broken_answer_is_a_sentence_and_the_next_one_works(tab: Any, site: Any) -> None:
    def break_down(question: Question) -> Iterator[AnswerEvent]:
        raise RuntimeError("secret")
        yield

    site.assistant.script = break_down
    ask(tab, "a")
    assert "Tổng đài" in tab.run("document.querySelector('.warn').textContent")
    site.assistant.script = None
    ask(tab, "b")
    assert tab.run("document.querySelectorAll('.card').length") == 1


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_it_fits_and_everything_can_be_touched(chromium: Any, site: Any, width: int) -> None:
    chromium.open(site.address, width=width, height=740)
    chromium.run("document.querySelector('#examples button').click()")
    chromium.wait(DONE)
    assert chromium.run("document.documentElement.scrollWidth <= innerWidth")
    small = chromium.run(
        "[...document.querySelectorAll('button, summary, textarea')]"
        ".filter(e => e.offsetParent && !e.closest('.help') && e.offsetHeight < 44)"
        ".map(e => e.outerHTML)"
    )
    assert small == []


def test_the_keyboard_alone_is_enough(tab: Any) -> None:
    assert tab.run("document.activeElement.id") == "message"
    tab.type("một")
    tab.press("Enter", 13, shift=True)
    assert tab.run("document.querySelectorAll('.mine').length") == 0
    tab.press("Enter", 13)
    tab.wait(DONE)
    reached = set()
    for _ in range(40):
        tab.press("Tab", 9)
        reached.add(
            tab.run("document.activeElement.tagName + '.' + document.activeElement.className")
        )
    assert {"A.cite", "SUMMARY.", "BUTTON.", "INPUT."} <= reached


def test_every_control_has_a_name(tab: Any) -> None:
    ask(tab, "lệ phí?")
    nodes = tab.call("Accessibility.getFullAXTree")["nodes"]
    controls = [
        node
        for node in nodes
        if not node["ignored"]
        and node["role"]["value"] in ("button", "link", "textbox", "checkbox", "log", "article")
    ]
    assert len(controls) > 10
    assert [node["role"] for node in controls if not node.get("name", {}).get("value")] == []


def test_without_javascript_the_form_still_answers(chromium: Any, site: Any) -> None:
    chromium.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        chromium.open(f"{site.address}/")
        chromium.run("document.getElementById('message').focus()")
        chromium.type("Làm hộ chiếu?")
        chromium.run("document.getElementById('send').click()")
        chromium.wait("document.querySelector('.answer .card')")
        assert "200.000 đồng" in chromium.run("document.getElementById('log').textContent")
    finally:
        chromium.call("Emulation.setScriptExecutionDisabled", value=False)


def test_contrast_is_enough_in_light_and_in_dark(chromium: Any, site: Any) -> None:
    script = """
    (() => {
      const light = (colour) => {
        const [r, g, b] = colour.match(/[\\d.]+/g).map(Number).map((v) => v / 255)
          .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const ground = (e) => {
        for (; e; e = e.parentElement) {
          const colour = getComputedStyle(e).backgroundColor;
          if (!/, 0\\)$|transparent/.test(colour)) return colour;
        }
        return "rgb(255, 255, 255)";
      };
      return [...document.querySelectorAll("p, li, a, h1, h2, h3, b, summary, button, blockquote")]
        .filter((e) => e.offsetParent && e.textContent.trim())
        .map((e) => {
          const [a, b] = [light(getComputedStyle(e).color), light(ground(e))].sort((x, y) => y - x);
          return [(a + 0.05) / (b + 0.05), e.outerHTML.slice(0, 80)];
        })
        .filter(([ratio]) => ratio < 4.5);
    })()
    """
    for scheme in ("light", "dark"):
        chromium.call(
            "Emulation.setEmulatedMedia",
            features=[{"name": "prefers-color-scheme", "value": scheme}],
        )
        chromium.open(site.address)
        chromium.run("document.querySelector('#examples button').click()")
        chromium.wait(DONE)
        assert chromium.run(script) == []


def test_the_description_page_shows_every_route(tab: Any, site: Any) -> None:
    tab.open(f"{site.address}/docs")
    tab.wait("document.querySelectorAll('.route').length >= 8")
    assert "POST /api/chat" in tab.run("document.body.textContent")
