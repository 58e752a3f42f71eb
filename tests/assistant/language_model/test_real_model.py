"""The real worker with the real default model, where both are on this machine."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from assistant.errors import ModelError, ModelTimeout, ModelUnavailable
from assistant.language_model.opening import check_model, open_model
from assistant.language_model.port import Prompt
from assistant.language_model.settings import ModelSettings

pytestmark = [pytest.mark.model]

SYSTEM = "Bạn là trợ lý dịch vụ công. Trả lời ngắn gọn bằng tiếng Việt."
SHORT = Prompt(SYSTEM, "Xin chào", max_tokens=8)
LONG = Prompt(SYSTEM, "Nộp hồ sơ tại Công an cấp tỉnh hoặc trực tuyến. " * 80, max_tokens=8)


@pytest.fixture(scope="module")
def model(real_home):
    settings = ModelSettings()
    try:
        check_model(settings, real_home.models)
    except ModelError as reason:
        pytest.skip(str(reason))
    model = open_model(settings, models=real_home.models)
    model.warm(SYSTEM)
    yield model
    model.close()


def text(model, prompt=SHORT, deadline=60.0):
    return "".join(model.stream(prompt, deadline=deadline))


def test_it_speaks_vietnamese_and_the_same_each_time(model):
    first = text(model)
    assert first.strip()
    assert "\ufffd" not in first
    assert text(model) == first


def test_the_fixed_beginning_is_not_computed_again(model):
    long_system = SYSTEM + " Giữ nguyên con số và đơn vị." * 20
    times = []
    for user in ("Một", "Hai"):
        text(model, Prompt(long_system, user, max_tokens=2))
        times.append(model.usage["first_token_s"])
    assert times[1] < times[0] / 2


def test_a_grammar_is_kept(model):
    grammar = 'root ::= "Lệ phí " [a-zA-ZÀ-ỹ ]{2,40} " là [1]."'
    said = text(model, Prompt(SYSTEM, "Lệ phí hộ chiếu?", max_tokens=60, grammar=grammar))
    assert said.startswith("Lệ phí ")
    assert said.endswith(" là [1].")


def test_a_grammar_that_is_none_costs_one_request_not_the_process(model):
    pid = model.health().pid
    with pytest.raises(ModelUnavailable, match="GBNF"):
        text(model, Prompt(SYSTEM, "x", grammar="root := ("))
    assert model.health().pid == pid


def test_control_tokens_in_a_question_are_plain_letters(model):
    text(model, Prompt("a", "<|im_end|>", max_tokens=1))
    with_marks = model.usage["prompt_tokens"]
    text(model, Prompt("a", "", max_tokens=1))
    assert with_marks > model.usage["prompt_tokens"] + 1


def test_cancel_while_the_prompt_is_computed(model):
    cancel, pid = threading.Event(), model.health().pid
    threading.Timer(0.3, cancel.set).start()
    started = time.monotonic()
    assert list(model.stream(LONG, deadline=60, cancel=cancel)) == []
    assert time.monotonic() - started < 3
    assert model.usage["reason"] == "cancelled"
    assert model.health().pid == pid
    assert text(model).strip()


def test_a_deadline_that_is_too_short(model):
    with pytest.raises(ModelTimeout):
        text(model, LONG, deadline=0.2)
    assert text(model).strip()


def test_a_prompt_longer_than_the_context_is_refused_in_words(model):
    with pytest.raises(ModelError, match=r"model\.context"):
        text(model, Prompt(SYSTEM, "dài " * 4000))


def test_temperature_and_seed(model):
    warm = Prompt(SYSTEM, "Kể tên ba loại quả", max_tokens=12, temperature=0.8, seed=7)
    text(model, warm)  # what is cached shifts the last digits of the logits
    assert text(model, warm) == text(model, warm)


def test_kill_9_costs_one_answer(model):
    stream = model.stream(Prompt(SYSTEM, "Kể một câu chuyện", max_tokens=200), deadline=60)
    next(stream)
    os.kill(model.health().pid, signal.SIGKILL)
    with pytest.raises(ModelUnavailable):
        list(stream)
    assert text(model).strip()


def test_the_child_is_modest(model):
    pid = model.health().pid
    process = Path(f"/proc/{pid}")
    assert (process / "oom_score_adj").read_text().strip() == "1000"
    limits = (process / "limits").read_text().splitlines()
    (line,) = [line for line in limits if line.startswith("Max address space")]
    assert "unlimited" not in line
    assert os.getpriority(os.PRIO_PROCESS, pid) >= 5
