"""What stands around an answer on the chat page, in a real browser."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.desk.opening import OfficerDesk, open_desk
from assistant.desk.queue import HandOff
from assistant.desk.tickets import Line
from assistant.vocabulary import AnswerEvent, EventKind, Question, Status

pytestmark = pytest.mark.browser

DONE = "document.querySelector('.answer') && !document.querySelector('[aria-busy]')"
ASK = "document.querySelector('#examples button').click()"
TOLD = "document.querySelector('.below [role=status]').textContent"
SHOWN = "document.getElementById('log').textContent"


@pytest.fixture
def officers(tmp_path: Path, site: Any) -> OfficerDesk:
    site.desk.officers = open_desk(tmp_path / "state.sqlite", site.desk.config)
    desk: OfficerDesk = site.desk.officers
    return desk


@pytest.fixture
def tab(chromium: Any, site: Any) -> Iterator[Any]:
    chromium.open(site.address)
    chromium.run("localStorage.clear()")
    chromium.requests.clear()
    chromium.faults.clear()
    chromium.open(site.address)
    yield chromium
    chromium.run("localStorage.clear()")
    assert chromium.faults == []
    assert all(each.startswith((site.address, "data:")) for each in chromium.requests)


def below(tab: Any, number: int) -> None:
    tab.run(f"document.querySelectorAll('.below > .row button')[{number}].click()")


def setting(tab: Any, selector: str) -> None:
    tab.run("document.getElementById('open-settings').click()")
    tab.run(f"document.querySelector('#settings {selector}').click()")


def close(tab: Any) -> None:
    tab.run("document.querySelector('#settings [data-close]').click()")


def test_what_is_thought_of_an_answer_is_kept(tab: Any, officers: OfficerDesk) -> None:
    tab.run(ASK)
    tab.wait(DONE)
    below(tab, 0)
    tab.wait(TOLD)
    assert officers.feedback.tally().good == 1
    below(tab, 1)
    tab.wait("!document.querySelector('.why').hidden")
    tab.wait("document.querySelectorAll('.below .row button')[1].ariaPressed === 'true'")
    assert tab.run("document.querySelectorAll('.below .row button')[0].ariaPressed") == "false"
    assert tab.run("document.activeElement.type") == "checkbox"
    tab.press(" ", 32)
    tab.run("document.activeElement.checked = true")
    tab.run("document.querySelector('.why textarea').focus()")
    tab.type("Phí đã đổi, gọi 0912345678")
    tab.run("document.querySelector('.why').requestSubmit()")
    tab.wait("document.querySelector('.why').hidden")
    tally = officers.feedback.tally()
    assert (tally.good, tally.bad) == (0, 1)  # the latest of one session counts
    assert tally.reasons
    latest = tally.latest[0]
    assert "Phí đã đổi" in latest.comment
    assert "0912345678" not in latest.comment
    assert latest.topic == "1.001456"


def test_feedback_that_cannot_be_kept_is_told(tab: Any) -> None:
    tab.run(ASK)
    tab.wait(DONE)
    below(tab, 0)  # there is no desk
    tab.wait(TOLD)
    assert tab.run("document.querySelectorAll('.below .row button')[0].ariaPressed") == "false"
    tab.faults.clear()  # the browser notes the 404


def test_small_talk_is_not_judged(tab: Any, site: Any) -> None:
    def chat(question: Question) -> Iterator[AnswerEvent]:
        answer = site.assistant.answer_to(question)
        said = replace(answer, status=Status.SMALL_TALK, card=None, citations=())
        yield AnswerEvent(EventKind.FINAL, said)

    site.assistant.script = chat
    tab.run(ASK)
    tab.wait(DONE)
    assert tab.run("document.querySelectorAll('.below button').length") == 0


def test_an_answer_is_copied_with_its_sources(tab: Any) -> None:
    tab.run("window.copied = ''; navigator.clipboard.writeText = async (t) => { copied = t; }")
    tab.run(ASK)
    tab.wait(DONE)
    below(tab, 2)
    tab.wait(TOLD)
    copied = tab.run("copied")
    assert "200.000 đồng" in copied
    assert re.search(r"Nguồn:\n\[1\] Phí, lệ phí · .*\n    https://", copied)


def test_without_the_clipboard_it_is_copied_the_old_way_or_told(tab: Any) -> None:
    tab.run("navigator.clipboard.writeText = async () => { throw new Error(); }")
    for works, words in (("true", "Đã sao chép"), ("false", "bằng tay")):
        tab.run(f"document.execCommand = () => {works}")
        tab.run("document.getElementById('new').click()")
        tab.run(ASK)
        tab.wait(DONE)
        below(tab, 2)
        tab.wait(TOLD)
        assert words in tab.run(TOLD)


def test_the_papers_are_printed_and_nothing_else(tab: Any) -> None:
    tab.run("window.printed = 0; window.print = () => { printed += 1; }")
    tab.run(ASK)
    tab.wait(DONE)
    tab.run("document.querySelector('.print').click()")
    tab.call("Emulation.setEmulatedMedia", media="print")
    try:
        seen = tab.run(
            "[...document.querySelectorAll('header, footer, .mine, .answer .text, .card, "
            ".papers li, .facts, #printed, .below, .print, blockquote')]"
            ".filter((e) => e.getClientRects().length).map((e) => e.className || e.id || e.tagName)"
        )
        words = tab.run("document.getElementById('printed').textContent")
    finally:
        tab.call("Emulation.setEmulatedMedia", media="")
    assert tab.run("printed") == 1
    assert set(seen) == {"printed", "print-only", "card", "facts", "LI"} - {"printed"}
    assert "18001096" in words
    tab.run("window.dispatchEvent(new Event('afterprint'))")
    assert tab.run("document.querySelectorAll('.printing, .print-this').length") == 0


def test_the_card_names_fee_time_level_place_and_papers(tab: Any) -> None:
    tab.run(ASK)
    tab.wait(DONE)
    names = tab.run("[...document.querySelectorAll('.facts dt')].map((e) => e.textContent)")
    assert names == ["Phí, lệ phí", "Thời hạn giải quyết", "Cấp thực hiện", "Nơi nộp hồ sơ"]
    assert tab.run("document.querySelector('.facts .levels dd').textContent") == "Cấp tỉnh"


# ---- on the device ------------------------------------------------------------------


def test_nothing_is_kept_until_somebody_wants_it(tab: Any, site: Any) -> None:
    tab.run(ASK)
    tab.wait(DONE)
    assert tab.run("localStorage.length + sessionStorage.length") == 0
    assert tab.run("document.cookie") == ""


def test_the_history_is_kept_shown_again_and_deleted(tab: Any, site: Any) -> None:
    setting(tab, "#keep")
    close(tab)
    tab.run(ASK)
    tab.wait(DONE)
    tab.open(site.address)
    tab.wait("document.querySelector('.answer .card')")
    assert len(site.assistant.questions) == 1  # not asked again
    tab.run("document.getElementById('message').focus()")
    tab.type("nộp ở đâu?")
    tab.press("Enter", 13)
    tab.wait("document.querySelectorAll('.answer').length === 2")
    tab.wait(DONE)
    assert len(site.assistant.questions[-1].history) == 1  # the session goes on
    tab.run("document.getElementById('new').click()")
    assert tab.run("document.querySelectorAll('.answer').length") == 0
    assert tab.run("document.querySelectorAll('#earlier button').length") == 2
    tab.run("document.querySelector('#earlier button').click()")
    assert "nộp ở đâu?" in tab.run(SHOWN)
    setting(tab, "#clear")
    assert tab.run("localStorage.getItem('troly.history')") is None
    assert tab.run("document.getElementById('earlier').hidden")
    close(tab)


@pytest.mark.parametrize("kept", ["", "{", "null", "[null]", '[{"at":1}]', '{"turns":3}', "[7]"])
def test_a_history_that_cannot_be_read_is_none(tab: Any, site: Any, kept: str) -> None:
    tab.run(f"localStorage.setItem('troly.history', {kept!r})")
    tab.run("localStorage.setItem('troly.keep', '1')")
    tab.open(site.address)
    tab.run(ASK)
    tab.wait(DONE)
    assert tab.run("JSON.parse(localStorage.getItem('troly.history')).length") == 1


def test_a_full_device_costs_older_turns_and_nothing_else(tab: Any) -> None:
    setting(tab, "#keep")
    close(tab)
    tab.run("localStorage.setItem('other', 'x'.repeat(5_200_000 - 30_000))")
    for n in range(3):
        tab.run("document.getElementById('message').focus()")
        tab.type("lệ phí?")
        tab.press("Enter", 13)
        tab.wait(f"document.querySelectorAll('.answer').length === {n + 1}")
        tab.wait(DONE)
    assert tab.run("document.querySelectorAll('.warn:not([hidden])').length") == 0


def test_dark_and_light_can_be_chosen_and_stay(tab: Any, site: Any) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    light = tab.run(ground)
    setting(tab, "[name=theme][value=dark]")
    close(tab)
    dark = tab.run(ground)
    assert dark != light
    tab.open(site.address)
    assert tab.run(ground) == dark
    setting(tab, "[name=theme]")
    assert tab.run(ground) == light
    assert tab.run("localStorage.getItem('troly.theme')") is None


def test_english_can_be_chosen_and_vietnamese_again(tab: Any, site: Any) -> None:
    vietnamese = tab.run("document.body.textContent")
    setting(tab, "[name=lang][value=en]")
    assert tab.run("document.documentElement.lang") == "en"
    assert tab.run("document.getElementById('send').textContent") == "Send"
    assert tab.run("document.getElementById('message').placeholder") == "Type your question…"
    left = tab.run(
        "[...document.querySelectorAll('[data-t], [data-t-label]')]"
        ".filter((e) => /[ạ-ỹăâđêôơư]/i.test(e.textContent + e.ariaLabel) && !e.lang)"
        ".map((e) => e.textContent)"
    )
    assert left == []
    tab.open(site.address)
    assert tab.run("document.documentElement.lang") == "en"
    tab.run(ASK)
    tab.wait(DONE)
    assert "passport" in site.assistant.questions[-1].text
    setting(tab, "[name=lang][value=vi]")
    close(tab)
    tab.open(site.address)
    assert tab.run("document.body.textContent") == vietnamese


def test_a_link_may_ask_for_english(tab: Any, site: Any) -> None:
    tab.open(f"{site.address}/?lang=en")
    assert tab.run("document.documentElement.lang") == "en"
    assert site.http.get("/?lang=%22%3E%3Cscript%3E").text.count("<script") == 1


# ---- on the server --------------------------------------------------------------------


def test_a_conversation_is_erased_after_a_second_word(tab: Any, site: Any) -> None:
    setting(tab, "#keep")
    setting(tab, "#erase")
    assert "Chưa có" in tab.run("document.getElementById('settings-status').textContent")
    close(tab)
    tab.run(ASK)
    tab.wait(DONE)
    conversation = site.desk.conversation()
    assert conversation.turns
    setting(tab, "#erase")
    assert tab.run("document.activeElement.id") == "erase-no"
    tab.run("document.getElementById('erase-no').click()")
    assert conversation.turns
    tab.run("document.getElementById('erase').click()")
    tab.run("document.getElementById('erase-yes').click()")
    tab.wait("document.getElementById('settings-status').textContent.startsWith('Đã xóa')")
    assert not conversation.turns
    assert tab.run("document.querySelectorAll('.answer, .mine').length") == 0
    assert tab.run("localStorage.getItem('troly.history')") is None
    close(tab)


def test_what_could_not_be_erased_stays_and_is_told(tab: Any, site: Any) -> None:
    tab.run(ASK)
    tab.wait(DONE)

    def full(_: str) -> None:
        raise OSError

    site.desk.conversation().forget = full
    setting(tab, "#erase")
    tab.run("document.getElementById('erase-yes').click()")
    tab.wait("document.getElementById('settings-status').textContent.startsWith('Chưa xóa được')")
    assert tab.run("document.querySelectorAll('.answer').length") == 1
    close(tab)
    tab.faults.clear()  # the browser notes the 503


def test_an_officers_answer_appears_once_by_itself(
    tab: Any, site: Any, officers: OfficerDesk
) -> None:
    tab.run("window.setTimeout = ((old) => (f, ms, ...a) => old(f, ms / 100, ...a))(setTimeout)")
    conversation = site.desk.conversation()
    reply = conversation.reply
    codes: list[str] = []

    def hand_over(heard: Any) -> Any:
        lines = (Line("citizen", heard.text),)
        ticket = officers.queue.hand_off(HandOff(heard.conversation, "chat", lines)).ticket
        assert ticket
        codes.append(ticket.code)
        return reply(heard)

    conversation.reply = hand_over
    tab.run(ASK)
    tab.wait("document.getElementById('status').textContent.startsWith('Phiếu đã gửi')")
    officers.officers.act("take", codes[0], "Lan")
    officers.officers.act("answer", codes[0], "Lan", text="Mang theo <b>căn cước</b>.")
    tab.wait("document.querySelector('.officer')")
    time.sleep(0.5)
    said = tab.run("[...document.querySelectorAll('.officer')].map((e) => e.textContent)")
    assert len(said) == 1
    assert "Mang theo <b>căn cước</b>." in said[0]


# ---- a line that breaks ---------------------------------------------------------------

#: The page's fetch, which loses the first answers of /api/chat: before it, or in its middle.
LOSES = """
(() => {
  const real = window.fetch;
  window.tries = 0;
  const quick = window.setTimeout;
  window.setTimeout = (f, ms, ...a) => quick(f, ms / 100, ...a);
  window.fetch = async (address, options) => {
    if (address !== "/api/chat" || (tries += 1) > LOST) return real(address, options);
    if (MIDDLE) {
      const response = await real(address, options);
      await new Response(response.body).text(); // it was answered; the page never hears of it
      return new Response("id: 1\\nevent: token\\ndata: {\\"text\\":\\"Nửa\\"}\\n\\nid: 2\\nev");
    }
    throw new TypeError("Failed to fetch");
  };
})()
"""


@pytest.mark.parametrize("middle", ["true", "false"])
def test_a_lost_answer_is_fetched_again_not_made_again(tab: Any, site: Any, middle: str) -> None:
    tab.run(LOSES.replace("LOST", "2").replace("MIDDLE", middle))
    tab.run(ASK)
    tab.wait("document.querySelector('.card')")
    tab.wait(DONE)
    assert tab.run("tries") == 3
    assert len(site.assistant.questions) == 1
    assert "Nửa" not in tab.run(SHOWN)
    assert tab.run("document.querySelectorAll('.mine').length") == 1


def test_a_server_that_is_gone_is_told_with_a_way_on(tab: Any, site: Any) -> None:
    tab.run(LOSES.replace("LOST", "4").replace("MIDDLE", "false"))
    tab.run(ASK)
    tab.wait("document.querySelector('.warn button')")
    assert "Không kết nối được" in tab.run("document.querySelector('.warn').textContent")
    tab.run("document.querySelector('.warn button').click()")
    tab.wait("document.querySelector('.card')")
    assert tab.run("document.querySelectorAll('.mine').length") == 1


def test_a_silent_server_is_told_of_and_asked_again(tab: Any, site: Any) -> None:
    tab.run(LOSES.replace("LOST", "1").replace("MIDDLE", "false"))
    tab.run("""
      const once = window.fetch;
      window.silent = true;
      window.words = [];
      new MutationObserver(() => words.push(document.getElementById('status').textContent))
        .observe(document.getElementById('status'), { childList: true });
      window.fetch = (address, options) => address === "/api/chat" && silent
        ? new Promise((_, no) => options.signal.addEventListener("abort", () => {
            silent = false; no(new DOMException("", "AbortError")); }))
        : once(address, options);
    """)
    tab.run(ASK)
    tab.wait("document.querySelector('.card')")
    words = tab.run("words.join(' ')")
    assert "chậm hơn thường lệ" in words
    assert "đang thử lại" in words


def test_a_server_that_is_starting_is_waited_for(tab: Any, site: Any) -> None:
    tab.run("window.setTimeout = ((old) => (f, ms, ...a) => old(f, ms / 20, ...a))(setTimeout)")
    assistant, site.desk._assistant = site.desk._assistant, None
    tab.run(ASK)
    tab.wait("document.getElementById('status').textContent.includes('đang chuẩn bị')")
    site.desk._assistant = assistant
    tab.wait("document.querySelector('.card')")
    assert tab.run("document.querySelectorAll('.warn:not([hidden])').length") == 0
    tab.faults.clear()  # the browser notes the 503


def test_a_proxys_error_page_is_no_answer(tab: Any) -> None:
    tab.run("window.setTimeout = ((old) => (f, ms, ...a) => old(f, ms / 100, ...a))(setTimeout)")
    tab.run("window.fetch = async () => new Response('<html>Bad Gateway', { status: 502 })")
    tab.run(ASK)
    tab.wait("document.querySelector('.warn button')")
    assert "Bad Gateway" not in tab.run(SHOWN)
