"""The child process: it may hang, babble or be killed, and costs at most one answer."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from assistant.errors import ModelTimeout, ModelUnavailable
from assistant.language_model.breaker import BackOff, Breaker
from assistant.language_model.llama_child import LlamaChild, ModelFile
from assistant.language_model.port import Prompt
from assistant.language_model.settings import Deadlines, ModelSettings

FAKE = Path(__file__).with_name("fake_worker.py")
# Short enough to wait for, long enough for a machine that is busy with other things.
QUICK = Deadlines(queue=1, load=20, first_token=1.5, between_tokens=1.5, total=30, cancel=1)


@pytest.fixture
def make(tmp_path):
    made = []

    def build(deadlines=QUICK, breaker=None, back_off=None, waiting=1):
        path = tmp_path / "model.gguf"
        path.write_bytes(b"GGUF")
        settings = ModelSettings(deadlines=deadlines, waiting=waiting)
        model = LlamaChild(
            ModelFile("fake", path, "chatml", lambda: None),
            settings,
            command=[sys.executable, str(FAKE)],
            breaker=breaker or Breaker(failures=100),
            back_off=back_off or BackOff(first=0),
        )
        made.append(model)
        return model

    yield build
    for model in made:
        model.close()


def ask(words: str, tokens: int = 3) -> Prompt:
    return Prompt(system="Bạn là trợ lý.", user=words, max_tokens=tokens)


def text(model, words="hello", tokens=3, deadline=30.0):
    return "".join(model.stream(ask(words, tokens), deadline=deadline))


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_nothing_starts_before_the_first_piece_is_wanted(make):
    model = make()
    model.stream(ask("hello"), deadline=30)
    assert model.health().state == "stopped"


def test_pieces_arrive_in_order_and_the_child_is_kept(make):
    model = make()
    assert text(model) == "t0 t1 t2 "
    pid = model.health().pid
    assert text(model) == "t0 t1 t2 "
    assert model.health().pid == pid
    assert model.health().restarts == 0


def test_kill_9_in_the_middle_costs_this_answer_and_the_next_one_comes(make):
    model = make()
    stream = model.stream(ask("slow", tokens=40), deadline=30)
    assert next(stream) == "t0 "
    os.kill(model.health().pid, signal.SIGKILL)
    with pytest.raises(ModelUnavailable, match="signal 9"):
        list(stream)
    assert text(model) == "t0 t1 t2 "
    assert model.health().restarts == 1


def test_kill_9_while_idle_costs_nothing(make):
    model = make()
    text(model)
    os.kill(model.health().pid, signal.SIGKILL)
    time.sleep(0.3)
    assert text(model) == "t0 t1 t2 "


def test_a_hanging_child_misses_its_first_token_and_is_killed(make):
    model = make()
    text(model)
    pid = model.health().pid
    started = time.monotonic()
    with pytest.raises(ModelTimeout, match="first token"):
        text(model, "hang")
    assert time.monotonic() - started < QUICK.first_token + QUICK.cancel + 3
    assert not is_running(pid)
    assert text(model) == "t0 t1 t2 "


def test_a_stall_between_tokens_is_noticed_and_what_came_is_kept(make):
    stream = make().stream(ask("stall"), deadline=30)
    assert next(stream) == "t0 "
    with pytest.raises(ModelTimeout, match="next token"):
        next(stream)


def test_the_deadline_holds_however_lively_the_model_is(make):
    model, started = make(), time.monotonic()
    with pytest.raises(ModelTimeout):
        text(model, "hello", tokens=100_000, deadline=1)
    assert time.monotonic() - started < 4
    assert text(model) == "t0 t1 t2 "


def test_garbage_ends_the_child_not_the_parent(make):
    model = make()
    with pytest.raises(ModelUnavailable):
        text(model, "garbage")
    assert text(model) == "t0 t1 t2 "


def test_closing_the_iterator_stops_the_work_and_keeps_the_child(make):
    model = make()
    stream = model.stream(ask("hello", tokens=100_000), deadline=30)
    next(stream)
    pid = model.health().pid
    stream.close()
    assert model.usage["reason"] == "cancelled"
    assert model.health().pid == pid


def test_a_child_deaf_to_cancel_is_killed(make):
    model = make()
    stream = model.stream(ask("slow deaf", tokens=1000), deadline=30)
    next(stream)
    pid, started = model.health().pid, time.monotonic()
    stream.close()
    assert time.monotonic() - started < QUICK.cancel + 3
    assert not is_running(pid)


def test_cancel_from_another_thread_before_the_first_token(make):
    model, cancel = make(), threading.Event()
    text(model)
    threading.Timer(0.2, cancel.set).start()
    started = time.monotonic()
    assert list(model.stream(ask("hang"), deadline=5, cancel=cancel)) == []
    assert time.monotonic() - started < 0.2 + QUICK.cancel + 3


def test_one_at_a_time_a_bounded_queue_and_a_bounded_wait(make):
    model = make(waiting=1)
    stream = model.stream(ask("slow", tokens=40), deadline=30)
    next(stream)
    errors = []

    def wait():
        try:
            text(model)
        except ModelUnavailable as error:
            errors.append(str(error))

    waiter = threading.Thread(target=wait)
    waiter.start()
    time.sleep(0.2)
    with pytest.raises(ModelUnavailable, match="full queue"):
        text(model)
    waiter.join(10)
    assert "stayed busy" in errors[0]
    stream.close()


def test_deaths_in_a_row_are_followed_by_a_pause(make):
    model = make(back_off=BackOff(first=3))
    for _ in range(2):
        with pytest.raises(ModelUnavailable):
            text(model, "die now")
    with pytest.raises(ModelUnavailable, match="keeps dying"):
        text(model)
    time.sleep(3)
    assert text(model) == "t0 t1 t2 "


def test_three_failures_open_the_breaker_and_a_probe_closes_it(make):
    model = make(breaker=Breaker(rest=3))
    for _ in range(3):
        with pytest.raises(ModelUnavailable):
            text(model, "die now")
    assert model.health().breaker == "open"
    with pytest.raises(ModelUnavailable, match="failed repeatedly"):
        text(model)
    time.sleep(3)
    assert model.health().breaker == "half_open"
    assert text(model) == "t0 t1 t2 "
    assert model.health().breaker == "closed"


@pytest.mark.parametrize(
    ("mode", "error", "words"),
    [
        ("load fails", ModelUnavailable, "out of memory"),
        ("dies at start", ModelUnavailable, "exit code 3"),
        ("load hangs", ModelTimeout, "did not load"),
    ],
)
def test_loading_that_fails_says_why_and_is_tried_again(make, monkeypatch, mode, error, words):
    monkeypatch.setenv("FAKE_WORKER", mode)
    model = make(deadlines=QUICK.model_copy(update={"load": 1.5 if "hangs" in mode else 20}))
    with pytest.raises(error, match=words):
        text(model)
    monkeypatch.delenv("FAKE_WORKER")
    if "hangs" not in mode:
        assert text(model) == "t0 t1 t2 "


def test_a_slow_load_outlives_the_question_that_started_it(make, monkeypatch):
    monkeypatch.setenv("FAKE_WORKER", "load hangs")
    model = make(deadlines=QUICK.model_copy(update={"load": 30}))
    with pytest.raises(ModelTimeout, match="still loading"):
        text(model, deadline=0.3)
    assert model.health().state == "loading"


def test_the_child_is_told_its_limits_and_waits_passively(make, monkeypatch, tmp_path):
    monkeypatch.setenv("FAKE_WORKER", "writes options")
    monkeypatch.setenv("FAKE_WORKER_OPTIONS", str(tmp_path / "options.json"))
    text(make())
    options = json.loads((tmp_path / "options.json").read_text())
    assert options["omp"] == "passive"
    assert options["memory_limit_mb"] >= 1024
    assert options["nice"] == 5


def test_the_child_dies_with_a_parent_that_was_killed(tmp_path):
    script = textwrap.dedent(f"""
        import sys, time
        from pathlib import Path
        from assistant.language_model.child import Child, worker_environment
        child = Child([sys.executable, {str(FAKE)!r}], {{}}, worker_environment(1), None)
        child.wait_ready(10)
        print(child.pid, flush=True)
        time.sleep(60)
    """)
    parent = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]
    )
    pid = int(parent.stdout.readline())
    assert is_running(pid)
    parent.kill()
    parent.wait()
    until = time.monotonic() + 15
    while is_running(pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_running(pid)


def test_closed_means_closed(make):
    model = make()
    text(model)
    pid = model.health().pid
    model.close()
    model.close()
    assert not is_running(pid)
    with pytest.raises(ModelUnavailable):
        text(model)
