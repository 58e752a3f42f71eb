"""What every implementation of the port promises, run against each of them."""

from __future__ import annotations

import json
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest
from langchain_core.language_models import FakeListChatModel

from assistant.errors import ModelError, ModelTimeout, ModelUnavailable
from assistant.language_model.langchain_chat import LangChainChat
from assistant.language_model.llama_child import LlamaChild, ModelFile
from assistant.language_model.openai_compatible import OpenAICompatible
from assistant.language_model.port import LanguageModel, Prompt
from assistant.language_model.scripted import ScriptedModel
from assistant.language_model.settings import Deadlines, ModelSettings

SETTINGS = ModelSettings(
    kind="openai",
    name="m",
    api_key="secret-key",
    deadlines=Deadlines(first_token=10, between_tokens=10, cancel=2),
)
PROMPT = Prompt(system="Bạn là trợ lý.", user="slow", max_tokens=5)


class Slow(httpx.SyncByteStream):
    def __init__(self, lines, pause=0.05):
        self.lines, self.pause, self.closed = lines, pause, False

    def __iter__(self):
        for line in self.lines:
            if self.closed:
                return
            time.sleep(self.pause)
            yield f"data: {line}\n\n".encode()

    def close(self):
        self.closed = True


def chunk(text):
    return json.dumps({"choices": [{"delta": {"content": text}}]})


def scripted(tmp_path):
    return ScriptedModel(["mot hai ba bon nam"], delay=0.05)


def llama(tmp_path):
    path = tmp_path / "m.gguf"
    path.write_bytes(b"GGUF")
    command = [sys.executable, str(Path(__file__).with_name("fake_worker.py"))]
    file = ModelFile("m", path, "chatml", lambda: None)
    return LlamaChild(file, SETTINGS, command=command)


def openai(tmp_path):
    def handler(request):
        lines = [*map(chunk, "abcde"), "[DONE]"]
        return httpx.Response(200, stream=Slow(lines))

    return OpenAICompatible(SETTINGS, transport=httpx.MockTransport(handler))


def langchain(tmp_path):
    return LangChainChat(FakeListChatModel(responses=["abcde"], sleep=0.05), SETTINGS)


@pytest.fixture(params=[scripted, llama, openai, langchain])
def model(request, tmp_path):
    made = request.param(tmp_path)
    yield made
    made.close()


def test_it_is_a_language_model(model):
    assert isinstance(model, LanguageModel)
    assert model.name


def test_it_streams_pieces_that_make_the_answer(model):
    pieces = list(model.stream(PROMPT, deadline=30))
    assert len(pieces) == 5
    assert "".join(pieces).strip()


def test_the_same_prompt_gives_the_same_answer(model):
    first, second = (list(model.stream(PROMPT, deadline=30)) for _ in range(2))
    assert first == second


def test_it_keeps_a_deadline(model):
    list(model.stream(PROMPT, deadline=30))
    with pytest.raises(ModelTimeout):
        list(model.stream(PROMPT, deadline=0.08))


def test_it_can_be_left_and_asked_again(model):
    stream = model.stream(PROMPT, deadline=30)
    next(stream)
    stream.close()
    assert len(list(model.stream(PROMPT, deadline=30))) == 5


def test_it_can_be_cancelled_from_another_thread(model):
    cancel = threading.Event()
    pieces = []
    for piece in model.stream(PROMPT, deadline=30, cancel=cancel):
        pieces.append(piece)
        cancel.set()
    assert len(pieces) < 5


def server(handler):
    return OpenAICompatible(SETTINGS, transport=httpx.MockTransport(handler))


def test_openai_sends_what_the_prompt_says_and_the_key_from_the_settings():
    seen = []

    def handler(request):
        seen.append(request)
        return httpx.Response(200, stream=Slow([chunk("ok"), "[DONE]"], 0))

    prompt = Prompt("hệ thống", "người dùng", max_tokens=7, stop=("\n",), seed=3)
    assert "".join(server(handler).stream(prompt, deadline=20)) == "ok"
    body = json.loads(seen[0].content)
    assert [m["content"] for m in body["messages"]] == ["hệ thống", "người dùng"]
    assert (body["max_tokens"], body["stop"], body["seed"]) == (7, ["\n"], 3)
    assert seen[0].headers["authorization"] == "Bearer secret-key"
    assert "secret-key" not in repr(SETTINGS)


@pytest.mark.parametrize(
    ("response", "words"),
    [
        (httpx.Response(500), "said 500"),
        (httpx.Response(401), "TROLY_MODEL__API_KEY"),
        (httpx.Response(200, text="data: {not json\n\n"), "unreadable"),
    ],
)
def test_openai_failures_say_what_is_wrong(response, words):
    with pytest.raises(ModelUnavailable, match=words):
        list(server(lambda _: response).stream(PROMPT, deadline=20))


def test_openai_unreachable_names_the_address():
    def handler(request):
        raise httpx.ConnectError("refused")

    with pytest.raises(ModelUnavailable, match="base_url"):
        list(server(handler).stream(PROMPT, deadline=20))


def test_scripted_by_part_of_the_prompt_by_function_and_failing():
    by_part = ScriptedModel({"lệ phí": "200.000 đồng"})
    assert "".join(by_part.stream(Prompt("", "Hỏi lệ phí"), deadline=1)) == "200.000 đồng"
    by_function = ScriptedModel(lambda prompt: prompt.user.upper())
    assert "".join(by_function.stream(Prompt("", "a b"), deadline=1)) == "A B"
    failing = ScriptedModel(["một hai ba"], failure=ModelUnavailable("gone"), fail_after=1)
    stream = failing.stream(Prompt("", ""), deadline=1)
    assert next(stream) == "một "
    with pytest.raises(ModelError, match="gone"):
        next(stream)
    assert failing.cancelled == 1
